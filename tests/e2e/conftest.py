"""What the tests of whole commands share."""

from __future__ import annotations

import signal

import pytest


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Let the commands that are started here be interrupted.

    A shell starts what runs in its background with Ctrl-C ignored, and so would they be.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
