"""The folder that a batch writes: reports, journal, gradebook; one batch at a time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from grader.atomic import write_atomically
from grader.errors import ReportNotWrittenError, UsageError
from grader.language import Text

if sys.platform != "win32":
    import fcntl

REPORTS: Final = "reports"
_LOCK: Final = ".lock"
_WORKSPACE: Final = ".unpacked"
GO_ON: Final = Text(
    en="Free some space or correct the permissions, and run the command again: it goes on where "
    "it stopped.",
    zh="请清理磁盘空间或修正权限，然后重新运行同一命令：它会从中断处继续。",
)
"""What to do when a batch could not write on."""
_ANOTHER_FOLDER: Final = Text(
    en="Free some space, or name a folder that you may write to with --out.",
    zh="请清理磁盘空间，或用 --out 指定有写权限的文件夹。",
)


def report_path(out: Path, student: str, exercise: str) -> Path:
    """Say where a student's report lies."""
    return out / REPORTS / student / f"{exercise}.json"


def write_report_bytes(out: Path, student: str, exercise: str, content: bytes) -> None:
    """Write one report, whole or not at all, into an output folder that has been made.

    Raises:
        ReportNotWrittenError: It could not be written, or the folder is gone.
    """
    path = report_path(out, student, exercise)
    with _translated(path, GO_ON):
        try:
            # Not the output folder: in a new one, all that was written before would be missing.
            (out / REPORTS).mkdir(exist_ok=True)
            path.parent.mkdir(parents=True, exist_ok=True)
        except FileNotFoundError as error:
            raise _gone(out) from error
    try:
        write_atomically(path, content)
    except ReportNotWrittenError as error:
        raise ReportNotWrittenError(error.message, hint=GO_ON) from error


def is_intact(out: Path, student: str, exercise: str, sha256: str) -> bool:
    """Say whether a report still is what was written."""
    try:
        content = report_path(out, student, exercise).read_bytes()
    except OSError:
        return False
    return hashlib.sha256(content).hexdigest() == sha256


@contextlib.contextmanager
def locked(out: Path) -> Iterator[None]:
    """Make the folder, and keep it for ourselves.

    Raises:
        UsageError: Another batch is writing it.
        ReportNotWrittenError: It cannot be made.
    """
    with take_lock(out):
        yield


def take_lock(out: Path) -> IO[str]:
    """Make the folder, and keep it for ourselves until what is returned is closed.

    A process that is given the file's descriptor keeps the folder as well.

    Raises:
        UsageError: Another batch is writing it, or it is a file.
        ReportNotWrittenError: It cannot be made.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(
            Text(en=f"{out} is no folder", zh=f"{out} 不是文件夹"),
            hint=Text(en="Name a folder with --out.", zh="请用 --out 指定一个文件夹。"),
        )
    with _translated(out):
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / _LOCK).open("a+", encoding="ascii")
    try:
        _take(lock, out)
    except BaseException:
        lock.close()
        raise
    return lock


def sign_lock(lock: IO[str]) -> None:
    """Write into a lock that is ours who we are, for those who find the folder taken.

    A courtesy: on a full disk it is ours without it.
    """
    with contextlib.suppress(OSError):
        os.ftruncate(lock.fileno(), 0)
        os.write(lock.fileno(), str(os.getpid()).encode())


@contextlib.contextmanager
def workspace(out: Path) -> Iterator[Path]:
    """Make a folder to unpack archives into; what a killed batch left of one is removed.

    Raises:
        ReportNotWrittenError: It cannot be made.
    """
    folder = out / _WORKSPACE
    with _translated(folder):
        for left in out.glob(f"{_WORKSPACE}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder.mkdir(mode=0o700)
    try:
        yield folder
    except KeyboardInterrupt:
        _remove_behind(folder)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_behind(folder: Path) -> None:
    """Let another process remove a folder: with thousands of files it takes seconds."""
    if sys.platform == "win32":
        return
    # Under another name, since the next batch makes a folder of this one.
    aside = folder.with_name(f"{folder.name}-{os.getpid()}")
    with contextlib.suppress(OSError):
        folder.rename(aside)
        subprocess.run(  # noqa: S603 - our own command line
            ["/bin/sh", "-c", 'rm -rf -- "$0" &', str(aside)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            check=False,
        )


def _take(lock: IO[str], out: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.seek(0)
        owner = lock.read(20).strip() or "?"
        raise UsageError(
            Text(
                en=f"another batch (process {owner}) is writing {out}",
                zh=f"另一个批量评分（进程 {owner}）正在写入 {out}",
            ),
            hint=Text(
                en="Wait until it has ended, or name another folder with --out.",
                zh="请等待它结束，或用 --out 指定另一个文件夹。",
            ),
        ) from error
    sign_lock(lock)


def _gone(out: Path) -> ReportNotWrittenError:
    return ReportNotWrittenError(
        Text(
            en=f"{out} was moved or deleted while reports were written to it",
            zh=f"写入报告期间，{out} 被移走或删除了",
        ),
        hint=Text(
            en="Put it back, or name its new place with --out, and run the command again: it goes "
            "on where it stopped.",
            zh="请把它放回原处，或用 --out 指定它的新位置，然后重新运行同一命令："
            "它会从中断处继续。",
        ),
    )


@contextlib.contextmanager
def _translated(path: Path, hint: Text = _ANOTHER_FOLDER) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cause = error.strerror or str(error)
        raise ReportNotWrittenError(
            Text(en=f"{path} could not be written: {cause}", zh=f"无法写入 {path}：{cause}"),
            hint=hint,
        ) from error
