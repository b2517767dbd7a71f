"""How much an archive may hold, and what is left of that while it is unpacked."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.batch.discovery.identity import shown
from grader.batch.discovery.listing import RefusedError
from grader.language import Text
from grader.submission.submission import MAX_NOTEBOOK_BYTES, MAX_SCRIPT_BYTES

__all__ = ["OF_A_SOURCE", "OF_A_STUDENT", "Budget", "ExhaustedError", "Limits", "max_bytes_of"]

_MIB: Final = 1024 * 1024
MAX_ARCHIVE_BYTES: Final = 300 * _MIB
"""Bytes of an archive within an archive: room for a data set that was packed by mistake."""


class ExhaustedError(RefusedError):
    """Nothing more of this archive is read, nor of those that share its limits."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """The most that one archive, or all archives of one student, may cost."""

    total_bytes: int
    """Bytes that are unpacked."""
    entries: int
    """Files and folders of one archive."""
    ratio: int = 250
    """Bytes unpacked for each packed one. Code has 3 to 20, a very repetitive notebook 100."""
    free_bytes: int = 4 * _MIB
    """Bytes from which on the ratio counts."""
    depth: int = 32
    """Folders within folders."""
    name_bytes: int = 255
    """Bytes of one name, in UTF-8."""


OF_A_SOURCE: Final = Limits(total_bytes=64 * 1024 * _MIB, entries=1_000_000)
OF_A_STUDENT: Final = Limits(total_bytes=600 * _MIB, entries=50_000)


class Budget:
    """What is left to unpack, for an archive and those within it."""

    def __init__(self, limits: Limits) -> None:
        """Begin with all of it."""
        self.limits = limits
        self._left = limits.total_bytes

    def spend(self, count: int) -> None:
        """Take `count` bytes.

        Raises:
            RefusedError: That is more than is left.
        """
        self._left -= count
        if self._left < 0:
            raise too_much(self.limits)

    def check_ratio(self, unpacked: int, packed: int) -> None:
        """Compare what came out with what went in.

        Raises:
            RefusedError: No honest file shrinks that much.
        """
        limits = self.limits
        if unpacked > limits.free_bytes and unpacked > limits.ratio * max(packed, 1):
            raise bomb(limits)


def max_bytes_of(name: str) -> int:
    """Return the most bytes that a file of this name may have."""
    lower = name.lower()
    if lower.endswith(".ipynb"):
        return MAX_NOTEBOOK_BYTES
    return MAX_SCRIPT_BYTES if lower.endswith(".py") else MAX_ARCHIVE_BYTES


def too_large(name: str) -> RefusedError:
    """Say that a single file is too large."""
    limit = max_bytes_of(name) // _MIB
    return RefusedError(
        Text(
            en=f"{shown(name)} is too large: the limit is {limit} MB",
            zh=f"{shown(name)} 太大：上限为 {limit} MB",
        ),
        hint=Text(
            en="Hand in the code only; clear a notebook's outputs before saving it.",
            zh="只需提交代码；保存 notebook 之前请先清除输出。",
        ),
    )


def too_much(limits: Limits) -> ExhaustedError:
    """Say that an archive holds too many bytes."""
    limit = limits.total_bytes // _MIB
    return ExhaustedError(
        Text(
            en=f"the archive unpacks to more than {limit} MB",
            zh=f"压缩包解压后超过 {limit} MB",
        ),
        hint=Text(
            en="Pack the code only, without data sets and environments.",
            zh="请只打包代码，不要包含数据集和虚拟环境。",
        ),
    )


def too_many(limits: Limits) -> ExhaustedError:
    """Say that an archive holds too many files."""
    return ExhaustedError(
        Text(
            en=f"the archive holds more than {limits.entries} files",
            zh=f"压缩包中的文件超过 {limits.entries} 个",
        ),
        hint=Text(
            en="Pack the code only, without data sets and environments.",
            zh="请只打包代码，不要包含数据集和虚拟环境。",
        ),
    )


def bomb(limits: Limits) -> RefusedError:
    """Say that a file unpacks to far more than it was."""
    return RefusedError(
        Text(
            en=f"the archive unpacks to more than {limits.ratio} times its size, as bombs do",
            zh=f"压缩包解压后超过原大小的 {limits.ratio} 倍，疑似压缩炸弹",
        ),
        hint=Text(en="Hand in the files themselves.", zh="请直接提交文件本身。"),
    )
