"""What can go wrong that is no fault of the student's code.

A wrong answer, a crash or a timeout of a submission is data: it stands in the report. What is
raised as an exception stops the grading, costs nobody a point and ends the program with a code
that says whose turn it is::

    GraderError
    ├── UsageError                 2   the command was used wrongly
    │   ├── UnknownExerciseError
    │   ├── DeviceUnavailableError
    │   └── ReportUnreadableError
    ├── SubmissionError            3   the file to grade cannot be read
    ├── CourseError                4   the course itself is at fault
    │   ├── ManifestError
    │   └── SuiteError
    └── GraderFault                5   this program, or the machine that it runs on, is at fault
        ├── DatasetUnavailableError
        ├── WorkerUnavailableError
        ├── SandboxError
        └── ReportNotWrittenError

Beside these, the program ends with 0 (full marks, or what `--min-score` asks for), 1 (below
that) or 130 (interrupted).
"""

from __future__ import annotations

from typing import ClassVar, Final

from grader.language import Text, text

__all__ = [
    "EXIT_BELOW",
    "EXIT_INTERRUPTED",
    "EXIT_OK",
    "CourseError",
    "DatasetUnavailableError",
    "DeviceUnavailableError",
    "GraderError",
    "GraderFault",
    "ManifestError",
    "ReportNotWrittenError",
    "ReportUnreadableError",
    "SandboxError",
    "SubmissionError",
    "SuiteError",
    "UnknownExerciseError",
    "UsageError",
    "WorkerUnavailableError",
]

EXIT_OK: Final = 0
EXIT_BELOW: Final = 1
EXIT_INTERRUPTED: Final = 130


class GraderError(Exception):
    """The root of all errors that the user is told about in a sentence, without a traceback."""

    exit_code: ClassVar[int] = 5

    def __init__(self, message: Text | str, *, hint: Text | str | None = None) -> None:
        """Keep what to say.

        Args:
            message: One sentence that names the thing that is wrong.
            hint: The command or the line to change, if there is one.
        """
        self.message: Text = text(message)
        self.hint: Text | None = None if hint is None else text(hint)
        super().__init__(self.message.en)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep both languages and the hint on the way from another process of ours."""
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(kind: type[GraderError], message: Text, hint: Text | None) -> GraderError:
    return kind(message, hint=hint)


class UsageError(GraderError):
    """The command cannot do what was asked: a wrong option, a wrong folder."""

    exit_code = 2


class UnknownExerciseError(UsageError):
    """No exercise of the course has this name."""


class DeviceUnavailableError(UsageError):
    """The device that was asked for is not on this machine."""


class ReportUnreadableError(UsageError):
    """A file that was named as a report is none, or none of this version."""


class SubmissionError(GraderError):
    """The file to grade is missing, too large, or no text that could be Python."""

    exit_code = 3


class FileUnavailableError(SubmissionError):
    """The machine does not give a file: it is gone, may not be read, or its disk fails.

    For a learner it is the file that cannot be graded; in a batch nobody loses points by it.
    """


class CourseError(GraderError):
    """The course is at fault; the student can do nothing about it."""

    exit_code = 4


class ManifestError(CourseError):
    """An `exercise.toml`, its list of checks or its solution breaks a rule."""


class SuiteError(CourseError):
    """A suite failed by itself, or what ran is not what the list of checks pins."""


class GraderFault(GraderError):  # noqa: N818 - a fault, as opposed to a student's error
    """This program broke, or this machine lacks something that it needs."""


class DatasetUnavailableError(GraderFault):
    """A data set is not on this machine, and could not be made or fetched."""


class WorkerUnavailableError(GraderFault):
    """No process could be had in which to run the student's code."""


class SandboxError(GraderFault):
    """The student's code could not be locked in as tightly as was asked for."""


class ReportNotWrittenError(GraderFault):
    """The report could not be written; the grading is lost unless it is repeated."""
