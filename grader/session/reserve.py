"""A worker that stands ready: started and locked down, with nothing of anybody's in it.

A check may cost its worker, and the next check shall not wait for a fork and a lock-down. Nor need
a submission: from the second worker on, the next one is started while this one loads its file.
There is always one more than needed, so that an ordinary submission pays nothing for it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec

from grader.errors import WorkerUnavailableError
from grader.session import processor
from grader.session.scratch import SCRATCH_PREFIX
from grader.session.worker import CapturedOutput, Worker
from grader.session.workers import Workers
from grader.worker.policy import Policy

_PASSABLE: Final = 0o711
"""A worker has a user of its own: it passes through here and cannot list what lies here."""


class Reserve:
    """Gives out workers, and keeps one ready where it was asked to."""

    def __init__(self, workers: Workers, *, needs_folder: bool = True) -> None:
        """Take where workers come from; none is started yet.

        Args:
            workers: Where they come from.
            needs_folder: Whether their scratch lies on this machine; in a container it does not.
        """
        self.puts_off = False
        """Whether what can wait is done by `catch_up`, when nobody waits, and not before."""
        self._put_off: Policy | None = None
        self._leaving: list[Worker] = []
        self._needs_folder = needs_folder
        self._workers = workers
        self._ready: Worker | None = None
        self._ready_for = Policy(scratch="")
        self._folder: TemporaryDirectory[str] | None = None
        self._started = 0
        self._given_out = 0

    def launch(self, policy: Policy, output: CapturedOutput) -> Worker:
        """Give the worker that stands ready, if it may do exactly this; else start one.

        Raises:
            WorkerUnavailableError: None can be had.
        """
        worker = self._take(policy, output)
        # In a container, its number means another process here; and a GPU's library has threads.
        if self._needs_folder and not policy.uses_gpu:
            processor.join(worker.pid)
        return worker

    def _take(self, policy: Policy, output: CapturedOutput) -> Worker:
        self._given_out += 1
        if self._ready is not None and self._ready_for == _without_scratch(policy):
            worker, self._ready = self._ready, None
            if worker.hand_over(output):
                return worker
            worker.end()
        return self._workers.launch(policy, output)

    def replenish(self, policy: Policy) -> None:
        """Start the next worker, unless one is ready or nobody has needed a second one yet."""
        if self.puts_off:
            self._put_off = policy
        elif self._given_out > 1 and self._ready is None:
            self.prepare(policy)

    def take_back(self, worker: Worker) -> None:
        """End a worker that nothing more will be asked of."""
        if self.puts_off:
            worker.stop()
            self._leaving.append(worker)
        else:
            worker.end()

    def catch_up(self) -> None:
        """Do what was put off: nobody waits now."""
        while self._leaving:
            # If the nursery is gone, whoever needs the next worker is told.
            with contextlib.suppress(WorkerUnavailableError):
                self._leaving.pop().end()
        policy, self._put_off = self._put_off, None
        if policy is not None:
            self.prepare(policy)

    def prepare(self, policy: Policy) -> None:
        """Have a worker started that may do this, unless one is ready; does not wait for it."""
        wanted = _without_scratch(policy)
        if self._ready is not None:
            if self._ready_for == wanted:
                return
            self._ready.end()
            self._ready = None
        # Whoever needs it will be told why there is none.
        with contextlib.suppress(WorkerUnavailableError, OSError):
            own = msgspec.structs.replace(policy, scratch=self._next_scratch())
            self._ready = self._workers.launch(own, CapturedOutput(0))
            self._ready_for = wanted

    def close(self) -> None:
        """End the worker that stands ready and those that are leaving, and remove the folder."""
        self._put_off = None
        self.catch_up()
        if self._ready is not None:
            self._ready.end()
            self._ready = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _next_scratch(self) -> str:
        """Name a folder that outlasts the submission."""
        self._started += 1
        name = f"worker{self._started}"
        if not self._needs_folder:
            return name
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix=SCRATCH_PREFIX, ignore_cleanup_errors=True)
            Path(self._folder.name).chmod(_PASSABLE)
        return str(Path(self._folder.name) / name)


def _without_scratch(policy: Policy) -> Policy:
    return msgspec.structs.replace(policy, scratch="")
