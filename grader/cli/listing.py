"""`grade list`: the exercises of the course."""

from __future__ import annotations

from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(en="List the exercises of the course.", zh="列出课程中的所有练习。")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    def run() -> None:
        from grader.course.catalog import find_course, list_exercises, load_unpinned

        course = find_course()
        for exercise_name in list_exercises(course):
            exercise = load_unpinned(course, exercise_name)
            click.echo(f"{exercise.id}  {exercise.title.to(language)}")

    return run
