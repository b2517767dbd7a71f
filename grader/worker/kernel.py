"""The Linux system calls of the lock-down that the standard library lacks."""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import sys
from typing import Final

CLONE_NEWNS: Final = 0x0002_0000
CLONE_NEWUTS: Final = 0x0400_0000
CLONE_NEWIPC: Final = 0x0800_0000
CLONE_NEWUSER: Final = 0x1000_0000
CLONE_NEWPID: Final = 0x2000_0000
CLONE_NEWNET: Final = 0x4000_0000

MS_NOSUID: Final = 0x2
MS_NODEV: Final = 0x4
MS_NOEXEC: Final = 0x8
MS_BIND: Final = 0x1000
MS_REC: Final = 0x4000
MS_PRIVATE: Final = 0x4_0000
MNT_DETACH: Final = 2

MOUNT_ATTR_RDONLY: Final = 0x1
MOUNT_ATTR_NOSUID: Final = 0x2
MOUNT_ATTR_NODEV: Final = 0x4

MADV_COLLAPSE: Final = 25

PR_SET_PDEATHSIG: Final = 1
PR_SET_DUMPABLE: Final = 4
PR_CAPBSET_DROP: Final = 24
PR_SET_NO_NEW_PRIVS: Final = 38
PR_CAP_AMBIENT: Final = 47
PR_CAP_AMBIENT_CLEAR_ALL: Final = 4

CAP_SETGID: Final = 6
CAP_SETUID: Final = 7
CAP_SETPCAP: Final = 8
CAP_SYS_ADMIN: Final = 21

_AT_FDCWD: Final = -100
_AT_RECURSIVE: Final = 0x8000
_CAPABILITY_VERSION_3: Final = 0x2008_0522
# The numbers that every architecture shares, but for pivot_root and capset.
_MOUNT_SETATTR: Final = 442
_PIVOT_ROOT: Final = {"x86_64": 155, "aarch64": 41, "riscv64": 41}
_SECCOMP_SET_MODE_FILTER: Final = 1
_SECCOMP_FILTER_FLAG_TSYNC: Final = 1
_INSTRUCTION_BYTES: Final = 8


class _MountAttributes(ctypes.Structure):
    _fields_ = (
        ("attr_set", ctypes.c_uint64),
        ("attr_clr", ctypes.c_uint64),
        ("propagation", ctypes.c_uint64),
        ("userns_fd", ctypes.c_uint64),
    )


class _Program(ctypes.Structure):
    """`struct sock_fprog` of linux/filter.h."""

    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


class UnsupportedError(OSError):
    """This platform has no such thing."""


@functools.cache
def _libc() -> ctypes.CDLL:
    if sys.platform != "linux":
        msg = f"not on {sys.platform}"
        raise UnsupportedError(msg)
    libc = ctypes.CDLL(None, use_errno=True)
    # What is told here need not be told with each of the calls, of which a worker makes hundreds.
    libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    libc.mount.argtypes = (*[ctypes.c_char_p] * 3, ctypes.c_ulong, ctypes.c_char_p)
    return libc


def _check(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def unshare(flags: int) -> None:
    """Move this process, or for a pid namespace its next child, into new namespaces."""
    _check(_libc().unshare(ctypes.c_int(flags)), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """Move this process, or for a pid namespace its next child, into an existing namespace."""
    _check(_libc().setns(ctypes.c_int(descriptor), ctypes.c_int(flags)), "setns")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    """Mount a file system, or bind a path to another place."""
    result = _libc().mount(
        os.fsencode(source),
        os.fsencode(target),
        kind.encode(),
        flags,
        os.fsencode(options),
    )
    _check(result, f"mount {target}")


def unmount(target: str) -> None:
    """Take a mount away, at once for new look-ups."""
    _check(_libc().umount2(os.fsencode(target), ctypes.c_int(MNT_DETACH)), f"umount {target}")


def restrict_mounts(target: str, attributes: int) -> None:
    """Set attributes of a mount and of all that are mounted below it."""
    values = _MountAttributes(attributes, 0, 0, 0)
    result = _libc().syscall(
        ctypes.c_long(_MOUNT_SETATTR),
        ctypes.c_int(_AT_FDCWD),
        ctypes.c_char_p(os.fsencode(target)),
        ctypes.c_uint(_AT_RECURSIVE),
        ctypes.byref(values),
        ctypes.c_size_t(ctypes.sizeof(values)),
    )
    _check(result, "mount_setattr")


def enter_root(folder: str) -> None:
    """Make a mounted folder the root folder, and forget the former root."""
    number = _PIVOT_ROOT.get(os.uname().machine)
    if number is None:
        msg = f"pivot_root is not known for {os.uname().machine}"
        raise UnsupportedError(msg)
    os.chdir(folder)
    # With the same folder for both, the old root ends up on top of the new one, and is taken off.
    here = ctypes.c_char_p(b".")
    _check(_libc().syscall(ctypes.c_long(number), here, here), "pivot_root")
    unmount(".")
    os.chdir("/")


def collapse(address: int, length: int) -> None:
    """Move memory of this process into one large page."""
    range_ = ctypes.c_void_p(address), ctypes.c_size_t(length)
    _check(_libc().madvise(*range_, ctypes.c_int(MADV_COLLAPSE)), "madvise")


def install_filter(number: int, program: bytes) -> None:
    """Put a filter of system calls on every thread of this process, for good.

    Args:
        number: That of the system call `seccomp`.
        program: Instructions of classic BPF, 8 bytes each, as in linux/filter.h.
    """
    description = _Program(len(program) // _INSTRUCTION_BYTES, program)
    result = _libc().syscall(
        ctypes.c_long(number),
        ctypes.c_uint(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(description),
    )
    if _check(result, "seccomp") > 0:
        raise OSError(errno.EBUSY, f"seccomp: thread {result} cannot take the filter")


def control_process(option: int, *arguments: int) -> int:
    """Call prctl."""
    return _check(_libc().prctl(option, *(*arguments, 0, 0, 0, 0)[:4]), f"prctl {option}")


def drop_capabilities() -> None:
    """Give up every capability: effective, permitted and inheritable."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    empty = (ctypes.c_uint32 * 6)()
    _check(_libc().capset(ctypes.byref(header), ctypes.byref(empty)), "capset")


def has_capability(number: int) -> bool:
    """Tell whether a capability is in effect."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()
    _check(_libc().capget(ctypes.byref(header), ctypes.byref(sets)), "capget")
    return bool(sets[3 * (number // 32)] >> (number % 32) & 1)
