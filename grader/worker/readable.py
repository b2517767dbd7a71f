"""Which paths a worker may read: the interpreter and the libraries, never the course."""

from __future__ import annotations

import functools
import glob
import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from typing import Final

from grader.worker.policy import Policy

_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder of `grader`."""

_COURSE_FOLDERS: Final = ("exercises", "solutions", "tests", "samples", "docs", "scripts")
"""What may lie beside the package, and would give answers away."""

_SYSTEM: Final = (
    "/lib",
    "/lib32",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/local/lib64",
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/usr/share/mime",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/mime.types",
    # How many processors there are, and what they can do: torch's kernels are chosen by it.
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/sys/vm/overcommit_memory",
    "/sys/devices/system/cpu",
    "/sys/devices/system/node",
)
_STORES: Final = ("/nix/store", "/gnu/store")
"""Package managers that keep each library in a folder of its own."""

_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_GPU_DEVICES: Final = ("/dev/nvidia*", "/dev/nvidia-caps/*", "/dev/dri", "/dev/kfd", "/dev/dxg")
_GPU_READABLE: Final = ("/proc", "/sys", "/usr/local/cuda*", "/usr/local/nvidia*", "/opt/rocm*")


@functools.cache
def readable_paths() -> tuple[str, ...]:
    """Give what every worker may read: real paths and, where these are links, the links.

    None of them lies in another. Some may hold what `hidden_paths` gives, which no worker may
    read. Found once for each process: a nursery does it before it forks.
    """
    wanted = [path for path in _candidates() if os.path.exists(path)]
    kept: list[str] = []
    for path in sorted(set(wanted), key=lambda path: (path.count("/"), path)):
        inside = any(_contains(upper, path) for upper in kept)
        if not inside or os.path.islink(path):
            kept.append(path)
    return tuple(kept)


@functools.cache
def hidden_paths() -> tuple[str, ...]:
    """Give what no worker may read though it lies in a folder that all may read.

    Where the package was installed beside the libraries, these are its other parts, and the
    parts of the course that lie beside it.
    """
    upper = {os.path.realpath(path) for path in readable_paths()}
    return tuple(path for path in _answers() if any(_contains(each, path) for each in upper))


def readable_one_by_one() -> Iterator[str]:
    """Give the readable paths so that no hidden path lies in one, for Landlock."""
    hidden = hidden_paths()
    for path in readable_paths():
        yield from _without(os.path.realpath(path), hidden)


@functools.cache
def device_paths(*, uses_gpu: bool) -> tuple[str, ...]:
    """Give the device files that a worker may use; looked up once for each process."""
    patterns = _GPU_DEVICES if uses_gpu else ()
    found = [path for pattern in patterns for path in glob.glob(pattern)]
    return tuple(path for path in (*_DEVICES, *found) if os.path.exists(path))


def extra_paths(policy: Policy) -> tuple[str, ...]:
    """Give what this worker may read beside what all may read."""
    patterns = _GPU_READABLE if policy.uses_gpu else ()
    found = [path for pattern in patterns for path in glob.glob(pattern)]
    wanted = [os.path.abspath(path) for path in (*policy.readable, *found)]
    return tuple(path for path in wanted if os.path.exists(path))


def _candidates() -> Iterator[str]:
    yield from _SYSTEM
    yield from (store for store in _STORES if sys.base_prefix.startswith(store))
    folders = [
        *_interpreter_folders(),
        *os.environ.get("LD_LIBRARY_PATH", "").split(":"),
        *_folders_of_loaded_libraries(),
    ]
    for folder in folders:
        if os.path.isabs(folder) and not _is_course(folder):
            yield os.path.normpath(folder)
    yield os.path.join(_PACKAGE, "__init__.py")
    yield os.path.join(_PACKAGE, "worker")


def _interpreter_folders() -> Iterator[str]:
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    for variables in ({}, {"base": sys.base_prefix, "platbase": sys.base_exec_prefix}):
        yield from (sysconfig.get_path(name, vars=variables) for name in names)
    yield os.path.join(sys.base_prefix, "lib")
    yield from sys.path


def _folders_of_loaded_libraries() -> set[str]:
    """Find where the libraries came from that are loaded now: others will lie beside them."""
    try:
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as file:
            paths = {line.rstrip("\n").split(maxsplit=5)[-1] for line in file if ".so" in line}
    except OSError:
        return set()
    return {os.path.dirname(path) for path in paths if path.startswith("/")}


def _is_course(folder: str) -> bool:
    """Tell whether a folder is a place of somebody's own work and not of libraries."""
    if os.path.basename(folder) in ("site-packages", "dist-packages"):
        return False
    real = os.path.realpath(folder)
    beside_package = _contains(real, _PACKAGE) and not _holds_libraries(real)
    return beside_package or any(
        os.path.isdir(os.path.join(real, name)) for name in ("exercises", "solutions")
    )


def _holds_libraries(folder: str) -> bool:
    """Tell whether a folder above the package is one of the interpreter's own."""
    own = {os.path.realpath(path) for path in (sysconfig.get_path("stdlib"), sys.base_prefix)}
    return any(_contains(folder, path) or _contains(path, folder) for path in own) and any(
        part in ("site-packages", "dist-packages") for part in _PACKAGE.split(os.sep)
    )


def _answers() -> tuple[str, ...]:
    package = os.path.realpath(_PACKAGE)
    beside = os.path.dirname(package)
    named = [os.path.join(beside, name) for name in _COURSE_FOLDERS]
    own = [
        os.path.join(package, name)
        for name in os.listdir(package)
        if name not in ("worker", "__init__.py")
    ]
    return tuple(path for path in (*named, *own) if os.path.exists(path))


def _without(path: str, hidden: Iterable[str]) -> Iterator[str]:
    below = [each for each in hidden if _contains(path, each)]
    if not below:
        yield path
        return
    for name in os.listdir(path):
        child = os.path.join(path, name)
        if child not in below:
            yield from _without(child, below)


def _contains(upper: str, path: str) -> bool:
    return path == upper or path.startswith(upper.rstrip("/") + "/")
