from __future__ import annotations

import os
from pathlib import Path

import pytest
from handed_in import make_folder

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.errors import SubmissionError
from grader.gradescope.handed_in import find_answer

NAME = "ex01_doubling"


@pytest.fixture
def exercise(small_course: Course) -> Exercise:
    (small_course.exercises / NAME / f"{NAME}.py").write_text("stub\n", encoding="utf-8")
    return load_exercise(small_course, "ex01")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ([f"{NAME}.py"], f"{NAME}.py"),
        (["week 1/my ex01.ipynb", "notes.txt"], "week 1/my ex01.ipynb"),
        ([f"{NAME}.py", f"{NAME}.ipynb"], f"{NAME}.py"),
        (["a/ex01.py", f"a/b/{NAME}.py"], f"a/b/{NAME}.py"),
        (["answer.py", "data.csv"], "answer.py"),
        ([".git/ex01.py", "__MACOSX/ex01.py", f"x/{NAME}.ipynb"], f"x/{NAME}.ipynb"),
    ],
)
def test_the_file_that_is_named_for_the_exercise_is_the_answer(
    exercise: Exercise, tmp_path: Path, files: list[str], found: str
) -> None:
    folder = make_folder(tmp_path / "submission", dict.fromkeys(files, "work\n"))
    assert find_answer(folder, exercise)[0] == folder / found


def test_the_handout_is_passed_over_and_the_choice_is_told(
    exercise: Exercise, tmp_path: Path
) -> None:
    files = {f"{NAME}.py": "stub\n", f"{NAME}.ipynb": "{}"}
    folder = make_folder(tmp_path / "submission", files)
    path, remark = find_answer(folder, exercise)
    assert path.suffix == ".ipynb"
    assert remark is not None
    assert "the other is the handout" in remark.en


@pytest.mark.parametrize(
    "files", [[], ["readme.txt"], ["one.py", "two.py"], ["ex02_other.py", "b.py"]]
)
def test_nothing_that_is_named_for_it_is_told_with_what_is_there(
    exercise: Exercise, tmp_path: Path, files: list[str]
) -> None:
    folder = make_folder(tmp_path / "submission", dict.fromkeys(files, "work\n"))
    with pytest.raises(SubmissionError, match="is named for ex01_doubling") as caught:
        find_answer(folder, exercise)
    assert all(name in caught.value.message.zh for name in files if name.endswith(".py"))


@pytest.mark.parametrize("kind", ["link", "link to a folder", "pipe"])
def test_what_leads_elsewhere_is_never_read(exercise: Exercise, tmp_path: Path, kind: str) -> None:
    folder = make_folder(tmp_path / "submission", {})
    if kind == "link":
        (folder / f"{NAME}.py").symlink_to(exercise.solution)
    elif kind == "link to a folder":
        (folder / "sub").symlink_to(exercise.solution.parent)
    else:
        os.mkfifo(folder / f"{NAME}.py")
    with pytest.raises(SubmissionError):
        find_answer(folder, exercise)
