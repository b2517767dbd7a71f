"""Remembers that a self-test found no hole, for as long as nothing that matters changes.

What is kept is a digest of everything that the result depends on. The file is in the cache folder
of the user, where no worker that passed the test can write; where the folder cannot be written,
nothing is kept and each examiner tests anew. A result with a hole is never kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import stat
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from grader.atomic import write_atomically
from grader.errors import ReportNotWrittenError
from grader.session.scratch import folder_of_scratches
from grader.version import VERSION
from grader.worker.policy import Policy

_KERNEL_FACTS: Final = (
    "/proc/sys/kernel/random/boot_id",
    "/proc/sys/user/max_user_namespaces",
    "/proc/sys/kernel/unprivileged_userns_clone",
    "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
    "/sys/kernel/security/lsm",
    "/proc/self/uid_map",
    "/proc/self/mountinfo",
)
_STATUS: Final = "/proc/self/status"
_STATUS_FACTS: Final = ("Uid", "Gid", "Groups", "Cap", "NoNewPrivs", "Seccomp")
_LIBRARIES: Final = ("torch", "sandlock", "pyseccomp", "msgspec")
_FILE_NAME: Final = "self-test"
_WORKER: Final = Path(__file__).parents[1] / "worker"
_OTHERS_MAY_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def cache_folder() -> Path | None:
    """Give the folder, or None for a user without a home.

    The home folder is that of the user's account: an examiner sees no variable of the user's.
    """
    try:
        return Path.home() / ".cache" / "torchgrade"
    except RuntimeError:
        return None


def digest_of_platform(policy: Policy, secret: Path) -> str:
    """Give a digest of what the result of a self-test depends on."""
    facts = [
        *platform.uname(),
        sys.version,
        sys.prefix,
        VERSION,
        *(f"{name} {metadata.version(name)}" for name in _LIBRARIES if _is_installed(name)),
        *(_read(path) for path in _KERNEL_FACTS),
        *(line for line in _read(_STATUS).splitlines() if line.startswith(_STATUS_FACTS)),
        # Where all solutions lie: whether a worker sees them does not depend on the exercise.
        str(secret.parent.parent),
        folder_of_scratches(policy.scratch),
        f"{policy.memory_bytes} {policy.file_bytes} {policy.open_files} {policy.device}",
        *(f"{path.name} {_digest(path)}" for path in sorted(_WORKER.glob("*.py"))),
    ]
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).hexdigest()


def is_known_good(digest: str, folder: Path | None) -> bool:
    """Tell whether a self-test found no hole here before.

    Only a file of this user's, that nobody else may write, in such a folder, is believed.
    """
    if folder is None or not hasattr(os, "getuid"):
        return False
    path = folder / _FILE_NAME
    try:
        for place, is_right in ((folder, stat.S_ISDIR), (path, stat.S_ISREG)):
            found = place.lstat()
            if not is_right(found.st_mode) or found.st_uid != os.getuid():
                return False
            if found.st_mode & _OTHERS_MAY_WRITE:
                return False
        return path.read_text(encoding="ascii") == digest
    except (OSError, ValueError):
        return False


def remember_good(digest: str, folder: Path | None) -> None:
    """Keep that a self-test found no hole; where that is not possible, do nothing."""
    if folder is None:
        return
    with contextlib.suppress(OSError, ReportNotWrittenError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(folder / _FILE_NAME, digest.encode("ascii"))


@contextlib.contextmanager
def one_at_a_time(folder: Path | None) -> Iterator[None]:
    """Let one examiner test while the others of a batch wait for what it finds."""
    with contextlib.ExitStack() as stack:
        # Not on Windows; and without a folder each tests for itself.
        with contextlib.suppress(ImportError, OSError):
            import fcntl  # noqa: PLC0415

            if folder is not None:
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                lock = stack.enter_context((folder / f"{_FILE_NAME}.lock").open("wb"))
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_installed(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
