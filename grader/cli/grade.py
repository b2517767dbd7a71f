"""`grade ex03`: grade one submission and show what came out."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import click

from grader.cli.options import NO_SERVER
from grader.errors import EXIT_BELOW, EXIT_OK, CourseError, GraderFault
from grader.language import Language, Text
from grader.seed import MAX_SEED, draw_seed

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.report.model import Report
    from grader.report.sentences import FollowUp
    from grader.worker.likeness import Matching

__all__ = ["command"]

_STDOUT: Final = "-"

_ABOUT: Final = Text(
    en="""Grade your answer to this exercise.

    What is graded is your file under exercises/, or the one that --file names. Your code runs in
    a process of its own that is locked in; the checks run in another.

    Ends with 0 for full marks (or those of --min-score), 1 below that, 2 for wrong use, 3 if
    your file cannot be read, 4 if the course and 5 if the grader is at fault.""",
    zh="""为你对这个练习的解答评分。

    \b
    评分对象是 exercises/ 下你的文件，或 --file 指定的文件。
    你的代码在单独的、受限制的进程中运行；检查在另一个进程中进行。

    \b
    退出码：满分（或达到 --min-score）为 0，低于它为 1，用法错误为 2，
    文件无法读取为 3，课程有误为 4，评分程序有误为 5。""",
)
_FILE: Final = Text(en="The file to grade: .py or .ipynb.", zh="要评分的文件：.py 或 .ipynb。")
_JSON: Final = Text(
    en="Write the full report as JSON to this file; - prints it instead of the texts.",
    zh="把完整报告以 JSON 写入该文件；- 表示直接打印，不再显示文字。",
)
_HTML: Final = Text(
    en="Write a page to look at in a browser, with pictures, to this file.",
    zh="把可在浏览器中查看的页面（带图）写入该文件。",
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
_MIN_SCORE: Final = Text(
    en="End with 0 from this many points; full marks by default.",
    zh="达到这个分数即以 0 退出；默认为满分。",
)
MATCH: Final = Text(
    en="How names are found: exact; near, where a misspelt one will do (the default); behaviour, "
    "where what does the same will do, as in a script that has none of the names.",
    zh="如何寻找练习要求的名称：exact 完全一致；near 拼写相近也可以（默认）；"
    "behaviour 作用相同即可，用于没有这些名称的脚本。",
)
_ALL: Final = Text(
    en="Explain everything that failed, not only what to look at first.",
    zh="说明所有未通过的检查，而不只是最先要看的那一项。",
)
_RUN_ALL: Final = Text(
    en="Run every statement of the file, not only what the tasks need.",
    zh="运行文件中的全部语句，而不只是任务需要的部分。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command that grades the exercise which `name` means."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT))
    @click.option("--file", type=click.Path(path_type=Path), help=say(_FILE))
    @click.option("--json", "json_out", metavar="OUT", help=say(_JSON))
    @click.option("--html", "html_out", type=click.Path(path_type=Path), help=say(_HTML))
    @click.option("--seed", type=click.IntRange(0, MAX_SEED), metavar="N", help=say(_SEED))
    @click.option(
        "--device",
        type=click.Choice(["auto", "cpu", "cuda", "mps"]),
        default="auto",
        show_default=True,
        help=say(_DEVICE),
    )
    @click.option(
        "--sandbox",
        type=click.Choice(["auto", "strict", "off", "podman", "docker"]),
        default="auto",
        show_default=True,
        help=say(_SANDBOX),
    )
    @click.option(
        "--min-score", type=click.FloatRange(min=0), metavar="POINTS", help=say(_MIN_SCORE)
    )
    @click.option("--all", "-v", "show_all", is_flag=True, help=say(_ALL))
    @click.option("--run-all", is_flag=True, help=say(_RUN_ALL))
    @click.option("--match", type=click.Choice(["exact", "near", "behaviour"]), help=say(MATCH))
    @click.option("--no-server", is_flag=True, help=say(NO_SERVER))
    def run(  # noqa: PLR0913 - one parameter an option
        *,
        file: Path | None,
        json_out: str | None,
        html_out: Path | None,
        seed: int | None,
        device: str,
        sandbox: str,
        min_score: float | None,
        show_all: bool,
        run_all: bool,
        match: Matching | None,
        no_server: bool,
    ) -> int:
        from grader.cli.remembered import follow_up
        from grader.cli.working_copy import choose_file, is_working_copy
        from grader.course.catalog import find_course, load_exercise
        from grader.pipeline import GradeRequest, grade_submission
        from grader.server import settings

        course = find_course()
        exercise = load_exercise(course, name)
        request = GradeRequest(
            exercise=exercise,
            file=file or choose_file(exercise, language),
            seed=draw_seed() if seed is None else seed,
            device=device,
            sandbox=sandbox,
            run_all=run_all,
            match=match or "auto",
            use_server=settings.is_wanted() and not no_server,
        )
        if json_out != _STDOUT:
            # What shows the report is imported while the other processes import torch.
            Thread(target=import_module, args=["grader.report.terminal"]).start()
        report = grade_submission(request, lambda text: click.echo(say(text), err=True))
        if is_working_copy(request.file, exercise):
            _remember(course, report, language)
        _publish(report, json_out)
        following = follow_up(course, exercise, language)
        if html_out is not None:
            _write_page(report, html_out, language, following)
        if json_out != _STDOUT:
            from grader.report.terminal import print_report

            print_report(
                report.for_student(),
                language,
                sys.stdout,
                show_all=show_all,
                follow_up=following,
            )
        return _exit_code(report, min_score)

    return run


def _remember(course: Course, report: Report, language: Language) -> None:
    from grader.cli.remembered import warn
    from grader.progress.noting import note_report

    warn(note_report(course, report.for_student()), language)


def _publish(report: Report, json_out: str | None) -> None:
    """Write the report first: what is shown may go to a reader who has hung up."""
    if json_out == _STDOUT:
        click.echo(report.to_json(), nl=False)
    elif json_out is not None:
        from grader.report.write import write_report

        write_report(report, Path(json_out))


def _write_page(report: Report, path: Path, language: Language, follow_up: FollowUp | None) -> None:
    from grader.atomic import write_atomically
    from grader.report.html import render_html

    page = render_html(report.for_student(), language, follow_up=follow_up)
    write_atomically(path, page.encode())


def _exit_code(report: Report, min_score: float | None) -> int:
    if report.score is None or report.max_score is None:
        fault = CourseError if report.fault_of == "course" else GraderFault
        return fault.exit_code
    wanted = report.max_score if min_score is None else min_score
    return EXIT_OK if report.score >= wanted else EXIT_BELOW
