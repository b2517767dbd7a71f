"""What all tests share: one course, and one nursery with one examiner for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.catalog import Course, find_course, load_exercise
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import CheckReport, Report, TaskReport
from grader.session.client import ExaminerClient, start_examiner
from grader.submission import read_submission

ROOT = Path(__file__).parents[1]

# Run by `grade`; without a nursery behind them they could only fail.
collect_ignore = ["suites"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write the reports of tests/scenarios as they are now",
    )


class Grading:
    """Grades files in this run's examiner."""

    def __init__(self, client: ExaminerClient, course: Course) -> None:
        self.client = client
        self.course = course

    def grade(  # noqa: PLR0913 - as many options as the command has
        self,
        exercise_id: str,
        file: Path,
        seed: int = 1,
        *,
        device: str = "cpu",
        sandbox: str = "auto",
        run_all: bool = False,
    ) -> Report:
        """Grade one file."""
        exercise = load_exercise(self.course, exercise_id)
        request = GradeRequest(
            exercise=exercise,
            file=file,
            seed=seed,
            device=device,
            sandbox=sandbox,
            run_all=run_all,
        )
        return grade_with(self.client, request, read_submission(file))


@pytest.fixture(scope="session")
def course() -> Course:
    return find_course(ROOT)


@pytest.fixture(scope="session")
def grading(course: Course) -> Iterator[Grading]:
    preload = load_exercise(course, "ex03").preload
    with start_examiner(preload) as client:
        yield Grading(client, course)


def find_task(report: Report, task_id: str) -> TaskReport:
    """Give one task of a report."""
    return next(task for task in report.tasks if task.id == task_id)


def all_checks(report: Report) -> list[CheckReport]:
    """Give the checks of all tasks."""
    return [check for task in report.tasks for check in task.checks]
