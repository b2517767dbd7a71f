"""Ways for tests to grade a file: in the real course, and in the miniature one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Self

from grader.course.catalog import Course, find_course, load_exercise
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import CheckReport, Report, TaskReport
from grader.session.client import ExaminerClient
from grader.submission import read_submission
from grader.worker.likeness import Matching

_TIMES = {"started_at", "duration_s"}
MINI_COURSE = Path(__file__).parent / "scenarios" / "course"


class Grading:
    """Grades files in this run's examiner."""

    def __init__(self, client: ExaminerClient, course: Course) -> None:
        self.client = client
        self.course = course

    def grade(
        self,
        exercise_id: str,
        file: Path,
        seed: int = 1,
        *,
        device: str = "cpu",
        sandbox: str = "auto",
        run_all: bool = False,
        match: Matching = "auto",
        pictures: bool = False,
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
            match=match,
            pictures=pictures,
        )
        return grade_with(self.client, request, read_submission(file))


class MiniCourse:
    """A private copy of the miniature course, to be broken by a test."""

    def __init__(self, root: Path, client: ExaminerClient) -> None:
        self.root = root
        self.client = client
        self.suite = root / "tests" / "suites" / "ex90_mini"
        self.solution = root / "solutions" / "ex90_mini" / "ex90_mini.py"

    @classmethod
    def copy_to(cls, root: Path, client: ExaminerClient) -> Self:
        """Copy the course to a folder."""
        shutil.copytree(MINI_COURSE, root)
        return cls(root, client)

    def grade(self, file: Path | None = None, *, seed: int = 1, sandbox: str = "auto") -> Report:
        """Grade a file, or the solution."""
        path = file or self.solution
        request = GradeRequest(
            exercise=load_exercise(find_course(self.root), "ex90"),
            file=path,
            seed=seed,
            device="cpu",
            sandbox=sandbox,
        )
        return grade_with(self.client, request, read_submission(path))

    def edit(self, name: str, old: str, new: str) -> None:
        """Replace text in a file of the suite."""
        path = self.suite / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def find_task(report: Report, task_id: str) -> TaskReport:
    """Give one task of a report."""
    return next(task for task in report.tasks if task.id == task_id)


def all_checks(report: Report) -> list[CheckReport]:
    """Give the checks of all tasks."""
    return [check for task in report.tasks for check in task.checks]


def without_times(document: Any) -> Any:
    """Give a report's document without what differs from run to run."""
    if isinstance(document, dict):
        return {key: without_times(part) for key, part in document.items() if key not in _TIMES}
    return [without_times(part) for part in document] if isinstance(document, list) else document
