"""Files that are either written whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from grader.errors import ReportNotWrittenError
from grader.language import Text

__all__ = ["not_written", "open_atomically", "write_atomically"]


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
    with open_atomically(path) as file:
        file.write(content)


@contextlib.contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of what stood at `path` once the block has ended well.

    For what is too large to be held in memory; nothing but writing belongs into the block, since
    any `OSError` in it is taken for one of the disk.

    Raises:
        ReportNotWrittenError: The disk is full, the folder is missing or may not be written to.
    """
    # In the same folder, since a rename is one step only within a file system.
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            # The content has to lie on the disk before the name does.
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise not_written(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _write_into(path: Path, content: bytes) -> None:
    try:
        with path.open("wb") as file:
            file.write(content)
    except OSError as error:
        raise not_written(path, error) from error


def _sync_folder(folder: Path) -> None:
    """Make the rename itself last; of use, and possible, where a folder can be opened."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def not_written(path: Path, error: OSError) -> ReportNotWrittenError:
    """Word why a file could not be written."""
    cause = error.strerror or str(error)
    return ReportNotWrittenError(
        Text(en=f"{path} could not be written: {cause}", zh=f"无法写入 {path}：{cause}"),
        hint=Text(
            en="Free some space, or name a file in a folder that you may write to.",
            zh="请清理磁盘空间，或者换一个有写权限的文件夹。",
        ),
    )
