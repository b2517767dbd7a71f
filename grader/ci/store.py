"""The reports of a push on the disk, and which of them would come out again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Literal, Self

import msgspec

from grader.atomic import not_written, write_atomically
from grader.batch.journal import JOURNAL_NAME, Journal
from grader.batch.task import Result
from grader.errors import ReportUnreadableError
from grader.report.model import Report
from grader.report.read import parse_report, read_report

__all__ = ["ReportStore", "State"]

State = Literal["push", "base"]
"""Which state of the repository a report is about."""
_FOLDERS: Final[dict[State, str]] = {"push": "reports", "base": "reports-base"}


class ReportStore:
    """An output folder: reports as students may see them, and a journal of what they rest on."""

    def __init__(self, out: Path, private: Path | None) -> None:
        """Take the folder, and the one for what students may not see, if that is wanted."""
        self._out = out
        self._private = private
        self._journal = Journal(out / JOURNAL_NAME)
        self.files: list[Path] = []
        """Every report that was found or written here."""

    def find(self, exercise: str, state: State, key: str) -> Report | None:
        """Give the report of an earlier run, if nothing that it rests on has changed since."""
        finished = self._journal.finished(state, exercise)
        if finished is None or finished.key != key:
            return None
        path = self._path(self._out, exercise, state)
        try:
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != finished.report_sha256:
                return None
            for private in self._private_path(exercise, state):
                # The journal knows the other one only; this one has to be what that was made from.
                if read_report(private).for_student().to_json() != content:
                    return None
            report = parse_report(content, name=str(path))
        except (OSError, ReportUnreadableError):
            return None
        self.files += [path, *self._private_path(exercise, state)]
        return report

    def keep(self, result: Result, state: State) -> Report:
        """Write a report, and note what it rests on; a fault of ours is not noted.

        Returns:
            The report as a student may see it.

        Raises:
            ReportNotWrittenError: The disk is full, or a folder may not be written to.
        """
        seen = parse_report(result.report, name=result.exercise).for_student()
        content = seen.to_json()
        for private in self._private_path(result.exercise, state):
            self._write(private, result.report)
        self._write(self._path(self._out, result.exercise, state), content)
        if result.status != "grader_fault":
            self._journal.record(msgspec.structs.replace(result, student=state, report=content))
        return seen

    def close(self) -> None:
        """Close the journal."""
        self._journal.close()

    def __enter__(self) -> Self:
        """Give the store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _private_path(self, exercise: str, state: State) -> list[Path]:
        return [] if self._private is None else [self._path(self._private, exercise, state)]

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(path, error) from error
        write_atomically(path, content)
        self.files.append(path)

    @staticmethod
    def _path(folder: Path, exercise: str, state: State) -> Path:
        return folder / _FOLDERS[state] / f"{exercise}.json"
