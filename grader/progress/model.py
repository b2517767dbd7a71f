"""What is remembered of a student's work, as it stands in `state.json`.

A convenience of the student's own, and no record: nothing is scored by it.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from grader.language import Text

__all__ = ["FORMAT", "ExerciseProgress", "Finding", "Progress", "TaskScore"]

FORMAT: Final = 1


class Finding(msgspec.Struct, frozen=True):
    """The first thing to look at after a grading; holds text of the student's making."""

    title: Text
    """The task, or the problem where there is none."""
    message: Text | None = None
    """What was compared, got and expected."""
    hint: Text | None = None
    file: str = ""
    """The file's name; empty where the finding has no place."""
    cell: int | None = None
    line: int | None = None


class TaskScore(NamedTuple):
    """What a task scored."""

    score: float
    max_score: float
    """What it could have scored: less than its points where some checks are not here."""


class ExerciseProgress(msgspec.Struct, omit_defaults=True):
    """What is remembered of one exercise."""

    best: float | None = None
    """The highest score of all gradings; None before the first."""
    last: float | None = None
    """The score of the last grading."""
    max_score: float | None = None
    graded_at: str = ""
    """When the last grading began, in UTC, as ISO 8601."""
    file: str = ""
    """The name of the file that was graded last."""
    sha256: str = ""
    """The hash of that file's bytes."""
    tasks: dict[str, TaskScore] = {}
    """What each task scored in the last grading."""
    next: Finding | None = None
    """What to look at first; None after full marks."""
    hints: dict[str, int] = {}
    """How many hints were shown, by task."""
    gave_up: bool = False
    """Whether the solution was read before full marks."""

    @property
    def is_done(self) -> bool:
        """Whether a grading has given full marks."""
        return self.best is not None and self.max_score is not None and self.best >= self.max_score


class Progress(msgspec.Struct):
    """What is remembered of a course."""

    format: int = FORMAT
    exercises: dict[str, ExerciseProgress] = {}
    """By the exercise's id, such as `ex03`."""

    def of(self, exercise_id: str) -> ExerciseProgress:
        """Give what is remembered of an exercise."""
        return self.exercises.get(exercise_id) or ExerciseProgress()

    def entry(self, exercise_id: str) -> ExerciseProgress:
        """Give what is remembered of an exercise, to be changed in place."""
        return self.exercises.setdefault(exercise_id, ExerciseProgress())

    @property
    def latest(self) -> str | None:
        """The id of the exercise that was graded last; None where none was."""
        graded = {name: one.graded_at for name, one in self.exercises.items() if one.graded_at}
        return max(graded, key=graded.__getitem__, default=None)
