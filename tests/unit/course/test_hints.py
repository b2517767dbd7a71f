from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.catalog import Course, list_outlines
from grader.course.hints import HINTS_NAME, read_hints
from grader.course.models import Task
from grader.errors import ManifestError
from grader.language import LANGUAGES, Text

TASKS = (
    Task(id="double", title=Text("Double", "加倍"), points=60, names=("double",)),
    Task(id="facts", title=Text("Facts", "事实"), points=40, names=("FACTS",)),
)


def hints(task: str, count: int = 3) -> str:
    return "".join(f'[[{task}]]\nen = "hint {n}"\nzh = "提示 {n}"\n\n' for n in range(1, count + 1))


def read(tmp_path: Path, content: str) -> dict[str, tuple[Text, ...]]:
    path = tmp_path / HINTS_NAME
    path.write_text(content, encoding="utf-8")
    return read_hints(path, TASKS)


def test_hints_come_by_task_in_their_order(tmp_path: Path) -> None:
    found = read(tmp_path, hints("facts", 4) + hints("double"))
    assert list(found) == ["double", "facts"]
    assert [hint.zh for hint in found["facts"]] == ["提示 1", "提示 2", "提示 3", "提示 4"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (hints("double"), "facts: expected 3 or more hints, found 0"),
        (hints("double", 2) + hints("facts"), "double: expected 3 or more hints, found 2"),
        (hints("double") + hints("facts") + hints("other"), "found 'other'"),
        (hints("double") + hints("facts").replace("提示 2", " "), "facts, 2, zh: expected a text"),
        (hints("double") + hints("facts").replace("zh =", "cn ="), "facts: expected tables"),
        ("double = 3\n" + hints("facts"), "double: expected tables"),
        ("[[double]\n", "expected TOML"),
    ],
)
def test_a_broken_rule_is_named_with_its_task(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(tmp_path, content)
    assert said in caught.value.message.en


def test_a_missing_file_is_the_authors_fault(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"hints\.toml: the file: expected a file"):
        read_hints(tmp_path / HINTS_NAME, TASKS)


def test_every_task_of_the_course_has_hints_for_a_terminal(course: Course) -> None:
    for outline in list_outlines(course):
        found = read_hints(course.exercises / outline.name / HINTS_NAME, outline.tasks)
        for task, steps in found.items():
            for step in steps:
                # Code within a hint keeps its lines, which have to fit beside the margin.
                for language in LANGUAGES:
                    code = [row for row in step.to(language).splitlines() if row[:2] == "  "]
                    assert all(len(row) <= 74 for row in code), (task, code)
