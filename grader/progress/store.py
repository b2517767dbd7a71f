"""Keeps the progress on disk: in `.grade/` of the course, or in the user's own folder for state.

A reader sees the old file or the new one, and of two processes that note something neither undoes
what the other noted. A file that cannot be understood is put aside and begun anew: what is
remembered is of use, but never needed.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from grader.atomic import write_atomically
from grader.course.catalog import Course
from grader.errors import ReportNotWrittenError
from grader.language import Text, text
from grader.progress.model import FORMAT, Progress

__all__ = ["STATE_VARIABLE", "Loaded", "note", "read_progress", "state_folder"]

STATE_VARIABLE: Final = "GRADE_STATE"

_FOLDER: Final = ".grade"
_NAME: Final = "state.json"
_DAMAGED_NAME: Final = "state.damaged.json"
_MAX_BYTES: Final = 1 << 20
_LOCK_SECONDS: Final = 10


class Loaded(NamedTuple):
    """What was remembered, and what the user should be told about it."""

    progress: Progress
    remark: Text | None = None


def state_folder(course: Course) -> Path:
    """Name the folder for all that is remembered of a course; it need not be there yet.

    The folder that GRADE_STATE names wins; then `.grade` in the course's, and where that may not
    be written to, one in the user's own folder for state, as the XDG specification has it.

    Raises:
        OSError: There is no such folder, since the user has no home.
    """
    if chosen := os.environ.get(STATE_VARIABLE):
        with _home_is_needed():
            return Path(chosen).expanduser().absolute()
    inside = course.root / _FOLDER
    if os.access(inside if inside.is_dir() else course.root, os.W_OK):
        return inside
    # Two courses of one name must not share what is remembered of them.
    digest = hashlib.sha256(os.fsencode(course.root.resolve())).hexdigest()[:8]
    return _user_folder() / "torchgrade" / f"{course.root.name}-{digest}"


def read_progress(course: Course) -> Loaded:
    """Read what is remembered; never fails."""
    try:
        folder = state_folder(course)
        progress = _decode(_read(folder / _NAME))
        if progress is not None:
            return Loaded(progress)
        with _locked(folder):
            return _load(folder)
    except OSError as error:
        return Loaded(Progress(), _unreadable(_reason(error)))


def note(course: Course, change: Callable[[Progress], object]) -> Text | None:
    """Change what is remembered, on disk; never fails.

    Args:
        course: Whose progress.
        change: Changes the progress that it is given.

    Returns:
        What the user should be told; None where all went well.
    """
    try:
        folder = state_folder(course)
        with _locked(folder):
            loaded = _load(folder)
            change(loaded.progress)
            content = msgspec.json.format(msgspec.json.encode(loaded.progress), indent=2)
            write_atomically(folder / _NAME, content + b"\n")
    except ReportNotWrittenError as error:
        return _not_noted(error.message)
    except OSError as error:
        return _not_noted(_reason(error))
    return loaded.remark


def _user_folder() -> Path:
    """Name the user's own folder for state.

    Raises:
        OSError: The user has no home folder.
    """
    if sys.platform == "win32" and (local := os.environ.get("LOCALAPPDATA")):
        return Path(local)
    chosen = Path(os.environ.get("XDG_STATE_HOME", ""))
    if chosen.is_absolute():  # the specification has relative ones ignored
        return chosen
    with _home_is_needed():
        return Path.home() / ".local" / "state"


@contextlib.contextmanager
def _home_is_needed() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # which is how pathlib says that there is none
        raise OSError(errno.ENOENT, str(error)) from error


def _read(path: Path) -> bytes:
    """Read the file, as far as one of ours can go; a missing one is an empty progress."""
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES + 1)
    except FileNotFoundError:
        return msgspec.json.encode(Progress())


def _decode(content: bytes) -> Progress | None:
    if len(content) > _MAX_BYTES:
        return None
    try:
        progress = msgspec.json.decode(content, type=Progress)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return progress if progress.format == FORMAT else None


def _load(folder: Path) -> Loaded:
    """Read under the lock; what cannot be understood is put aside, and a sentence says so."""
    progress = _decode(_read(folder / _NAME))
    if progress is not None:
        return Loaded(progress)
    aside = folder / _DAMAGED_NAME
    (folder / _NAME).replace(aside)
    remark = Text(
        en=f"What was remembered of your progress is damaged and begins anew; "
        f"the old file is kept as {aside}.",
        zh=f"之前的进度记录已损坏，将重新开始；旧文件保存为 {aside}。",
    )
    return Loaded(Progress(), remark)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, for as long as the block takes.

    Raises:
        OSError: The folder cannot be made, or somebody else holds the lock for too long.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - only who writes waits for it

    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    lock = FileLock(folder / "state.lock", timeout=_LOCK_SECONDS)
    try:
        with lock:
            yield
    except Timeout as error:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), lock.lock_file) from error


def _reason(error: OSError) -> Text:
    place = f"{error.filename}: " if error.filename else ""
    return text(f"{place}{error.strerror or error}")


_ELSEWHERE: Final = Text(
    en="The variable GRADE_STATE names another folder.",
    zh="可以用环境变量 GRADE_STATE 指定别的文件夹。",
)


def _unreadable(reason: Text) -> Text:
    return Text(
        en=f"What was remembered of your progress could not be read: {reason.en}. {_ELSEWHERE.en}",
        zh=f"无法读取之前的进度记录：{reason.zh}。{_ELSEWHERE.zh}",
    )


def _not_noted(reason: Text) -> Text:
    return Text(
        en=f"Your progress could not be noted: {reason.en}. {_ELSEWHERE.en}",
        zh=f"无法记录你的进度：{reason.zh}。{_ELSEWHERE.zh}",
    )
