"""Tries, inside a locked-down worker, what no submission may do.

Each act is a small attack. It says how it was stopped, or that it was allowed; the trusted side
reads the answers and does not take this module's word for more than a test of the platform.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any, Final

import msgspec

from grader.worker.selftest_network import NETWORK_ACTS
from grader.worker.selftest_targets import ALLOWED, SelfTestTargets

_PROGRAMS: Final = (sys.executable, "/bin/true", "/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux.so")


def read_secret_file(targets: SelfTestTargets) -> str:
    """Read the reference solution."""
    with open(targets.secret_file, "rb") as file:
        file.read(1)
    return ALLOWED


def read_password_file(_targets: SelfTestTargets) -> str:
    """Read the machine's passwords."""
    with open("/etc/shadow", "rb") as file:
        file.read(1)
    return ALLOWED


def list_foreign_folder(targets: SelfTestTargets) -> str:
    """List a folder outside."""
    os.listdir(targets.foreign_folder)
    return ALLOWED


def write_outside(targets: SelfTestTargets) -> str:
    """Write a file outside scratch."""
    with open(os.path.join(targets.foreign_folder, "written_by_selftest"), "wb"):
        return ALLOWED


def write_shared_memory(_targets: SelfTestTargets) -> str:
    """Leave a file where another worker would find it."""
    folder = "/dev/shm"  # noqa: S108 - this is the attack
    with tempfile.NamedTemporaryFile(dir=folder):
        return ALLOWED


def write_library(_targets: SelfTestTargets) -> str:
    """Change a module that the next worker imports."""
    with open(msgspec.__file__, "ab"):
        return ALLOWED


def read_other_environment(targets: SelfTestTargets) -> str:
    """Read the environment of another process."""
    with open(f"/proc/{targets.other_pid}/environ", "rb") as file:
        file.read(1)
    return ALLOWED


def read_other_memory(targets: SelfTestTargets) -> str:
    """Open the memory of another process."""
    with open(f"/proc/{targets.other_pid}/mem", "rb"):
        return ALLOWED


def read_own_parent(_targets: SelfTestTargets) -> str:
    """Read the command line of whoever started this process."""
    with open(f"/proc/{os.getppid() or 1}/cmdline", "rb") as file:
        return ALLOWED if file.read(1) else "stopped: EMPTY"


def read_system_tree(_targets: SelfTestTargets) -> str:
    """Read what the kernel tells of the machine's devices."""
    os.listdir("/sys/class")
    return ALLOWED


def find_sibling(targets: SelfTestTargets) -> str:
    """Read what another worker has in memory, and where."""
    with open(f"/proc/{targets.sibling_pid or targets.other_pid}/maps", "rb") as file:
        file.read(1)
    return ALLOWED


def list_processes(_targets: SelfTestTargets) -> str:
    """Find other processes by their folders."""
    others = [name for name in os.listdir("/proc") if name.isdecimal()]
    return ALLOWED if len(others) > 1 else "stopped: EMPTY"


def run_program(_targets: SelfTestTargets) -> str:
    """Become another program."""
    with open("program", "wb") as file:
        file.write(b"#!/bin/true\n")
    os.chmod("program", 0o700)
    stopped = "stopped: ENOENT"
    for program in (*_PROGRAMS, "program"):
        try:
            # The arguments lie nowhere, so that it fails also where it is permitted.
            _call("execve", program.encode(), 1, 0)
        except FileNotFoundError:
            continue
        except OSError as error:
            if error.errno in (errno.EFAULT, errno.ENOEXEC):
                return ALLOWED
            stopped = _describe(error)
    return stopped


def start_process(_targets: SelfTestTargets) -> str:
    """Fork."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)
    return ALLOWED


def signal_other(targets: SelfTestTargets) -> str:
    """Ask whether another process could be signalled, without harm."""
    os.kill(targets.other_pid, 0)
    return ALLOWED


def signal_sibling(targets: SelfTestTargets) -> str:
    """Ask whether another worker could be signalled."""
    os.kill(targets.sibling_pid or targets.other_pid, 0)
    return ALLOWED


def signal_parent(_targets: SelfTestTargets) -> str:
    """Ask whether the parent could be signalled, or everybody."""
    os.kill(os.getppid() or -1, 0)
    return ALLOWED


def trace_other(targets: SelfTestTargets) -> str:
    """Attach to another process as a debugger does."""
    attach, detach = 0x4206, 17
    _call("ptrace", attach, targets.other_pid, 0, 0)
    with contextlib.suppress(OSError):  # it was not stopped, only seized
        _call("ptrace", detach, targets.other_pid, 0, 0)
    return ALLOWED


def read_memory_of_other(targets: SelfTestTargets) -> str:
    """Copy memory of another process."""
    # With nothing to copy only the right to do it is tested.
    _call("process_vm_readv", targets.other_pid, None, 0, None, 0, 0)
    with contextlib.suppress(ProcessLookupError):
        os.pidfd_open(targets.other_pid)
        return ALLOWED
    return "stopped: ESRCH"


def make_namespace(_targets: SelfTestTargets) -> str:
    """Become master of a new user namespace."""
    _call("unshare", 0x1000_0000)
    return ALLOWED


def mount_folder(_targets: SelfTestTargets) -> str:
    """Mount a file system."""
    _call("mount", b"tmpfs", b".", b"tmpfs", 0, None)
    detach = 2
    _call("umount2", os.fsencode(os.getcwd()), detach)
    return ALLOWED


def change_root(_targets: SelfTestTargets) -> str:
    """Change the root folder."""
    root = os.open("/", os.O_PATH | os.O_DIRECTORY)
    try:
        os.chroot(".")
        # Back again, since the acts that follow look for their targets.
        os.fchdir(root)
        os.chroot(".")
    finally:
        os.close(root)
    return ALLOWED


def share_system_v_memory(_targets: SelfTestTargets) -> str:
    """Make memory that outlives the process."""
    number = _call("shmget", 0, 4096, 0o1600)
    _call("shmctl", number, 0, None)
    return ALLOWED


def regain_user(_targets: SelfTestTargets) -> str:
    """Become root, or a user that one was."""
    os.setresuid(0, 0, 0)
    return ALLOWED


def raise_limits(_targets: SelfTestTargets) -> str:
    """Lift the limit on memory."""
    import resource  # noqa: PLC0415 - not on Windows

    endless = resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_DATA, (endless, endless))
    return ALLOWED


def exceed_memory(targets: SelfTestTargets) -> str:
    """Reserve more memory than the limit."""
    # Not written to: were it granted, the machine would not suffer.
    pages = mmap.mmap(-1, targets.memory_bytes + 2**27, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    pages.close()
    return ALLOWED


def exceed_shared_memory(targets: SelfTestTargets) -> str:
    """Reserve more than the limit of memory that is not counted as private."""
    pages = mmap.mmap(-1, targets.memory_bytes + 2**27, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
    pages.close()
    return ALLOWED


def exceed_file_size(targets: SelfTestTargets) -> str:
    """Make a file larger than the limit."""
    with tempfile.TemporaryFile(dir=".") as file:
        os.ftruncate(file.fileno(), targets.file_bytes + 1)
    return ALLOWED


def open_many_files(targets: SelfTestTargets) -> str:
    """Open more files at a time than the limit."""
    opened = []
    try:
        for _ in range(targets.open_files):
            opened.append(os.dup(1))  # noqa: PERF401 - those before the error must be closed
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return ALLOWED


def use_foreign_descriptor(_targets: SelfTestTargets) -> str:
    """Look for descriptors beyond those that a worker is given."""
    import resource  # noqa: PLC0415 - not on Windows

    given = 5
    highest = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 4096)
    found = [number for number in range(highest) if _is_open(number)]
    return ALLOWED if len(found) > given else "stopped: EBADF"


def _is_open(number: int) -> bool:
    with contextlib.suppress(OSError):
        os.fstat(number)
        return True
    return False


def _call(name: str, *arguments: Any) -> int:  # noqa: ANN401 - what C takes
    """Call a function of the C library."""
    function = getattr(ctypes.CDLL(None, use_errno=True), name)
    converted = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    result = int(function(*converted))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


ACTS: Final[dict[str, Callable[[SelfTestTargets], str]]] = {
    act.__name__: act
    for act in (
        read_secret_file,
        read_password_file,
        list_foreign_folder,
        write_outside,
        write_shared_memory,
        write_library,
        read_other_environment,
        read_other_memory,
        read_own_parent,
        read_system_tree,
        find_sibling,
        list_processes,
        *NETWORK_ACTS,
        run_program,
        start_process,
        signal_other,
        signal_sibling,
        signal_parent,
        trace_other,
        read_memory_of_other,
        mount_folder,
        share_system_v_memory,
        regain_user,
        raise_limits,
        exceed_memory,
        exceed_shared_memory,
        exceed_file_size,
        open_many_files,
        use_foreign_descriptor,
        # Last, since they would change what the others meet.
        change_root,
        make_namespace,
    )
}
"""Every act by name. Each returns how it was stopped, or raises the error that stopped it."""

REQUIRED_ACTS: Final = tuple(ACTS)
"""What must be stopped wherever somebody else's code is graded."""


def run_selftest(targets: dict[str, Any]) -> dict[str, str]:
    """Try every act.

    Args:
        targets: The fields of `SelfTestTargets`.

    Returns:
        By act: `allowed`, or `stopped: ` and the name of the error.
    """
    aims = msgspec.convert(targets, SelfTestTargets)
    return {name: _try(act, aims) for name, act in ACTS.items()}


def _try(act: Callable[[SelfTestTargets], str], targets: SelfTestTargets) -> str:
    try:
        return act(targets)
    except MemoryError:
        return "stopped: ENOMEM"
    except OSError as error:
        return _describe(error)
    except (AttributeError, ImportError) as error:
        # This platform has no such call, but may have another: nothing is proved.
        return f"untried: {type(error).__name__}"
    except ValueError as error:
        # `resource.setrlimit` words the refusal of the kernel so.
        return f"stopped: {type(error).__name__}"


def _describe(error: OSError) -> str:
    return f"stopped: {errno.errorcode.get(error.errno or 0, type(error).__name__)}"
