"""The report: one JSON document per submission and exercise.

`schema.json` beside this file is generated from these classes. Keys may be added; none is
renamed, removed or given another meaning without a new `SCHEMA_VERSION`.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from grader.course.models import Visibility
from grader.language import Text
from grader.report.examination import (
    Advice,
    Compared,
    Match,
    Outcome,
    Output,
    Problem,
    SkippedStatement,
    Where,
)
from grader.report.neutralise import for_json
from grader.report.pictures import Picture

__all__ = [
    "SCHEMA_VERSION",
    "CheckReport",
    "Environment",
    "Present",
    "Report",
    "SubmissionFacts",
    "TaskReport",
    "Trust",
]

SCHEMA_VERSION: Final = "1.0"

Status = Literal["graded", "not_runnable", "grader_fault"]
Trust = Literal["isolated", "local"]


class SubmissionFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which file was graded."""

    id: str
    """What tells this submission from the others of a run."""
    path: str
    """The file, as it was named to the grader."""
    sha256: str
    """Hash of the file's bytes, in hexadecimal."""
    kind: Literal["py", "ipynb"]
    """A script or a notebook."""


class CheckReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one check ended, and what it is worth."""

    id: str
    """Unique within the exercise."""
    title: Text
    """What is checked, in a sentence."""
    outcome: Outcome
    """Anything but `passed` scores nothing."""
    score: float
    """Points for the outcome: all of `max_score` or none."""
    max_score: float
    """Points that the check can give."""
    visibility: Visibility
    """When a student may see more than the title, the outcome and the hint."""
    message: Text | None
    """What was compared, got and expected; null where it passed or may not be shown."""
    hint: Text | None
    """What to look at next; null where there is none."""
    misconception: str | None
    """The id of the known mistake that explains the answer; the hint is then about it."""
    where: Where | None
    """The line of the submission that it is about; null where none can be named."""
    duration_s: float
    """Seconds of wall time that the check took."""
    compared: Compared | None = None
    """The two values that `message` tells of; null where it is null or about something else."""
    blocked_by: tuple[str, ...] = ()
    """Ids of failed checks that this one needs, and that need none that failed: look there first.
    Neither the outcome nor the score depends on it; empty where the check was passed."""


class TaskReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task with its checks."""

    id: str
    """Unique within the exercise."""
    title: Text
    """What the task is about."""
    score: float
    """Sum over the checks, rounded to hundredths."""
    max_score: float
    """Points that the checks below can give together."""
    checks: tuple[CheckReport, ...]
    """All pinned checks of the task, in their order."""
    withheld_points: float = 0.0
    """Points of the task's checks that were not here; they are graded after submission."""


class Present(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The points of the checks that a learner's own script has something for."""

    score: float
    """Points for them; the same as the report's score."""
    max_score: float
    """Points that they can give."""
    to_do: float
    """Points of what the script does not touch."""


class Environment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to be the same for a run to be repeated, and how far the result can be trusted."""

    grader: str
    """Version of this program."""
    suite_sha256: str
    """Hash over the suite, its pinned checks and the reference solution."""
    python: str
    """Version of Python."""
    torch: str
    """Version of torch; empty where it was never loaded."""
    platform: str
    """Operating system and machine type."""
    device: str
    """Device type that was used: `cpu`, `cuda`, `mps`."""
    threads: int
    """Threads that torch used."""
    seed: int | None
    """The seed that all random inputs come from; null in what students see."""
    trust: Trust
    """`isolated`: the code was held by every class of lock. `local`: the student's own machine."""
    sandbox: tuple[str, ...]
    """The layers of lock-down that held."""
    missing_layers: dict[str, str]
    """Layers that the machine lacks, each with the reason."""


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that is said about one submission for one exercise."""

    schema_version: Literal["1.0"]
    """The layout of this document."""
    exercise: str
    """The exercise's id, such as `ex03`."""
    title: Text
    """The exercise's title."""
    status: Status
    """`not_runnable`: no part of the file could be run. `grader_fault`: ours; no score results."""
    submission: SubmissionFacts
    """Which file was graded."""
    score: float | None
    """Sum over the tasks, rounded to hundredths; null under `grader_fault`."""
    max_score: float | None
    """Points that the checks below can give together; null under `grader_fault`."""
    tasks: tuple[TaskReport, ...]
    """All tasks of the exercise, in their order; none under `grader_fault`."""
    problems: tuple[Problem, ...]
    """Parts of the file that could not be parsed, or failed when they were run."""
    notes: tuple[Text, ...]
    """What else the student should know, such as the encoding that the file was read in."""
    skipped_statements: tuple[SkippedStatement, ...]
    """What was not run because nothing that is graded needs it."""
    output: Output
    """What the submission printed."""
    fault: Text | None
    """What went wrong on our side; null unless `grader_fault`."""
    fault_of: Literal["course", "grader"] | None
    """Whether the exercise or this program is at fault; null unless `grader_fault`."""
    environment: Environment
    """What the result rests on."""
    started_at: str
    """When grading began, in UTC, as ISO 8601."""
    duration_s: float
    """Seconds of wall time that grading took."""
    withheld_points: float = 0.0
    """Points of checks that were not here: a student has the visible ones only, and the others are
    graded after submission. 0 where the whole suite ran."""
    matches: tuple[Match, ...] = ()
    """What was taken for names that the file does not define."""
    advice: tuple[Advice, ...] = ()
    """What was noticed in a learner's own script."""
    pictures: tuple[Picture, ...] = ()
    """What is better looked at; none unless they were asked for."""
    present: Present | None = None
    """The points of what a learner's own script holds; null for an exercise's file."""

    @property
    def trust(self) -> Trust:
        """How far the result can be trusted."""
        return self.environment.trust

    def to_json(self) -> bytes:
        """Encode as JSON that people can read, with a line feed at the end."""
        return for_json(msgspec.json.format(msgspec.json.encode(self), indent=2)) + b"\n"

    def for_student(self) -> Report:
        """Leave out what a student may not see."""
        from grader.report.student import for_student  # noqa: PLC0415 - which imports this module

        return for_student(self)
