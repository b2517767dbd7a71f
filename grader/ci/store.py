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
from grader.report.read import parse_report

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
            if (
                self._private is not None
                and not self._path(self._private, exercise, state).exists()
            ):
                return None
            return parse_report(content, name=str(path))
        except (OSError, ReportUnreadableError):
            return None

    def keep(self, result: Result, state: State) -> Report:
        """Write a report, and note what it rests on; a fault of ours is not noted.

        Returns:
            The report as a student may see it.

        Raises:
            ReportNotWrittenError: The disk is full, or a folder may not be written to.
        """
        full = parse_report(result.report, name=result.exercise)
        seen = full.for_student()
        content = seen.to_json()
        if self._private is not None:
            self._write(self._path(self._private, result.exercise, state), result.report)
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

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise not_written(path, error) from error
        write_atomically(path, content)

    @staticmethod
    def _path(folder: Path, exercise: str, state: State) -> Path:
        return folder / _FOLDERS[state] / f"{exercise}.json"
