"""A git server on this machine whose hook grades what is pushed, for real."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from git_server import Student
from grading import MINI_COURSE
from waiting import wait_until

# Twenty pushes at once take as long as the machine is busy.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(500)]

PATH = "exercises/ex90_mini/ex90_mini.py"
RIGHT = (MINI_COURSE / "solutions/ex90_mini/ex90_mini.py").read_text(encoding="utf-8")
WRONG = "def double(x):\n    return 3 * x\n"
ENDLESS = "def double(x):\n    while True:\n        pass\n"


class Server:
    """A folder with repositories, and what the hooks of all of them write."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "grading"
        program = root / "grade"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m grader "$@"\n')
        program.chmod(0o755)
        self.settings = {
            "course": str(MINI_COURSE),
            "out": str(self.out),
            "program": str(program),
            "sandbox": "auto",
            "wait": "400",
        }

    def student(self, name: str, **settings: str) -> Student:
        made = Student(self.root, name)
        made.install(self.settings | settings)
        return made

    def report(self, student: Student, commit: str) -> dict[str, object]:
        path = self.out / "reports" / student.name / commit / "ex90.json"
        content: dict[str, object] = json.loads(path.read_bytes())
        return content

    def grader(self) -> psutil.Process | None:
        """Give the process that grades now."""
        try:
            process = psutil.Process(int((self.out / ".lock").read_text(encoding="ascii")))
            return process if "drain" in process.cmdline() else None
        except (OSError, ValueError, psutil.Error):
            return None

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with sqlite3.connect(self.out / "queue.sqlite", timeout=30) as database:
            return database.execute(query).fetchall()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    yield made
    left = made.grader()
    if left is not None:
        left.kill()
        left.wait(10)


def test_twenty_students_push_at_once_and_each_gets_their_own_answer(server: Server) -> None:
    students = [server.student(f"s{number:02}") for number in range(20)]
    for number, student in enumerate(students):
        student.commit({PATH: RIGHT if number % 2 else f"{WRONG}# {number}\n"})
    with ThreadPoolExecutor(20) as executor:
        answers = list(executor.map(Student.push, students))
    for number, (student, answer) in enumerate(zip(students, answers, strict=True)):
        assert f"remote: grade: main {student.head()[:8]}" in answer
        score = server.report(student, student.head())["score"]
        assert score == 100 if number % 2 else score != 100
        assert f"ex90  A miniature exercise  {score:g} / 100" in answer
        assert "could not" not in answer
    assert server.ask("SELECT count(*), sum(attempts) FROM pushes") == [(20, 20)]
    assert len(list((server.out / "latest" / "reports").iterdir())) == 20


def test_a_killed_grader_loses_no_push(server: Server) -> None:
    ada, bob = server.student("ada", wait="0"), server.student("bob")
    ada.commit({PATH: ENDLESS})
    assert "not graded yet" in ada.push()
    wait_until(
        lambda: server.grader() and server.ask("SELECT 1 FROM pushes WHERE attempts = 1"),
        seconds=300,
    )
    wait_until((server.out / "journal.sqlite").exists, seconds=300)
    grader = server.grader()
    assert grader is not None
    children = grader.children(recursive=True)
    grader.send_signal(signal.SIGKILL)
    psutil.wait_procs([*children, grader], timeout=10)
    assert not (server.out / "reports" / "ada").exists()

    bob.commit({PATH: RIGHT})
    assert "100 / 100" in bob.push()
    score = server.report(ada, ada.head())["score"]
    assert isinstance(score, float)
    assert score < 100
    assert server.ask("SELECT count(*) FROM pushes WHERE finished_at IS NULL") == [(0,)]


def test_what_was_left_is_graded_by_hand_once_and_a_push_that_comes_meanwhile_too(
    server: Server,
) -> None:
    ada, bob = server.student("ada", wait="0"), server.student("bob")
    for student in (ada, bob):
        student.commit({PATH: RIGHT})
    ada.push()
    command = [sys.executable, "-m", "grader", "hook", "drain", "--out", str(server.out)]
    environment = os.environ | {"GRADE_COURSE": str(MINI_COURSE), "GRADE_LANG": "en"}
    with subprocess.Popen(
        [*command, "--sandbox", "auto"], env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert "100 / 100" in bob.push()
        process.communicate(timeout=300)
    assert process.returncode == 0
    wait_until(
        lambda: server.ask("SELECT count(*) FROM pushes WHERE finished_at IS NULL") == [(0,)],
        seconds=300,
    )
    assert server.ask("SELECT count(*), sum(attempts) FROM pushes") == [(2, 2)]
    assert server.report(ada, ada.head())["score"] == 100
