"""`grade hook receive` and `grade hook drain`: a git server that grades what is pushed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from grader.cli.options import localise
from grader.language import Language, Text
from grader.seed import MAX_SEED

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.hook.drain import DrainRequest

__all__ = ["command"]

_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
_ABOUT: Final = Text(
    en="Grade what is pushed to a git server; docs/ci/git-server.md says how to set it up.",
    zh="为推送到 git 服务器的内容评分；设置方法见 docs/ci/git-server.md。",
)
_RECEIVE: Final = Text(
    en="""Take a push, and answer in its output. Git starts this as post-receive.

    The push is noted on the disk first, so that it is graded whatever happens.""",
    zh="""接收一次推送，并在其输出中回答。由 git 作为 post-receive 启动。

    \b
    推送会先记录到磁盘，因此无论发生什么都会被评分。""",
)
_DRAIN: Final = Text(
    en="""Grade every push that waits.

    What a killed process left is graded too, and nothing twice. Ends with 0 if all were graded
    or another process is at it, 2 for wrong use, 4 if the course and 5 if the grader is at
    fault.""",
    zh="""为所有等待中的推送评分。

    \b
    被中断的进程留下的也会评，且不会重复评分。
    退出码：全部评完或已有其他进程在评为 0，用法错误为 2，课程有误为 4，评分程序有误为 5。""",
)
_OUT: Final = Text(en="Where queue and reports are kept.", zh="保存队列和报告的文件夹。")
_WAIT: Final = Text(
    en="How many seconds a push waits for its answer.", zh="推送最多等待答复的秒数。"
)
_REPOSITORY: Final = Text(
    en="The repository that was pushed to; by default the one that git names.",
    zh="被推送的仓库；默认由 git 指定。",
)
_JOBS: Final = Text(
    en="How many are graded at a time; by default as many as there are cores.",
    zh="同时评分的数量；默认等于处理器核数。",
)
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works.",
    zh="strict：任何一项隔离不可用就拒绝评分。",
)
_SEED: Final = Text(
    en="Where all random inputs come from; OUT remembers it.",
    zh="所有随机输入的种子；OUT 会记住它。",
)
_STAY: Final = Text(en="Keep running, and grade pushes as they come.", zh="持续运行，随到随评。")
_RETRY: Final = Text(
    en="Grade again where the grader or the course was at fault.",
    zh="重新评因评分程序或课程出错而未评的推送。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the group."""
    group = click.Group(name, help=_ABOUT.to(language))
    for made in (_receive(language), _drain(language)):
        group.add_command(localise(made, language))
    return group


def _receive(language: Language) -> click.Command:
    def say(text: Text) -> str:
        return text.to(language)

    @click.command("receive", help=say(_RECEIVE))
    @_out(language)
    @click.option("--wait", type=click.FloatRange(0, 3600), default=60, show_default=True,
                  metavar="SECONDS", help=say(_WAIT))  # fmt: skip
    @click.option(
        "--repository", type=click.Path(path_type=Path, exists=True), help=say(_REPOSITORY)
    )
    @_jobs(language)
    @_sandbox(language)
    def run(
        *, out: Path, wait: float, repository: Path | None, jobs: int | None, sandbox: str
    ) -> None:
        from grader.course.catalog import find_course
        from grader.hook.answer import print_answer
        from grader.hook.receive import ReceiveRequest, note, parse_pushed, wait_for

        pushed = parse_pushed(sys.stdin.buffer.read())
        place = (repository or Path(os.environ.get("GIT_DIR") or ".")).resolve()
        # Before anything else can go wrong.
        pushes = note(out.resolve(), place, pushed)
        course = find_course()
        titles = _titles(course)
        options = ["--sandbox", sandbox, *([] if jobs is None else ["--jobs", str(jobs)])]
        request = ReceiveRequest(out.resolve(), course.root.resolve(), wait, tuple(options))
        for answered in wait_for(pushes, request):
            print_answer(answered, titles, request.out, language, sys.stdout)
            sys.stdout.flush()

    return run


def _titles(course: Course) -> dict[str, Text]:
    """Give the exercises' titles; a course that is at fault is told by who grades."""
    from grader.course.catalog import list_outlines
    from grader.errors import CourseError

    try:
        return {outline.id: outline.title for outline in list_outlines(course)}
    except CourseError:
        return {}


def _drain(language: Language) -> click.Command:
    def say(text: Text) -> str:
        return text.to(language)

    @click.command("drain", help=say(_DRAIN))
    @_out(language)
    @_jobs(language)
    @_sandbox(language)
    @click.option("--seed", type=click.IntRange(0, MAX_SEED), metavar="N", help=say(_SEED))
    @click.option("--stay", is_flag=True, help=say(_STAY))
    @click.option("--retry-faults", is_flag=True, help=say(_RETRY))
    @click.option("--lock-descriptor", type=int, hidden=True)
    def run(*, stay: bool, lock_descriptor: int | None, **given: Any) -> None:  # noqa: ANN401 - what the options above give
        from grader.hook.drain import drain

        # The hook has taken the lock and hands it over, so that nobody comes in between.
        lock = None if lock_descriptor is None else os.fdopen(lock_descriptor, "r+")
        count = drain(_request(**given), stay=stay, lock=lock)
        click.echo(Text(en=f"pushes graded: {count}", zh=f"已评分的推送：{count}").to(language))

    return run


def _request(
    *, out: Path, jobs: int | None, sandbox: str, seed: int | None, retry_faults: bool
) -> DrainRequest:
    from grader.cores import count_cores
    from grader.course.catalog import find_course
    from grader.hook.drain import DrainRequest

    return DrainRequest(
        course=find_course(),
        out=out.resolve(),
        jobs=jobs or count_cores(),
        sandbox=sandbox,
        seed=seed,
        again="faults" if retry_faults else "changed",
    )


def _out(language: Language) -> _Decorator:
    path = click.Path(path_type=Path, file_okay=False)
    return click.option("--out", required=True, type=path, help=_OUT.to(language))


def _jobs(language: Language) -> _Decorator:
    return click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help=_JOBS.to(language))


def _sandbox(language: Language) -> _Decorator:
    return click.option(
        "--sandbox",
        type=click.Choice(["strict", "auto", "off"]),
        default="strict",
        show_default=True,
        help=_SANDBOX.to(language),
    )
