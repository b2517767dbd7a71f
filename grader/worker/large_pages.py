"""Moves this process's memory into large pages, for the sake of those that it forks.

A fork copies the table of pages, the child's end takes it apart, and both cost far more than what
most children do: with pages of 4 KiB, some 70,000 entries for the memory of torch, with pages of
2 MiB a hundred and fifty.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Final

from grader.worker import kernel

_LARGE_PAGE: Final = 2 * 1024 * 1024


def use_large_pages() -> None:
    """Move private memory into large pages, as much as the kernel lets; what it refuses stays."""
    for start, end in _private_ranges():
        first = -(-start // _LARGE_PAGE) * _LARGE_PAGE
        for address in range(first, end - _LARGE_PAGE + 1, _LARGE_PAGE):
            with contextlib.suppress(OSError):
                kernel.collapse(address, _LARGE_PAGE)


def _private_ranges() -> Iterator[tuple[int, int]]:
    """Give the ranges of addresses that are written to and belong to no file."""
    try:
        with open("/proc/self/maps", encoding="utf-8") as maps:
            lines = maps.readlines()
    except OSError:
        return
    for line in lines:
        addresses, rights, _offset, _device, inode, *_name = line.split()
        if rights.startswith("rw") and rights.endswith("p") and inode == "0":
            start, _, end = addresses.partition("-")
            yield int(start, 16), int(end, 16)
