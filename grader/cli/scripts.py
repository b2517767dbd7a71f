"""`grade FILE…`: grade scripts of one's own, for the exercises that they are about."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from grader.cli.grading_options import GradingOptions, grading_options
from grader.errors import (
    EXIT_BELOW,
    EXIT_OK,
    CourseError,
    GraderError,
    GraderFault,
    SubmissionError,
    UsageError,
)
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.models import Exercise
    from grader.report.examination import Advice
    from grader.report.model import Report
    from grader.server.client import Tell
    from grader.submission import Submission
    from grader.submission.guess import Guess
    from grader.worker.likeness import Matching

__all__ = ["command", "is_file_name"]

_SUFFIXES: Final = (".py", ".ipynb")

_ABOUT: Final = Text(
    en="""Grade scripts of your own, as they are.

    Which exercise a script is about is told by what it defines and calls; with several in one file
    it is graded for each. Names of your own will do: the report says what was taken for what, and
    what the script does not touch is still to do, not wrong. A folder stands for the files in it.

    Ends with 0 where all that is there is right, 1 where it is not, 3 if a file cannot be read.""",
    zh="""直接为你自己写的脚本评分。

    \b
    由脚本定义和调用的内容判断它属于哪个练习；一个文件含多个练习时逐一评分。
    可以使用自己起的名字：报告会说明把什么当作了什么；
    脚本没有涉及的任务算“还没有做”，不算错。文件夹表示其中的所有文件。

    \b
    退出码：已有部分全部正确为 0，否则为 1，文件无法读取为 3。""",
)


class _Work(NamedTuple):
    """A script, and what it seems to be about."""

    path: Path
    submission: Submission
    guess: Guess
    matching: Matching


def is_file_name(word: str) -> bool:
    """Whether a word on the command line names a file or folder, and no command or exercise."""
    path = Path(word)
    try:
        if path.suffix.lower() in _SUFFIXES:
            return path.is_file() or path.name != word or not word.startswith("ex")
        return "/" in word or "\\" in word or (path.is_dir() and not _is_exercise(word))
    except OSError:
        # No file has a name as long as this.
        return False


def _is_exercise(word: str) -> bool:
    from grader.course.catalog import find_course, find_exercise

    try:
        find_exercise(find_course(), word)
    except GraderError:
        return False
    return True


def command(language: Language, name: str) -> click.Command:
    """Make the command that grades the file `name`, and those after it."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("more", nargs=-1, type=click.Path(path_type=Path))
    @grading_options(language)
    def run(*, how: GradingOptions, more: tuple[Path, ...]) -> int:
        from grader.cli import complain
        from grader.pipeline import grade_together

        work, refused = _look_at([Path(name), *more], how.match)
        for each in work:
            _say_why(each, language)
        pairs = [
            (how._replace(match=each.matching).request(exercise, each.path), each.submission)
            for each in work
            for exercise in each.guess.exercises
        ]
        tell: Tell = lambda text: click.echo(text.to(language), err=True)  # noqa: E731
        reports = grade_together(pairs, tell) if pairs else ()
        code = EXIT_OK
        said: dict[str, list[Advice]] = {}
        for number, report in enumerate(reports):
            _publish(report, how, many=len(pairs) > 1)
            if not how.prints_json:
                news = _without_what_was_said(report, said.setdefault(report.submission.path, []))
                _show(news, language, number, show_all=how.show_all)
            code = max(code, _exit_code(report))
        for error in refused:
            complain(error.message, error.hint, language)
            code = max(code, error.exit_code)
        return code

    return run


def _look_at(
    paths: Sequence[Path], match: Matching | None
) -> tuple[list[_Work], list[GraderError]]:
    """Read every file, and guess what it is about.

    Returns:
        The files to grade, and why others are not: one cannot be read, or no exercise, or more
        than one equally, can be meant.
    """
    from grader.course.catalog import find_course, list_exercises, load_exercise
    from grader.submission import read_submission
    from grader.submission.guess import guess_exercises
    from grader.submission.siblings import with_siblings

    course = find_course()
    exercises = [load_exercise(course, name) for name in list_exercises(course)]
    work: list[_Work] = []
    refused: list[GraderError] = []
    passed_over: list[GraderError] = []
    for path in _files_of(paths):
        try:
            submission = with_siblings(read_submission(path), path.parent)
        except SubmissionError as error:
            refused.append(error)
            continue
        guess = guess_exercises(submission, exercises)
        if guess.exercises:
            own = any(path.stem == exercise.name for exercise in guess.exercises)
            work.append(_Work(path, submission, guess, match or ("auto" if own else "behaviour")))
        else:
            # Of a folder, the files that are about nothing are passed over.
            where = refused if path in paths else passed_over
            where.append(_nothing_recognised(path, guess, exercises))
    return work, refused or ([] if work else passed_over[:1])


def _files_of(paths: Sequence[Path]) -> Iterator[Path]:
    from grader.submission.file import not_opened

    for path in paths:
        if not path.is_dir():
            yield path
            continue
        try:
            inside = sorted(each for each in path.iterdir() if each.suffix.lower() in _SUFFIXES)
        except OSError as error:
            raise not_opened(path, error) from error
        if not inside:
            raise UsageError(
                Text(
                    en=f"{path} holds no Python file and no notebook",
                    zh=f"{path} 中没有 Python 文件或 notebook",
                ),
                hint=Text(
                    en="Name the folder that they lie in; folders within it are not searched.",
                    zh="请指定它们所在的文件夹；不会搜索其中的子文件夹。",
                ),
            )
        yield from inside


def _nothing_recognised(path: Path, guess: Guess, exercises: Sequence[Exercise]) -> GraderError:
    if guess.doubts:
        names = ", ".join(reason.exercise.id for reason in guess.doubts)
        why = guess.doubts[0].why
        return UsageError(
            Text(
                en=f"{path} may be about any of {names}: {why.en}",
                zh=f"{path} 可能属于 {names} 中的任何一个：{why.zh}",
            ),
            hint=Text(
                en=f"Say which one: `grade {guess.doubts[0].exercise.id} --file {path}`.",
                zh=f"请指定一个：`grade {guess.doubts[0].exercise.id} --file {path}`。",
            ),
        )
    first = exercises[0].id if exercises else "ex01"
    own = ", ".join(f"`{name}`" for name in guess.others)
    return UsageError(
        Text(
            en=f"{path} is about none of the exercises: {own} is a network of your own"
            if own
            else f"{path}: nothing in it says which exercise it is about",
            zh=f"{path} 不属于任何练习：{own} 是你自己的网络"
            if own
            else f"{path}：看不出它属于哪个练习",
        ),
        hint=Text(
            en="Nothing is wrong with that; there is only nothing to grade. If it is meant for an "
            f"exercise, say for which, as in `grade {first} --file {path}`; `grade list` shows "
            "them all.",
            zh="这没有错，只是没有可以评分的内容。如果它是为某个练习写的，请指定练习，"
            f"例如 `grade {first} --file {path}`；`grade list` 列出所有练习。",
        ),
    )


def _say_why(work: _Work, language: Language) -> None:
    """Say on stderr what each file was taken for, so that stdout can hold JSON."""
    from grader.report.neutralise import for_ci_log

    for reason in work.guess.reasons:
        said = Text(
            en=f"{work.path}: {reason.exercise.id}, since {reason.why.en}",
            zh=f"{work.path}：{reason.exercise.id}，因为{reason.why.zh}",
        )
        click.echo(for_ci_log(said.to(language)), err=True)


def _publish(report: Report, how: GradingOptions, *, many: bool) -> None:
    """Write the report; of several, each has its exercise and file in the name of its own."""
    if many and how.json_out is not None and not how.prints_json:
        path = Path(how.json_out)
        name = f"{path.stem}-{report.exercise}-{report.submission.id}{path.suffix}"
        how = how._replace(json_out=str(path.with_name(name)))
    how.publish(report)


def _without_what_was_said(report: Report, said: list[Advice]) -> Report:
    """Leave out the remarks on a file that stood below its former section, and note the others."""
    from msgspec import structs

    news = tuple(one for one in report.advice if one not in said)
    said.extend(news)
    return structs.replace(report, advice=news)


def _show(report: Report, language: Language, number: int, *, show_all: bool) -> None:
    from grader.report.terminal import print_report

    if number:
        click.echo()
    print_report(report.for_student(), language, sys.stdout, show_all=show_all)


def _exit_code(report: Report) -> int:
    """Say whether all that is there is right."""
    if report.score is None or report.max_score is None:
        return (CourseError if report.fault_of == "course" else GraderFault).exit_code
    wanted = report.max_score if report.present is None else report.present.max_score
    # A class that Python cannot read is there, though nothing of it can be judged.
    is_lost = bool(report.problems) and not wanted
    return EXIT_OK if report.score >= wanted and not is_lost else EXIT_BELOW
