"""`grade check ex03`: the author's proof that an exercise is sound."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.errors import CourseError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.soundness.faults import Fault, Result

__all__ = ["command"]

_STDOUT: Final = "-"

_ABOUT: Final = Text(
    en="""For authors: prove that exercises are sound; all of the course where none is named.

    Every file is what it should be, the solution gets full marks under five seeds, the stub
    gets none, each wrong answer fails exactly the checks that it names, nothing hidden shows in
    what students see, and the figures of the texts are what torch computes.

    Ends with 0 where all of it holds, 4 where the course is at fault.""",
    zh="""供作者使用：证明练习没有问题；不写练习名时检查整个课程。

    \b
    每个文件都符合要求；参考答案在五个种子下都得满分，空白文件不得分；
    每个错误答案恰好在它写明的检查上失败；学生看到的内容不泄露隐藏检查；
    说明文字中的数值与 torch 的计算一致。

    \b
    全部成立时退出码为 0，课程有误时为 4。""",
)
_MUTATE: Final = Text(
    en="Also grade mutants of the solution, and list those that get full marks.",
    zh="同时为参考答案的变体评分，并列出得满分的变体。",
)
_JSON: Final = Text(
    en="Write the result as JSON to this file; - prints it instead of the texts.",
    zh="把结果以 JSON 写入该文件；- 表示直接打印，不再显示文字。",
)
_STAGES: Final = {
    "files": Text(en="looking at its files", zh="检查文件"),
    "graded": Text(en="grading", zh="评分"),
    "mutants": Text(en="grading mutants", zh="为变体评分"),
}


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT))
    @click.argument("exercises", metavar="[EXERCISE]...", nargs=-1)
    @click.option("--mutate", is_flag=True, help=say(_MUTATE))
    @click.option("--json", "json_out", metavar="OUT", help=say(_JSON))
    def run(exercises: tuple[str, ...], *, mutate: bool, json_out: str | None) -> int:
        return _check(exercises, language, mutate=mutate, json_out=json_out)

    return run


def _check(
    exercises: tuple[str, ...], language: Language, *, mutate: bool, json_out: str | None
) -> int:
    from grader.course.catalog import find_course, find_exercise, list_exercises
    from grader.soundness.examiners import ExaminersFor
    from grader.soundness.run import check_exercise, course_faults
    from grader.soundness.show import print_result, print_summary

    course = find_course()
    names = [find_exercise(course, name) for name in exercises] or list_exercises(course)
    faults = () if exercises else tuple(course_faults(course))
    results: list[Result] = []
    with ExaminersFor() as start:
        for name in dict.fromkeys(names):
            result = check_exercise(
                course, name, start, mutate=mutate, progress=_progress(name, language)
            )
            if json_out != _STDOUT:
                is_first = not any(earlier.faults for earlier in results)
                print_result(result, course.root, language, sys.stdout, is_first=is_first)
            results.append(result)
    if json_out is not None:
        _write(json_out, course.root, faults, results)
    if json_out != _STDOUT:
        print_summary(faults, results, course.root, language, sys.stdout)
    return max((result.exit_code for result in results), default=0) or (
        CourseError.exit_code if faults else 0
    )


def _progress(name: str, language: Language) -> Callable[[str, int, int], None]:
    """Tell how far the check is: on a terminal in one line, elsewhere when a stage begins."""
    stages: set[str] = set()

    def tell(stage: str, done: int, total: int) -> None:
        words = f"{name}: {_STAGES[stage].to(language)}"
        if sys.stderr.isatty():
            count = f" {done}/{total}" if total else ""
            end = "" if done < total or not total else "\r\x1b[K"
            click.echo(f"\r\x1b[K{words}{count}{end}", nl=False, err=True)
        elif stage not in stages:
            click.echo(f"{words} ({total})" if total else words, err=True)
        stages.add(stage)

    return tell


def _write(out: str, course: Path, faults: Sequence[Fault], results: Sequence[Result]) -> None:
    from grader.atomic import write_atomically
    from grader.soundness.show import as_json

    content = as_json(course, faults, results)
    if out == _STDOUT:
        click.echo(content, nl=False)
    else:
        write_atomically(Path(out), content)
