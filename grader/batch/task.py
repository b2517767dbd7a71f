"""One unit of work of a batch, as it travels to whoever does it, and what comes back."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from grader.report.model import Report
from grader.submission import Submission

Status = Literal["graded", "not_runnable", "grader_fault"]


class Task(msgspec.Struct, frozen=True):
    """Grade this submission for this exercise."""

    student: str
    """The owner's id; safe as a folder's name."""
    exercise: str
    """The exercise's id."""
    key: str
    """Digest of all that the result depends on."""
    exercise_digest: str
    """Digest of manifest, suite and solution, as whoever wants the result knows them."""
    submission: Submission
    """What was handed in, as text."""
    seed: int
    device: str
    """`auto`, `cpu`, `cuda` or `mps`."""
    sandbox: str
    """`strict`, `auto` or `off`; `podman` or `docker`."""


class Result(msgspec.Struct, frozen=True):
    """What a task came to."""

    student: str
    exercise: str
    key: str
    status: Status
    score: float | None
    """Points; None under `grader_fault`."""
    max_score: float | None
    fault_of: Literal["course", "grader"] | None
    """Who is at fault; None unless `grader_fault`."""
    report: bytes
    """The report as JSON."""


_tasks: Final = msgspec.msgpack.Decoder(Task)
_results: Final = msgspec.msgpack.Decoder(Result)


def encode(message: Task | Result) -> bytes:
    """Encode for the way to a slot, or back."""
    return msgspec.msgpack.encode(message)


def decode_task(data: bytes) -> Task:
    """Decode what a slot was sent."""
    return _tasks.decode(data)


def decode_result(data: bytes) -> Result:
    """Decode what a slot has sent."""
    return _results.decode(data)


def result_of(report: Report, student: str, key: str) -> Result:
    """Make a result of a report."""
    return Result(
        student=student,
        exercise=report.exercise,
        key=key,
        status=report.status,
        score=report.score,
        max_score=report.max_score,
        fault_of=report.fault_of,
        report=report.to_json(),
    )
