"""`grade lock ex03`: pin the checks that a suite declares."""

from __future__ import annotations

from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Pin the checks of a suite, with their points, in checks.lock.json.

    Only a pinned check scores. Run this whenever checks were added, removed or reworded.""",
    zh="""把测试套件的检查项及其分值固定到 checks.lock.json。

    \b
    只有被固定的检查项才计分。增删或改写检查项之后请运行此命令。""",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercises", metavar="EXERCISE...", nargs=-1, required=True)
    def run(exercises: tuple[str, ...]) -> None:
        from grader.course.catalog import find_course, load_unpinned
        from grader.course.lock import write_lock
        from grader.pipeline import collect_checks

        course = find_course()
        for exercise_name in exercises:
            exercise = load_unpinned(course, exercise_name)
            path = write_lock(exercise.suite, collect_checks(exercise), exercise.tasks)
            click.echo(str(path))

    return run
