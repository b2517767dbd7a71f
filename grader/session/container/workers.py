"""Workers forked in a container, as an examiner has them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.session.container.engine import ContainerSettings
from grader.session.container.link import ContainerLink
from grader.session.worker import CapturedOutput, ExitStatus, Worker
from grader.session.workers import make_pipes
from grader.worker import tunnel
from grader.worker.policy import Policy


class ContainerWorkers:
    """Workers in one long-lived container, which is replaced when it is lost."""

    def __init__(self, settings: ContainerSettings) -> None:
        """Take the engine; nothing is started yet."""
        self._settings = settings
        self._link: ContainerLink | None = None
        self._modules: tuple[str, ...] = ()
        self._loaded: tuple[str, ...] | None = None
        self._launched = 0

    @property
    def gateway_pid(self) -> int:
        """The process in the container that is ours; 0 before there is one."""
        return 0 if self._link is None else self._link.gateway_pid

    def preload(self, modules: Sequence[str]) -> None:
        """Say what workers are given beside torch, from the next one on."""
        known = dict.fromkeys((*self._modules, *modules))
        self._modules = tuple(known)

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        """Fork a worker.

        Raises:
            SandboxError: No container can be started.
            WorkerUnavailableError: It forks no worker.
        """
        link = self._current(policy)
        self._launched += 1
        inside = msgspec.structs.replace(policy, scratch=f"worker{self._launched}")
        ours, theirs = make_pipes()
        worker = link.launch(inside, theirs)
        if worker is None:
            ours.close()
            raise WorkerUnavailableError(
                Text(en="the container starts no worker", zh="容器无法启动评分进程")
            )
        return Worker(_ContainedProcess(link, worker), ours, output)

    def close(self) -> None:
        """End the container."""
        if self._link is not None:
            self._link.close()
            self._link = None

    def _current(self, policy: Policy) -> ContainerLink:
        link = self._link
        if link is not None and (link.is_lost or not _is_enough(link.policy, policy)):
            self.close()
        if self._link is None:
            self._link = ContainerLink(self._settings, policy)
            self._loaded = None
        if self._loaded != self._modules:
            self._link.preload(self._modules)
            self._loaded = self._modules
        return self._link


def _is_enough(has: Policy, wanted: Policy) -> bool:
    """Tell whether a container that was started for one policy has room for another."""
    pairs = (
        (has.memory_bytes, wanted.memory_bytes),
        (has.file_bytes, wanted.file_bytes),
        (has.processes, wanted.processes),
    )
    return all(size >= least for size, least in pairs)


class _ContainedProcess:
    """A worker's process, by what is heard of it."""

    def __init__(self, link: ContainerLink, worker: int) -> None:
        self.pid = link.pid_of(worker)
        self._link = link
        self._worker = worker

    def kill(self) -> None:
        self._link.send(tunnel.Signal(self._worker, "kill"))

    def ask_for_traceback(self) -> None:
        self._link.send(tunnel.Signal(self._worker, "traceback"))

    def wait(self) -> ExitStatus:
        return self._link.wait(self._worker)

    def cpu_seconds(self) -> float:
        return self._link.cpu_seconds(self._worker)

    def starved_seconds(self) -> float:
        return 0.0

    def has_ended(self) -> bool:
        return self._link.has_ended(self._worker)

    def was_short_of_memory(self) -> bool:
        return self._link.was_short_of_memory(self._worker)
