from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from grader.course.catalog import Course, list_exercises, load_unpinned
from grader.course.handouts import make_handouts
from grader.course.models import Exercise
from grader.course.notebook import make_cells
from grader.course.stub import stub_of
from grader.course.texts import readme_of, split_readme
from grader.language import LANGUAGES, Language

ROOT = Path(__file__).parents[3]


def cells_of(exercise: Exercise, language: Language = "en") -> dict[str, str]:
    cells = make_cells(exercise, stub_of(exercise), readme_of(exercise), language)
    return {cell.id: cell.source for cell in cells}


def notebook_of(exercise: Exercise, language: Language = "en") -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        make_handouts(exercise, language)[exercise.folder / f"{exercise.name}.ipynb"]
    )
    return made


def test_each_task_has_its_text_and_then_one_cell_of_code(small_course: Course) -> None:
    cells = cells_of(load_unpinned(small_course, "ex01"))
    assert list(cells) == [
        "introduction", "setup-code", "facts-text", "facts-code", "double-text", "double-code",
    ]  # fmt: skip
    assert cells["setup-code"] == "import torch"
    assert cells["double-code"].startswith("def double(x")


def test_texts_are_in_one_language_and_code_is_the_same_in_both(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    english, chinese = cells_of(exercise), cells_of(exercise, "zh")
    assert "Double it." in english["double-text"]
    assert "加倍" in chinese["double-text"]
    assert not any("加倍" in text for name, text in english.items() if name.endswith("-text"))
    assert list(english) == list(chinese)
    assert {name for name in english if english[name] != chinese[name]} == {"double-text"}
    assert notebook_of(exercise, "zh")["metadata"]["torchgrade"]["language"] == "zh"


def test_a_task_without_a_section_has_its_title(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    for name, title in (("README.md", "## Facts"), ("README.zh.md", "## 事实")):
        (exercise.folder / name).write_text("# T\n", encoding="utf-8")
        language: Language = "zh" if "zh" in name else "en"
        assert cells_of(exercise, language)["facts-text"] == title


def test_metadata_names_exercise_task_and_points(small_course: Course) -> None:
    notebook = notebook_of(load_unpinned(small_course, "ex01"))
    cells = {cell["id"]: cell["metadata"] for cell in notebook["cells"]}
    assert cells["setup-code"] == {"torchgrade": {"exercise": "ex01"}}
    assert cells["double-code"]["torchgrade"] == {"exercise": "ex01", "task": "double"}
    assert cells["double-text"]["nbgrader"] == {
        "cell_type": "markdown",
        "grade": False,
        "grade_id": "ex01-double-text",
        "locked": True,
        "points": 60,
        "schema_version": 3,
        "solution": False,
        "task": True,
    }
    assert cells["double-code"]["nbgrader"]["solution"] is False, "nbgrader would clear the stub"


@pytest.mark.parametrize("name", list_exercises(Course(ROOT)))
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_notebook_is_valid_by_the_official_library(name: str, language: Language) -> None:
    exercise = load_unpinned(Course(ROOT), name)
    notebook = notebook_of(exercise, language)
    nbformat.validate(notebook)
    tasks = [cell["metadata"].get("nbgrader") for cell in notebook["cells"]]
    points = [task["points"] for task in tasks if task and task["task"]]
    assert sum(points) == 100
    names = [task["grade_id"] for task in tasks if task]
    assert len(names) == len(set(names)) == 2 * len(exercise.tasks)
    for cell in notebook["cells"]:
        # What nbgrader's schema allows; test_nbgrader.py asks nbgrader itself.
        assert re.fullmatch(r"[\w-]+", cell["metadata"].get("nbgrader", {}).get("grade_id", "x"))


@pytest.mark.parametrize("name", list_exercises(Course(ROOT)))
def test_pictures_are_found_from_the_notebook(name: str) -> None:
    exercise = load_unpinned(Course(ROOT), name)
    text = "".join("".join(cell["source"]) for cell in notebook_of(exercise)["cells"])
    found = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert sorted(exercise.folder / target for target in found) == sorted(
        exercise.folder.glob("pictures/*")
    )


def test_all_statements_of_the_stub_are_in_the_notebook(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    exercise.solution.write_text(
        exercise.solution.read_text(encoding="utf-8")
        + "\n\ndef helper() -> int:\n    return 1\n\n\n# shown at last\nprint(helper())\n",
        encoding="utf-8",
    )
    cells = cells_of(exercise)
    assert cells["end-code"].endswith("# shown at last\nprint(helper())")
    code = "\n".join(source for name, source in cells.items() if name.endswith("-code"))
    stub_lines = stub_of(exercise).splitlines()[1:]
    assert sorted(filter(None, code.splitlines())) == sorted(filter(None, stub_lines))


def test_sections_without_a_task_are_introduction(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    parts = split_readme("# T\n\n## Background\n\nx\n\n## `double`\n\ny\n", exercise)
    assert parts.introduction == "# T\n\n## Background\n\nx"
    assert parts.tasks == {"double": "## `double`\n\ny"}


def test_the_same_input_gives_the_same_bytes(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    first, second = make_handouts(exercise), make_handouts(exercise)
    assert first == second
    notebook = json.loads(first[exercise.folder / "ex01_doubling.ipynb"])
    assert notebook["nbformat"] == 4
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids)) == 6
