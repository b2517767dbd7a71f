"""What was pushed and is not graded yet, kept on the disk: no push is lost, whatever is killed.

SQLite in WAL mode, written by every hook and by who grades. The tables use nothing that PostgreSQL
lacks.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

from grader.batch.discovery.identity import safe_id
from grader.errors import ReportNotWrittenError, UsageError
from grader.language import Text

__all__ = ["Outcome", "Push", "Pushed", "Queue"]

_NAME: Final = "queue.sqlite"
_PATIENCE_S: Final = 30.0
_DIGEST: Final = 8
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS repositories (
    name TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS pushes (
    id INTEGER PRIMARY KEY,
    repository TEXT NOT NULL REFERENCES repositories (name),
    ref TEXT NOT NULL,
    old_commit TEXT NOT NULL,
    new_commit TEXT NOT NULL,
    received_at TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    finished_at TEXT
);
CREATE TABLE IF NOT EXISTS outcomes (
    push INTEGER NOT NULL REFERENCES pushes (id),
    exercise TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('report', 'fault', 'handout', 'refused')),
    said_en TEXT NOT NULL,
    said_zh TEXT NOT NULL,
    PRIMARY KEY (push, exercise)
);
CREATE TABLE IF NOT EXISTS latest (
    repository TEXT NOT NULL,
    exercise TEXT NOT NULL,
    push INTEGER NOT NULL REFERENCES pushes (id),
    PRIMARY KEY (repository, exercise)
);
"""

OutcomeKind = Literal["report", "fault", "handout", "refused"]


class Pushed(NamedTuple):
    """A line of what git tells a post-receive hook."""

    old: str
    """The commit that the branch was at; zeros for a new branch."""
    new: str
    """The commit that it is at now."""
    ref: str
    """The branch, such as `refs/heads/main`."""


class Push(NamedTuple):
    """A push in the queue."""

    id: int
    repository: str
    """Its name; safe as a folder's."""
    path: Path
    """Where it lies."""
    pushed: Pushed
    attempts: int
    """How often somebody began to grade it."""

    @property
    def owner(self) -> str:
        """The folder under `reports/` with what this commit came to."""
        return f"{self.repository}/{self.pushed.new}"


class Outcome(NamedTuple):
    """What a push came to for one exercise."""

    exercise: str
    """Its id; empty where it is about the push as a whole."""
    kind: OutcomeKind
    """`report`: there is one. `fault`: there is one, and we are at fault. `handout`: nothing was
    written into the file yet. `refused`: it cannot be graded."""
    said: Text
    """What to say beside the report; may be empty."""


class Queue:
    """The queue of one output folder; any number of processes may use it."""

    def __init__(self, out: Path) -> None:
        """Open it, or begin a new one.

        Raises:
            UsageError: The file is no queue of ours.
            ReportNotWrittenError: It cannot be written.
        """
        self._path = out / _NAME
        with self._translated():
            out.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._database = sqlite3.connect(self._path, timeout=_PATIENCE_S, isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(_TABLES)

    def add(self, repository: Path, name: str, pushed: Sequence[Pushed]) -> list[Push]:
        """Note pushes; they are on the disk when this returns.

        Args:
            repository: Where it lies.
            name: What to call it; another one of the same name gets a digest behind its own.
            pushed: What was pushed, in its order.
        """
        with self._transaction():
            name = self._name_of(repository, name)
            now = _now()
            ids = [
                self._database.execute(
                    "INSERT INTO pushes (repository, ref, old_commit, new_commit, received_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (name, one.ref, one.old, one.new, now),
                ).lastrowid
                for one in pushed
            ]
        return [
            Push(number or 0, name, repository, one, 0)
            for number, one in zip(ids, pushed, strict=True)
        ]

    def take(self, most: int) -> list[Push]:
        """Give the pushes to grade next, oldest first, and count the attempt.

        One that was begun before comes alone: if it brings the grader down, it does so for itself.
        """
        with self._transaction():
            rows = self._database.execute(
                "SELECT p.id, p.repository, r.path, p.old_commit, p.new_commit, p.ref, p.attempts "
                "FROM pushes p JOIN repositories r ON r.name = p.repository "
                "WHERE p.finished_at IS NULL ORDER BY p.id LIMIT ?",
                (most,),
            ).fetchall()
            pushes = [Push(row[0], row[1], Path(row[2]), Pushed(*row[3:6]), row[6]) for row in rows]
            fresh = [push for push in pushes if push.attempts == 0]
            taken = pushes[:1] if pushes and pushes[0].attempts else fresh
            for push in taken:
                self._database.execute(
                    "UPDATE pushes SET attempts = attempts + 1 WHERE id = ?", (push.id,)
                )
        return taken

    def finish(self, push: Push, outcomes: Sequence[Outcome]) -> None:
        """Note what a push came to; it is not graded again."""
        with self._transaction():
            self._database.execute("DELETE FROM outcomes WHERE push = ?", (push.id,))
            self._database.executemany(
                "INSERT INTO outcomes VALUES (?, ?, ?, ?, ?)",
                [(push.id, one.exercise, one.kind, one.said.en, one.said.zh) for one in outcomes],
            )
            self._database.execute(
                "UPDATE pushes SET finished_at = ? WHERE id = ?", (_now(), push.id)
            )

    def outcomes(self, push: Push) -> list[Outcome] | None:
        """Give what a push came to, sorted by exercise; None while it is not finished."""
        with self._translated():
            row = self._database.execute(
                "SELECT finished_at FROM pushes WHERE id = ?", (push.id,)
            ).fetchone()
            if row is None or row[0] is None:
                return None
            rows = self._database.execute(
                "SELECT exercise, kind, said_en, said_zh FROM outcomes WHERE push = ? "
                "ORDER BY exercise",
                (push.id,),
            ).fetchall()
        return [Outcome(exercise, kind, Text(en, zh)) for exercise, kind, en, zh in rows]

    def waiting(self, before: Push | None = None) -> int:
        """Count the pushes that are not finished, or those of them that came before one."""
        limit = 2**62 if before is None else before.id
        with self._translated():
            row = self._database.execute(
                "SELECT count(*) FROM pushes WHERE finished_at IS NULL AND id < ?", (limit,)
            ).fetchone()
        return int(row[0])

    def reopen_faults(self) -> int:
        """Let every push in which we were at fault be graded again; give how many there are."""
        with self._transaction():
            return self._database.execute(
                "UPDATE pushes SET finished_at = NULL, attempts = 0 "
                "WHERE id IN (SELECT push FROM outcomes WHERE kind = 'fault')"
            ).rowcount

    def claim_latest(self, push: Push, exercise: str) -> bool:
        """Note a result as the one that counts, unless a later push has one already."""
        with self._transaction():
            row = self._database.execute(
                "SELECT push FROM latest WHERE repository = ? AND exercise = ?",
                (push.repository, exercise),
            ).fetchone()
            if row is not None and row[0] > push.id:
                return False
            self._database.execute(
                "INSERT INTO latest VALUES (?, ?, ?) "
                "ON CONFLICT (repository, exercise) DO UPDATE SET push = excluded.push",
                (push.repository, exercise, push.id),
            )
        return True

    def latest(self, repository: str) -> list[str]:
        """List the exercises that count for a repository."""
        with self._translated():
            rows = self._database.execute(
                "SELECT exercise FROM latest WHERE repository = ? ORDER BY exercise", (repository,)
            ).fetchall()
        return [row[0] for row in rows]

    def close(self) -> None:
        """Close it; what was noted stays."""
        self._database.close()

    def __enter__(self) -> Self:
        """Give the queue itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()

    def _name_of(self, repository: Path, wished: str) -> str:
        path = os.fsencode(repository).decode(errors="backslashreplace")
        known = self._database.execute(
            "SELECT name FROM repositories WHERE path = ?", (path,)
        ).fetchone()
        if known is not None:
            return str(known[0])
        name = safe_id(wished) or "repository"
        taken = self._database.execute(
            "SELECT 1 FROM repositories WHERE lower(name) = lower(?)", (name,)
        ).fetchone()
        if taken is not None:
            name = f"{name}~{hashlib.sha256(path.encode()).hexdigest()[:_DIGEST]}"
        self._database.execute("INSERT INTO repositories VALUES (?, ?)", (name, path))
        return name

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.OperationalError, OSError) as error:
            raise ReportNotWrittenError(
                Text(
                    en=f"{self._path} could not be written: {error}",
                    zh=f"无法写入 {self._path}：{error}",
                ),
                hint=Text(
                    en="Free some space or correct the permissions of the folder.",
                    zh="请清理磁盘空间，或修正该文件夹的权限。",
                ),
            ) from error
        except sqlite3.DatabaseError as error:
            raise UsageError(
                Text(
                    en=f"{self._path} is no queue of this program: {error}",
                    zh=f"{self._path} 不是本程序的队列：{error}",
                ),
                hint=Text(
                    en="Name another folder with --out, or move the file away.",
                    zh="请用 --out 指定另一个文件夹，或移走该文件。",
                ),
            ) from error


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
