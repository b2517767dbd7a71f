"""The process from which a server's examiners are forked.

It is itself forked from the nursery, so that torch is there, and imports pytest and the examiner's
modules once. Like the nursery it runs no operator, and it holds no suite and no solution. The
workers of its examiners are forked from the nursery, which knows nothing of all this.
"""

from __future__ import annotations

import gc
import importlib
import socket
from typing import Final

from grader.worker import identity
from grader.worker.nursery import Nursery

_MODULES: Final = (
    "grader.session.examiner",
    # What suites import.
    "grader.session.compare",
    "grader.session.probing",
    "grader.datasets.store",
)


def serve(connection: socket.socket, workers: socket.socket) -> None:
    """Fork examiners until the other side hangs up. The entry that the nursery calls.

    Args:
        connection: Carries `grader.worker.control`; each request brings an examiner's sockets.
        workers: Would fork workers for this process, which has none.
    """
    workers.close()
    identity.die_with_parent()
    from grader.session import suite  # noqa: PLC0415 - with pytest, which only this process has

    for name in _MODULES:
        importlib.import_module(name)
    suite.rehearse()
    # An examiner looks for garbage among its own objects only.
    gc.freeze()
    Nursery(connection).run()


def examine(job: socket.socket, control: socket.socket) -> None:
    """Answer the jobs of one client. The entry of each examiner."""
    identity.die_with_parent()
    from grader.session import examiner  # noqa: PLC0415 - imported by `serve`, once for all

    examiner.serve(job, control)
