from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from git_server import Student

from grader.course.catalog import Course
from grader.hook.queue import Queue

Grade = Callable[..., Any]
MANIFEST = "exercises/ex01_doubling/exercise.toml"


@pytest.fixture
def ada(tmp_path: Path) -> Student:
    student = Student(tmp_path, "ada")
    student.commit({"exercises/ex01_doubling/ex01_doubling.py": "x = 1\n"})
    student.push()
    return student


@pytest.fixture
def told(ada: Student, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell the hook what git would."""
    line = f"{'0' * 40} {ada.head()} refs/heads/main\n".encode()
    stdin = io.TextIOWrapper(io.BytesIO(line))
    monkeypatch.setattr(sys, "stdin", stdin)


def waiting(out: Path) -> int:
    with Queue(out) as queue:
        return queue.waiting()


@pytest.mark.usefixtures("told")
def test_a_push_is_kept_where_there_is_no_course(
    grade: Grade, ada: Student, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADE_COURSE", str(tmp_path / "nowhere"))
    out = tmp_path / "out"
    ended = grade("hook", "receive", "--out", out, "--repository", ada.bare)
    assert ended.code == 2
    assert "is no course" in ended.err
    assert waiting(out) == 1
    assert out.stat().st_mode & 0o777 == 0o700


@pytest.mark.usefixtures("told")
def test_a_grader_that_cannot_start_is_told_and_the_push_kept(
    grade: Grade, ada: Student, tmp_path: Path, small_course: Course
) -> None:
    (small_course.root / MANIFEST).write_text("broken =\n", encoding="utf-8")
    out = tmp_path / "out"
    ended = grade("hook", "receive", "--out", out, "--repository", ada.bare, "--wait", "60")
    assert ended.code == 0
    assert "the grader could not be started. Your push is kept" in ended.out
    assert "Traceback" not in ended.out + (out / "hook.log").read_text(encoding="utf-8")
    assert "exercise.toml" in (out / "hook.log").read_text(encoding="utf-8")
    assert waiting(out) == 1


def test_what_was_not_started_by_git_is_told_so(
    grade: Grade, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"hello\n")))
    ended = grade("hook", "receive", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "hint: `grade init-ci hook` writes the hook" in ended.err
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("small_course")
def test_an_empty_queue_is_no_work(grade: Grade, tmp_path: Path) -> None:
    ended = grade("hook", "drain", "--out", tmp_path / "out")
    assert (ended.code, ended.out) == (0, "pushes graded: 0\n")
