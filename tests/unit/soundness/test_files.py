from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.soundness.faults import Fault
from grader.soundness.files import handout_faults, stray_faults, unwritten_faults


def at(fault: Fault, root: Path) -> tuple[str, int | None]:
    assert fault.file is not None
    return fault.file.relative_to(root).as_posix(), fault.line


@pytest.mark.parametrize(
    "name",
    [
        "exercises/ex90_mini/notes.txt",
        "exercises/ex90_mini/pictures/nobody_shows_me.svg",
        "solutions/ex90_mini/wrong/squared.py.bak",
        "solutions/ex90_mini/helper.py",
        "tests/suites/ex90_mini/data.json",
    ],
)
def test_a_stray_file_is_found(sound: Any, name: str) -> None:
    assert list(stray_faults(sound.subject)) == []
    path = sound.course.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("left behind", encoding="utf-8")

    (fault,) = stray_faults(sound.subject)

    assert fault.rule == "stray-file"
    assert at(fault, sound.course.root) == (name, None)


def test_a_picture_that_a_text_shows_is_no_stray_file(sound: Any) -> None:
    picture = sound.folder / "pictures" / "shown.svg"
    picture.parent.mkdir()
    picture.write_text("<svg/>", encoding="utf-8")
    with (sound.folder / "README.zh.md").open("a", encoding="utf-8") as file:
        file.write("\n![图](pictures/shown.svg)\n")

    assert list(stray_faults(sound.subject)) == []


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("exercises/ex90_mini/README.zh.md", "Write it"),
        ("exercises/ex90_mini/ex90_mini.py", "grade stub ex90"),
        ("exercises/ex90_mini/ex90_mini.ipynb", "grade stub ex90"),
        ("tests/suites/ex90_mini/test_visible.py", "Write it"),
    ],
)
def test_a_missing_file_is_found(sound: Any, name: str, cure: str) -> None:
    (sound.course.root / name).unlink()

    (fault,) = stray_faults(sound.subject)

    assert fault.rule == "missing-file"
    assert at(fault, sound.course.root) == (name, None)
    assert fault.cure.en.startswith(cure)


@pytest.mark.parametrize(
    ("edit", "name", "line"),
    [
        (
            lambda s: s.edit(s.folder / "ex90_mini.py", "import torch", "import torch  # 1"),
            ".py",
            3,
        ),
        (lambda s: s.edit(s.folder / "README.md", "one task", "a task"), ".ipynb", None),
    ],
    ids=["stub", "notebook"],
)
def test_what_the_solution_does_not_generate_is_found(
    sound: Any, edit: Callable[[Any], None], name: str, line: int | None
) -> None:
    assert list(handout_faults(sound.subject)) == []
    edit(sound)

    (fault,) = handout_faults(sound.subject)

    path, where = at(fault, sound.course.root)
    assert path == f"exercises/ex90_mini/ex90_mini{name}"
    assert where is not None
    assert line in (None, where)
    assert fault.cure.en == "grade stub ex90"


def test_what_is_left_to_write_is_found_with_its_line(sound: Any) -> None:
    assert list(unwritten_faults(sound.subject)) == []
    sound.edit(sound.solution, "import torch\n", "import torch\n# TODO(author): the rest\n")

    (fault,) = unwritten_faults(sound.subject)

    assert at(fault, sound.course.root) == ("solutions/ex90_mini/ex90_mini.py", 4)
    assert fault.message.en == "left to write: the rest"


def test_a_stub_is_full_of_todo_and_that_is_no_fault(sound: Any) -> None:
    assert "TODO" in (sound.folder / "ex90_mini.py").read_text(encoding="utf-8")
    assert list(unwritten_faults(sound.subject)) == []


def test_a_file_in_another_encoding_does_not_end_the_check(sound: Any) -> None:
    answer = sound.wrong / "cat.py"
    answer.write_bytes(answer.read_text(encoding="utf-8").encode("gb18030"))

    assert list(unwritten_faults(sound.subject)) == []
    assert sound.mistake("cat").fails == {"fact[legs_of_a_cat]"}
