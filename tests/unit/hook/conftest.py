"""A student's repository, and what grades a push in this process."""

from __future__ import annotations

from pathlib import Path

import pytest
from git_server import Student
from grading import MiniCourse
from hook_server import Server

from grader.hook import drain


@pytest.fixture
def ada(tmp_path: Path) -> Student:
    return Student(tmp_path, "ada")


@pytest.fixture
def right(mini: MiniCourse) -> str:
    return mini.solution.read_text(encoding="utf-8")


@pytest.fixture
def server(mini: MiniCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    made = Server(mini, tmp_path / "out")
    monkeypatch.setattr(drain, "local_engine", made.engine)
    return made
