"""`grade convert report.json --to FORMAT`: a report in the form that another program reads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import click

from grader.language import Language, Text
from grader.report.export.formats import FORMATS

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Write a report in the form that another program reads.

    REPORTS are files that --json or a batch wrote. What students will read holds no more than
    they may see.

    Ends with 0, 2 for wrong use, 4 or 5 if a report has no score, since the course or the grader
    broke, and the format has no word for that: then nothing is written.""",
    zh="""把报告转换成其他程序读取的格式。

    \b
    REPORTS 是 --json 或批量评分写出的文件。学生读到的内容不会超出允许的范围。

    \b
    退出码：成功为 0，用法错误为 2；
    如果因课程或评分程序出错而没有得分，且该格式无法表达，则为 4 或 5，并且不写任何内容。""",
)
_TO: Final = Text(en="The format; docs/formats.md lists them.", zh="格式；见 docs/formats.md。")
_OUT: Final = Text(
    en="Write to this file, whole or not at all; by default it is printed.",
    zh="写入该文件（要么完整写入，要么不写）；默认直接打印。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("reports", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--to", required=True, type=click.Choice(list(FORMATS)), help=_TO.to(language))
    @click.option("--out", type=click.Path(path_type=Path), help=_OUT.to(language))
    def run(*, reports: tuple[Path, ...], to: str, out: Path | None) -> None:
        from grader.atomic import write_atomically
        from grader.report.export.formats import convert
        from grader.report.read import read_report

        read = [read_report(path) for path in reports]
        content = convert(read, to, language, os.environ)
        if out is None:
            click.echo(content, nl=False)
        else:
            write_atomically(out, content)

    return run
