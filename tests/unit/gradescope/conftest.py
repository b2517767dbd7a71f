"""Gradescope's folders below a temporary one, with the miniature course in them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from grading import MINI_COURSE, MiniCourse

from grader.course.catalog import find_course, load_exercise
from grader.gradescope import run
from grader.gradescope.package import make_autograder
from grader.gradescope.settings import Settings
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.submission import read_submission

SETTINGS = Settings("ex90_mini", "en", "auto", 7)
WHEEL = ("torchgrade-0-py3-none-any.whl", b"a wheel")


@pytest.fixture
def archive() -> bytes:
    course = find_course(MINI_COURSE)
    return make_autograder(course, load_exercise(course, "ex90"), SETTINGS, WHEEL)


@pytest.fixture
def root(tmp_path: Path, archive: bytes) -> Path:
    made = tmp_path / "autograder"
    for name in ("submission", "results"):
        (made / name).mkdir(parents=True)
    zipfile.ZipFile(io.BytesIO(archive)).extractall(made / "source")
    return made


@pytest.fixture
def graded_here(mini: MiniCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    """Grade in this run's examiner."""

    def grade(request: GradeRequest) -> Report:
        return grade_with(mini.client, request, read_submission(request.file))

    monkeypatch.setattr(run, "grade_submission", grade)
