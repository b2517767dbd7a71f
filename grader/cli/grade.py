"""`grade ex03`: grade one submission and show what came out."""

from __future__ import annotations

import difflib
import shlex
import sys
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Final

import click

from grader.cli.grading_options import GradingOptions, grading_options
from grader.errors import (
    EXIT_BELOW,
    EXIT_OK,
    CourseError,
    GraderFault,
    UnknownExerciseError,
    UsageError,
)
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.models import Exercise
    from grader.pipeline import GradeRequest
    from grader.report.model import Report
    from grader.report.sentences import FollowUp

__all__ = ["command"]

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
_HTML: Final = Text(
    en="Write a page to look at in a browser, with pictures, to this file.",
    zh="把可在浏览器中查看的页面（带图）写入该文件。",
)
_PAGE_AT: Final = Text(en="The page: {}", zh="网页在这里：{}")
_MIN_SCORE: Final = Text(
    en="End with 0 from this many points; full marks by default.",
    zh="达到这个分数即以 0 退出；默认为满分。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command that grades the exercise which `name` means."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT), context_settings={"allow_extra_args": True})
    @click.option("--file", type=click.Path(path_type=Path), help=say(_FILE))
    @grading_options(language)
    @click.option("--html", "html_out", type=click.Path(path_type=Path), help=say(_HTML))
    @click.option(
        "--min-score", type=click.FloatRange(min=0), metavar="POINTS", help=say(_MIN_SCORE)
    )
    @click.pass_context
    def run(
        context: click.Context,
        *,
        how: GradingOptions,
        file: Path | None,
        html_out: Path | None,
        min_score: float | None,
    ) -> int:
        from grader.cli.remembered import follow_up
        from grader.cli.working_copy import choose_file
        from grader.course.catalog import find_course, load_exercise

        course = find_course()
        try:
            exercise = load_exercise(course, name)
        except UnknownExerciseError as error:
            raise _misspelt(name) or error from None
        if context.args:
            raise _not_taken(name, context.args[0])
        file = file or choose_file(exercise, language)
        report = _grade(how.request(exercise, file, pictures=html_out is not None), how, language)
        _remember(course, exercise, file, report, language)
        following = follow_up(course, exercise, language)
        # What is shown may go to a reader who has hung up, so it comes last; and it comes also
        # where a file cannot be written.
        try:
            how.publish(report)
            if html_out is not None:
                _write_page(report, html_out, language, following)
        finally:
            if not how.prints_json:
                _show(report, how, language, following)
        if html_out is not None and sys.stdout.isatty():
            click.echo(f"\n  {_PAGE_AT.to(language).format(html_out.absolute().as_uri())}")
        return _exit_code(report, min_score)

    return run


def _not_taken(name: str, word: str) -> UsageError:
    """Tell how to say what a second word seems to ask for."""
    from grader.cli.scripts import is_file_name

    meant = f"grade {name} --file {shlex.quote(word)}" if is_file_name(word) else f"grade {word}"
    return UsageError(
        Text(
            en=f"`grade {name}` grades one exercise, and does not know what {word!r} is for",
            zh=f"`grade {name}` 只为一个练习评分，不知道 {word!r} 的用途",
        ),
        hint=Text(en=f"Did you mean `{meant}`?", zh=f"你是不是想写 `{meant}`？"),
    )


def _misspelt(word: str) -> UnknownExerciseError | None:
    """Tell that a command may have been meant; None where none comes near."""
    from grader.cli import COMMANDS

    near = difflib.get_close_matches(word, COMMANDS, n=1)
    if not near:
        return None
    return UnknownExerciseError(
        Text(
            en=f"{word!r} is neither a command nor an exercise",
            zh=f"{word!r} 既不是命令，也不是练习",
        ),
        hint=Text(en=f"Did you mean `grade {near[0]}`?", zh=f"你是不是想写 `grade {near[0]}`？"),
    )


def _grade(request: GradeRequest, how: GradingOptions, language: Language) -> Report:
    from grader.pipeline import grade_submission

    if not how.prints_json:
        # What shows the report is imported while the other processes import torch. Whoever presses
        # Ctrl-C does not wait for it: it may wait itself for an import that was broken off.
        Thread(target=import_module, args=["grader.report.terminal"], daemon=True).start()
    return grade_submission(request, lambda text: click.echo(text.to(language), err=True))


def _remember(
    course: Course, exercise: Exercise, file: Path, report: Report, language: Language
) -> None:
    from grader.cli.remembered import warn
    from grader.cli.working_copy import is_working_copy
    from grader.progress.noting import note_report

    if is_working_copy(file, exercise):
        warn(note_report(course, report.for_student()), language)


def _show(
    report: Report, how: GradingOptions, language: Language, follow_up: FollowUp | None
) -> None:
    from grader.report.terminal import print_report

    print_report(
        report.for_student(), language, sys.stdout, show_all=how.show_all, follow_up=follow_up
    )


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
