"""Where the work of a batch is done: on the workers of a Dask cluster, on many machines.

Tasks and results travel as bytes. A task whose worker is lost runs again elsewhere: it has no
effect but its result, which is counted once, where the batch writes it.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import time
import uuid
from collections.abc import Iterator, Sequence
from typing import Any, Final

from distributed import Client
from distributed.comm.core import connect
from distributed.security import Security

from grader.batch.dask_cluster import own_cluster
from grader.batch.dask_worker import GraderPlugin, grade_here
from grader.batch.engine import HOW_TO_GO_ON, Engine
from grader.course.catalog import Course
from grader.errors import UsageError, WorkerUnavailableError
from grader.language import Text

_ANSWER_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 60.0
_LEAVE_SECONDS: Final = 0.5
_GONE: Final = (OSError, RuntimeError, AttributeError, asyncio.CancelledError)
"""What Dask raises where a scheduler does not answer, or a client has given up by itself."""


@contextlib.contextmanager
def dask_engine(
    course: Course,
    names: Sequence[str],
    *,
    scheduler: str | None,
    jobs: int,
    resources: dict[str, float] | None = None,
) -> Iterator[Engine]:
    """Grade on a Dask cluster.

    Args:
        course: The course.
        names: The exercises.
        scheduler: The scheduler's address, such as `tcp://host:8786`; None starts a cluster on
            this machine.
        jobs: How many workers a cluster of our own has.
        resources: What a worker must offer to be given a task, such as `{"GPU": 1}`.

    Raises:
        UsageError: The scheduler cannot be reached, or has no worker to offer.
        WorkerUnavailableError: A cluster of our own did not start.
    """
    for logger in ("distributed", "distributed.client", "tornado.application"):
        # A connection that is lost is told in a sentence of ours.
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    name = f"torchgrade-{uuid.uuid4().hex}"
    with contextlib.ExitStack() as stack:
        address = stack.enter_context(own_cluster(jobs)) if scheduler is None else scheduler
        client = _connected(address)
        stack.callback(_close, client)
        workers = _Workers(client, resources or {})
        if not workers.count_slots():
            raise _no_workers(address, resources)
        if scheduler is not None:
            stack.callback(_unregister, client, name)
        _register(client, GraderPlugin(name, str(course.root), names))
        executor = client.get_executor(pure=False, **_resources(resources))
        yield Engine(executor, functools.partial(grade_here, name), workers.slots)


def _resources(resources: dict[str, float] | None) -> dict[str, Any]:
    return {"resources": resources} if resources else {}


class _Client(Client):
    """A client that is closed by us alone."""

    def __del__(self) -> None:
        """Wait for nothing; Dask's own tries for 20 seconds to close what could not be closed."""


def _connected(address: str) -> Client:
    try:
        # Not `asyncio.run`: it makes a cancellation of Ctrl-C, which may get lost in a library.
        with contextlib.closing(asyncio.new_event_loop()) as loop:
            loop.run_until_complete(_knock(address))
        return _Client(address, timeout=_ANSWER_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise _no_scheduler(address, error) from error


async def _knock(address: str) -> None:
    """Connect and hang up: a client that cannot connect takes 20 seconds to be given up."""
    arguments = Security().get_connection_args("client")
    async with asyncio.timeout(_ANSWER_SECONDS):
        comm = await connect(address, timeout=_ANSWER_SECONDS, **arguments)
    comm.abort()


def _no_scheduler(address: str, error: Exception) -> UsageError:
    hint = Text(
        en="Check the address that `dask scheduler` printed, and the firewall.",
        zh="请检查 `dask scheduler` 打印的地址以及防火墙。",
    )
    if address.startswith("tls:"):
        hint = Text(
            en="Dask's TLS settings have to name your certificates: docs/cluster.md shows them.",
            zh="需要在 Dask 的 TLS 设置中指定证书：见 docs/cluster.md。",
        )
    cause = str(error) or f"nothing in {_ANSWER_SECONDS:g} s"
    return UsageError(
        Text(
            en=f"no Dask scheduler answers at {address!r}: {cause}",
            zh=f"{address!r} 上没有 Dask 调度器应答：{cause}",
        ),
        hint=hint,
    )


def _register(client: Client, plugin: GraderPlugin) -> None:
    """Put what grades on every worker, and on those that come later.

    Raises:
        UsageError: A worker cannot load it.
    """
    try:
        client.register_plugin(plugin)
    except Exception as error:
        raise UsageError(
            Text(
                en=f"a Dask worker cannot load torchgrade: {error}",
                zh=f"有 Dask worker 无法加载 torchgrade：{error}",
            ),
            hint=Text(
                en="Install `torchgrade[dask]` in the same version for all workers.",
                zh="请为所有 worker 安装相同版本的 `torchgrade[dask]`。",
            ),
        ) from error


def _close(client: Client) -> None:
    """Hang up, and wait for no scheduler that does not answer."""
    with contextlib.suppress(*_GONE):
        client.close(timeout=_LEAVE_SECONDS)


def _unregister(client: Client, plugin: str) -> None:
    """End what the workers keep for us, and wait for none that does not answer."""
    scheduler: Any = client.scheduler
    with contextlib.suppress(*_GONE, ValueError):  # it has not arrived
        client.sync(
            scheduler.unregister_worker_plugin, name=plugin, callback_timeout=_LEAVE_SECONDS
        )


class _Workers:
    """Those who may be given tasks; they come and go."""

    def __init__(self, client: Client, resources: dict[str, float]) -> None:
        self._client = client
        self._resources = resources
        self._slots = 0
        self._looked = self._seen = time.monotonic()

    def slots(self) -> int:
        """Say how many tasks are graded at the same time; looked at now and then.

        Raises:
            WorkerUnavailableError: There has been no worker for a while.
        """
        now = time.monotonic()
        if now - self._looked >= _LOOK_SECONDS:
            self.count_slots()
        if now - self._seen > _PATIENCE_SECONDS:
            text = Text(
                en="the Dask cluster has lost all its workers", zh="Dask 集群的 worker 全部丢失"
            )
            raise WorkerUnavailableError(text, hint=HOW_TO_GO_ON)
        # One is enough to notice that a worker has come back.
        return max(1, self._slots)

    def count_slots(self) -> int:
        """Ask the scheduler how many tasks its workers take; none where it does not answer."""
        scheduler: Any = self._client.scheduler
        try:
            known = self._client.sync(scheduler.identity, callback_timeout=_ANSWER_SECONDS)
        except _GONE:
            known = {"workers": {}}
        self._slots = sum(map(self._slots_of, known["workers"].values()))
        self._looked = time.monotonic()
        if self._slots:
            self._seen = self._looked
        return self._slots

    def _slots_of(self, worker: dict[str, Any]) -> int:
        offered = worker["resources"]
        room = [offered.get(name, 0) // needed for name, needed in self._resources.items()]
        return int(min([worker["nthreads"], *room]))


def _no_workers(address: str, resources: dict[str, float] | None) -> UsageError:
    if resources:
        lacking = " ".join(f"{name}={amount:g}" for name, amount in resources.items())
        return UsageError(
            Text(
                en=f"no worker of the Dask scheduler {address} offers {lacking}",
                zh=f"Dask 调度器 {address} 的 worker 都没有提供 {lacking}",
            ),
            hint=Text(
                en=f"Start those that have it with `dask worker {address} --resources {lacking}`.",
                zh=f"请用 `dask worker {address} --resources {lacking}` 启动具备它的 worker。",
            ),
        )
    return UsageError(
        Text(
            en=f"the Dask scheduler {address} has no workers",
            zh=f"Dask 调度器 {address} 没有可用的 worker",
        ),
        hint=Text(
            en=f"Start some, `dask worker {address}`, or wait until the first has come.",
            zh=f"请先启动：`dask worker {address}`，或等到第一个 worker 连上。",
        ),
    )
