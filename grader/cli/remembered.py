"""The progress for a command, with a line on stderr where something is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.models import Exercise
    from grader.progress.model import Progress
    from grader.report.sentences import FollowUp

__all__ = ["follow_up", "note_change", "remembered", "warn"]


def remembered(course: Course, language: Language) -> Progress:
    """Give what is remembered of a course."""
    from grader.progress.store import read_progress

    progress, remark = read_progress(course)
    warn(remark, language)
    return progress


def note_change(course: Course, change: Callable[[Progress], object], language: Language) -> None:
    """Change what is remembered of a course."""
    from grader.progress.store import note

    warn(note(course, change), language)


def follow_up(course: Course, exercise: Exercise, language: Language) -> FollowUp | None:
    """Name the exercise that full marks lead to: the next that is not done; None where all are."""
    from grader.course.catalog import list_outlines
    from grader.progress.next_exercise import following
    from grader.report.sentences import FollowUp

    found = following(list_outlines(course), remembered(course, language), exercise.id)
    return None if found is None else FollowUp(found.id, found.title)


def warn(remark: Text | None, language: Language) -> None:
    """Say what should be known, and go on."""
    if remark is not None:
        from grader.report.neutralise import for_ci_log

        click.echo(for_ci_log(remark.to(language)), err=True)
