"""How a check can end other than by passing, as exceptions inside the examiner.

All of these are about the student's work; `grader.session.diagnosis` words them. Any other
exception out of a suite is a fault of ours, or of the course.
"""

from __future__ import annotations

from typing import Literal

from grader.language import Text
from grader.report.examination import Compared
from grader.worker import wire

LossKind = Literal["timeout", "crashed", "memory"]


class CheckFailed(AssertionError):  # noqa: N818 - a finding, not an error
    """The student's answer is not right."""

    def __init__(
        self,
        message: Text,
        *,
        misconception: str | None = None,
        compared: Compared | None = None,
    ) -> None:
        """Keep what was found.

        Args:
            message: What was compared, got and expected.
            misconception: The id of the known mistake that gives exactly this answer.
            compared: The two values that the message tells of.
        """
        super().__init__(message.en)
        self.message = message
        self.misconception = misconception
        self.compared = compared


class Absent(CheckFailed):
    """A part of the answer is not there: nothing to do yet in a script of the learner's own."""


class NotRefused(CheckFailed):
    """A value that is out of its domain was not refused as a check asks for."""


class StudentError(Exception):
    """The student's code raised an exception."""

    def __init__(self, raised: wire.Raised) -> None:
        """Keep the exception as the worker described it."""
        super().__init__(f"{raised.type_name}: {raised.message}")
        self.raised = raised


class OtherError(StudentError):
    """The student's code raised another exception than the one that a check asks for."""

    def __init__(self, raised: wire.Raised, wanted: str) -> None:
        """Keep both.

        Args:
            raised: The exception as the worker described it.
            wanted: The name of the type that was asked for.
        """
        super().__init__(raised)
        self.wanted = wanted


class NameMissing(Exception):  # noqa: N818
    """A name that the exercise asks for is not defined in the file."""

    def __init__(self, name: str) -> None:
        """Keep the name."""
        super().__init__(name)
        self.name = name


class WorkerLost(Exception):  # noqa: N818
    """The worker was ended, or ended itself, in the middle of a request."""

    def __init__(self, kind: LossKind, detail: str, places: tuple[wire.Place, ...] = ()) -> None:
        """Keep how it ended.

        Args:
            kind: The outcome of the check.
            detail: Seconds allowed, the signal's name or the exit status.
            places: The lines of the submission that were running, the innermost first, where
                the interpreter could still tell.
        """
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
        self.places = places


class ValueRefused(Exception):  # noqa: N818
    """A value of the student's cannot be brought over."""

    def __init__(self, refused: wire.Refused) -> None:
        """Keep the worker's reason."""
        super().__init__(refused.detail)
        self.refused = refused
