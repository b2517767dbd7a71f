"""What all commands have in common: `--lang`, and help in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final, TypeVar

import click

from grader.cli.click_messages import translate
from grader.language import LANGUAGES, Language, Text

__all__ = ["NO_SERVER", "is_language_given", "localise"]

_Command = TypeVar("_Command", bound=click.Command)

NO_SERVER: Final = Text(
    en="Do without the warm server, which keeps torch loaded for the next time.",
    zh="不使用后台服务（它会为下一次评分保持 torch 已加载）。",
)
"""What `--no-server` does, for the commands that have it."""
_LANGUAGE: Final = Text(
    en="Language of all texts; your system's by default.", zh="所有文字的语言；默认与系统相同。"
)
_HELP: Final = Text(en="Show this text.", zh="显示这段说明。")
_OPTIONS: Final = Text(en="[OPTIONS]", zh="[选项]")
_ARGUMENTS: Final = {
    "exercise": "练习",
    "task": "任务",
    "more": "文件",
    "reports": "报告",
    "out": "文件夹",
}
"""What help calls an argument, by its name in the code."""
_EXTRA: Final = re.compile(r"\[([^\[\]]+)\]$")


class _ChineseFormatter(click.HelpFormatter):
    """Help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{translate(heading)}：\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - click's own
        super().write_dl([(term, _EXTRA.sub(_extra, text)) for term, text in rows], *args, **kwargs)


def _extra(match: re.Match[str]) -> str:
    """Translate what click adds to an option's text, such as its default."""
    return "[" + "；".join(translate(part) for part in match[1].split("; ")) + "]"


class _ChineseContext(click.Context):
    """What click passes around, with Chinese help."""

    formatter_class = _ChineseFormatter


def localise(command: _Command, language: Language) -> _Command:
    """Give a command the options that all have, and its help the right headings."""
    # The value is not used: `grader.cli.main` reads it before there is a command to parse it.
    choice = click.Choice(LANGUAGES)
    lang = click.option("--lang", type=choice, expose_value=False, help=_LANGUAGE.to(language))
    helped = click.help_option("--help", help=_HELP.to(language))
    command.options_metavar = _OPTIONS.to(language)
    if language == "zh":
        command.context_class = _ChineseContext
        for parameter in command.params:
            _name_in_chinese(parameter)
    return helped(lang(command))


def _name_in_chinese(parameter: click.Parameter) -> None:
    """Give an argument a Chinese name, with the brackets and dots that click would add."""
    name = _ARGUMENTS.get(parameter.name or "")
    if name is None or not isinstance(parameter, click.Argument) or parameter.metavar is not None:
        return
    shown = name if parameter.required else f"[{name}]"
    parameter.metavar = shown if parameter.nargs == 1 else f"{shown}..."


def is_language_given(context: click.Context) -> bool:
    """Say whether `--lang` is on the command line, before the command's name or after it."""
    contexts = (context, context.parent)
    given = click.core.ParameterSource.COMMANDLINE
    return any(each is not None and each.get_parameter_source("lang") == given for each in contexts)
