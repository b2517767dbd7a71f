"""Proves that a worker is locked in: tries every forbidden act inside a fresh one.

`--sandbox strict` grades only where each act is stopped by at least one layer, whichever.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from grader.errors import SandboxError
from grader.language import Text
from grader.session.acts import ACTS, CLASS_OF
from grader.session.failures import WorkerLost
from grader.session.worker import CapturedOutput, Worker
from grader.session.worker_sources import WorkerSource
from grader.session.workers import Workers, start_worker
from grader.worker import framing, wire
from grader.worker.policy import Policy
from grader.worker.selftest import REQUIRED_ACTS
from grader.worker.selftest_targets import SelfTestTargets
from grader.worker.values import Decoder, Encoder

_SECONDS: Final = 20.0
_OUTPUT_BYTES: Final = 4096
_SOCKET_NAME: Final = "service.sock"
_CONTAINED: Final = "stopped: CONTAINER"


class SelfTestResult(NamedTuple):
    """What became of each forbidden act, and which layers were on."""

    acts: dict[str, str]
    """By the act's name: `stopped: …` with the reason, or `allowed`."""
    layers: tuple[str, ...]
    missing: dict[str, str]

    @property
    def allowed(self) -> tuple[str, ...]:
        """The acts that nothing stopped, and those that were not tried."""
        return tuple(
            name for name in REQUIRED_ACTS if not self.acts.get(name, "").startswith("stopped")
        )


class _Pids(NamedTuple):
    """Processes as a worker would have to name them."""

    other: int
    sibling: int


def run_self_test(
    source: WorkerSource, policy: Policy, secret: Path, foreign: Path
) -> SelfTestResult:
    """Try the forbidden acts in a fresh worker.

    Args:
        source: Where the worker comes from.
        policy: What a submission's worker may do.
        secret: A file that no worker may read.
        foreign: A folder outside the worker's own, in which the trusted side can write.

    Raises:
        SandboxError: The worker did not live to tell.
    """
    with contextlib.ExitStack() as stack:
        sibling = _start(source.workers, policy, "-sibling", stack)[0]
        worker, ready = _start(source.workers, policy, "", stack)
        pids = _Pids(source.neighbour() or os.getpid(), sibling.pid)
        targets = stack.enter_context(_targets(policy, secret, foreign, pids))
        try:
            acts = _ask(worker, msgspec.to_builtins(targets))
        except (WorkerLost, framing.WireError) as error:
            raise _broken(str(error)) from error
    contained = {
        name: _CONTAINED for name in source.harmless if not acts.get(name, "").startswith("stopped")
    }
    return SelfTestResult(acts | contained, ready.layers, ready.missing)


def _start(
    workers: Workers, policy: Policy, suffix: str, stack: contextlib.ExitStack
) -> tuple[Worker, wire.Ready]:
    own = msgspec.structs.replace(policy, scratch=policy.scratch + suffix)
    worker, ready = start_worker(workers, own, CapturedOutput(_OUTPUT_BYTES))
    stack.callback(worker.end)
    return worker, ready


def require_isolation(result: SelfTestResult) -> None:
    """Refuse to grade where an act was not stopped.

    Raises:
        SandboxError: Some act was allowed.
    """
    if result.allowed:
        raise _refusal(result)


def open_classes(result: SelfTestResult) -> tuple[Text, ...]:
    """Name the classes of acts of which one was not stopped."""
    titles = {CLASS_OF[name].id: CLASS_OF[name].title for name in result.allowed}
    return tuple(titles.values())


def cures(result: SelfTestResult) -> tuple[Text, ...]:
    """Say what would stop the acts that were not stopped."""
    wanted = {
        layer for name in result.allowed for layer in ACTS[name].layers if layer in result.missing
    }
    found = [_CURES[layer] for layer in _CURES if layer in wanted]
    return tuple(dict.fromkeys(found)) or (_ANOTHER_SYSTEM,)


@contextlib.contextmanager
def _targets(policy: Policy, secret: Path, foreign: Path, pids: _Pids) -> Iterator[SelfTestTargets]:
    """Set up what the acts are aimed at; an absent target would prove nothing."""
    name = f"grader-self-test-{secrets.token_hex(8)}" if sys.platform == "linux" else ""
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if name:
            unix = stack.enter_context(socket.socket(socket.AF_UNIX))
            unix.bind(f"\0{name}")
            unix.listen()
            named = stack.enter_context(socket.socket(socket.AF_UNIX))
            with contextlib.chdir(foreign):
                # The whole path may be longer than an address may be.
                named.bind(_SOCKET_NAME)
            named.listen()
        yield SelfTestTargets(
            secret_file=str(secret),
            foreign_folder=str(foreign),
            other_pid=pids.other,
            sibling_pid=pids.sibling,
            tcp_port=tcp.getsockname()[1],
            abstract_name=name,
            socket_path=str(foreign / _SOCKET_NAME) if name else "",
            memory_bytes=policy.memory_bytes,
            file_bytes=policy.file_bytes,
            open_files=policy.open_files,
        )


def _ask(worker: Worker, targets: Any) -> dict[str, str]:  # noqa: ANN401 - a dict of plain values
    encoder = Encoder(_refuse)
    request = wire.Probe("run_selftest", (encoder.encode(targets),), {})
    response, blob = worker.request(request, b"", _SECONDS)
    if not isinstance(response, wire.Returned):
        raise _broken(type(response).__name__)
    answer = Decoder(blob, lambda handle: handle).decode(response.value)
    return {str(name): str(outcome) for name, outcome in dict(answer).items()}


def _refuse(value: object) -> wire.Value:
    raise TypeError(type(value).__name__)


def _refusal(result: SelfTestResult) -> SandboxError:
    classes = open_classes(result)
    advice = cures(result)
    acts = ", ".join(result.allowed)
    en, zh = "; ".join(each.en for each in classes), "；".join(each.zh for each in classes)
    return SandboxError(
        Text(
            en=f"this machine cannot lock a submission in; not stopped: {en} ({acts})",
            zh=f"本机无法完全隔离提交的代码；未能阻止：{zh}（{acts}）",
        ),
        hint=Text(
            en=" ".join([*(each.en for each in advice), _OWN_CODE.en]),
            zh="".join([*(each.zh for each in advice), _OWN_CODE.zh]),
        ),
    )


def _broken(detail: str) -> SandboxError:
    return SandboxError(
        Text(
            en=f"the self-test of the lock-down did not end: {detail}",
            zh=f"隔离自检未能完成：{detail}",
        ),
        hint=Text(
            en="`grade doctor` shows what this machine has; is memory short?",
            zh="`grade doctor` 会显示本机的情况；是否内存不足？",
        ),
    )


_OWN_CODE: Final = Text(
    en="`grade doctor` tells more; your own code can be graded with `--sandbox auto`.",
    zh="`grade doctor` 会给出更多说明；为自己的代码评分可以用 `--sandbox auto`。",
)
_ANOTHER_SYSTEM: Final = Text(
    en="Use Linux with a kernel of 6.12 or later and libseccomp.",
    zh="请使用内核不低于 6.12 且装有 libseccomp 的 Linux。",
)
_CURES: Final = {
    "seccomp": Text(
        en="Install libseccomp (`apt install libseccomp2`, `dnf install libseccomp`).",
        zh="请安装 libseccomp（`apt install libseccomp2` 或 `dnf install libseccomp`）。",
    ),
    "landlock": Text(
        en="Use a kernel of 6.12 or later with Landlock on (`lsm=landlock,…` when it starts).",
        zh="请使用 6.12 或更新的内核并启用 Landlock（启动参数 `lsm=landlock,…`）。",
    ),
    "mount-namespace": Text(
        en="Allow user namespaces (`sysctl user.max_user_namespaces`), or run as root.",
        zh="请允许用户命名空间（`sysctl user.max_user_namespaces`），或以 root 运行。",
    ),
    "limits": Text(en="Mount /proc.", zh="请挂载 /proc。"),
}
"""By layer, the one that helps most first."""
