"""`grade show ex03`: the text of an exercise."""

from __future__ import annotations

from typing import Final

import click

from grader.cli.arguments import exercise_argument
from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Read what an exercise asks for: the next one that is not done, or the one that you name.

    What is longer than the screen goes through the pager that the variable PAGER names.""",
    zh="""阅读某个练习的要求；不写练习时是下一个未完成的练习。

    \b
    超过一屏时，会交给环境变量 PAGER 指定的分页程序。""",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language, or_next=True)
    def run(exercise: str) -> None:
        from grader.cli.page_elements import MarkdownPage
        from grader.cli.pages import show_page
        from grader.cli.readable import readable
        from grader.course.catalog import find_course, load_unpinned
        from grader.course.texts import readme_of

        chosen = load_unpinned(find_course(), exercise)
        text = readable(readme_of(chosen).to(language), chosen.folder, language)
        show_page(MarkdownPage(text, code_theme="ansi_dark", hyperlinks=False))

    return run
