"""`grade open ex03`: the student's file, in their editor."""

from __future__ import annotations

from typing import Final

import click

from grader.cli.arguments import exercise_argument
from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Open your file of an exercise in your editor; that of the next one, if you name none.

    The editor is the one that the variable VISUAL or EDITOR names, else VS Code where it is
    installed, else what your system opens such files with.""",
    zh="""用编辑器打开某个练习中你的文件；不写练习时是下一个未完成的练习。

    \b
    编辑器由环境变量 VISUAL 或 EDITOR 指定；没有时用已安装的 VS Code，
    再没有就用系统默认的程序。""",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language, or_next=True)
    def run(exercise: str) -> None:
        from grader.cli.remembered import warn
        from grader.cli.working_copy import chosen_file
        from grader.course.catalog import find_course, load_unpinned
        from grader.working_copy.editor import open_in_editor

        file, note = chosen_file(load_unpinned(find_course(), exercise))
        warn(note, language)
        click.echo(str(file))
        open_in_editor(file)

    return run
