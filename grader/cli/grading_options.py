"""The options that `grade ex03` and `grade FILE` share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from grader.cli.options import NO_SERVER
from grader.language import Language, Text
from grader.seed import MAX_SEED, draw_seed

__all__ = ["choose_seed", "grading_options"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

_JSON: Final = Text(
    en="Write the full report as JSON to this file; - prints it instead of the texts.",
    zh="把完整报告以 JSON 写入该文件；- 表示直接打印，不再显示文字。",
)
_SEED: Final = Text(
    en="Repeat a run exactly: its seed stands in the report.",
    zh="精确重现某次评分：种子写在报告里。",
)
_DEVICE: Final = Text(en="Where tensors live.", zh="张量所在的设备。")
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works; off is for debugging only; podman and "
    "docker run the code in a container.",
    zh="strict：任何一项隔离不可用就拒绝评分；off 仅用于调试；podman 和 docker：在容器中运行代码。",
)
_ALL: Final = Text(
    en="Explain everything that failed, not only what to look at first.",
    zh="说明所有未通过的检查，而不只是最先要看的那一项。",
)
_MATCH: Final = Text(
    en="How names are found: exact; near, where a misspelt one will do (the default); behaviour, "
    "where what does the same will do, as in a script that has none of the names.",
    zh="如何寻找练习要求的名称：exact 完全一致；near 拼写相近也可以（默认）；"
    "behaviour 作用相同即可，用于没有这些名称的脚本。",
)
_RUN_ALL: Final = Text(
    en="Run every statement of the file, not only what the tasks need.",
    zh="运行文件中的全部语句，而不只是任务需要的部分。",
)


def grading_options(language: Language) -> Callable[[_Function], _Function]:
    """Make the options that say how to grade, and where the report goes."""

    def say(text: Text) -> str:
        return text.to(language)

    options = (
        click.option("--json", "json_out", metavar="OUT", help=say(_JSON)),
        click.option("--seed", type=click.IntRange(0, MAX_SEED), metavar="N", help=say(_SEED)),
        click.option(
            "--device",
            type=click.Choice(["auto", "cpu", "cuda", "mps"]),
            default="auto",
            show_default=True,
            help=say(_DEVICE),
        ),
        click.option(
            "--sandbox",
            type=click.Choice(["auto", "strict", "off", "podman", "docker"]),
            default="auto",
            show_default=True,
            help=say(_SANDBOX),
        ),
        click.option("--all", "-v", "show_all", is_flag=True, help=say(_ALL)),
        click.option("--run-all", is_flag=True, help=say(_RUN_ALL)),
        click.option(
            "--match", type=click.Choice(["exact", "near", "behaviour"]), help=say(_MATCH)
        ),
        click.option("--no-server", is_flag=True, help=say(NO_SERVER)),
    )

    def add(function: _Function) -> _Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


def choose_seed(seed: int | None) -> int:
    """Take the seed that was asked for, or any."""
    return draw_seed() if seed is None else seed
