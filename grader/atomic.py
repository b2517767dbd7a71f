"""Files that are either written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from grader.errors import ReportNotWrittenError
from grader.language import Text

__all__ = ["write_atomically"]


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` in place of what stood at `path`, in one step.

    A reader sees the old file or the new one, never a part, whatever happens in between. A link
    is followed; a device or a pipe is written to, since it cannot be replaced.

    Raises:
        ReportNotWrittenError: The disk is full, the folder is missing or may not be written to.
    """
    path = path.resolve() if path.is_symlink() else path
    if path.exists() and not path.is_file():
        _write_into(path, content)
        return
    # In the same folder, since a rename is one step only within a file system.
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        _write_through(temporary, content)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _write_into(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
    except OSError as error:
        raise _not_written(path, error) from error


def _write_through(path: Path, content: bytes) -> None:
    """Write a new file and wait until it lies on the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; of use, and possible, where a folder can be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_written(path: Path, error: OSError) -> ReportNotWrittenError:
    cause = error.strerror or str(error)
    return ReportNotWrittenError(
        Text(en=f"{path} could not be written: {cause}", zh=f"无法写入 {path}：{cause}"),
        hint=Text(
            en="Free some space, or name a file in a folder that you may write to.",
            zh="请清理磁盘空间，或者换一个有写权限的文件夹。",
        ),
    )
