"""The loop that forks and reaps, without anything that is forked in earnest."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest

from grader.worker import control
from grader.worker.nursery import Nursery, _Child

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")


def sleeper() -> subprocess.Popen[bytes]:
    waits = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]
    return subprocess.Popen(waits, start_new_session=True)


def next_descriptor_is(number: int) -> None:
    """Open descriptors until the next one gets this number."""
    while (descriptor := os.dup(0)) != number:
        assert descriptor < number
    os.close(descriptor)


def test_the_end_of_a_child_that_was_killed_is_not_taken_for_that_of_a_new_one() -> None:
    primary, leaving, other = (socket.socketpair() for _ in range(3))
    nursery = Nursery(primary[1])
    old, new = sleeper(), sleeper()
    for _, theirs in (leaving, other):
        nursery._add_connection(theirs)
    nursery._adopt(_Child(old.pid, leaving[1], None))
    (number,) = nursery._children

    def adopt(connection: socket.socket, *_: object) -> None:
        next_descriptor_is(number)
        nursery._adopt(_Child(new.pid, connection, None))

    def answer(connection: socket.socket, *_: object) -> None:
        control.send(connection, control.Admitted(), [])

    actions: dict[type, Callable[..., None]] = {control.ForkTrusted: adopt, control.Admit: answer}
    nursery._actions |= actions
    # All of it before the loop looks, and in this order.
    leaving[0].close()
    control.send(other[0], control.ForkTrusted(""), [])
    old.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, old.pid, os.WEXITED | os.WNOWAIT)
    loop = threading.Thread(target=nursery.run)
    loop.start()
    try:
        forked, (descriptor,) = control.receive_answer(other[0])
        assert forked == control.Forked(new.pid)
        control.send(other[0], control.Admit(), [])
        assert control.receive_answer(other[0])[0] == control.Admitted()
        assert new.poll() is None
    finally:
        primary[0].close()
        loop.join(10)
    os.close(descriptor)
    for process in (old, new):
        process.wait(10)
    for end in (*primary[1:], *leaving[1:], *other):
        end.close()
