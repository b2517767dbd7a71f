"""What a worker sees of the file system: a root folder of its own, and Landlock's rules."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from typing import Final

from grader.worker import kernel
from grader.worker.kernel import UnsupportedError
from grader.worker.policy import Policy
from grader.worker.readable import (
    device_paths,
    extra_paths,
    hidden_paths,
    readable_one_by_one,
    readable_paths,
)

_MAX_FILES: Final = 20_000
"""Files and folders in scratch: they take memory of the kernel's, whatever their size."""

_LANDLOCK_ABI: Final = 6
"""The first that keeps signals and abstract sockets inside."""


class _NewRoot:
    """A folder that becomes the root folder: paths are bound into it where they are now."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._folders = {"/"}
        self._bound: list[str] = []

    def bind(self, path: str) -> None:
        """Show a file or a folder, at the same path, through the same links."""
        real = self._follow(path)
        if any(real == upper or real.startswith(f"{upper}/") for upper in self._bound):
            return
        place = self.reserve(real, folder=os.path.isdir(real))
        # Recursive, since a user namespace may not take apart what lies mounted below.
        kernel.mount(real, place, "", kernel.MS_BIND | kernel.MS_REC)
        self._bound.append(real)

    def cover(self, path: str) -> None:
        """Hide a file or a folder that lies in a bound folder."""
        place = self._folder + path
        if os.path.isdir(path):
            kernel.mount("tmpfs", place, "tmpfs", _PLAIN, "mode=000,size=4k")
        else:
            kernel.mount("/dev/null", place, "", kernel.MS_BIND)

    def reserve(self, path: str, *, folder: bool) -> str:
        """Make the place where something will be mounted once the rest is read-only."""
        real = self._follow(path)
        if folder:
            self._make_folder(real)
        else:
            self._make_folder(os.path.dirname(real))
            with contextlib.suppress(FileExistsError), open(self._folder + real, "xb"):
                pass
        return self._folder + real

    def _follow(self, path: str) -> str:
        """Walk a path, make the links in it here too, and give the real path."""
        parts = path.split("/")[::-1]
        current = "/"
        while parts:
            part = parts.pop()
            if part in ("", "."):
                continue
            if part == "..":
                current = os.path.dirname(current)
                continue
            child = os.path.join(current, part)
            if not os.path.islink(child):
                current = child
                continue
            target = os.readlink(child)
            self._make_link(child, target)
            parts += target.split("/")[::-1]
            current = "/" if target.startswith("/") else current
        return current

    def _make_link(self, path: str, target: str) -> None:
        if any(path.startswith(f"{upper}/") for upper in self._bound):
            return
        self._make_folder(os.path.dirname(path))
        with contextlib.suppress(FileExistsError):
            os.symlink(target, self._folder + path)

    def _make_folder(self, path: str) -> None:
        if path in self._folders or any(path.startswith(f"{upper}/") for upper in self._bound):
            return
        self._make_folder(os.path.dirname(path))
        os.mkdir(self._folder + path, 0o755)
        self._folders.add(path)


_PLAIN: Final = kernel.MS_NOSUID | kernel.MS_NODEV
_READ_ONLY: Final = kernel.MOUNT_ATTR_RDONLY | kernel.MOUNT_ATTR_NOSUID | kernel.MOUNT_ATTR_NODEV


def enter_private_root(policy: Policy) -> None:
    """Leave the machine's file system for one that holds only what the worker may see.

    Needs a mount namespace of its own and CAP_SYS_ADMIN in it. There is no /proc, unless a GPU
    needs it. The scratch folder is a memory disk, so that no one can fill the machine's disk.

    Raises:
        OSError: It could not be done; the file system is as it was.
    """
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    staging = policy.scratch
    kernel.mount("tmpfs", staging, "tmpfs", _PLAIN, "mode=755,size=1m")
    try:
        _fill_root(_NewRoot(staging), staging, policy)
        kernel.enter_root(staging)
    except OSError:
        kernel.unmount(staging)
        raise


def _fill_root(root: _NewRoot, staging: str, policy: Policy) -> None:
    for path in (*extra_paths(policy), *readable_paths()):
        root.bind(path)
    for path in hidden_paths():
        root.cover(path)
    devices = [path for path in device_paths(policy) if not os.path.isdir(path)]
    places = {path: root.reserve(path, folder=False) for path in devices}
    scratch = root.reserve(policy.scratch, folder=True)
    kernel.restrict_mounts(staging, _READ_ONLY)
    for path, place in places.items():
        kernel.mount(path, place, "", kernel.MS_BIND)
    flags = _PLAIN | kernel.MS_NOEXEC
    options = f"mode=700,size={2 * policy.file_bytes},nr_inodes={_MAX_FILES}"
    kernel.mount("tmpfs", scratch, "tmpfs", flags, options)


def confine_files(policy: Policy, *, private_root: bool) -> None:
    """Let Landlock refuse every file but the readable ones, signals to others, other sockets.

    Raises:
        UnsupportedError: The kernel's Landlock is too old, or off.
    """
    import sandlock  # noqa: PLC0415 - only on Linux; a nursery has it imported before it forks

    abi = sandlock.landlock_abi_version()
    if abi < _LANDLOCK_ABI:
        msg = f"Landlock {_LANDLOCK_ABI} is needed and the kernel has {max(abi, 0) or 'none'}"
        raise UnsupportedError(msg)
    # In the private root, what is hidden is not there; elsewhere each neighbour gets a rule.
    readable = readable_paths() if private_root else readable_one_by_one()
    sandlock.confine(
        sandlock.Sandbox(
            fs_readable=_existing((*readable, *extra_paths(policy))),
            fs_writable=_existing((policy.scratch, *device_paths(policy))),
        )
    )


def _existing(paths: Iterable[str]) -> list[str]:
    return [path for path in dict.fromkeys(map(os.path.realpath, paths)) if os.path.exists(path)]
