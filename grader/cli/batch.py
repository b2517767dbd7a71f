"""`grade batch`: grade everything that a class has handed in."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import click

from grader.cores import count_cores
from grader.errors import EXIT_OK, CourseError, GraderFault, ReportNotWrittenError, UsageError
from grader.language import Language, Text
from grader.seed import MAX_SEED

if TYPE_CHECKING:
    from grader.batch.discovery.layouts import LayoutName
    from grader.batch.discovery.roster import Roster
    from grader.batch.found import Discovery
    from grader.batch.plan import Again, BatchRequest
    from grader.batch.run import BatchOutcome, EngineStart

__all__ = ["command"]

_STDOUT: Final = "-"
_LAYOUTS: Final = ("folders", "files", "moodle", "canvas", "gradescope", "git", "nbgrader")
_ABOUT: Final = Text(
    en="""Grade everything that a class has handed in.

    SOURCES are folders or archives: a folder for each student, or what Moodle, Canvas,
    Gradescope, GitHub Classroom or nbgrader give you. A report for each student and exercise, a
    gradebook and a journal are written to OUT. Stop it whenever you like: the same command goes
    on where it stopped, and grades again only what has changed.

    Ends with 0 if all were graded, 2 for wrong use, 4 if the course and 5 if the grader is at
    fault.""",
    zh="""为全班提交的所有作业评分。

    \b
    SOURCES 是文件夹或压缩包：每个学生一个文件夹，
    或 Moodle、Canvas、Gradescope、GitHub Classroom、nbgrader 导出的内容。
    每个学生每个练习的报告、成绩册和日志都写入 OUT。
    可以随时中断：再次运行同一命令会从中断处继续，只重新评有变化的部分。

    \b
    退出码：全部评完为 0，用法错误为 2，课程有误为 4，评分程序有误为 5。""",
)
_OUT: Final = Text(en="Where everything is written.", zh="所有结果写入的文件夹。")
_EXERCISE: Final = Text(
    en="Grade only this exercise; may be repeated.", zh="只评这个练习；可重复指定。"
)
_JOBS: Final = Text(
    en="How many are graded at a time; by default as many as there are cores.",
    zh="同时评分的数量；默认等于处理器核数。",
)
_SEED: Final = Text(
    en="Where all random inputs come from; OUT remembers it.",
    zh="所有随机输入的种子；OUT 会记住它。",
)
_DEVICE: Final = Text(en="Where tensors live.", zh="张量所在的设备。")
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works; podman and docker run the code in "
    "containers.",
    zh="strict：任何一项隔离不可用就拒绝评分；podman 和 docker：在容器中运行代码。",
)
_ROSTER: Final = Text(
    en="CSV with the students; also tells who handed in nothing.",
    zh="学生名单 CSV；还会列出没有提交的人。",
)
_LAYOUT: Final = Text(
    en="How SOURCES are laid out, if it is not to be found out.",
    zh="SOURCES 的组织方式；默认自动识别。",
)
_ENGINE: Final = Text(
    en="Where to grade: on this machine, or on a Dask cluster.",
    zh="在本机评分，还是在 Dask 集群上。",
)
_SCHEDULER: Final = Text(
    en="Address of a Dask scheduler; without it a cluster on this machine is started.",
    zh="Dask 调度器的地址；不指定则在本机启动一个集群。",
)
_FORCE: Final = Text(en="Grade all again.", zh="全部重新评分。")
_ONLY_FAILED: Final = Text(en="Grade again what is below full marks.", zh="重新评未得满分的提交。")
_RETRY_FAULTS: Final = Text(
    en="Grade again where the grader or the course was at fault.",
    zh="重新评因评分程序或课程出错而未评的提交。",
)
_SCHEDULER_ALONE: Final = Text(
    en="--scheduler is for --engine dask", zh="--scheduler 只用于 --engine dask"
)
_JOBS_HERE: Final = Text(
    en="--jobs is for this machine; a cluster grades as many at a time as its workers have threads",
    zh="--jobs 只用于本机；集群同时评分的数量由各 worker 的线程数决定",
)
_LEAVE_JOBS: Final = Text(
    en="Leave it out; `dask worker --nthreads N` says it for a worker.",
    zh="请去掉它；用 `dask worker --nthreads N` 为每个 worker 指定。",
)
_ADD_ENGINE: Final = Text(en="Add `--engine dask`.", zh="请加上 `--engine dask`。")
_NO_DASK: Final = Text(en="Dask is not installed", zh="未安装 Dask")
_INSTALL_DASK: Final = Text(
    en="Install it with `pip install 'torchgrade[dask]'`.",
    zh="请运行 `pip install 'torchgrade[dask]'` 安装。",
)
_INTERRUPTED: Final = Text(
    en="Interrupted. What is finished is kept; the same command goes on from there.",
    zh="已中断。已完成的部分都已保存；再次运行同一命令会从那里继续。",
)
_SIGN: Final = Text(
    en="Sign each report with this Ed25519 key; `grade verify` checks it.",
    zh="用这个 Ed25519 密钥为每份报告签名；`grade verify` 可以验证。",
)
_JSON: Final = Text(
    en="Write what came out as JSON to this file; - prints it.",
    zh="把结果汇总以 JSON 写入该文件；- 表示打印。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT))
    @click.argument(
        "sources", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
    )
    @click.option("--out", required=True, type=click.Path(path_type=Path), help=say(_OUT))
    @click.option("--exercise", "names", multiple=True, metavar="exNN", help=say(_EXERCISE))
    @click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help=say(_JOBS))
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
        type=click.Choice(["strict", "auto", "off", "podman", "docker"]),
        default="strict",
        show_default=True,
        help=say(_SANDBOX),
    )
    @click.option(
        "--engine",
        type=click.Choice(["local", "dask"]),
        default="local",
        show_default=True,
        help=say(_ENGINE),
    )
    @click.option("--scheduler", metavar="URL", help=say(_SCHEDULER))
    @click.option("--roster", type=click.Path(exists=True, path_type=Path), help=say(_ROSTER))
    @click.option("--layout", type=click.Choice(_LAYOUTS), help=say(_LAYOUT))
    @click.option("--force", is_flag=True, help=say(_FORCE))
    @click.option("--only-failed", is_flag=True, help=say(_ONLY_FAILED))
    @click.option("--retry-faults", is_flag=True, help=say(_RETRY_FAULTS))
    @click.option("--sign", type=click.Path(path_type=Path), metavar="KEY", help=say(_SIGN))
    @click.option("--json", "json_out", metavar="FILE", help=say(_JSON))
    def run(**given: Any) -> int:  # noqa: ANN401 - what the options above give
        return _grade_class(_Options(**given), language)

    return run


class _Options(NamedTuple):
    """What was asked for."""

    sources: tuple[Path, ...]
    out: Path
    names: tuple[str, ...]
    jobs: int | None
    seed: int | None
    device: str
    sandbox: str
    engine: str
    scheduler: str | None
    roster: Path | None
    layout: LayoutName | None
    force: bool
    only_failed: bool
    retry_faults: bool
    sign: Path | None
    json_out: str | None


def _grade_class(options: _Options, language: Language) -> int:
    try:
        return _grade(options, language)
    except KeyboardInterrupt:
        click.echo(_INTERRUPTED.to(language), err=True)
        raise


def _grade(options: _Options, language: Language) -> int:
    from functools import partial

    from grader.batch.discovery.roster import read_roster
    from grader.batch.output import report_path
    from grader.batch.run import run_batch
    from grader.cli.batch_progress import show_progress
    from grader.signing.keys import read_private_key
    from grader.signing.signature import sign_report

    # A key that cannot be used is said before anything is graded.
    key = None if options.sign is None else read_private_key(options.sign)
    request = _request(options)
    if options.scheduler is not None and options.jobs is not None:
        raise UsageError(_JOBS_HERE, hint=_LEAVE_JOBS)
    slots = options.jobs or count_cores()
    known = None if options.roster is None else read_roster(options.roster)
    start = _engine(request, options.engine, options.scheduler, slots)
    discover = partial(_discover, options.sources, request, known, options.layout)
    with show_progress(language, None if options.scheduler is not None else slots) as display:
        outcome = run_batch(request, discover, start, display)
    if key is not None:
        for found in outcome.discovery.found:
            sign_report(report_path(request.out, found.student, found.exercise), key)
    _publish(outcome, options.json_out, language)
    return _exit_code(outcome)


def _request(options: _Options) -> BatchRequest:
    from grader.batch.plan import BatchRequest
    from grader.course.catalog import find_course, list_exercises, load_exercise

    course = find_course()
    names = options.names or list_exercises(course)
    exercises = {one.id: one for one in (load_exercise(course, name) for name in names)}
    return BatchRequest(
        course=course,
        exercises=tuple(exercises.values()),
        out=options.out,
        seed=options.seed,
        device=options.device,
        sandbox=options.sandbox,
        again=_again(options),
        sources=options.sources,
        roster=options.roster,
    )


def _engine(request: BatchRequest, engine: str, scheduler: str | None, slots: int) -> EngineStart:
    """Choose where to grade.

    Raises:
        UsageError: Dask is not installed, or a scheduler was named without it.
    """
    from functools import partial

    from grader.batch.engine import local_engine

    if engine == "local":
        if scheduler is not None:
            raise UsageError(_SCHEDULER_ALONE, hint=_ADD_ENGINE)
        return partial(local_engine, {one.id: one for one in request.exercises}, slots)
    try:
        from grader.batch.dask_engine import dask_engine
    except ImportError as error:
        raise UsageError(_NO_DASK, hint=_INSTALL_DASK) from error
    names = [exercise.name for exercise in request.exercises]
    resources = {"GPU": 1.0} if request.device == "cuda" and scheduler else None
    return partial(
        dask_engine,
        request.course,
        names,
        scheduler=scheduler,
        jobs=slots,
        resources=resources,
    )


def _again(options: _Options) -> Again:
    """Give the widest of what was asked for."""
    if options.force:
        return "all"
    if options.only_failed:
        return "failed"
    return "faults" if options.retry_faults else "changed"


def _discover(
    sources: Sequence[Path],
    request: BatchRequest,
    roster: Roster | None,
    layout: LayoutName | None,
    workspace: Path,
) -> Discovery:
    from grader.batch.discovery.discover import discover

    handouts = [
        exercise.folder / f"{exercise.name}{suffix}"
        for exercise in request.exercises
        for suffix in (".py", ".ipynb")
    ]
    return discover(
        sources,
        [exercise.name for exercise in request.exercises],
        workspace=workspace,
        roster=roster,
        layout=layout,
        handouts=handouts,
        skip=(request.out,),
    )


def _publish(outcome: BatchOutcome, json_out: str | None, language: Language) -> None:
    if json_out == _STDOUT:
        _print(outcome, lambda: click.echo(_as_json(outcome), nl=False))
        return
    if json_out is not None:
        from grader.atomic import write_atomically

        write_atomically(Path(json_out), _as_json(outcome))
    _print(outcome, lambda: _print_summary(outcome, language))
    if problems := len(outcome.discovery.problems):
        said = Text(
            en=f"Found, but not graded: {problems}. Each is named above, with its cure.",
            zh=f"找到但没有评分：{problems} 个。上面逐个列出了原因和解决办法。",
        )
        click.echo(said.to(language), err=True)


def _print_summary(outcome: BatchOutcome, language: Language) -> None:
    from grader.batch.summary_page import print_summary

    print_summary(outcome.gradebook.summary, language, sys.stdout)
    click.echo(str(outcome.gradebook.gradebook))


def _print(outcome: BatchOutcome, write: Callable[[], None]) -> None:
    """Write to stdout, unless that is closed.

    Raises:
        ReportNotWrittenError: It takes no more, such as a file on a full disk.
    """
    if sys.stdout is None:
        return
    try:
        write()
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        cause = error.strerror or str(error)
        raise ReportNotWrittenError(
            Text(
                en=f"what the batch came to could not be printed: {cause}",
                zh=f"无法输出汇总结果：{cause}",
            ),
            hint=Text(
                en=f"All is graded, and the gradebook is written: {outcome.gradebook.gradebook}",
                zh=f"评分已全部完成，成绩册也已写好：{outcome.gradebook.gradebook}",
            ),
        ) from error


def _as_json(outcome: BatchOutcome) -> bytes:
    import msgspec

    from grader.batch.reports import encodable
    from grader.report.neutralise import for_json

    # Paths may be no text.
    plain = msgspec.to_builtins(outcome, enc_hook=lambda value: encodable(str(value)))
    for found in plain["discovery"]["found"]:
        # Every file of a student would be listed with each of them.
        del found["beside"]
    encoded = msgspec.json.encode(plain)
    return for_json(msgspec.json.format(encoded, indent=2)) + b"\n"


def _exit_code(outcome: BatchOutcome) -> int:
    """Tell whether all that was handed in has a score, whichever run graded it."""
    found = {(one.student, one.exercise) for one in outcome.discovery.found}
    faults = outcome.gradebook.summary.faults
    culprits = {one.fault_of for one in faults if (one.student, one.exercise) in found}
    if "course" in culprits:
        return CourseError.exit_code
    return GraderFault.exit_code if culprits else EXIT_OK
