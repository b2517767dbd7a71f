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
from typing import Any, NamedTuple

import msgspec

from grader.errors import SandboxError
from grader.language import Text
from grader.session.failures import WorkerLost
from grader.session.worker import CapturedOutput, Worker
from grader.session.workers import Workers
from grader.worker import wire
from grader.worker.policy import Policy
from grader.worker.selftest import REQUIRED_ACTS, SelfTestTargets
from grader.worker.values import Decoder, Encoder

_SECONDS = 20.0
_OUTPUT_BYTES = 4096


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


def run_self_test(workers: Workers, policy: Policy, secret: Path, foreign: Path) -> SelfTestResult:
    """Try the forbidden acts in a fresh worker.

    Args:
        workers: Where the worker comes from.
        policy: What a submission's worker may do.
        secret: A file that no worker may read.
        foreign: A folder outside the worker's own, in which the trusted side can write.

    Raises:
        SandboxError: The worker did not live to tell.
    """
    worker, ready = workers.start(policy, CapturedOutput(_OUTPUT_BYTES))
    with _targets(policy, secret, foreign) as targets:
        try:
            acts = _ask(worker, msgspec.to_builtins(targets))
        except (WorkerLost, wire.WireError) as error:
            raise _refusal(str(error)) from error
        finally:
            worker.end()
    return SelfTestResult(acts, ready.layers, ready.missing)


def require_isolation(result: SelfTestResult) -> None:
    """Refuse to grade where an act was not stopped.

    Raises:
        SandboxError: Some act was allowed.
    """
    if result.allowed:
        missing = "; ".join(f"{name}: {reason}" for name, reason in result.missing.items())
        detail = f"{', '.join(result.allowed)} ({missing or 'no layer is missing'})"
        raise _refusal(detail)


@contextlib.contextmanager
def _targets(policy: Policy, secret: Path, foreign: Path) -> Iterator[SelfTestTargets]:
    """Set up what the acts are aimed at; an absent target would prove nothing."""
    name = f"grader-self-test-{secrets.token_hex(8)}" if sys.platform == "linux" else ""
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if name:
            unix = stack.enter_context(socket.socket(socket.AF_UNIX))
            unix.bind(f"\0{name}")
            unix.listen()
        yield SelfTestTargets(
            secret_file=str(secret),
            foreign_folder=str(foreign),
            other_pid=os.getpid(),
            tcp_port=tcp.getsockname()[1],
            abstract_name=name,
            memory_bytes=policy.memory_bytes,
            file_bytes=policy.file_bytes,
        )


def _ask(worker: Worker, targets: Any) -> dict[str, str]:  # noqa: ANN401 - a dict of plain values
    encoder = Encoder(_refuse)
    request = wire.Probe("run_selftest", (encoder.encode(targets),), {})
    response, blob = worker.request(request, b"", _SECONDS)
    if not isinstance(response, wire.Returned):
        raise _refusal(type(response).__name__)
    answer = Decoder(blob, lambda handle: handle).decode(response.value)
    return {str(name): str(outcome) for name, outcome in dict(answer).items()}


def _refuse(value: object) -> wire.Value:
    raise TypeError(type(value).__name__)


def _refusal(detail: str) -> SandboxError:
    return SandboxError(
        Text(
            en=f"this machine cannot lock a submission in; not stopped: {detail}",
            zh=f"本机无法完全隔离提交的代码；未能阻止：{detail}",
        ),
        hint=Text(
            en="Grade your own code with `--sandbox auto`, or use Linux with a kernel of 6.12 or "
            "later and libseccomp.",
            zh="批改自己的代码请用 `--sandbox auto`，或改用内核不低于 6.12 且装有 libseccomp 的 "
            "Linux。",
        ),
    )
