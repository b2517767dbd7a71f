"""The journal of a batch: which results are finished, so that no work is lost or done twice.

SQLite in WAL mode: a row stands in it only after the report lies on the disk whole. The tables
use nothing that PostgreSQL lacks.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple, Self

from grader.batch.output import GO_ON
from grader.batch.task import Result
from grader.errors import ReportNotWrittenError, UsageError
from grader.language import Text, text

JOURNAL_NAME: Final = "journal.sqlite"
_FORMAT: Final = "1"
_MAX_SEED_DIGITS: Final = 20
_CLOSE_IT: Final = Text(
    en="Close the program that has the journal open, and run the command again: it goes on where "
    "it stopped.",
    zh="请关闭正在使用该日志文件的程序，然后重新运行同一命令：它会从中断处继续。",
)
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS results (
    student TEXT NOT NULL,
    exercise TEXT NOT NULL,
    result_key TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('graded', 'not_runnable', 'grader_fault')),
    score DOUBLE PRECISION,
    max_score DOUBLE PRECISION,
    report_sha256 TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    PRIMARY KEY (student, exercise)
);
"""


class Finished(NamedTuple):
    """A result that the journal holds."""

    key: str
    status: str
    score: float | None
    max_score: float | None
    report_sha256: str


class Journal:
    """The journal of one output folder; one process at a time writes it."""

    def __init__(self, path: Path) -> None:
        """Open it, or begin a new one.

        Raises:
            UsageError: The file is no journal of ours.
            ReportNotWrittenError: It cannot be written.
        """
        self._path = path
        with self._translated():
            self._database = sqlite3.connect(path, isolation_level=None)
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        with self._translated():
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            # In KiB. Rows are written once and hardly read; more would be kept for nothing.
            self._database.execute("PRAGMA cache_size = -256")
            self._database.executescript(_TABLES)
        known = self._fact("format")
        if known is None:
            self._set_fact("format", _FORMAT)
        elif known != _FORMAT:
            raise _foreign(self._path, Text(en="another format", zh="格式不同"))

    def seed(self) -> int | None:
        """Give the seed that the batch began with; None where it begins now."""
        known = self._fact("seed")
        if known is None:
            return None
        if not (known.isascii() and known.isdigit() and len(known) <= _MAX_SEED_DIGITS):
            why = Text(en="its seed is no number", zh="其中的种子不是数字")
            raise _foreign(self._path, why)
        return int(known)

    def set_seed(self, seed: int) -> None:
        """Go on with this seed."""
        self._set_fact("seed", str(seed))

    def finished(self, student: str, exercise: str) -> Finished | None:
        """Give what is known of a student's exercise."""
        with self._translated():
            row = self._database.execute(
                "SELECT result_key, status, score, max_score, report_sha256 FROM results "
                "WHERE student = ? AND exercise = ?",
                (student, exercise),
            ).fetchone()
        return None if row is None else Finished(*row)

    def record(self, result: Result) -> None:
        """Note a result whose report has been written."""
        digest = hashlib.sha256(result.report).hexdigest()
        finished_at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._translated():
            self._database.execute(
                "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (student, exercise) DO UPDATE SET result_key = excluded.result_key, "
                "status = excluded.status, score = excluded.score, "
                "max_score = excluded.max_score, report_sha256 = excluded.report_sha256, "
                "finished_at = excluded.finished_at",
                (
                    *(result.student, result.exercise, result.key, result.status),
                    *(result.score, result.max_score, digest, finished_at),
                ),
            )

    def is_unfinished(self, run: str) -> bool:
        """Say whether this run began, was stopped, and no other has ended since."""
        return self._fact("unfinished") == run

    def begin_run(self, run: str, again: Iterable[tuple[str, str]]) -> None:
        """Begin a run that makes results again: they are forgotten, all of them at once.

        Args:
            run: Tells the run from others.
            again: Student and exercise of the results.
        """
        with self._translated(), self._database:
            self._database.execute("BEGIN IMMEDIATE")
            self._database.executemany(
                "DELETE FROM results WHERE student = ? AND exercise = ?", again
            )
            self._set_fact("unfinished", run)

    def end_run(self) -> None:
        """End a run: all that it was to make is recorded."""
        with self._translated():
            self._database.execute("DELETE FROM facts WHERE name = 'unfinished'")

    def close(self) -> None:
        """Close it; what was recorded stays, whatever happens."""
        self._database.close()

    def __enter__(self) -> Self:
        """Give the journal itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _fact(self, name: str) -> str | None:
        with self._translated():
            row = self._database.execute(
                "SELECT value FROM facts WHERE name = ?", (name,)
            ).fetchone()
        return None if row is None else str(row[0])

    def _set_fact(self, name: str, value: str) -> None:
        with self._translated():
            self._database.execute(
                "INSERT INTO facts (name, value) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Put an error of the database into words.

        Raises:
            UsageError: The file is no journal of ours.
            ReportNotWrittenError: It cannot be written.
        """
        try:
            yield
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_ERROR:
                # Its tables are not ours; whatever the disk is to blame for has a code of its own.
                raise _foreign(self._path, text(str(error))) from error
            is_busy = error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
            raise ReportNotWrittenError(
                Text(
                    en=f"{self._path} could not be written: {error}",
                    zh=f"无法写入 {self._path}：{error}",
                ),
                hint=_CLOSE_IT if is_busy else GO_ON,
            ) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            # The words of a damaged file, which the library quotes, may be no UTF-8.
            raise _foreign(self._path, text(str(error))) from error


def _foreign(path: Path, why: Text) -> UsageError:
    return UsageError(
        Text(
            en=f"{path} is no journal of this program: {why.en}",
            zh=f"{path} 不是本程序的日志：{why.zh}",
        ),
        hint=Text(
            en="Name another folder with --out, or move the file away to grade all anew.",
            zh="请用 --out 指定另一个文件夹，或移走该文件以全部重新评分。",
        ),
    )
