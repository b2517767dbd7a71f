"""Where an examiner has its workers from: a nursery, fresh interpreters, or containers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import torch

from grader.session.container.engine import ContainerSettings
from grader.session.container.workers import ContainerWorkers
from grader.session.reserve import Reserve
from grader.session.workers import FreshWorkers, Workers

_HARMLESS_IN_CONTAINER: Final = frozenset({"list_processes", "read_own_parent", "read_system_tree"})
"""The processes of a container are its own: a gateway, a nursery and workers, who hold no secret
and whose memory is closed. What /sys shows there, the engine has chosen."""


class WorkerSource(NamedTuple):
    """One place where workers come from."""

    workers: Workers
    reserve: Reserve
    """The same, with one that stands ready."""
    neighbour: Callable[[], int] = lambda: 0
    """Gives the process of ours beside the workers; 0 where it is this one."""
    harmless: frozenset[str] = frozenset()
    """Acts of the self-test that reach nothing of this machine's where the workers are."""


class WorkerSources:
    """All of them; each is started when it is first needed."""

    def __init__(self, workers: Workers) -> None:
        """Take where workers come from unless something else is asked for."""
        self._own = _source(workers)
        self._fresh = _source(FreshWorkers())
        self._containers: dict[ContainerSettings, tuple[ContainerWorkers, Reserve]] = {}

    def choose(
        self, device: torch.device, container: ContainerSettings | None, preload: Sequence[str]
    ) -> WorkerSource:
        """Give the source for one submission.

        Args:
            device: What is graded on; not every device's library survives a fork.
            container: The engine that was asked for.
            preload: Modules that the workers are given. A nursery has them already.
        """
        if container is None:
            return self._fresh if device.type == "mps" else self._own
        if container not in self._containers:
            made = ContainerWorkers(container)
            self._containers[container] = made, Reserve(made, needs_folder=False)
        workers, reserve = self._containers[container]
        workers.preload(preload)
        return WorkerSource(workers, reserve, lambda: workers.gateway_pid, _HARMLESS_IN_CONTAINER)

    def catch_up(self) -> None:
        """Start the workers that were put off until nobody waits."""
        for reserve in (self._own.reserve, self._fresh.reserve):
            reserve.catch_up()
        for _, reserve in self._containers.values():
            reserve.catch_up()

    def close(self) -> None:
        """End what stands ready, and the containers."""
        self._own.reserve.close()
        self._fresh.reserve.close()
        for workers, reserve in self._containers.values():
            reserve.close()
            workers.close()


def _source(workers: Workers) -> WorkerSource:
    return WorkerSource(workers, Reserve(workers))
