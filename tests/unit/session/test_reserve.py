"""One worker stands ready beside the one that is at work, and nobody pays for it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.session.reserve import Reserve
from grader.session.worker import CapturedOutput, ExitStatus, Pipes, Worker
from grader.worker.policy import Policy

POLICY = Policy(scratch="/tmp/job/worker1")  # noqa: S108 - no file is made
OTHER = msgspec.structs.replace(POLICY, memory_bytes=7)
NO_PROCESS = 2**22 + 1


class Process:
    """Stands for a process; alive as long as its number is that of this one."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.was_waited_for = False

    def kill(self) -> None:
        self.pid = NO_PROCESS

    def ask_for_traceback(self) -> None:
        pass

    def wait(self) -> ExitStatus:
        self.was_waited_for = True
        return ExitStatus(9, 0)

    def cpu_seconds(self) -> float:
        return 0.0

    def starved_seconds(self) -> float:
        return 0.0

    def has_ended(self) -> bool:
        return self.pid == NO_PROCESS

    def was_short_of_memory(self) -> bool:
        return False


class Source:
    """Starts workers, and remembers what each of them may do."""

    def __init__(self) -> None:
        self.policies: list[Policy] = []
        self.processes: list[Process] = []
        self.peers: list[socket.socket] = []
        self.is_open = True

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        if not self.is_open:
            raise WorkerUnavailableError(Text(en="none", zh="没有"))
        self.policies.append(policy)
        self.processes.append(Process())
        ours, peer = socket.socketpair()
        pairs = [os.pipe() for _ in range(3)]
        for _, write in pairs:
            os.close(write)
        self.peers.append(peer)
        return Worker(self.processes[-1], Pipes(ours, *(read for read, _ in pairs)), output)


@pytest.fixture
def source() -> Iterator[Source]:
    made = Source()
    yield made
    for peer in made.peers:
        peer.close()


@pytest.fixture
def reserve(source: Source) -> Iterator[Reserve]:
    made = Reserve(source)
    yield made
    made.close()


def take(reserve: Reserve, policy: Policy = POLICY) -> Worker:
    """Launch a worker as a submission does, and end it again."""
    worker = reserve.launch(policy, CapturedOutput(100))
    reserve.replenish(policy)
    reserve.take_back(worker)
    return worker


def test_who_needs_one_worker_starts_one(reserve: Reserve, source: Source) -> None:
    take(reserve)
    assert len(source.policies) == 1


def test_many_submissions_start_one_worker_more_than_they_need(
    reserve: Reserve, source: Source
) -> None:
    for _ in range(10):
        take(reserve)
    assert len(source.policies) == 11


def test_a_worker_at_risk_gets_its_successor_at_once(reserve: Reserve, source: Source) -> None:
    take(reserve)
    reserve.prepare(POLICY)
    reserve.prepare(POLICY)
    assert len(source.policies) == 2
    assert take(reserve).pid == NO_PROCESS
    assert len(source.policies) == 3


def test_what_stands_ready_has_a_folder_that_outlasts_the_submission(
    reserve: Reserve, source: Source
) -> None:
    reserve.prepare(POLICY)
    folder = Path(source.policies[0].scratch).parent
    assert folder != Path(POLICY.scratch).parent
    assert folder.is_dir()
    reserve.close()
    assert not folder.exists()


def test_a_worker_that_may_do_something_else_is_not_given(reserve: Reserve, source: Source) -> None:
    reserve.prepare(POLICY)
    take(reserve, OTHER)
    assert [policy.memory_bytes for policy in source.policies] == [POLICY.memory_bytes, 7]
    # It stays for whoever wants it, until somebody is in need of the other kind.
    assert source.processes[0].pid == os.getpid()
    reserve.prepare(OTHER)
    assert source.processes[0].pid == NO_PROCESS


def test_a_worker_that_died_meanwhile_is_not_given(reserve: Reserve, source: Source) -> None:
    reserve.prepare(POLICY)
    source.processes[0].pid = NO_PROCESS
    take(reserve)
    assert len(source.policies) == 2


def test_where_none_can_be_had_it_is_told_to_who_needs_one(
    reserve: Reserve, source: Source
) -> None:
    source.is_open = False
    reserve.prepare(POLICY)
    with pytest.raises(WorkerUnavailableError):
        reserve.launch(POLICY, CapturedOutput(100))


def test_where_somebody_waits_the_next_worker_is_started_after_the_answer(
    reserve: Reserve, source: Source
) -> None:
    reserve.puts_off = True
    for count in (1, 2, 3):
        take(reserve)
        taken = source.processes[count - 1]
        assert len(source.policies) == count
        assert taken.pid == NO_PROCESS
        assert not taken.was_waited_for
        for _ in range(2):
            reserve.catch_up()
            assert len(source.policies) == count + 1
        assert taken.was_waited_for


def test_closing_leaves_nobody_behind(reserve: Reserve, source: Source) -> None:
    reserve.prepare(POLICY)
    reserve.close()
    reserve.close()
    assert source.processes[0].pid == NO_PROCESS


def test_for_a_container_no_folder_is_made_here(source: Source) -> None:
    reserve = Reserve(source, needs_folder=False)
    reserve.prepare(POLICY)
    assert source.policies[0].scratch == "worker1"
    reserve.close()
