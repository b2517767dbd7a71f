"""`grade show ex03`: the text of an exercise."""

from __future__ import annotations

from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(en="Print what an exercise asks for.", zh="显示某个练习的要求。")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercise")
    def run(exercise: str) -> None:
        from grader.course.catalog import find_course, load_unpinned
        from grader.course.texts import readme_of

        click.echo(readme_of(load_unpinned(find_course(), exercise)).to(language))

    return run
