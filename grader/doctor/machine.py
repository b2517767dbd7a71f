"""Facts about the machine, told without importing torch."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

import msgspec

from grader.errors import GraderError
from grader.language import Text
from grader.session.container.engine import (
    ENGINES,
    Engine,
    ask_engine,
    build_command,
    find_engine,
)
from grader.version import VERSION

_GIB: Final = 2**30
_MIN_DISK: Final = 2 * _GIB
_MIN_MEMORY: Final = 2 * _GIB
_PER_WORKER: Final = 1.5
"""GiB that one submission at a time may take: the default limit, and torch itself."""
_SHARED_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - it is looked at, nothing is written


class Fact(msgspec.Struct, frozen=True):
    """One thing that was looked at."""

    id: str
    title: Text
    value: str
    state: Literal["ok", "warning"] = "ok"
    cure: Text | None = None
    """What to do where it is a warning."""


def facts_of_machine() -> Iterator[Fact]:
    """Look at everything that needs no process of the grader's."""
    yield _fact("grader", "grader", "评分程序", f"torchgrade {VERSION}")
    yield _python()
    yield _fact("system", "system", "系统", f"{platform.system()} {platform.release()}")
    yield _user()
    yield _encoding()
    yield _disk()
    yield _memory()
    yield _shared_memory()
    yield _containers()
    yield from _data_sets()


def _fact(identifier: str, en: str, zh: str, value: str, cure: Text | None = None) -> Fact:
    state: Literal["ok", "warning"] = "ok" if cure is None else "warning"
    return Fact(identifier, Text(en=en, zh=zh), value, state, cure)


def _python() -> Fact:
    version = platform.python_version()
    torch = _version_of("torch")
    return _fact("python", "Python", "Python", f"{version}, torch {torch}, {sys.executable}")


def _version_of(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "-"


def _user() -> Fact:
    uid = os.geteuid() if hasattr(os, "geteuid") else None
    return _fact("user", "user", "用户", "-" if uid is None else f"uid {uid}")


def _encoding() -> Fact:
    terminal = getattr(sys.stdout, "encoding", None) or "-"
    files = locale.getpreferredencoding(False)  # noqa: FBT003 - its own signature
    is_right = terminal.lower().replace("-", "") == "utf8"
    cure = Text(
        en="Set `PYTHONUTF8=1` or a UTF-8 locale, or some characters show as question marks.",
        zh="请设置 `PYTHONUTF8=1` 或 UTF-8 语言环境，否则部分文字会显示为问号。",
    )
    value = f"terminal {terminal}, files {files}, LANG {os.environ.get('LANG', '-')}"
    return _fact("encoding", "encoding", "编码", value, None if is_right else cure)


def _disk() -> Fact:
    folder = tempfile.gettempdir()
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return _fact("disk", "free disk", "可用磁盘", str(error), _MORE_DISK)
    value = f"{free / _GIB:.1f} GiB in {folder}"
    return _fact("disk", "free disk", "可用磁盘", value, None if free >= _MIN_DISK else _MORE_DISK)


def _memory() -> Fact:
    import psutil  # noqa: PLC0415 - help and lists do not wait for it

    found = psutil.virtual_memory()
    fits = max(0, int(found.available / _GIB / _PER_WORKER))
    value = f"{found.available / _GIB:.1f} of {found.total / _GIB:.1f} GiB free, --jobs {fits}"
    cure = Text(
        en="Close other programs, or use `--jobs 1`.", zh="请关闭其他程序，或使用 `--jobs 1`。"
    )
    return _fact(
        "memory", "memory", "内存", value, None if found.available >= _MIN_MEMORY else cure
    )


def _shared_memory() -> Fact:
    """Tell of /dev/shm, which workers do not need: they load data in their own process."""
    try:
        free = f"{shutil.disk_usage(_SHARED_MEMORY).free / _GIB:.1f} GiB"
    except OSError:
        free = "-"
    return _fact("shm", "/dev/shm", "/dev/shm", free)  # noqa: S108 - a title


def _containers() -> Fact:
    """Tell which container engines there are, and whether they could be used."""
    found = [_engine(engine) for engine in ENGINES if shutil.which(engine)]
    return _fact("containers", "containers", "容器", "; ".join(found) or "-")


def _engine(engine: Engine) -> str:
    settings = find_engine(engine)
    state = ask_engine(settings)
    if state.version is None:
        return f"{engine}: {state.answer or 'no answer'}"
    image = settings.image if state.has_image else f"no image; `{build_command(settings)}`"
    return f"{engine} {state.version}, {image}"


def _data_sets() -> Iterator[Fact]:
    from grader.datasets.image_sets import IMAGE_SETS  # noqa: PLC0415 - reads and hashes files
    from grader.datasets.store import locate, stores  # noqa: PLC0415

    for image_set in IMAGE_SETS:
        try:
            found = locate(image_set, stores())
        except GraderError as error:
            yield _fact(image_set.name, image_set.name, image_set.name, str(error))
            continue
        yield _fact(
            image_set.name,
            image_set.name,
            image_set.name,
            str(found) if found else f"- (`grade data {image_set.name}`)",
        )


_MORE_DISK: Final = Text(
    en="Free some space, or let TMPDIR name another folder.",
    zh="请清理磁盘，或用 TMPDIR 指定其他文件夹。",
)
