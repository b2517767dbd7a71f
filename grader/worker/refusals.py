"""Says in plain words what the lock-down refused, where Python says `[Errno 1]`.

An error number alone does not tell a socket from a fork; the traceback does. What is told here
is only worded differently: the exception, its class and its line stay what they are.
"""

from __future__ import annotations

import errno
import os
import re
import traceback
import types
from collections.abc import Iterator
from typing import Final

from grader.worker.places import clean, safe_text

REFUSALS: Final = {
    "network-off": "network access is off while grading",
    "program-off": "starting other programs is off while grading",
    "process-off": "starting other processes is off while grading",
    "files-off": "files outside the working folder are out of reach while grading",
    "threads-limit": "more threads than grading allows",
    "file-limit": "a file larger than grading allows",
    "disk-limit": "more files or bytes than the working folder holds while grading",
    "open-files-limit": "more files open at a time than grading allows",
    "act-off": "the operating system refuses this while grading",
}
"""What is refused, by a name for each class; `grader.session.refusals` has it in both languages."""

_LIMITS: Final = {
    errno.EFBIG: "file-limit",
    errno.ENOSPC: "disk-limit",
    errno.EMFILE: "open-files-limit",
}
_MODULES: Final = (
    # The first that fits: processes are started through `subprocess`, downloads run in threads.
    ("process-off", ("multiprocessing", "concurrent.futures.process", "torch.multiprocessing")),
    ("program-off", ("subprocess", "pty")),
    ("network-off", ("socket", "ssl", "http", "urllib", "urllib3", "requests", "httpx", "ftplib")),
)
_WORDS: Final = (
    ("process-off", re.compile(r"fork")),
    ("program-off", re.compile(r"exec|spawn|system|popen")),
    ("network-off", re.compile(r"socket|connect|bind|listen")),
)
_NO_FOLDER: Final = re.compile(r"Parent directory (\S.{0,200}?) does not exist")
_NOT_SAVED: Final = re.compile(r"PytorchStreamWriter failed|inline_container.*unexpected pos")
_REFUSED: Final = (errno.EPERM, errno.EACCES, errno.EROFS)
_MAX_CHAIN: Final = 8
_MAX_PATH: Final = 200


def plain_text(error: BaseException) -> str:
    """Give an exception's text; where it is that of a refusal, what was refused."""
    try:
        found = next(filter(None, map(_of_one, _chain(error))), None)
    except BaseException:  # noqa: BLE001 - a class of the student's may answer with anything
        found = None
    return safe_text(error) if found is None else clean(found)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Give an exception and those behind it."""
    for _ in range(_MAX_CHAIN):
        yield error
        behind = [error.__cause__, error.__context__, getattr(error, "reason", None)]
        following = next((each for each in behind if isinstance(each, BaseException)), None)
        if following is None:
            return
        error = following


def _of_one(error: BaseException) -> str | None:
    if isinstance(error, RuntimeError):
        return _of_runtime_error(str(error))
    if not isinstance(error, OSError):
        return None
    if error.errno in _LIMITS:
        return REFUSALS[_LIMITS[error.errno]]
    by_module = _class_by_module(error.__traceback__)
    if by_module is not None:
        return REFUSALS[by_module]
    path = _outside(error)
    if path is not None:
        return f"{REFUSALS['files-off']}: {path!r}"
    return REFUSALS[_class_by_line(error)] if error.errno == errno.EPERM else None


def _of_runtime_error(text: str) -> str | None:
    """Tell from the words of Python and of torch, whose writer names no error number."""
    if "can't start new thread" in text:
        return REFUSALS["threads-limit"]
    if _NOT_SAVED.search(text):
        return REFUSALS["file-limit"]
    folder = _NO_FOLDER.search(text)
    is_outside = folder is not None and not _is_own(folder[1])
    return f"{REFUSALS['files-off']}: {folder[1]!r}" if folder and is_outside else None


def _class_by_module(trace: types.TracebackType | None) -> str | None:
    """Tell from the modules that the error came through."""
    names = [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(trace)]
    for kind, modules in _MODULES:
        if any(name == each or name.startswith(f"{each}.") for name in names for each in modules):
            return kind
    return None


def _class_by_line(error: BaseException) -> str:
    """Tell from the line of the submission: a function of C leaves no frame."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    text = (last[0].line or "") if last else ""
    return next((kind for kind, words in _WORDS if words.search(text)), "act-off")


def _outside(error: OSError) -> str | None:
    """Give the path that could not be had, if it lies outside of what a worker has."""
    name = error.filename
    path = os.fsdecode(name) if isinstance(name, str | bytes) else ""
    if error.errno not in (*_REFUSED, errno.ENOENT):
        return None
    return path[:_MAX_PATH] if path and not _is_own(path) else None


def _is_own(path: str) -> bool:
    """Tell whether a path lies in the folder in which a worker may write."""
    # The lock-down has put the home folder there.
    scratch = os.path.dirname(os.environ.get("HOME", ""))
    place = os.path.abspath(path)
    return place == scratch or place.startswith(scratch + os.sep)
