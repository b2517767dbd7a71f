"""A nursery lends its workers networks: one to each at a time, and none that anyone has changed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.session.client import ExaminerClient, _OwnExaminer
from grader.session.worker import CapturedOutput, Worker
from grader.session.workers import ForkedWorkers, start_worker
from grader.worker.policy import Policy

is_root = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's"),
    pytest.mark.skipif(not is_root, reason="an ordinary user's workers make their own"),
]


class Forge:
    """Starts workers, and ends those that the test has not ended."""

    def __init__(self, connection: socket.socket, folder: Path) -> None:
        self._workers = ForkedWorkers(connection)
        self._folder = folder
        self._started: list[Worker] = []

    def start(self, *without: str) -> Worker:
        """Start a worker that lacks these layers."""
        scratch = self._folder / str(len(self._started))
        policy = Policy(scratch=str(scratch), without=without)
        worker, _ready = start_worker(self._workers, policy, CapturedOutput(0))
        self._started.append(worker)
        return worker

    def end_all(self) -> None:
        """End all that were started."""
        for worker in self._started:
            worker.end()


@pytest.fixture
def forge(mini_client: ExaminerClient, tmp_path: Path) -> Iterator[Forge]:
    """Start workers from the nursery that other tests use too."""
    assert isinstance(mini_client, _OwnExaminer)
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            mini_client._nursery.admit(theirs)
        made = Forge(ours, tmp_path / "workers")
        yield made
        made.end_all()


def network_of(process: int | str) -> int:
    """Give the number of the network that a process is in."""
    return Path(f"/proc/{process}/ns/net").stat().st_ino


def test_workers_that_live_together_are_in_networks_of_their_own(forge: Forge) -> None:
    networks = [network_of(forge.start().pid) for _ in range(3)]
    assert len({*networks, network_of("self")}) == 4


def test_a_network_is_lent_again_once_its_worker_has_ended(forge: Forge) -> None:
    first, second = forge.start(), forge.start()
    free, taken = network_of(first.pid), network_of(second.pid)
    first.end()
    assert network_of(forge.start().pid) == free
    assert network_of(forge.start().pid) not in {free, taken}


def test_a_network_that_a_worker_may_have_changed_is_lent_to_nobody(forge: Forge) -> None:
    able = forge.start("capabilities", "uid")
    # While it is open here, its number is given to no other.
    with Path(f"/proc/{able.pid}/ns/net").open("rb"):
        changed = network_of(able.pid)
        assert changed != network_of("self")
        able.end()
        assert changed not in {network_of(forge.start().pid) for _ in range(3)}


def test_a_worker_without_the_layer_is_in_the_network_of_the_machine(forge: Forge) -> None:
    forge.start().end()
    assert network_of(forge.start("network-namespace").pid) == network_of("self")


def test_who_forks_and_who_examines_stay_in_the_network_of_the_machine(
    forge: Forge, mini_client: ExaminerClient
) -> None:
    assert isinstance(mini_client, _OwnExaminer)
    worker = forge.start()
    nursery = mini_client._nursery._process.pid
    here = network_of("self")
    assert network_of(worker.pid) != here
    others = {pid for pid in children_of(nursery) if pid != worker.pid}
    assert network_of(nursery) == here
    assert here in {network_of(pid) for pid in others}


FORKS_AS_PROCESS_1 = """
import os
from grader.worker import kernel, namespaces
from grader.worker.policy import Policy

def network():
    return os.stat("/proc/self/ns/net").st_ino

kernel.unshare(kernel.CLONE_NEWPID)
if os.fork():
    os.wait()
    os._exit(0)
here = network()
with namespaces.new_pid_namespace_for_children(Policy(scratch="/none")):
    with namespaces.in_network(namespaces.Networks().lend()):
        child = os.fork()
if not child:
    print("child is", os.getpid(), network() == here, flush=True)
    os._exit(0)
os.waitpid(child, 0)
print("parent is", os.getpid(), network() == here, flush=True)
"""


def test_a_child_of_process_1_is_not_taken_for_its_parent() -> None:
    command = [sys.executable, "-c", FORKS_AS_PROCESS_1]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == ["child is 1 False", "parent is 1 True"], done.stderr


def children_of(pid: int) -> list[int]:
    """Give the numbers of a process's children."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
