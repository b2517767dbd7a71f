"""What a worker sees of the file system: a root folder of its own, and Landlock's rules."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Iterable
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
    """A folder that becomes the root folder: paths are bound into it where they are now.

    What there is to do is found out first, by a nursery for all of its workers, and done by each
    of them in a folder of its own.
    """

    def __init__(self) -> None:
        self._folders = {"/"}
        self._bound: list[str] = []
        self._steps: list[Callable[[str], object]] = []

    def copy(self) -> _NewRoot:
        """Give one that can be added to, while this one stays."""
        new = _NewRoot()
        new._folders |= self._folders
        new._bound += self._bound
        new._steps += self._steps
        return new

    def build(self, folder: str) -> None:
        """Do in a folder what there is to do."""
        for step in self._steps:
            step(folder)

    def bind(self, path: str) -> None:
        """Show a file or a folder, at the same path, through the same links."""
        real = self._follow(path)
        if any(real == upper or real.startswith(f"{upper}/") for upper in self._bound):
            return
        self.reserve(real, folder=os.path.isdir(real))
        # Recursive, since a user namespace may not take apart what lies mounted below.
        flags = kernel.MS_BIND | kernel.MS_REC
        self._steps.append(lambda folder: kernel.mount(real, folder + real, "", flags))
        self._bound.append(real)

    def cover(self, path: str) -> None:
        """Hide a file or a folder that lies in a bound folder."""
        if os.path.isdir(path):
            options = "mode=000,size=4k"
            self._steps.append(
                lambda root: kernel.mount("tmpfs", root + path, "tmpfs", _PLAIN, options)
            )
        else:
            self._steps.append(
                lambda root: kernel.mount("/dev/null", root + path, "", kernel.MS_BIND)
            )

    def reserve(self, path: str, *, folder: bool) -> str:
        """Plan the place where something will be mounted once the rest is read-only.

        Returns:
            The real path, below the folder.
        """
        real = self._follow(path)
        if folder:
            self._make_folder(real)
        else:
            self._make_folder(os.path.dirname(real))
            self._steps.append(lambda root: _make_file(root + real))
        return real

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
        self._steps.append(lambda folder: _make_link(target, folder + path))

    def _make_folder(self, path: str) -> None:
        if path in self._folders or any(path.startswith(f"{upper}/") for upper in self._bound):
            return
        self._make_folder(os.path.dirname(path))
        self._steps.append(lambda folder: os.mkdir(folder + path, 0o755))
        self._folders.add(path)


def _make_file(path: str) -> None:
    with contextlib.suppress(FileExistsError), open(path, "xb"):
        pass


def _make_link(target: str, path: str) -> None:
    with contextlib.suppress(FileExistsError):
        os.symlink(target, path)


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
        _fill_root(staging, policy)
        kernel.enter_root(staging)
    except OSError:
        kernel.unmount(staging)
        raise


def prepare() -> None:
    """Find out what is the same for all workers: once, in the process that forks."""
    _plan_root((), uses_gpu=False)
    _readable_files((), private_root=True)


@functools.cache
def _plan_root(extra: tuple[str, ...], *, uses_gpu: bool) -> tuple[_NewRoot, dict[str, str]]:
    """Plan what is the same for workers of a kind; and where their devices will be mounted."""
    root = _NewRoot()
    for path in (*extra, *readable_paths()):
        root.bind(path)
    for path in hidden_paths():
        root.cover(path)
    devices = [path for path in device_paths(uses_gpu=uses_gpu) if not os.path.isdir(path)]
    return root, {path: root.reserve(path, folder=False) for path in devices}


def _fill_root(staging: str, policy: Policy) -> None:
    plan, devices = _plan_root(extra_paths(policy), uses_gpu=policy.uses_gpu)
    root = plan.copy()
    scratch = staging + root.reserve(policy.scratch, folder=True)
    root.build(staging)
    kernel.restrict_mounts(staging, _READ_ONLY)
    for path, place in devices.items():
        kernel.mount(path, staging + place, "", kernel.MS_BIND)
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
    sandlock.confine(
        sandlock.Sandbox(
            fs_readable=_readable_files(extra_paths(policy), private_root=private_root),
            fs_writable=_existing((policy.scratch, *device_paths(uses_gpu=policy.uses_gpu))),
        )
    )


@functools.cache
def _readable_files(extra: tuple[str, ...], *, private_root: bool) -> list[str]:
    # In the private root, what is hidden is not there; elsewhere each neighbour gets a rule.
    readable = readable_paths() if private_root else readable_one_by_one()
    return _existing((*readable, *extra))


def _existing(paths: Iterable[str]) -> list[str]:
    return [path for path in dict.fromkeys(map(os.path.realpath, paths)) if os.path.exists(path)]
