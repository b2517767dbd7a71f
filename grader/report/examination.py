"""What the examiner found out about one submission, before it is scored.

Plain data: it crosses from the examiner's process to the command line as msgpack.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from grader.language import Text
from grader.report.pictures import Picture

Outcome = Literal[
    "passed", "failed", "error", "timeout", "crashed", "memory", "forbidden", "not_run"
]


class Where(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the submission."""

    file: str
    """The file's name, without its folder."""
    cell: int | None
    """The number of the notebook's code cell, from 1; None for a script."""
    line: int
    """The line in the file, or in the cell, from 1."""
    source: str | None = None
    """The line itself, with its indentation; None where it is blank, or longer than is shown."""
    column: int | None = None
    """The character of `source` to look at, from 1; None where none can be named."""
    end_column: int | None = None
    """The character after the last one to look at; None where only one is meant."""


class Compared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Two values that should be equal, to be read one above the other."""

    got: Text
    """What the submission gave."""
    expected: Text
    """What it should have been."""
    note: Text | None = None
    """Where the two differ, and how much of them."""
    what: Text | None = None
    """What was compared, where the check's title does not say it."""


class CheckResult(msgspec.Struct, frozen=True):
    """How one check ended."""

    id: str
    outcome: Outcome
    message: Text | None = None
    """What was compared, got and expected; None where the check passed."""
    hint: Text | None = None
    """What to look at; a hint that fits the finding takes the place of the check's own."""
    misconception: str | None = None
    """The id of the known mistake that explains the answer exactly."""
    where: Where | None = None
    duration_s: float = 0.0
    compared: Compared | None = None
    """The two values that `message` tells of; None where it is about something else."""


class SkippedStatement(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement that was not run because nothing that is graded needs it."""

    where: Where
    code: str
    """Its first line, shortened."""
    reason: Text


class Problem(msgspec.Struct, frozen=True):
    """A part of the file that could not be parsed, or failed when it was run."""

    message: Text
    hint: Text | None
    where: Where | None
    names: tuple[str, ...]
    """The names that stay undefined because of it."""


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What serves for a required name that the file does not define under this name."""

    name: str
    """The required name."""
    given: str
    """What it is called in the file."""
    how: Literal["near", "behaviour"]
    """`near`: it is spelt much like it. `behaviour`: it does what is asked for."""
    kind: Literal["class", "function", "value", "object", "calls"]
    """`object`: a layer without a class round it. `calls`: calls of a function of torch."""
    attributes: dict[str, str]
    """The attributes that the exercise fixes, each with what plays its part in the file."""
    where: Where | None
    """Where it stands in the file."""
    message: Text
    """Both, in a sentence for its author."""


class Advice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something about a learner's own script, told by its text; it costs nothing."""

    id: str
    """What was noticed, such as `super-without-brackets`."""
    kind: Literal["mistake", "lesson"]
    """`lesson`: it is what the course's video does, or as good, and there is more to learn."""
    message: Text
    """What it is and what to do, with the learner's own names and numbers."""
    where: Where | None
    """The line that it is about."""


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the submission printed."""

    stdout: str = ""
    stderr: str = ""
    truncated_bytes: int = 0
    """Bytes beyond the limit, not kept; counted up to 4 MiB, which an endless flood always has."""


class Examination(msgspec.Struct, frozen=True):
    """Everything that the examiner says about one submission."""

    status: Literal["graded", "not_runnable", "grader_fault"]
    """`not_runnable`: nothing of the file could be parsed. `grader_fault`: ours, costs nothing."""
    results: tuple[CheckResult, ...] = ()
    """One for each pinned check, in the pinned order; none where the grader is at fault."""
    problems: tuple[Problem, ...] = ()
    skipped_statements: tuple[SkippedStatement, ...] = ()
    matches: tuple[Match, ...] = ()
    advice: tuple[Advice, ...] = ()
    is_script: bool = False
    """Whether the file is a script of its author's own; what it does not touch was not run."""
    pictures: tuple[Picture, ...] = ()
    """What the suite wants to be seen; none unless they were asked for."""
    output: Output = Output()
    layers: tuple[str, ...] = ()
    """The layers of the lock-down that held every worker of this submission."""
    missing_layers: dict[str, str] = {}
    """Layers that this machine lacks, with the reason."""
    device: str = "cpu"
    """The device type that was used: `cpu`, `cuda`, `mps`."""
    threads: int = 1
    torch: str = ""
    """Version of torch."""
    fault: Text | None = None
    """What went wrong on our side, under `grader_fault`."""
    fault_of: Literal["course", "grader"] | None = None
    """Whether the exercise or this program is at fault, under `grader_fault`."""
