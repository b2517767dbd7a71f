"""Keeps what this process knows from other processes of the same user, submissions among them.

A submission is locked in anyway; this is for a machine that lacks one of the locks.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from typing import Final

__all__ = ["forbid_tracing", "wipe_variable"]

_PR_SET_DUMPABLE: Final = 4


def forbid_tracing() -> None:
    """Keep other processes of this user from our memory, our environment and our descriptors."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def wipe_variable(name: str) -> None:
    """Overwrite a variable's value where the kernel shows it: in /proc/…/environ."""
    if sys.platform != "linux":
        return
    getenv = ctypes.CDLL(None).getenv
    getenv.restype = ctypes.c_void_p
    address = getenv(name.encode())
    if address:
        ctypes.memset(address, 0, len(ctypes.string_at(address)))
