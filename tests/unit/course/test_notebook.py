from __future__ import annotations

import json

from grader.course.catalog import Course, load_unpinned
from grader.course.handouts import make_handouts
from grader.course.models import Exercise
from grader.course.notebook import make_cells
from grader.course.stub import stub_of
from grader.course.texts import readme_of, split_readme


def cells_of(exercise: Exercise) -> dict[str, str]:
    cells = make_cells(exercise, stub_of(exercise), readme_of(exercise))
    return {cell.id: cell.source for cell in cells}


def test_each_task_has_its_text_in_both_languages_and_then_its_code(small_course: Course) -> None:
    cells = cells_of(load_unpinned(small_course, "ex01"))
    assert list(cells) == [
        "introduction-en", "introduction-zh", "setup-code",
        "facts-en", "facts-zh", "facts-code",
        "double-en", "double-zh", "double-code",
    ]  # fmt: skip
    assert cells["setup-code"] == "import torch"
    assert cells["double-code"].startswith("def double(x")
    assert "加倍" in cells["double-zh"]


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
    assert len(ids) == len(set(ids)) == 9
