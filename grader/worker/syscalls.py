"""Seccomp: the system calls that a worker has no use for, and an attack has.

Everything is refused with an error number, so that a submission that tries gets an ordinary
exception with its line, and the worker lives on.
"""

from __future__ import annotations

import errno
import functools
import os
import signal
from typing import Any, Final

from grader.worker import kernel
from grader.worker.policy import Policy

_REFUSED: Final = (  # noqa: SIM905 - a hundred quotation marks would hide the comments
    # Programs and processes. Threads are told apart by a flag, below.
    "execve execveat fork vfork setsid setpgid"
    # Other processes: their memory, descriptors, limits, priorities and signals.
    " ptrace process_vm_readv process_vm_writev process_madvise process_mrelease kcmp"
    " pidfd_open pidfd_getfd pidfd_send_signal rt_sigqueueinfo rt_tgsigqueueinfo"
    " setpriority ioprio_set sched_setattr sched_setparam sched_setscheduler"
    " migrate_pages move_pages"
    # Mounts and namespaces.
    " mount umount umount2 pivot_root chroot setns unshare move_mount open_tree open_tree_attr"
    " fsopen fsconfig fsmount fspick mount_setattr statmount listmount listns"
    # Users and privileges.
    " setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset"
    " keyctl add_key request_key"
    # The network. What is connected already goes on working; pairs are no way out.
    " socket bind connect listen accept accept4 socketcall"
    # Memory that is not counted, and channels to other processes.
    " memfd_create memfd_secret shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl"
    " semget semop semtimedop semctl ipc mq_open mq_unlink mq_notify mq_timedsend"
    " mq_timedreceive mknod mknodat"
    # Ways into the kernel that have had many holes.
    " bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register"
    " open_by_handle_at name_to_handle_at fanotify_init fanotify_mark modify_ldt"
    " iopl ioperm vhangup uselib ustat sysfs _sysctl lookup_dcookie nfsservctl"
    # The machine.
    " kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff"
    " personality quotactl quotactl_fd acct syslog settimeofday clock_settime stime"
    " clock_adjtime clock_adjtime64 clock_settime64 adjtimex sethostname setdomainname"
).split()

_NUMBERS: Final = {
    "process_madvise": 440,
    "quotactl_fd": 443,
    "memfd_secret": 447,
    "process_mrelease": 448,
    "statmount": 457,
    "listmount": 458,
    "open_tree_attr": 467,
    "listns": 470,
}
"""Calls that an older libseccomp does not know. Every architecture has the same numbers here."""

_CLONE_THREAD: Final = 0x0001_0000
_CLONE_NAMESPACES: Final = (
    0x0000_0080,
    0x0002_0000,
    0x0200_0000,
    0x0400_0000,
    0x0800_0000,
    0x1000_0000,
    0x2000_0000,
    0x4000_0000,
)
_SHARED_ANONYMOUS: Final = 0x21
_IOCTLS: Final = {
    "TIOCSTI": 0x5412,
    "TIOCLINUX": 0x541C,
    "FIOSETOWN": 0x8901,
    "SIOCSPGRP": 0x8902,
}
"""Requests that type into a terminal, or have signals sent to others."""
_F_SETOWN: Final = (8, 15)
_PRCTL_REFUSED: Final = (1, 4)
"""PR_SET_PDEATHSIG and PR_SET_DUMPABLE, which the lock-down has set."""
_LOW_HALF: Final = 0xFFFF_FFFF
_AF_UNIX: Final = 1


def forbid_system_calls(policy: Policy) -> None:
    """Put the filter on every thread of this process, for good.

    Raises:
        RuntimeError: The library libseccomp is not installed.
        OSError: The kernel refuses the filter.
    """
    # Without it only root of a namespace may put a filter on.
    kernel.control_process(kernel.PR_SET_NO_NEW_PRIVS, 1)
    program = _program(uses_gpu=policy.uses_gpu, itself=os.getpid())
    kernel.install_filter(_number("seccomp"), program)


@functools.cache
def _program(*, uses_gpu: bool, itself: int) -> bytes:
    """Give the filter as the kernel takes it.

    It is the same for every worker that is process 1 of a namespace. That the library works it
    out from its rules takes longer than all else of this.
    """
    rules = _rules(uses_gpu=uses_gpu, itself=itself)
    with open(os.memfd_create("filter"), "w+b") as file:
        rules.export_bpf(file)
        file.seek(0)
        return file.read()


def _rules(*, uses_gpu: bool, itself: int) -> Any:  # noqa: ANN401 - untyped
    import pyseccomp as library  # noqa: PLC0415 - only on Linux, and raises without libseccomp

    refuse = library.ERRNO(errno.EPERM)
    rules = library.SyscallFilter(library.ALLOW)
    # The calls of a 32-bit program have other numbers.
    rules.set_attr(library.Attr.ACT_BADARCH, library.KILL_PROCESS)
    for name in _REFUSED:
        _add(rules, refuse, name)
    # With this error the C library takes `clone`, whose flags can be looked at.
    _add(rules, library.ERRNO(errno.ENOSYS), "clone3")
    _refuse_processes(library, rules, refuse)
    _refuse_others(library, rules, refuse, itself)
    _refuse_requests(library, rules, refuse)
    if not uses_gpu:
        shared = library.Arg(3, library.MASKED_EQ, _SHARED_ANONYMOUS, _SHARED_ANONYMOUS)
        # RLIMIT_DATA counts private memory alone.
        _add(rules, refuse, "mmap", shared)
    return rules


def _refuse_processes(library: Any, rules: Any, refuse: int) -> None:  # noqa: ANN401 - untyped
    no_thread = library.Arg(0, library.MASKED_EQ, _CLONE_THREAD, 0)
    _add(rules, refuse, "clone", no_thread)
    for flag in _CLONE_NAMESPACES:
        _add(rules, refuse, "clone", library.Arg(0, library.MASKED_EQ, flag, flag))


def _refuse_others(
    library: Any,  # noqa: ANN401 - untyped
    rules: Any,  # noqa: ANN401 - untyped
    refuse: int,
    itself: int,
) -> None:
    """Leave what a process does to itself: abort, raise, limits, processors."""
    if itself == 1:
        # Process 1 of a namespace would ignore it; like this it ends, by SIGSYS.
        for name, place in (("kill", 1), ("tkill", 1), ("tgkill", 2)):
            fatal = library.Arg(place, library.EQ, signal.SIGKILL)
            end = library.KILL_PROCESS
            _add(rules, end, name, library.Arg(0, library.EQ, itself), fatal)
    for name in ("kill", "tkill", "tgkill"):
        _add(rules, refuse, name, library.Arg(0, library.NE, itself))
    for name in ("prlimit64", "sched_setaffinity"):
        _add(rules, refuse, name, library.Arg(0, library.NE, 0))


def _refuse_requests(library: Any, rules: Any, refuse: int) -> None:  # noqa: ANN401 - untyped
    masked = library.MASKED_EQ
    for request in _IOCTLS.values():
        _add(rules, refuse, "ioctl", library.Arg(1, masked, _LOW_HALF, request))
    for command in _F_SETOWN:
        _add(rules, refuse, "fcntl", library.Arg(1, masked, _LOW_HALF, command))
    for option in _PRCTL_REFUSED:
        _add(rules, refuse, "prctl", library.Arg(0, masked, _LOW_HALF, option))
    _add(rules, refuse, "socketpair", library.Arg(0, library.NE, _AF_UNIX))


def _add(rules: Any, action: int, name: str, *arguments: Any) -> None:  # noqa: ANN401 - untyped
    number = _number(name)
    if number >= 0:
        rules.add_rule(action, number, *arguments)


def prepare_rules() -> None:
    """Make the usual filter once, for all processes that are forked from this one."""
    _program(uses_gpu=False, itself=1)
    _number("seccomp")


@functools.cache
def _number(name: str) -> int:
    """Give a call's number; negative where this architecture has no such call."""
    import pyseccomp as library  # noqa: PLC0415 - see above

    number = int(library.resolve_syscall(library.Arch.NATIVE, name))
    return number if number >= 0 else _NUMBERS.get(name, -1)
