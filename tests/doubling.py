"""A student's answer to the only exercise of the small course, and what is remembered of it."""

from __future__ import annotations

from typing import Any

from grader.course.catalog import Course
from grader.progress.model import ExerciseProgress, TaskScore
from grader.progress.store import note

ANSWER = """\
import torch

FACTS = {"two": 2, "given": 1}


def double(x):
    return x + x
"""


def remember(course: Course, **facts: Any) -> None:
    note(course, lambda progress: progress.exercises.update(ex01=ExerciseProgress(**facts)))


def all_marks(course: Course) -> None:
    tasks = {"double": TaskScore(60, 60), "facts": TaskScore(40, 40)}
    remember(course, best=100, last=100, max_score=100, graded_at="2026-01-02", tasks=tasks)
