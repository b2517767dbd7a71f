"""Puts a report together from what was asked, what was handed in and what was found."""

from __future__ import annotations

import math
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, Protocol

from grader.course.fingerprint import suite_sha256
from grader.course.models import Exercise
from grader.language import Text
from grader.report.examination import Examination
from grader.report.model import (
    SCHEMA_VERSION,
    Environment,
    Report,
    SubmissionFacts,
    Trust,
)
from grader.report.scoring import score_present, score_tasks, total_score
from grader.version import VERSION

__all__ = ["build_report", "encodable"]


class Submitted(Protocol):
    """What a report says of a submission."""

    @property
    def id(self) -> str:
        """What tells it from others."""

    @property
    def path(self) -> str:
        """The file, as it was named."""

    @property
    def sha256(self) -> str:
        """Hash of its bytes."""

    @property
    def kind(self) -> Literal["py", "ipynb"]:
        """A script or a notebook."""

    @property
    def notes(self) -> Sequence[Text]:
        """What the student should know about how it was read."""


def build_report(  # noqa: PLR0913 - everything that a report rests on
    exercise: Exercise,
    submission: Submitted,
    examination: Examination,
    *,
    seed: int,
    sandbox: str,
    started_at: datetime,
    duration_s: float,
) -> Report:
    """Score an examination and write up what it rests on.

    Args:
        exercise: What was asked.
        submission: What was handed in.
        examination: What the examiner found.
        seed: Where all random inputs came from.
        sandbox: How the lock-down was asked for: `auto`, `strict`, `off`, `podman`, `docker`.
        started_at: When grading began; an aware time.
        duration_s: Seconds of wall time that it took.

    Raises:
        SuiteError: The results do not belong to the exercise's pinned checks.
    """
    is_graded = examination.status != "grader_fault"
    tasks = score_tasks(exercise, examination.results) if is_graded else ()
    return Report(
        schema_version=SCHEMA_VERSION,
        exercise=exercise.id,
        title=exercise.title,
        status=examination.status,
        submission=_facts(submission),
        score=total_score(tasks) if is_graded else None,
        max_score=exercise.max_score if is_graded else None,
        withheld_points=round(math.fsum(exercise.withheld.values()), 2) if is_graded else 0.0,
        tasks=tasks,
        problems=examination.problems,
        notes=tuple(submission.notes),
        skipped_statements=examination.skipped_statements,
        output=examination.output,
        fault=examination.fault,
        fault_of=examination.fault_of,
        environment=_environment(exercise, examination, seed, _trust(sandbox)),
        started_at=started_at.astimezone(UTC).isoformat(timespec="milliseconds"),
        duration_s=round(duration_s, 3),
        matches=examination.matches,
        advice=examination.advice,
        pictures=examination.pictures,
        present=score_present(tasks) if examination.is_script and is_graded else None,
    )


def _facts(submission: Submitted) -> SubmissionFacts:
    return SubmissionFacts(
        id=encodable(submission.id),
        path=encodable(submission.path),
        sha256=submission.sha256,
        kind=submission.kind,
    )


def encodable(name: str) -> str:
    """Give a file's name as text that UTF-8 can hold; names on disk may be any bytes."""
    return name.encode(errors="replace").decode()


def _trust(sandbox: str) -> Trust:
    # With `auto` the code ran under whatever locks the machine has.
    return "local" if sandbox in ("auto", "off") else "isolated"


def _environment(
    exercise: Exercise, examination: Examination, seed: int, trust: Trust
) -> Environment:
    return Environment(
        grader=VERSION,
        suite_sha256=suite_sha256(exercise),
        python=platform.python_version(),
        torch=examination.torch,
        platform=_platform_name(),
        device=examination.device,
        threads=examination.threads,
        seed=seed,
        trust=trust,
        sandbox=examination.layers,
        missing_layers=examination.missing_layers,
    )


def _platform_name() -> str:
    # platform.platform() starts a program to find out the same.
    return f"{platform.system()}-{platform.release()}-{platform.machine()}"
