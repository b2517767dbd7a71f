from __future__ import annotations

import pytest

from grader.course.manifest import Outline
from grader.language import Text
from grader.progress.model import ExerciseProgress, Progress
from grader.progress.next_exercise import find_next, following

OUTLINES = tuple(
    Outline(id=f"ex0{number}", slug="one", title=Text("One", "一"), tasks=())
    for number in (1, 2, 3)
)


def progress(**scores: float) -> Progress:
    """Make a progress whose exercises were graded in the order of the arguments."""
    return Progress(
        exercises={
            name: ExerciseProgress(best=score, max_score=100, graded_at=f"2026-01-0{day}")
            for day, (name, score) in enumerate(scores.items(), 1)
        }
    )


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (progress(), "ex01"),
        (progress(ex02=30), "ex02"),
        (progress(ex02=100), "ex03"),
        (progress(ex03=100), "ex01"),
        (progress(ex01=100, ex02=100), "ex03"),
        (progress(ex02=20, ex01=100), "ex02"),
        (progress(ex03=5, ex99=100), "ex01"),
        (progress(ex01=100, ex02=100, ex03=100), None),
    ],
)
def test_the_next_one_is_behind_the_last_one(known: Progress, wanted: str | None) -> None:
    found = find_next(OUTLINES, known)
    assert (found.id if found else None) == wanted


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (progress(), "ex03"),
        (progress(ex03=100), "ex01"),
        (progress(ex03=100, ex01=100), None),
    ],
)
def test_going_on_leaves_the_current_one(known: Progress, wanted: str | None) -> None:
    found = following(OUTLINES, known, "ex02")
    assert (found.id if found else None) == wanted
