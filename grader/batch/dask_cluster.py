"""A Dask cluster of our own on this machine: a process that ends with whoever started it.

Dask starts a cluster within the process that asks for it, and can be stopped there only once
everything runs. A process beside ours can be left at any moment, and Ctrl-C does not reach it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import multiprocessing
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from tempfile import mkdtemp
from typing import Final

from grader.errors import WorkerUnavailableError
from grader.language import Text

_END_SECONDS: Final = 1.0
_BUSY_SECONDS: Final = 0.5
"""How long its loop may be busy when a cluster is to end."""
# What multiprocessing shares between processes is cleaned up behind those that leave at once;
# nobody need be told.
_QUIET: Final = ("-W", "ignore:resource_tracker:UserWarning")


@contextlib.contextmanager
def own_cluster(jobs: int) -> Iterator[str]:
    """Start a cluster, and end it with the block.

    Args:
        jobs: How many workers it has, with one thread each.

    Yields:
        The scheduler's address, once all workers are there.

    Raises:
        WorkerUnavailableError: It did not start.
    """
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", *_QUIET, "-m", __name__, str(jobs)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            address = _line_of(process)
            if not address:
                raise _not_started()
            yield address
        finally:
            _end(process)


def _line_of(process: subprocess.Popen[str]) -> str:
    return "" if process.stdout is None else process.stdout.readline().strip()


def _end(process: subprocess.Popen[str]) -> None:
    """Hang up, which ends the cluster; one that does not notice is killed."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()


def _not_started() -> WorkerUnavailableError:
    return WorkerUnavailableError(
        Text(en="Dask's cluster on this machine did not start", zh="本机的 Dask 集群未能启动"),
        hint=Text(
            en="The lines above say why; `--engine local` does without Dask.",
            zh="原因见上面的输出；`--engine local` 不需要 Dask。",
        ),
    )


def main(jobs: int) -> None:
    """Run a cluster, print its scheduler's address, and end when standard input does."""
    folder = mkdtemp(prefix="grade-dask-")
    loop = asyncio.new_event_loop()
    # Before the import: whoever gives up meanwhile does not wait for it.
    threading.Thread(target=_end_with_input, args=(loop, folder), daemon=True).start()
    import dask  # noqa: PLC0415
    import distributed  # noqa: F401, PLC0415 - what follows needs it, and must not wait for it

    dask.config.set(temporary_directory=folder)
    loop.run_until_complete(_serve(jobs))


async def _serve(jobs: int) -> None:
    from distributed import LocalCluster  # noqa: PLC0415 - takes long to import

    # A cluster puts back, when it is closed, the level that it found.
    logging.getLogger("distributed").setLevel(logging.WARNING)
    async with LocalCluster(
        asynchronous=True,
        n_workers=jobs,
        threads_per_worker=1,
        # No dashboard; and whatever else is served, on any free port, is for this machine alone.
        dashboard_address="127.0.0.1:0",
        scheduler_kwargs={"dashboard": False},
        # The work is done in processes that a Dask worker starts; its own memory stays small.
        memory_limit=0,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)  # noqa: T201 - this is the answer
        await asyncio.Event().wait()


def _end_with_input(loop: asyncio.AbstractEventLoop, folder: str) -> None:
    """Leave when nobody is left at the other end of standard input."""
    sys.stdin.read()
    if loop.is_running():
        # On the loop itself: there, Dask would start anew what it sees end.
        loop.call_soon_threadsafe(_leave, folder)
        time.sleep(_BUSY_SECONDS)
    _leave(folder)


def _leave(folder: str) -> None:
    """Leave at once, with all workers."""
    for worker in multiprocessing.active_children():
        worker.kill()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
