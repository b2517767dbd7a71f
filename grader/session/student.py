"""One submission under examination: its workers one after the other, and what they said."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
import torch

from grader.course.models import Limits
from grader.session.failures import (
    LossKind,
    NameMissing,
    StudentError,
    ValueRefused,
    WorkerLost,
)
from grader.session.matching import EXACT, Matching
from grader.session.remote import RemoteObject, wire_value_of
from grader.session.reserve import Reserve
from grader.session.served_images import served_images
from grader.session.worker import CapturedOutput, Worker
from grader.session.workers import start_worker
from grader.submission import Submission
from grader.worker import framing, wire
from grader.worker.policy import Policy
from grader.worker.values import Decoder, Encoder

_MIB: Final = 1024 * 1024
_KIB: Final = 1024
_MAX_FILE_BYTES: Final = 256 * _MIB
_MAX_OPEN_FILES: Final = 256
_MAX_PROCESSES: Final = 256
_WORKER_CPU_SECONDS: Final = 3_600
_LOAD_ATTEMPTS: Final = 4
_LOADS: Final = 12
"""How many times the limit of one load all loads together may take, in wall time: four times three
for a file that idles at every load."""
_HURRIED_SHARE: Final = 0.2


class Lost(msgspec.Struct, frozen=True):
    """A statement of the file that ended the worker when it ran."""

    kind: LossKind
    detail: str
    places: tuple[wire.Place, ...]


class Student:
    """Loads a submission into a worker and asks it questions; a lost worker is replaced."""

    def __init__(  # noqa: PLR0913 - each is one fact about the run
        self,
        submission: Submission,
        workers: Reserve,
        *,
        required: tuple[str, ...],
        limits: Limits,
        device: torch.device,
        scratch: Path,
        sandbox: str = "auto",
        run_all: bool = False,
        onednn: bool = True,
        matching: Matching = EXACT,
    ) -> None:
        """Keep what there is to load; nothing is started yet."""
        self.submission = submission
        self.output = CapturedOutput(limits.output_kb * _KIB)
        self.operators: list[wire.Operator] = []
        self.names: list[str] = []
        self.callables: frozenset[str] = frozenset()
        self.lost: list[Lost] = []
        self.facts = wire.LoadReport(True, (), (), (), ())  # noqa: FBT003 - a record
        self.layers: tuple[str, ...] | None = None
        self.missing: dict[str, str] = {}
        self.required = required
        self._workers = workers
        self._limits = limits
        self._device = device
        self._scratch = scratch
        self._sandbox = sandbox
        self._request = wire.Load(
            cells=submission.cells,
            filename=Path(submission.path).name,
            required=required,
            run_all=run_all,
            device=str(device),
            onednn=onednn,
            match=matching.level,
            likenesses=matching.likenesses,
            exact_names=matching.exact_names,
            siblings=submission.siblings,
        )
        self._worker: Worker | None = None
        self._begin: wire.Begin | None = None
        """Starts the check that is on; it goes out with the check's first question."""
        self._workers_started = 0
        self._is_loaded = False
        self._load_seconds_left = _LOADS * limits.load_seconds
        self._check_seconds_left = limits.check_seconds
        self._call_seconds = limits.call_seconds

    def load(self) -> wire.LoadReport:
        """Start a worker and load the file; a statement that kills it is left out next time."""
        started = time.monotonic()
        try:
            return self._load()
        finally:
            self._load_seconds_left -= time.monotonic() - started

    def _load(self) -> wire.LoadReport:
        for _attempt in range(_LOAD_ATTEMPTS):
            if self._load_seconds_left <= 0:
                break
            try:
                response = self._load_into(self._start())
            except WorkerLost as error:
                self._worker = None
                self._note_lost(error)
                if not error.places:
                    break
                continue
            if isinstance(response, wire.LoadReport):
                self.facts = response
                self.callables = _callables_of(response)
                self._is_loaded = True
                return response
            break
        self.end()
        if not self._is_loaded:
            self.facts = msgspec.structs.replace(self.facts, runnable=False)
        return self.facts

    def _load_into(self, worker: Worker) -> wire.Response:
        worker.post(self._request)
        self._workers.replenish(self.policy())
        response = worker.collect(self._limits.load_seconds)
        if isinstance(response, wire.ImagesWanted):
            images, pixels = served_images()
            worker.post(msgspec.structs.replace(self._request, images=images), pixels)
            response = worker.collect(self._limits.load_seconds)
        worker.when_at_risk = lambda: self._workers.prepare(self.policy())
        return response

    def loss_behind(self, problem: wire.ProblemFact) -> Lost | None:
        """Give the end of a worker that a statement was left out for."""
        if problem.kind != "excluded":
            return None
        later = [
            lost
            for lost in self.lost
            if lost.places
            and lost.places[-1].cell == problem.cell
            and lost.places[-1].line >= (problem.line or 0)
        ]
        return min(later, key=lambda lost: lost.places[-1].line, default=None)

    def begin(self, seed: int, *, watch: bool, hurry: bool = False) -> None:
        """Start a check, with a fresh worker where the last one was lost.

        Args:
            seed: For the generators of the worker.
            watch: Whether operators are noted.
            hurry: Whether the check's time is a fifth of what it is otherwise.
        """
        self.operators.clear()
        self.names.clear()
        share = _HURRIED_SHARE if hurry else 1.0
        self._check_seconds_left = self._limits.check_seconds * share
        self._call_seconds = self._limits.call_seconds * share
        if self._worker is None:
            self.load()
        self._begin = wire.Begin(seed, watch)

    def ask(self, make: Callable[[list[wire.Value]], wire.Request], *values: object) -> Any:  # noqa: ANN401
        """Encode values, send the request that `make` builds of them, decode the answer.

        Raises:
            StudentError: The student's code raised.
            ValueRefused: The value is there and cannot cross.
            WorkerLost: The worker ended, or was ended for its time.
        """
        encoder = Encoder(_keep_nothing, strides=True)
        request = make([encoder.encode(value) for value in values])
        if self._check_seconds_left <= 0:
            self.end()
            raise WorkerLost("timeout", f"{self._limits.check_seconds:g}")
        response, blob = self._send(request, encoder.blob, self._call_seconds)
        if self._worker is not None:
            self._check_seconds_left -= self._worker.spent_seconds
        return self._receive(response, blob)

    def end(self) -> None:
        """End the worker, if one is alive."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def leave(self) -> None:
        """Give the worker back: the submission needs none any more."""
        if self._worker is not None:
            worker, self._worker = self._worker, None
            self._workers.take_back(worker)

    def _start(self) -> Worker:
        self.end()
        self._workers_started += 1
        worker, ready = start_worker(self._workers, self.policy(), self.output)
        # What one worker lacked, the submission lacked: the layers of all are named.
        held = ready.layers if self.layers is None else self.layers
        self.layers = tuple(layer for layer in held if layer in ready.layers)
        self.missing |= ready.missing
        self._worker = worker
        return worker

    def policy(self) -> Policy:
        """Say what the next worker may do."""
        return Policy(
            scratch=str(self._scratch / f"worker{self._workers_started}"),
            memory_bytes=self._limits.memory_mb * _MIB,
            file_bytes=_MAX_FILE_BYTES,
            open_files=_MAX_OPEN_FILES,
            processes=_MAX_PROCESSES,
            cpu_seconds=_WORKER_CPU_SECONDS,
            readable=(),
            mode="off" if self._sandbox == "off" else "auto",
            device=self._device.type,
        )

    def _note_lost(self, error: WorkerLost) -> None:
        self.lost.append(Lost(error.kind, error.detail, error.places))
        if error.places:
            # The outermost: the statement at the top of the file.
            line = (error.places[-1].cell, error.places[-1].line)
            self._request = msgspec.structs.replace(
                self._request, excluded=(*self._request.excluded, line)
            )

    def _send(
        self, request: wire.Request, blob: bytes | bytearray, seconds: float
    ) -> tuple[wire.Response, bytearray]:
        if self._worker is None:
            raise WorkerLost("crashed", "no worker")
        try:
            begin, self._begin = self._begin, None
            return self._worker.request(request, blob, seconds, begin)
        except BaseException:
            self._worker = None
            raise

    def _receive(self, response: wire.Response, blob: bytearray) -> Any:  # noqa: ANN401
        if isinstance(response, wire.Returned | wire.Raised):
            self.operators.extend(response.operators)
        if isinstance(response, wire.Raised):
            raise StudentError(response)
        if isinstance(response, wire.Refused):
            raise _refusal_of(response)
        if not isinstance(response, wire.Returned):
            raise self._broken_protocol()
        decoder = Decoder(blob, lambda handle: RemoteObject(self, handle), device=self._device)
        try:
            return decoder.decode(response.value)
        except framing.WireError as error:
            raise self._broken_protocol() from error

    def _broken_protocol(self) -> WorkerLost:
        self.end()
        return WorkerLost("crashed", "protocol")


def _refusal_of(refused: wire.Refused) -> NameMissing | ValueRefused:
    if refused.reason == "missing":
        return NameMissing(refused.detail)
    return ValueRefused(refused)


def _callables_of(facts: wire.LoadReport) -> frozenset[str]:
    """Give the names that stand for functions and classes, and for nothing else besides."""
    found = {fact.name for fact in facts.defined if fact.kind in ("function", "class")}
    others = {fact.name for fact in facts.defined if fact.kind not in ("function", "class")}
    lost = {name for problem in facts.problems for name in problem.names}
    return frozenset(found - others - lost)


def _keep_nothing(value: object) -> wire.Value:
    """Give the handle of a stand-in; nothing else of ours may cross."""
    handle = wire_value_of(value)
    if handle is None:
        msg = f"a suite cannot hand a {type(value).__name__} to the student's code"
        raise TypeError(msg)
    return handle
