"""What a worker does from its first instruction: take its descriptors, lock itself down, serve."""

from __future__ import annotations

import faulthandler
import os
import signal
import socket
from typing import NamedTuple

from grader.worker import lockdown, wire
from grader.worker.serve import Server, report_exits


class WorkerDescriptors(NamedTuple):
    """The only descriptors that a worker keeps."""

    connection: int
    stdout: int
    stderr: int
    dump: int
    """Where the interpreter writes tracebacks of crashes, and of a loop that is being ended."""


def run_worker(descriptors: WorkerDescriptors, policy: lockdown.Policy) -> None:
    """Lock this process down and serve requests about one submission.

    Args:
        descriptors: Open descriptors; stdout and stderr replace those of the process.
        policy: What the worker may do.
    """
    os.dup2(descriptors.stdout, 1)
    os.dup2(descriptors.stderr, 2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    connection, dump = os.dup(descriptors.connection), os.dup(descriptors.dump)
    done = lockdown.lock_down(policy, {connection, dump})
    os.set_blocking(dump, False)
    faulthandler.enable(dump, all_threads=False)
    faulthandler.register(signal.SIGUSR1, dump, all_threads=True, chain=False)
    report_exits(dump)
    server_socket = socket.socket(fileno=connection)
    ready = wire.Ready(tuple(done.layers), dict(done.missing))
    for buffer in wire.encode(ready):
        server_socket.sendall(buffer)
    Server(server_socket, policy.memory_bytes).run()
