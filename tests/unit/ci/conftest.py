from __future__ import annotations

from pathlib import Path

import pytest
from student_repository import StudentRepository

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise


@pytest.fixture
def student(tmp_path: Path) -> StudentRepository:
    return StudentRepository(tmp_path / "student")


@pytest.fixture
def exercises(course: Course) -> list[Exercise]:
    return [load_exercise(course, name) for name in ("ex01", "ex02", "ex03")]
