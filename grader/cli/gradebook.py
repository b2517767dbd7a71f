"""`grade gradebook OUT`: make a batch's gradebook anew from its reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.errors import UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.batch.summary import Summary

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Make gradebook.csv and checks.csv anew from the reports under OUT.

    OUT is the folder that a batch was told to write. Nothing is graded.""",
    zh="""由 OUT 下的报告重新生成 gradebook.csv 和 checks.csv。

    \b
    OUT 是批量评分写入的文件夹。不会重新评分。""",
)
_SUMMARY: Final = Text(
    en="Show the spread of scores and the hardest checks.", zh="显示成绩分布和最难的检查。"
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("out", type=click.Path(path_type=Path))
    @click.option("--summary", "with_summary", is_flag=True, help=_SUMMARY.to(language))
    def run(*, out: Path, with_summary: bool) -> None:
        from grader.batch.gradebook import write_gradebook

        _require_reports(out)
        result = write_gradebook(out)
        click.echo(str(result.gradebook))
        click.echo(str(result.checks))
        if with_summary:
            from grader.batch.summary_page import print_summary

            click.echo()
            print_summary(result.summary, language, sys.stdout)
        else:
            _warn(result.summary, language)

    return run


def _require_reports(out: Path) -> None:
    """Refuse a folder that nothing was graded into, before anything is written there."""
    from grader.batch.output import REPORTS
    from grader.batch.reports import StoredReports

    if not out.is_dir():
        message = Text(en=f"there is no folder {out}", zh=f"没有文件夹 {out}")
    elif not StoredReports(out).students:
        message = Text(
            en=f"there are no reports in {out / REPORTS}", zh=f"{out / REPORTS} 中没有报告"
        )
    else:
        return
    raise UsageError(
        message,
        hint=Text(
            en="Name the folder that `grade batch` was given with --out.",
            zh="请给出 `grade batch` 的 --out 所指的文件夹。",
        ),
    )


def _warn(summary: Summary, language: Language) -> None:
    """Name what has no score in the gradebook although something was handed in."""
    from grader.report.neutralise import for_ci_log

    for problem in summary.unreadable:
        click.echo(for_ci_log(problem.message.to(language)), err=True)
    for fault in summary.faults:
        said = Text(
            en=f"{fault.student} {fault.exercise}: no score, the fault is ours",
            zh=f"{fault.student} {fault.exercise}：没有得分，故障在我们这边",
        )
        click.echo(for_ci_log(said.to(language)), err=True)
