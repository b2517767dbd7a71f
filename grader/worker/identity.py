"""Who a worker is: its user, its privileges, its session."""

from __future__ import annotations

import errno
import functools
import os
import signal
import stat
from collections.abc import Iterable
from typing import Final

from grader.worker import kernel
from grader.worker.kernel import UnsupportedError

_FIRST_UID: Final = 0x7000_0000
"""Systemd leaves 0x70000000 to 0x7FFDFFFF to nobody: not to people, services, or containers."""
_FIRST_SMALL_UID: Final = 30_000
_SMALL_UIDS: Final = 25_000
_LAST_CAPABILITY: Final = 64


def start_session() -> None:
    """Leave the session and the process group of the nursery, and die with it."""
    if os.getsid(0) != os.getpid():
        os.setsid()
    die_with_parent()


def die_with_parent() -> None:
    """Be killed when the parent ends. A change of credentials undoes this.

    A parent that ended earlier did so with the other end of the worker's socket, or will be
    missed by nobody but it: the worker then ends by itself at its first read.
    """
    kernel.control_process(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def process_number() -> int:
    """Give the number of this process on the machine, also from inside a pid namespace."""
    try:
        return int(os.readlink("/proc/self"))
    except (OSError, ValueError):
        return os.getpid()


def own_uid(number: int) -> int:
    """Choose a user id that no one else has: one for each living process.

    Siblings must not be the same user, or they could signal and trace each other where only the
    user tells them apart. A container that maps only the first 65536 ids gets one from the upper
    half of these, where two workers could meet, if their process numbers are 25000 apart.
    """
    if _is_mapped(_FIRST_UID + number):
        return _FIRST_UID + number
    return _FIRST_SMALL_UID + number % _SMALL_UIDS


def _is_mapped(number: int) -> bool:
    return all(any(number in ids for ids in ranges) for ranges in mapped_ids())


@functools.cache
def mapped_ids() -> tuple[tuple[range, ...], tuple[range, ...]]:
    """Give the users and the groups that there are in the user namespace of this process.

    A nursery looks once: its workers are in the same one, until they make their own.
    """
    return _ranges_in("/proc/self/uid_map"), _ranges_in("/proc/self/gid_map")


def _ranges_in(path: str) -> tuple[range, ...]:
    try:
        with open(path, encoding="utf-8") as file:
            lines = [[int(field) for field in line.split()] for line in file]
    except OSError:
        return ()
    return tuple(range(first, first + count) for first, _, count in lines)


def can_change_user() -> bool:
    """Tell whether this process may become another user."""
    return (
        hasattr(os, "geteuid")
        and os.geteuid() == 0
        and kernel.has_capability(kernel.CAP_SETUID)
        and kernel.has_capability(kernel.CAP_SETGID)
    )


def change_user(uid: int, own: str, needed: Iterable[str]) -> None:
    """Become the user and the group `uid`, for good.

    Args:
        uid: The user.
        own: The folder that is given to this user, with all that is in it.
        needed: Paths that the user must be able to read.

    Raises:
        UnsupportedError: This process may not, or the user could not read what it needs.
    """
    if not can_change_user():
        msg = "only root can change its user"
        raise UnsupportedError(msg)
    for folder in sorted({upper for path in (*needed, own) for upper in _folders_above(path)}):
        if not os.stat(folder).st_mode & stat.S_IXOTH:
            msg = f"another user could not enter {folder}"
            raise UnsupportedError(msg)
    for folder, folders, files in os.walk(own):
        for name in (*folders, *files):
            os.lchown(os.path.join(folder, name), uid, uid)
    os.lchown(own, uid, uid)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def _folders_above(path: str) -> list[str]:
    parts = os.path.realpath(path).split("/")
    return ["/".join(parts[:count]) or "/" for count in range(1, len(parts))]


def drop_bounding_set() -> None:
    """Make sure that no program could give a capability back. Needs CAP_SETPCAP."""
    if not kernel.has_capability(kernel.CAP_SETPCAP):
        return
    for number in range(_LAST_CAPABILITY):
        try:
            kernel.control_process(kernel.PR_CAPBSET_DROP, number)
        except OSError as error:
            if error.errno != errno.EINVAL:
                raise
            # The kernel knows no more of them.
            return


def drop_capabilities() -> None:
    """Give up every privilege, and hide this process's memory from others of the same user."""
    kernel.control_process(kernel.PR_CAP_AMBIENT, kernel.PR_CAP_AMBIENT_CLEAR_ALL)
    kernel.drop_capabilities()
    kernel.control_process(kernel.PR_SET_DUMPABLE, 0)
    die_with_parent()


def refuse_new_privileges() -> None:
    """Let no program that this process might run have more rights than it."""
    kernel.control_process(kernel.PR_SET_NO_NEW_PRIVS, 1)
