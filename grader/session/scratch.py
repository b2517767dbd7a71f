"""Folders for what the workers of a job write, and their place among temporary files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.worker.removal import remove_tree

SCRATCH_PREFIX: Final = "grade-"
"""How the names of these folders begin."""


def make_scratch(within: Path | None = None) -> Path:
    """Make a folder that workers can pass through; the caller has it removed.

    Args:
        within: Where it is made; in the folder for temporary files where None.

    Raises:
        WorkerUnavailableError: That folder cannot be written to.
    """
    try:
        folder = Path(mkdtemp(prefix=SCRATCH_PREFIX, dir=within))
    except OSError as error:
        raise _no_scratch(error) from error
    # A worker has a uid of its own: it passes through here and cannot list what lies here.
    folder.chmod(0o711)
    return folder


@contextlib.contextmanager
def scratch_folder(within: Path | None = None) -> Iterator[Path]:
    """Make the folder in which the workers of one job get theirs; it is removed afterwards.

    See `make_scratch`.
    """
    folder = make_scratch(within)
    try:
        yield folder
    finally:
        remove_tree(str(folder))


def folder_of_scratches(scratch: str) -> str:
    """Give the folder for temporary files in which a worker's own lies.

    Args:
        scratch: That of the worker; the folders between the two have names of ours.
    """
    folder = os.path.dirname(scratch)  # noqa: PTH120 - a policy's own form
    while os.path.basename(folder).startswith(SCRATCH_PREFIX):  # noqa: PTH119
        folder = os.path.dirname(folder)  # noqa: PTH120
    return folder


def _no_scratch(error: OSError) -> WorkerUnavailableError:
    cause = error.strerror or str(error)
    return WorkerUnavailableError(
        Text(
            en=f"no temporary folder could be made: {cause}: {error.filename or ''}",
            zh=f"无法创建临时文件夹：{cause}：{error.filename or ''}",
        ),
        hint=Text(
            en="Free some space, or let the variable TMPDIR name a folder that you may write to.",
            zh="请清理磁盘空间，或用环境变量 TMPDIR 指定有写权限的文件夹。",
        ),
    )
