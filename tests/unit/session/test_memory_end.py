"""A worker that the kernel ended for want of memory, told from one that crashed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from unit.session.test_worker import Bench, bench, lost

from grader.session.failures import WorkerLost
from grader.session.memory_end import ended_for_memory
from grader.session.worker import ExitStatus
from grader.worker.oom_kills import count_oom_kills

__all__ = ["bench"]


@pytest.mark.parametrize(
    ("number", "was_short", "stderr", "expected"),
    [
        (signal.SIGKILL, True, b"", True),
        (signal.SIGKILL, False, b"", False),
        (signal.SIGSEGV, True, b"", False),
        (signal.SIGABRT, False, b"terminate called ...\n  what():  std::bad_alloc\n", True),
        (signal.SIGABRT, False, b"double free or corruption\n", False),
        (0, True, b"std::bad_alloc", False),
    ],
)
def test_memory_is_named_only_with_evidence(
    number: int, stderr: bytes, *, was_short: bool, expected: bool
) -> None:
    assert ended_for_memory(number, was_short=was_short, stderr=stderr) is expected


def test_the_count_is_read_from_the_kernel(tmp_path: Path) -> None:
    counters = tmp_path / "vmstat"
    assert count_oom_kills(counters) == 0
    counters.write_text("oom_kill_disabled 9\noom_kill 3\npgfault 7\n")
    assert count_oom_kills(counters) == 3


@pytest.mark.parametrize(("was_short", "kind"), [(True, "memory"), (False, "crashed")])
def test_a_kill_by_the_kernel_is_told_from_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, kind: str, *, was_short: bool
) -> None:
    monkeypatch.setattr(bench.process, "was_short_of_memory", lambda: was_short)
    bench.process.status = ExitStatus(int(signal.SIGKILL), 0)
    bench.peer.close()
    end: WorkerLost = lost(bench)
    assert end.kind == kind
