"""Namespaces: what a worker does not see it can neither read, reach nor signal."""

from __future__ import annotations

import contextlib
import functools
import os
import socket
from collections.abc import Iterable, Iterator
from typing import Final

from grader.worker import kernel
from grader.worker.identity import process_number
from grader.worker.kernel import UnsupportedError
from grader.worker.policy import Policy

KINDS: Final = {
    "mount-namespace": kernel.CLONE_NEWNS,
    "network-namespace": kernel.CLONE_NEWNET,
    # With it goes the host's name, so that a submission cannot know the machine by it.
    "ipc-namespace": kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS,
}
"""The layers that are namespaces a process can enter by itself."""
_HOST_NAME: Final = "worker"
_PID_NAMESPACE: Final = "/proc/self/ns/pid"
_NETWORK_NAMESPACE: Final = "/proc/self/ns/net"


def may_make_namespaces() -> bool:
    """Tell whether this process may make namespaces without a user namespace."""
    return kernel.has_capability(kernel.CAP_SYS_ADMIN)


def enter_user_namespace() -> None:
    """Become master of a user namespace, in which an ordinary user may make the others.

    The user keeps its own id, and no other is known in there.
    """
    uid, gid = os.geteuid(), os.getegid()
    # The files in /proc/self belong to root while the process hides its memory.
    kernel.control_process(kernel.PR_SET_DUMPABLE, 1)
    kernel.unshare(kernel.CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def counts_users_apart() -> bool:
    """Tell whether threads are counted for each user namespace alone: since Linux 5.14."""
    major, minor = (int(part) for part in os.uname().release.split(".")[:2])
    return (major, minor) >= (5, 14)


def enter_namespaces(kinds: Iterable[str] = tuple(KINDS)) -> dict[str, str]:
    """Move this process into new namespaces of these kinds.

    Returns:
        What could not be had, with the reason.
    """
    missing: dict[str, str] = {}
    entered = set()
    for name in kinds:
        try:
            if name != "network-namespace" or not _has_lent_network():
                kernel.unshare(KINDS[name])
            entered.add(name)
        except OSError as error:
            missing[name] = str(error)
    if "ipc-namespace" in entered:
        with contextlib.suppress(OSError):
            socket.sethostname(_HOST_NAME)
    return missing


def check_pid_namespace() -> None:
    """Raise UnsupportedError unless this process is the first of its own pid namespace."""
    if os.getpid() != 1:
        msg = "only a worker that a nursery with CAP_SYS_ADMIN forks gets one"
        raise UnsupportedError(msg)


@contextlib.contextmanager
def new_pid_namespace_for_children(policy: Policy) -> Iterator[bool]:
    """Let a child that is forked in this block be process 1 of a pid namespace of its own.

    The block is told whether it will be.

    When it ends, the kernel kills all that it started. Where the namespace is not permitted
    nothing happens here, and the child reports it missing.

    Process 1 ignores signals that it sends to itself and has no handler for. `os.abort()` ends by
    SIGSEGV, since the C library goes on to an invalid instruction, and `os.kill(os.getpid(),
    SIGKILL)` by SIGSYS, since the filter of system calls ends it. Faults that the processor
    raises and signals from outside end it as usual.
    """
    wanted = policy.mode != "off" and "pid-namespace" not in policy.without
    home = _home(_PID_NAMESPACE) if wanted else None
    if home is None:
        yield False
        return
    try:
        kernel.unshare(kernel.CLONE_NEWPID)
    except OSError:
        yield False
        return
    with _back_in(home, kernel.CLONE_NEWPID):
        yield True


class Networks:
    """Network namespaces without a device, each lent to one process at a time.

    To make one and clean up after it takes the kernel two milliseconds, and nothing that a worker
    may do changes it: that takes a privilege which it gives up, and what a socket would leave
    behind ends with the last process of its pid namespace.
    """

    def __init__(self) -> None:
        self._free: list[int] = []

    def lend(self) -> int | None:
        """Give a network that no process is in; None where a process has to make its own."""
        if self._free:
            return self._free.pop()
        home = _home(_NETWORK_NAMESPACE)
        # A child tells by it that it was lent one.
        if home is None or _home_network() is None:
            return None
        try:
            kernel.unshare(kernel.CLONE_NEWNET)
        except OSError:
            return None
        with _back_in(home, kernel.CLONE_NEWNET):
            return os.open(_NETWORK_NAMESPACE, os.O_RDONLY | os.O_CLOEXEC)

    def take_back(self, network: int | None) -> None:
        """Note that all processes which were in this network, if one was lent, have ended."""
        if network is not None:
            self._free.append(network)


@contextlib.contextmanager
def in_network(network: int | None) -> Iterator[None]:
    """Let a child that is forked in this block be in a network; with None, where its parent is."""
    home = None if network is None else _home(_NETWORK_NAMESPACE)
    if network is None or home is None:
        yield
        return
    kernel.setns(network, kernel.CLONE_NEWNET)
    with _back_in(home, kernel.CLONE_NEWNET):
        yield


@contextlib.contextmanager
def _back_in(home: int, kind: int) -> Iterator[None]:
    """Bring this process back to a namespace after the block."""
    # Not by its number in its own namespace: that of process 1 and of its child would be the same.
    parent = process_number()
    try:
        yield
    finally:
        # A child that was forked in the block leaves it too, as another process.
        if process_number() == parent:
            kernel.setns(home, kind)


@functools.cache
def _home(path: str) -> int | None:
    """Open a namespace of this process, once; None where it cannot make others."""
    try:
        if not may_make_namespaces():
            return None
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None


def _has_lent_network() -> bool:
    """Tell whether this process was forked into a network other than its parent's."""
    home, here = _home_network(), _number_of_network()
    return home is not None and here is not None and here != home


@functools.cache
def _home_network() -> int | None:
    """Give the number of the network of the process that asks first: it, or who forked it."""
    return _number_of_network()


def _number_of_network() -> int | None:
    try:
        return os.stat(_NETWORK_NAMESPACE).st_ino
    except OSError:
        return None


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
