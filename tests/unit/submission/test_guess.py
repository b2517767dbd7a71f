"""Which exercise a script is about."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.course.catalog import find_course, list_exercises, load_exercise
from grader.course.models import Exercise
from grader.submission import read_submission
from grader.submission.guess import Guess, guess_exercises
from grader.submission.siblings import with_siblings
from grader.submission.submission import Submission
from grader.worker.wire import CellSource

COURSE = find_course(Path(__file__).parents[3])
EXERCISES = [load_exercise(COURSE, name) for name in list_exercises(COURSE)]


def guess(text: str) -> Guess:
    submission = Submission("x", "x.py", "", "py", (CellSource(None, text),), ())
    return guess_exercises(submission, EXERCISES)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_a_solution_is_about_its_exercise(exercise: Exercise) -> None:
    found = guess_exercises(read_submission(exercise.solution), EXERCISES)
    assert [one.id for one in found.exercises] == [exercise.id]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_an_empty_stub_is_about_its_exercise(exercise: Exercise) -> None:
    stub = exercise.folder / f"{exercise.name}.py"
    found = guess_exercises(read_submission(stub), EXERCISES)
    assert [one.id for one in found.exercises] == [exercise.id]


def test_a_reason_names_the_line_in_both_languages() -> None:
    (reason,) = guess("\nclass T(nn.Module):\n    a = nn.Conv2d(3, 6, 3)\n").reasons
    assert reason.exercise.id == "ex03"
    assert "line 2" in reason.why.en
    assert "第 2 行" in reason.why.zh


@pytest.mark.parametrize(
    "text",
    [
        "class T(nn.Module)：\n    a = nn.Conv2d(3, 6, 3)\n",
        "class T(nn.Module):\n    a = nn.Conv2d（3，6，3）\n",
        "class T(nn.Module):\n\u3000\u3000a = nn.Conv2d(3, 6, 3)\n",
    ],
)
def test_who_typed_chinese_punctuation_is_understood(text: str) -> None:
    assert [one.id for one in guess(text).exercises] == ["ex03"]


def test_a_network_of_no_exercise_is_named() -> None:
    layers = "".join(f"    l{n} = nn.Linear(9, 9)\n" for n in range(4))
    found = guess(f"class Mine(nn.Module):\n{layers}")
    assert (found.exercises, found.others) == ((), ("Mine",))


@pytest.mark.parametrize("text", ["", "print(1)", "class A: pass", "def f(): return 1", "x = 1 +"])
def test_what_is_about_nothing_is_not_guessed(text: str) -> None:
    assert not guess(text).exercises


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abc()[]{}:=.,'\"#\n\t nforclassdef*", max_size=200))
def test_no_text_breaks_the_guess(text: str) -> None:
    found = guess(text)
    assert {reason.exercise.id for reason in found.reasons} <= {one.id for one in EXERCISES}
    named = [one.id for one in found.exercises]
    assert len(set(named)) == len(named)


def test_files_are_found_that_are_imported_from_one_another(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("import one\nimport random\nimport torch\n")
    (tmp_path / "one.py").write_text("from .two import x\n")
    (tmp_path / "two.py").write_bytes("x = 1  # 中文".encode("gb18030"))
    (tmp_path / "random.py").write_text("x = 1")
    (tmp_path / "other.py").write_text("x = 1")
    path = tmp_path / "main.py"
    found = with_siblings(read_submission(path), tmp_path)
    assert [one.module for one in found.siblings] == ["one", "two", "two.x"][:2]


def test_a_file_outside_the_folder_cannot_be_named(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "secret.py").write_text("x = 1")
    (inner / "main.py").write_text("from ..secret import x\nfrom .. import secret\n")
    found = with_siblings(read_submission(inner / "main.py"), inner)
    assert found.siblings == ()
