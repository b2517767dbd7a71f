"""What the tests of the lock-down do inside a forked process: acts by name."""

# Paths go by `os`, as in the worker; what is imported late is part of the test.
# ruff: noqa: PLC0415, PTH102, PTH109, PTH116, PTH118, PTH120, PTH123, PTH208

from __future__ import annotations

import ctypes
import errno
import faulthandler
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

from grader.worker import filesystem, identity, kernel, limits, lockdown, namespaces, syscalls
from grader.worker.policy import Policy
from grader.worker.selftest import run_selftest

PR_GET_DUMPABLE = 3
PR_GET_NO_NEW_PRIVS = 39


def block_calls(names: list[str]) -> None:
    """Be on a machine that refuses these system calls."""
    if names:
        import pyseccomp

        rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
        for name in names:
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
        rules.load()


def lose_capability(number: int) -> None:
    """Be root of a container that lacks a capability."""
    header = (ctypes.c_uint32 * 2)(0x2008_0522, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None)
    libc.capget(header, sets)
    for index in (0, 1, 2):
        sets[3 * (number // 32) + index] &= ~(1 << number % 32)
    libc.capset(header, sets)


def attempt(action: Any) -> str:
    """Give the name of the error that an action ends with, or `allowed`."""
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, type(error).__name__)
    except MemoryError:
        return "MemoryError"
    return "allowed"


def read(path: str) -> None:
    with open(path, "rb") as file:
        file.read(1)


def describe(done: lockdown.Lockdown, policy: Policy) -> dict[str, Any]:
    return {
        "layers": done.layers,
        "missing": done.missing,
        "uid": os.getuid(),
        "groups": os.getgroups(),
        "pid": os.getpid(),
        "folder": os.getcwd(),
        "home": os.environ["HOME"],
        "temporary": tempfile.gettempdir(),
        "host": socket.gethostname(),
        "root": attempt(lambda: os.listdir("/")),
        "scratch": sorted(os.listdir(policy.scratch)),
    }


def selftest(_done: lockdown.Lockdown, policy: Policy, targets: dict[str, Any]) -> dict[str, str]:
    given = {"memory_bytes": policy.memory_bytes, "file_bytes": policy.file_bytes}
    return run_selftest(targets | given)


def rights(_done: lockdown.Lockdown, _policy: Policy) -> dict[str, Any]:
    return {
        "capabilities": sum(kernel.has_capability(number) for number in range(41)),
        "dumpable": kernel.control_process(PR_GET_DUMPABLE),
        "no_new_privs": kernel.control_process(PR_GET_NO_NEW_PRIVS),
        "regain": attempt(lambda: os.setresuid(0, 0, 0)),
    }


# Life goes on.


def train(_done: lockdown.Lockdown, _policy: Policy) -> float:
    import torch

    torch.set_num_threads(2)
    layer = torch.nn.Conv2d(3, 8, 3)
    layer(torch.ones(16, 3, 64, 64)).sum().backward()
    assert layer.bias is not None
    assert layer.bias.grad is not None
    return float(layer.bias.grad[0])


def start_threads(_done: lockdown.Lockdown, _policy: Policy) -> list[int]:
    found: list[int] = []
    threads = [threading.Thread(target=found.append, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def save_and_load(_done: lockdown.Lockdown, _policy: Policy) -> list[float]:
    import torch

    torch.save({"weight": torch.ones(3)}, "../model.pt")
    return [float(each) for each in torch.load("../model.pt", weights_only=True)["weight"]]


def load_data(_done: lockdown.Lockdown, _policy: Policy) -> int:
    import torch

    data = torch.utils.data.TensorDataset(torch.ones(10, 3))
    return len(list(torch.utils.data.DataLoader(data, batch_size=4, shuffle=True)))


def import_late(_done: lockdown.Lockdown, _policy: Policy) -> list[str]:
    import sqlite3

    import PIL.Image

    sqlite3.connect(":memory:").execute("select 1")
    PIL.Image.new("RGB", (8, 8)).save("picture.png")
    return os.listdir(".")


def write_events(_done: lockdown.Lockdown, _policy: Policy) -> int:
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter("../logs") as writer:
        writer.add_scalar("loss", 1.0, 0)
    return len(os.listdir("../logs"))


def start_program(_done: lockdown.Lockdown, _policy: Policy) -> str:
    return attempt(lambda: subprocess.run([sys.executable, "-V"], check=False))


def end_by(_done: lockdown.Lockdown, _policy: Policy, how: str) -> None:
    ways: dict[str, Callable[[], object]] = {
        "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
        "abort": os.abort,
        "fault": lambda: ctypes.string_at(0),
        "exit": lambda: os._exit(3),
        "cpu": _spin,
        "x32": lambda: ctypes.CDLL(None).syscall(ctypes.c_long(0x4000_0000 + 57)),
    }
    ways[how]()


def _spin() -> None:
    while True:
        pass


def dump_on_signal(_done: lockdown.Lockdown, _policy: Policy) -> bool:
    """Have a traceback written by a signal: here one's own, which takes the same way."""
    with tempfile.TemporaryFile() as file:
        faulthandler.register(signal.SIGUSR1, file, chain=False)
        os.kill(os.getpid(), signal.SIGUSR1)
        file.seek(0)
        return b"dump_on_signal" in file.read()


# One layer alone. `done` is None: the process has not been locked down.


def only_session(_done: None, _policy: Policy) -> dict[str, bool]:
    """Start a process that starts another and ends; tell whether the other one ends too."""
    alive, kept = os.pipe()
    if os.fork() == 0:
        ready, told = os.pipe()
        if os.fork() == 0:
            identity.start_session()
            os.write(kept, b"1" if os.getsid(0) == os.getpid() else b"0")
            os.close(told)
            time.sleep(30)
        os.close(told)
        os.read(ready, 1)
        os._exit(0)
    os.close(kept)
    started = time.monotonic()
    leads = os.read(alive, 1) == b"1"
    ended = os.read(alive, 1) == b""
    return {"leads": leads, "dies": ended and time.monotonic() - started < 10}


def only_descriptors(_done: None, _policy: Policy) -> list[bool]:
    kept, closed = os.dup(1), os.dup(1)
    open_now = {int(name) for name in os.listdir("/proc/self/fd")}
    # All that is open stays but one; the answer goes through one of them.
    lockdown.close_descriptors(open_now - {closed})
    return [
        attempt(lambda: os.fstat(kept)) == "allowed",
        attempt(lambda: os.fstat(closed)) == "EBADF",
    ]


def only_limits(_done: None, policy: Policy) -> dict[str, str]:
    limits.set_limits(policy, limits.data_bytes(), own_user=False)

    def write_much() -> None:
        with open(os.path.join(policy.scratch, "large"), "wb") as file:
            file.truncate(policy.file_bytes + 1)

    return {
        "memory": attempt(lambda: bytearray(2 * policy.memory_bytes)),
        "file": attempt(write_much),
        "descriptors": attempt(lambda: [os.dup(0) for _ in range(policy.open_files)]),
    }


def only_user(_done: None, policy: Policy, secret: str) -> dict[str, Any]:
    identity.change_user(identity.own_uid(os.getpid()), policy.scratch, ())
    return {
        "uid": os.getuid(),
        "owner": os.stat(policy.scratch).st_uid,
        "read": attempt(lambda: read(secret)),
    }


def only_private_root(_done: None, policy: Policy, secret: str) -> list[str]:
    assert namespaces.enter_namespaces() == {}
    filesystem.enter_private_root(policy)
    seen = sorted(os.listdir("/"))
    return [attempt(lambda: os.stat(secret)), attempt(lambda: os.mkdir("/new")), *seen]


def only_network(_done: None, _policy: Policy, port: int) -> list[str]:
    def connect() -> None:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()

    before = attempt(connect)
    assert namespaces.enter_namespaces() == {}
    return [before, attempt(connect), socket.gethostname()]


def only_landlock(_done: None, policy: Policy, secret: str, pid: int) -> dict[str, str]:
    filesystem.confine_files(policy, private_root=False)

    def write() -> None:
        with open(os.path.join(policy.scratch, "mine"), "w", encoding="utf-8") as file:
            file.write("x")

    return {
        "read": attempt(lambda: read(secret)),
        "folder": attempt(lambda: os.listdir(os.path.dirname(secret))),
        "signal": attempt(lambda: os.kill(pid, 0)),
        "mine": attempt(write),
        "library": attempt(lambda: read(os.__file__)),
    }


def only_seccomp(_done: None, policy: Policy, pid: int) -> dict[str, str]:
    forbidden = threading.Event()
    ends: list[str] = []

    def open_socket_then() -> None:
        forbidden.wait()
        ends.append(attempt(socket.socket))

    thread = threading.Thread(target=open_socket_then)
    thread.start()
    syscalls.forbid_system_calls(policy)
    forbidden.set()
    thread.join()
    return {
        "socket of an earlier thread": ends[0],
        "fork": attempt(os.fork),
        "exec": attempt(lambda: os.execv("/bin/true", ["true"])),  # noqa: S606
        "socket": attempt(socket.socket),
        "signal": attempt(lambda: os.kill(pid, 0)),
        "own": attempt(lambda: os.kill(os.getpid(), 0)),
        "pair": attempt(socket.socketpair),
        "limits": attempt(lambda: resource_of(pid)),
        "name": attempt(lambda: os.memfd_create("x")),
    }


def resource_of(pid: int) -> None:
    import resource

    resource.prlimit(pid, resource.RLIMIT_CORE)


def pid_namespace(_done: None, _policy: Policy) -> int:
    return os.getpid()


# Acts that one layer stops, beside those of the self-test.


def see_file(_done: lockdown.Lockdown, _policy: Policy, secret: str) -> str:
    """Learn that a file is there: Landlock lets a path be looked up."""
    return attempt(lambda: os.stat(secret))


def learn_host_name(_done: lockdown.Lockdown, _policy: Policy, secret: str) -> str:
    return "worker" if os.uname().nodename == "worker" else "allowed"


def work_elsewhere(_done: lockdown.Lockdown, policy: Policy, secret: str) -> str:
    here = os.getcwd()
    return "in scratch" if here.startswith(policy.scratch) else "allowed"


def learn_home(_done: lockdown.Lockdown, policy: Policy, secret: str) -> str:
    home = os.environ.get("HOME", "")
    return "in scratch" if home.startswith(policy.scratch) else "allowed"


def share_session(_done: lockdown.Lockdown, _policy: Policy, secret: str) -> str:
    return "leads its own" if os.getsid(0) == os.getpid() else "allowed"


def gain_by_program(_done: lockdown.Lockdown, _policy: Policy, secret: str) -> str:
    """Run a set-user-id program of root's that says as whom it runs."""
    program = os.path.join(os.path.dirname(secret), "whoami")
    return "allowed" if subprocess.check_output([program, "-u"]).strip() == b"0" else "no gain"


def start_many_threads(
    _done: lockdown.Lockdown,
    policy: Policy,
    secret: str,
) -> str:
    """Start more threads than the limit; all wait until the end."""
    end = threading.Event()
    threads = [threading.Thread(target=end.wait) for _ in range(policy.processes + 1)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError as error:
        return str(error)
    finally:
        end.set()
    return "allowed"
