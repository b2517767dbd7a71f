"""A worker that the kernel ended for want of memory, told from one that crashed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from unit.session.test_worker import Bench, bench, lost

from grader.session import worker as workers
from grader.session.failures import WorkerLost
from grader.session.memory_end import count_oom_kills, ended_for_memory
from grader.session.worker import ExitStatus

__all__ = ["bench"]


@pytest.mark.parametrize(
    ("number", "kills", "stderr", "expected"),
    [
        (signal.SIGKILL, 1, b"", True),
        (signal.SIGKILL, 0, b"", False),
        (signal.SIGSEGV, 1, b"", False),
        (signal.SIGABRT, 0, b"terminate called ...\n  what():  std::bad_alloc\n", True),
        (signal.SIGABRT, 0, b"double free or corruption\n", False),
        (0, 1, b"std::bad_alloc", False),
    ],
)
def test_memory_is_named_only_with_evidence(
    number: int, kills: int, stderr: bytes, *, expected: bool
) -> None:
    assert ended_for_memory(number, oom_kills=kills, stderr=stderr) is expected


def test_the_count_is_read_from_the_kernel(tmp_path: Path) -> None:
    counters = tmp_path / "vmstat"
    assert count_oom_kills(counters) == 0
    counters.write_text("oom_kill_disabled 9\noom_kill 3\npgfault 7\n")
    assert count_oom_kills(counters) == 3


@pytest.mark.parametrize(("counts", "kind"), [((4, 5), "memory"), ((4, 4), "crashed")])
def test_a_kill_by_the_kernel_is_told_from_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, counts: tuple[int, int], kind: str
) -> None:
    bench.worker._oom_kills = counts[0]
    monkeypatch.setattr(workers, "count_oom_kills", lambda: counts[1])
    bench.process.status = ExitStatus(int(signal.SIGKILL), 0)
    bench.peer.close()
    end: WorkerLost = lost(bench)
    assert end.kind == kind
