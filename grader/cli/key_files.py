"""Writes keys: into new files only, so that no old key is ever lost."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from grader.errors import UsageError
from grader.language import Text

__all__ = ["KeyFile", "write_key_files"]


class KeyFile(NamedTuple):
    """A file that is to be written."""

    path: Path
    content: bytes
    mode: int = 0o600
    """Its permissions; by default its owner alone reads it."""


def write_key_files(*files: KeyFile) -> None:
    """Write all of the files and name them, or none.

    Raises:
        UsageError: One of them is there already, or cannot be written.
    """
    made: list[Path] = []
    for file in files:
        try:
            # Nobody may read it, not even for the moment before its mode is set.
            descriptor = os.open(file.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode)
            made.append(file.path)
            with open(descriptor, "wb") as opened:  # noqa: PTH123 - a descriptor
                opened.write(file.content)
        except OSError as error:
            _remove(made)
            raise _not_written(file.path, error) from error
    for path in made:
        click.echo(str(path))


def _remove(paths: Sequence[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink()


def _not_written(path: Path, error: OSError) -> UsageError:
    cause = error.strerror or str(error)
    return UsageError(
        Text(en=f"no key was written to {path}: {cause}", zh=f"未向 {path} 写入密钥：{cause}"),
        hint=Text(en="Name a new file.", zh="请指定一个新文件。"),
    )
