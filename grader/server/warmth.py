"""What a server keeps warm: a nursery, and a zygote of examiners forked from it."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from grader.errors import WorkerUnavailableError
from grader.session.nursery import ControlClient, Nursery
from grader.worker import control

_ZYGOTE: Final = "grader.server.zygote:serve"
_EXAMINER: Final = "grader.server.zygote:examine"
_GRACE_SECONDS: Final = 0.3
_END_SECONDS: Final = 5.0


class Place(NamedTuple):
    """Where an examiner works."""

    folder: str
    environment: dict[str, str]


class _Zygote:
    """A zygote, and how many examiners of it are out: they end with it."""

    def __init__(self, nursery: Nursery) -> None:
        self._connection = nursery.start_trusted(_ZYGOTE)
        self._client = ControlClient(self._connection)
        self.examiners = 0

    def fork(self, job: int, workers: int, place: Place) -> tuple[int, int]:
        """Fork an examiner and give its number and its pidfd."""
        request = control.ForkTrusted(_EXAMINER, place.folder, place.environment)
        answer, descriptors = self._client.ask(request, [job, workers])
        if not isinstance(answer, control.Forked) or len(descriptors) != 1:
            raise _broken()
        return answer.pid, descriptors[0]

    def forget(self, pid: int) -> None:
        """Take note that an examiner has ended."""
        self._client.wait(pid)

    def close(self) -> None:
        self._client.close()


class Warmth:
    """A nursery with a zygote; to be used from several threads."""

    def __init__(self) -> None:
        """Start the nursery; it imports torch while the server goes on."""
        self._nursery = Nursery()
        self._lock = threading.Lock()
        self._zygote: _Zygote | None = None
        self._preloaded: dict[str, None] = {}
        self._is_prepared = False
        self.is_settled = False
        """Whether `settle` has done what it can for the modules that are there."""

    @property
    def preloaded(self) -> tuple[str, ...]:
        """The modules that were imported beside torch."""
        return tuple(self._preloaded)

    @property
    def is_alive(self) -> bool:
        """Whether the nursery runs."""
        return self._nursery.is_running

    @contextlib.contextmanager
    def examiner(self, preload: Sequence[str], place: Place) -> Iterator[socket.socket]:
        """Fork an examiner that ends with the block.

        Args:
            preload: Modules that its workers are given, beside torch.
            place: Where it works.

        Yields:
            The client's end of its job socket.

        Raises:
            WorkerUnavailableError: No process can be had.
            ManifestError: One of the modules cannot be imported.
        """
        client, job = socket.socketpair()
        with client:
            with job, self._lock:
                zygote = self._prepared(preload)
                pid, pidfd = self._fork(zygote, job, place)
                zygote.examiners += 1
            try:
                yield client
            finally:
                _end(pidfd)
                with self._lock:
                    self._take_back(zygote, pid)

    def preload(self, modules: Sequence[str]) -> None:
        """Import modules that will be asked for; `settle` completes it.

        Raises:
            WorkerUnavailableError: The nursery is gone.
            ManifestError: One of them cannot be imported.
        """
        with self._lock:
            self._import(modules)

    def settle(self) -> None:
        """Spend a second on what makes each fork cheaper from now on.

        Raises:
            WorkerUnavailableError: The nursery is gone.
        """
        with self._lock:
            self._nursery.preload((), for_many=True)
            self._retire_zygote()
            self._zygote = _Zygote(self._nursery)
        self.is_settled = True

    def close(self) -> None:
        """End it all."""
        self._nursery.close()

    def _prepared(self, preload: Sequence[str]) -> _Zygote:
        """Give a zygote whose nursery has these modules."""
        if self._import(preload):
            self._retire_zygote()
        if self._zygote is None:
            self._zygote = _Zygote(self._nursery)
        return self._zygote

    def _import(self, modules: Sequence[str]) -> bool:
        """Make sure that the nursery has these modules, and say whether it lacked some."""
        missing = [name for name in modules if name not in self._preloaded]
        if missing or not self._is_prepared:
            self._nursery.preload(missing)
            self._is_prepared = True
            self._preloaded |= dict.fromkeys(missing)
            self.is_settled = False
        return bool(missing)

    def _retire_zygote(self) -> None:
        """Fork no more from a zygote that lacks what the nursery has imported since."""
        old, self._zygote = self._zygote, None
        if old is not None and not old.examiners:
            old.close()

    def _fork(self, zygote: _Zygote, job: socket.socket, place: Place) -> tuple[int, int]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            self._nursery.admit(ours)
            return zygote.fork(job.fileno(), theirs.fileno(), place)

    def _take_back(self, zygote: _Zygote, pid: int) -> None:
        zygote.examiners -= 1
        with contextlib.suppress(WorkerUnavailableError):
            zygote.forget(pid)
        if zygote is not self._zygote and not zygote.examiners:
            zygote.close()


def _end(pidfd: int) -> None:
    """Wait until an examiner has ended whose client has hung up; one that is busy is killed."""
    if not select.select([pidfd], [], [], _GRACE_SECONDS)[0]:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        select.select([pidfd], [], [], _END_SECONDS)
    os.close(pidfd)


def _broken() -> WorkerUnavailableError:
    return WorkerUnavailableError("the zygote sent no process")
