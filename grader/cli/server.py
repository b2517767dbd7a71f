"""`grade server`: the warm server that makes the next grading quick."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import click

from grader.errors import EXIT_OK
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.server.visit import Visit

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Look at the warm server, or stop it.

    `grade ex03` starts a server that keeps torch loaded, so that the next `grade` answers in a
    fraction of a second. It belongs to you alone, keeps no answer of yours, and ends by itself
    once nothing was graded for 15 minutes.

    GRADE_SERVER_IDLE sets these minutes. GRADE_NO_SERVER=1, or `--no-server` with a grading,
    does without a server; what is graded is the same.""",
    zh="""查看或停止后台服务。

    \b
    `grade ex03` 会启动一个保持 torch 已加载的后台服务，
    这样下一次 `grade` 不到一秒就能给出结果。
    它只属于你自己，不保存你的任何解答；15 分钟没有评分后自动退出。

    \b
    GRADE_SERVER_IDLE 设定这个分钟数。GRADE_NO_SERVER=1 或评分时的 `--no-server`
    表示不使用后台服务；评分结果完全相同。""",
)
_NONE: Final = Text(
    en="No server is running. The next `grade ex03` starts one.",
    zh="没有后台服务在运行。下一次 `grade ex03` 会启动它。",
)
_NONE_HERE: Final = Text(
    en="On this system each `grade` works without a server.",
    zh="在本系统上，`grade` 不使用后台服务。",
)
_NOTHING_TO_STOP: Final = Text(en="No server is running.", zh="没有后台服务在运行。")
_STOPPED: Final = Text(en="The server has ended.", zh="后台服务已退出。")
_SILENT: Final = Text(
    en="The server (process {pid}) does not answer. `grade server stop` ends it.",
    zh="后台服务（进程 {pid}）没有响应。`grade server stop` 可以结束它。",
)
_RUNS: Final = Text(
    en="The server runs: process {pid}, {memory} MB, for {age} min.",
    zh="后台服务正在运行：进程 {pid}，占用 {memory} MB，已运行 {age} 分钟。",
)
_GAVE: Final = Text(
    en="Clients served: {given}; being served now: {busy}.",
    zh="已服务 {given} 次，当前正在服务 {busy} 个。",
)
_LEAVES: Final = Text(
    en="It ends after {idle:g} min without a grading; {left:g} min are left.",
    zh="{idle:g} 分钟没有评分后退出；还剩 {left:g} 分钟。",
)
_OTHER: Final = Text(
    en="torch or the grader has changed since it was started: the next `grade` replaces it.",
    zh="它启动之后 torch 或评分程序有变化：下一次 `grade` 会换一个新的。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("action", type=click.Choice(["status", "stop"]), default="status")
    def run(*, action: str) -> int:
        from grader.server.visit import server_state, stop_server

        if action == "stop":
            text = _NOTHING_TO_STOP if stop_server() is None else _STOPPED
            click.echo(text.to(language))
        else:
            for text in _describe(server_state()):
                click.echo(text.to(language))
        return EXIT_OK

    return run


def _describe(visit: Visit | None) -> list[Text]:
    from grader.server import settings

    if visit is None:
        return [_NONE if settings.is_supported() else _NONE_HERE]
    state = visit.state
    if state is None:
        return [_SILENT.filled(pid=visit.pid)]
    lines = [
        _RUNS.filled(
            pid=visit.pid,
            memory=_memory_mb(visit.pid),
            age=round((time.time() - state.started_at) / 60),
        ),
        _GAVE.filled(given=state.given, busy=state.sessions),
        _LEAVES.filled(
            idle=round(state.idle_seconds / 60, 1),
            left=round(max(state.idle_left_seconds, 0) / 60, 1),
        ),
    ]
    return lines if state.fingerprint == _own_fingerprint() else [*lines, _OTHER]


def _own_fingerprint() -> str:
    from grader.server.fingerprint import fingerprint
    from grader.session.nursery import worker_environment

    return fingerprint(worker_environment())


def _memory_mb(pid: int) -> int:
    """Add up what the server and its children take; what they share counts once."""
    import psutil

    try:
        server = psutil.Process(pid)
        family = [server, *server.children(recursive=True)]
        return round(sum(process.memory_full_info().pss for process in family) / 2**20)
    except psutil.Error:
        return 0
