"""A worker that cannot be had leaves nothing open."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.errors import WorkerUnavailableError
from grader.session.worker import CapturedOutput
from grader.session.workers import ForkedWorkers, FreshWorkers, Workers
from grader.worker import control
from grader.worker.policy import Policy

needs_descriptors = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="counts the descriptors of this process"
)


def descriptors() -> set[Path]:
    return set(Path("/proc/self/fd").iterdir())


def assert_refused_without_a_trace(workers: Workers, scratch: Path) -> None:
    before = descriptors()
    with pytest.raises(WorkerUnavailableError):
        workers.launch(Policy(scratch=str(scratch)), CapturedOutput(0))
    assert descriptors() == before


@pytest.fixture
def nursery() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@needs_descriptors
@pytest.mark.parametrize(
    ("answer", "sent"),
    [(control.Refused("no memory"), 0), (control.Forked(1), 0), (control.Forked(1), 2)],
)
def test_a_nursery_that_gives_no_worker_leaves_nothing_open(
    nursery: tuple[socket.socket, socket.socket],
    answer: control.Answer,
    sent: int,
    tmp_path: Path,
) -> None:
    ours, theirs = nursery
    control.send(theirs, answer, [theirs.fileno()] * sent)
    assert_refused_without_a_trace(ForkedWorkers(ours), tmp_path)


@needs_descriptors
def test_a_nursery_that_is_gone_leaves_nothing_open(
    nursery: tuple[socket.socket, socket.socket], tmp_path: Path
) -> None:
    ours, theirs = nursery
    theirs.close()
    assert_refused_without_a_trace(ForkedWorkers(ours), tmp_path)


@needs_descriptors
def test_a_scratch_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_refused_without_a_trace(FreshWorkers(), tmp_path / "file" / "scratch")


@needs_descriptors
def test_an_interpreter_that_cannot_be_started_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("grader.session.workers.INTERPRETER", (str(tmp_path / "gone"),))
    assert_refused_without_a_trace(FreshWorkers(), tmp_path / "scratch")
