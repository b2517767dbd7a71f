"""`grade ci`: grade what a push has changed."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from grader.errors import UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.models import Exercise

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Grade what a push has changed, and write the result for every place that shows it.

    Looks at what the commit holds, never at the working copy. Writes summary.md, reports/,
    junit.xml, results.sarif, codequality.json, badge.svg and result.json to OUT; all of it may be
    seen by the student. The same push is graded once.

    Ends with 0 if every exercise has full marks (or those of --min-score, or no fewer than before
    with --no-worse-than-base), 1 if not, 2 for wrong use, 4 if the course and 5 if the grader is
    at fault.""",
    zh="""为一次推送所改动的练习评分，并为各种平台写出结果。

    \b
    评分对象是提交中的内容，而不是工作目录。
    在 OUT 中写出 summary.md、reports/、junit.xml、results.sarif、
    codequality.json、badge.svg 和 result.json，学生都可以看。
    同一次推送只评一次。

    \b
    退出码：每个练习都满分（或达到 --min-score，
    或在 --no-worse-than-base 时不低于之前）为 0，否则为 1，
    用法错误为 2，课程有误为 4，评分程序有误为 5。""",
)
_OUT: Final = Text(en="Where everything is written.", zh="所有结果写入的文件夹。")
_REPO: Final = Text(
    en="The repository; the working folder by default.", zh="仓库；默认是当前文件夹。"
)
_BASE: Final = Text(
    en="The commit to compare with; by default the one that CI names, or the parent.",
    zh="用于比较的提交；默认是 CI 指定的提交，或上一个提交。",
)
_HEAD: Final = Text(en="The commit to grade.", zh="要评分的提交。")
_SUITES: Final = Text(
    en="What `grade seal` wrote, in place of the course on this machine.",
    zh="`grade seal` 写出的文件，代替本机上的课程。",
)
_KEY_FILE: Final = Text(
    en="The file with its key, in place of GRADE_SEAL_KEY.",
    zh="其密钥文件，代替环境变量 GRADE_SEAL_KEY。",
)
_EXERCISE: Final = Text(en="Only this exercise; may be repeated.", zh="只评这个练习；可重复指定。")
_MIN_SCORE: Final = Text(
    en="Each exercise needs this many points.", zh="每个练习都需要达到这个分数。"
)
_NO_WORSE: Final = Text(
    en="Each exercise needs as many points as before the push.",
    zh="每个练习的得分不得低于推送之前。",
)
_PRIVATE: Final = Text(
    en="Also write the full reports, with what students may not see, to this folder.",
    zh="另外把包含学生不可见内容的完整报告写入该文件夹。",
)
_SIGN: Final = Text(
    en="Sign each report with this Ed25519 key; `grade verify` checks it.",
    zh="用这个 Ed25519 密钥为每份报告签名；`grade verify` 可以验证。",
)
_DEVICE: Final = Text(en="Where tensors live.", zh="张量所在的设备。")
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works.",
    zh="strict：任何一项隔离不可用就拒绝评分。",
)
_NO_KEY: Final = Text(en="there is no key to open the suites with", zh="没有用于打开测试套件的密钥")
_GIVE_KEY: Final = Text(
    en="Set GRADE_SEAL_KEY, or name a file with `--key-file`. GitHub gives no secrets to pull "
    "requests from forks.",
    zh="请设置 GRADE_SEAL_KEY，或用 `--key-file` 指定文件。"
    "GitHub 不向来自 fork 的合并请求提供密钥。",
)
_OWN_CHECKS: Final = Text(
    en="Graded with the checks in this repository, which its owner can change: for your own "
    "information, no grade of record.",
    zh="使用了本仓库中的检查，仓库所有者可以修改它们：仅供参考，不作为正式成绩。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    path = click.Path(path_type=Path)

    @click.command(name, help=say(_ABOUT))
    @click.option("--out", required=True, type=path, help=say(_OUT))
    @click.option("--repo", type=path, default=Path(), help=say(_REPO))
    @click.option("--base", metavar="COMMIT", help=say(_BASE))
    @click.option("--head", metavar="COMMIT", default="HEAD", show_default=True, help=say(_HEAD))
    @click.option("--suites", type=path, help=say(_SUITES))
    @click.option("--key-file", type=path, help=say(_KEY_FILE))
    @click.option("--exercise", "names", multiple=True, metavar="exNN", help=say(_EXERCISE))
    @click.option(
        "--min-score", type=click.FloatRange(min=0), metavar="POINTS", help=say(_MIN_SCORE)
    )
    @click.option("--no-worse-than-base", "compare", is_flag=True, help=say(_NO_WORSE))
    @click.option("--full-reports", "private", type=path, help=say(_PRIVATE))
    @click.option("--sign", type=path, metavar="KEY", help=say(_SIGN))
    @click.option(
        "--device",
        type=click.Choice(["auto", "cpu", "cuda"]),
        default="cpu",
        show_default=True,
        help=say(_DEVICE),
    )
    @click.option(
        "--sandbox",
        type=click.Choice(["strict", "auto", "off"]),
        default="strict",
        show_default=True,
        help=say(_SANDBOX),
    )
    def run(**given: Any) -> int:  # noqa: ANN401 - what the options above give
        return _grade(_Options(**given), language)

    return run


class _Options(NamedTuple):
    """What was asked for."""

    out: Path
    repo: Path
    base: str | None
    head: str
    suites: Path | None
    key_file: Path | None
    names: tuple[str, ...]
    min_score: float | None
    compare: bool
    private: Path | None
    sign: Path | None
    device: str
    sandbox: str


def _grade(options: _Options, language: Language) -> int:
    from grader.ci.outputs import print_result, write_outputs
    from grader.ci.run import PushRequest, grade_push
    from grader.ci.verdict import exit_code_of
    from grader.signing.keys import read_private_key
    from grader.signing.signature import sign_report

    # A key that cannot be used is said before anything is graded.
    key = None if options.sign is None else read_private_key(options.sign)
    exercises, notes = _exercises(options)
    request = PushRequest(
        repository=options.repo,
        exercises=_chosen(exercises, options.names),
        known=frozenset(exercise.name for exercise in exercises),
        out=options.out,
        head=options.head,
        base=options.base,
        device=options.device,
        sandbox=options.sandbox,
        compare=options.compare,
        private=options.private,
    )
    result = grade_push(request, os.environ)
    if key is not None:
        for report in result.files:
            sign_report(report, key)
    if result.push.note is not None:
        notes.append(result.push.note)
    write_outputs(result, options.out, notes, language, os.environ)
    print_result(result, language, sys.stdout, os.environ)
    return exit_code_of(result, min_score=options.min_score, compare=options.compare)


def _exercises(options: _Options) -> tuple[tuple[Exercise, ...], list[Text]]:
    """Load what is graded with, and what is to be said about it.

    Raises:
        UsageError: There is no key, or the sealed file cannot be opened with it.
    """
    from grader.seal.keys import take_key

    # In any case, so that no other process finds it in the environment.
    key = take_key(options.key_file)
    if options.suites is None:
        from grader.course.catalog import find_course, load_exercises

        course = find_course()
        own = course.root.resolve().is_relative_to(options.repo.resolve())
        return load_exercises(course, ()), [_OWN_CHECKS] if own else []
    from grader.seal.package import open_sealed, read_sealed

    content = read_sealed(options.suites)
    if key is None:
        raise UsageError(_NO_KEY, hint=_GIVE_KEY)
    return open_sealed(content, key, options.suites), []


def _chosen(exercises: tuple[Exercise, ...], names: tuple[str, ...]) -> tuple[Exercise, ...]:
    from grader.course.catalog import match_exercise

    known = tuple(exercise.name for exercise in exercises)
    wanted = {match_exercise(known, name) for name in names} or set(known)
    return tuple(exercise for exercise in exercises if exercise.name in wanted)
