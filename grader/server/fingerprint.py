"""Tells whether a server runs what a client would start: the same interpreter, torch and grader.

A client makes it anew each time, so it looks at names, times and sizes of files and reads none.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from grader.version import VERSION

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_LIBRARY_FOLDERS: Final = ("site-packages", "dist-packages")
_ENVIRONMENT: Final = (
    "GRADE_DATA",
    "LD_LIBRARY_PATH",
    "CUDA_VISIBLE_DEVICES",
    "NVIDIA_VISIBLE_DEVICES",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
)
"""What libraries read while they are imported, and what workers inherit and may act upon."""
_NAMESPACES: Final = ("mnt", "net", "pid", "user")


def fingerprint(environment: Mapping[str, str]) -> str:
    """Give a digest of what a nursery that is started now would be made of.

    Args:
        environment: The variables that the nursery would get.
    """
    facts = [VERSION, sys.version, sys.executable, _stamp(Path(sys.executable).resolve())]
    facts += [f"{name}={environment.get(name)}" for name in _ENVIRONMENT]
    facts += [_link(f"/proc/self/ns/{name}") for name in _NAMESPACES]
    facts += [_stamp(path) for path in _libraries()]
    facts += sorted(_sources(os.fspath(_PACKAGE)))
    return hashlib.sha256("\0".join(facts).encode("utf-8", "surrogateescape")).hexdigest()


def _libraries() -> Iterator[Path]:
    """Give torch, and the folders whose own time changes when a library comes or goes."""
    for entry in sys.path:
        if os.path.basename(entry) in _LIBRARY_FOLDERS:  # noqa: PTH119 - the parts of a path
            yield Path(entry)
    found = importlib.util.find_spec("torch")
    if found is not None and found.origin is not None:
        yield Path(found.origin)
        yield Path(found.origin).with_name("version.py")


def _sources(folder: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _sources(entry.path)
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_mtime_ns} {status.st_size}"


def _stamp(path: Path) -> str:
    try:
        status = path.stat()
    except OSError:
        return f"{path} -"
    return f"{path} {status.st_mtime_ns} {status.st_ino}"


def _link(path: str) -> str:
    try:
        return os.readlink(path)  # noqa: PTH115 - it leads nowhere: it is only to be read
    except OSError:
        return "-"
