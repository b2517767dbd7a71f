"""Reads a file's bytes, if it is a regular file of a sensible size."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from grader.errors import FileUnavailableError, SubmissionError
from grader.language import Text

# A pipe must not make us wait for somebody to write to it; Windows has no such flag.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_CHUNK = 1024 * 1024
_NAME_THE_FILE: Final = Text(
    en="Name the file itself: a .py file or an .ipynb notebook.",
    zh="请指明文件本身：.py 文件或 .ipynb notebook。",
)


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """Return a file's bytes. A symbolic link to a regular file will do.

    Args:
        path: The file.
        max_bytes: The most that it may hold; checked before it is read.

    Raises:
        FileUnavailableError: There is no such file, it may not be read, or its disk fails.
        SubmissionError: It is a folder, a pipe or a device, or it is too large.
    """
    try:
        descriptor = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        raise not_opened(path, error) from error
    try:
        _check(path, os.fstat(descriptor), max_bytes)
        return _read(path, descriptor, max_bytes)
    except OSError as error:
        raise not_opened(path, error) from error
    finally:
        os.close(descriptor)


def _read(path: Path, descriptor: int, max_bytes: int) -> bytes:
    data = bytearray()
    # A file can grow after it was measured.
    while chunk := os.read(descriptor, _CHUNK):
        data += chunk
        if len(data) > max_bytes:
            raise too_large(path, len(data), max_bytes)
    return bytes(data)


def _check(path: Path, status: os.stat_result, max_bytes: int) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _is_folder(path)
    if not stat.S_ISREG(status.st_mode):
        msg = Text(en=f"{path} is not a regular file", zh=f"{path} 不是普通文件")
        raise SubmissionError(msg, hint=_NAME_THE_FILE)
    if status.st_size > max_bytes:
        raise too_large(path, status.st_size, max_bytes)


def _is_folder(path: Path) -> SubmissionError:
    msg = Text(en=f"{path} is a folder", zh=f"{path} 是一个文件夹")
    return SubmissionError(msg, hint=_NAME_THE_FILE)


def too_large(path: Path, size: int, max_bytes: int) -> SubmissionError:
    """Word that a file holds more than a submission may."""
    limit = max_bytes // (1024 * 1024)
    msg = Text(
        en=f"{path} is too large: {size} bytes or more, the limit is {limit} MB",
        zh=f"{path} 太大：至少 {size} 字节，上限为 {limit} MB",
    )
    hint = Text(
        en="Hand in the code only; clear a notebook's outputs before saving it.",
        zh="只需提交代码；保存 notebook 之前请先清除输出。",
    )
    return SubmissionError(msg, hint=hint)


def not_opened(path: Path, error: OSError | ValueError) -> SubmissionError:
    """Word why a file or a folder cannot be read."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        hint = Text(
            en="Check the path; `grade list` shows the exercises and their files.",
            zh="请检查路径；`grade list` 会列出练习及其文件。",
        )
        msg = Text(en=f"there is no file {path}", zh=f"文件 {path} 不存在")
        return FileUnavailableError(msg, hint=hint)
    if isinstance(error, IsADirectoryError):
        return _is_folder(path)
    if isinstance(error, PermissionError):
        msg = Text(en=f"{path} may not be read", zh=f"没有读取 {path} 的权限")
        hint = Text(en="Check its permissions.", zh="请检查它的权限。")
        return FileUnavailableError(msg, hint=hint)
    reason = getattr(error, "strerror", None) or str(error)
    msg = Text(en=f"{path} cannot be read: {reason}", zh=f"无法读取 {path}：{reason}")
    hint = Text(
        en="Copy it to a folder and a name without anything special, and name it there.",
        zh="请把它复制到普通的文件夹并使用普通的文件名，然后指定那个文件。",
    )
    # A name that holds a zero is the caller's mistake, and not the machine's.
    kind = FileUnavailableError if isinstance(error, OSError) else SubmissionError
    return kind(msg, hint=hint)
