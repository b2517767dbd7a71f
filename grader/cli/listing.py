"""`grade list`: the exercises of the course, and how far each is."""

from __future__ import annotations

from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="List the exercises of the course with your best scores.",
    zh="列出课程中的所有练习，以及你的最好成绩。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    def run() -> None:
        from grader.cli.columns import terminal_width
        from grader.cli.remembered import remembered
        from grader.cli.scoreboard import score_lines, total_line
        from grader.course.catalog import find_course, list_outlines

        course = find_course()
        outlines = list_outlines(course)
        progress = remembered(course, language)
        for line in score_lines(outlines, progress, language, terminal_width()):
            click.echo(line)
        click.echo(f"\n  {total_line(outlines, progress, language)}")

    return run
