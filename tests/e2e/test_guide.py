"""What the guides for students show is what a student sees.

The commands of a guide are run one after the other in a fresh copy of the course, which a comment
`<!-- step: NAME -->` takes to the next state of the student's work. Dates and checksums stand for
any others: each edit of an answer would change them. `--update-goldens` writes what is printed now
into the guides.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from grading import Grading

from grader import pipeline
from grader.cli import main
from grader.course.catalog import COURSE_VARIABLE
from grader.progress.store import STATE_VARIABLE
from grader.working_copy.definitions import restored

ROOT = Path(__file__).parents[2]
PART = re.compile(
    r"<!-- step: (?P<step>.+?) -->|^```console\n\$ (?P<command>.*)\n(?P<shown>(?:.*\n)*?)```$",
    re.MULTILINE,
)
NAME = "ex01_nn_module"
NAMES = ["AddOne", "SmallCNN"]
DATE = re.compile(r"\d{4}-\d\d-\d\d_\d{6}")
SOME_DATE = "2026-03-14_092653"
CHECKSUM = re.compile(r"\b[0-9a-f]{64}\b")
SOME_CHECKSUM = "fcd68b5cc0ed429c67b749eaad8fdc57dd8f2baec889acbb93e3ac22f2dbfbbf"


class Student:
    """Someone who follows a guide."""

    def __init__(self, root: Path) -> None:
        self.file = root / "exercises" / NAME / f"{NAME}.py"
        self.stub = self.file.read_text(encoding="utf-8")
        self.steps: dict[str, Callable[[], str]] = {
            "first try": self._first_try,
            "all right": lambda: self._with(
                f"{NAME}.py", [*NAMES, "count_parameters", "save_weights", "load_weights"]
            ),
        }

    def reach(self, step: str) -> None:
        """Save the file as it is at a step."""
        self.file.write_text(self.steps[step](), encoding="utf-8")

    def _first_try(self) -> str:
        return self._with("wrong/small_cnn_fc_for_30x30.py", NAMES)

    def _with(self, answer: str, names: Sequence[str]) -> str:
        source = (ROOT / "solutions" / NAME / answer).read_text(encoding="utf-8")
        return restored(self.stub, re.sub(r"^ *### .*\n", "", source, flags=re.MULTILINE), names)


@pytest.fixture
def student(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grading: Grading) -> Student:
    root = tmp_path / "course"
    for part in ("exercises", "solutions", "tests/suites"):
        shutil.copytree(ROOT / part, root / part)
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    for variable in (COURSE_VARIABLE, STATE_VARIABLE):
        monkeypatch.delenv(variable, raising=False)

    @contextlib.contextmanager
    def shared(*_: Any, **__: Any) -> Iterator[Any]:
        yield grading.client

    monkeypatch.setattr(pipeline, "open_examiner", shared)
    monkeypatch.setattr("secrets.randbelow", lambda _: 1)
    return Student(root)


@pytest.mark.parametrize(("guide", "language"), [("students.md", "en"), ("students.zh.md", "zh")])
def test_a_guide_shows_what_is_printed(
    guide: str,
    language: str,
    student: Student,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("GRADE_LANG", language)
    path = ROOT / "docs" / guide
    text = path.read_text(encoding="utf-8")
    updated = PART.sub(lambda match: replay(match, student, capsys), text)
    if request.config.getoption("--update-goldens"):
        path.write_text(updated, encoding="utf-8")
        return
    assert text == updated
    assert text.count("```console\n$ grade") == 7


def replay(match: re.Match[str], student: Student, capsys: pytest.CaptureFixture[str]) -> str:
    """Do what a part of a guide says, and give the part with what was printed."""
    if match["step"]:
        student.reach(match["step"])
        return match[0]
    with pytest.raises(SystemExit):
        main(match["command"].split()[1:])
    printed = DATE.sub(SOME_DATE, capsys.readouterr().out)
    printed = CHECKSUM.sub(SOME_CHECKSUM, printed)
    return f"```console\n$ {match['command']}\n{printed}```"
