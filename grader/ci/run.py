"""A push from beginning to end; the file to read first of this package.

    find the push → find what it touches → grade that → write for every reader → an exit code

Imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple, Self

from grader.batch.engine import preload_of
from grader.batch.keys import Conditions, key_of
from grader.batch.output import locked
from grader.batch.slot import Slot
from grader.batch.task import Result, Task, result_of
from grader.batch.unreadable import unreadable_report
from grader.ci.handed_in import HandedIn, read_handed_in
from grader.ci.push import Push, find_push
from grader.ci.repository import Repository
from grader.ci.store import ReportStore, State
from grader.ci.touched import Touched, find_touched
from grader.course.fingerprint import suite_sha256
from grader.course.models import Exercise
from grader.course.sources import suite_sources
from grader.errors import SubmissionError
from grader.report.model import Report
from grader.seed import MAX_SEED
from grader.session.client import ExaminerPool

__all__ = ["Graded", "PushRequest", "PushResult", "grade_push"]

_OWNER: Final = "push"


class PushRequest(NamedTuple):
    """What to grade, and how."""

    repository: Path
    exercises: tuple[Exercise, ...]
    known: frozenset[str]
    """The names of all exercises that could be graded, also those that were not asked for."""
    out: Path
    """Where reports are written and kept, so that the same push is graded once."""
    head: str = "HEAD"
    base: str | None = None
    """None: what the environment names, or the commit's parent."""
    device: str = "cpu"
    sandbox: str = "strict"
    compare: bool = False
    """Grade the earlier state of the files too."""
    private: Path | None = None
    """Where reports are written with what students may not see; nowhere where None."""


class Graded(NamedTuple):
    """An exercise that the push touches, and what came out."""

    touched: Touched
    report: Report | None
    """As a student may see it; None where no file is left to grade."""
    base_report: Report | None
    """What the earlier state scores; None where it was not asked for, or there is none."""
    content: bytes
    """The file as the push has it; empty where it cannot be read."""


class PushResult(NamedTuple):
    """Everything that is to be said about a push."""

    push: Push
    graded: tuple[Graded, ...]
    files: tuple[Path, ...]
    """The reports that were written, or that an earlier run has written for the same push."""


def grade_push(request: PushRequest, environment: Mapping[str, str]) -> PushResult:
    """Grade what a push touches.

    Args:
        request: What to grade, and how.
        environment: Variables in which places name the push.

    Raises:
        UsageError: There is no such repository or commit, or another run is writing `out`.
        GraderError: Nothing can be graded here.
    """
    repository = Repository(request.repository)
    push = find_push(repository, request.head, request.base, environment)
    touched = find_touched(repository, push, request.exercises, request.known)
    preload = preload_of([one.exercise for one in touched])
    with (
        locked(request.out),
        ReportStore(request.out, request.private) as store,
        _Grader(request, repository, store, preload) as grader,
    ):
        graded = tuple(grader.grade(one, push) for one in touched)
        return PushResult(push, graded, tuple(store.files))


class _Grader:
    """Grades one file after the other; nothing is started while all results are there."""

    def __init__(
        self,
        request: PushRequest,
        repository: Repository,
        store: ReportStore,
        preload: Sequence[str],
    ) -> None:
        self._request = request
        self._repository = repository
        self._store = store
        self._preload = preload
        self._stack = contextlib.ExitStack()
        self._slot: Slot | None = None

    def grade(self, touched: Touched, push: Push) -> Graded:
        """Grade a file, and what it was before where that is asked for."""
        if touched.path is None:
            return Graded(touched, None, None, b"")
        now = read_handed_in(self._repository, push.head, touched.path)
        report = self._report(touched.exercise, now, "push")
        before: Report | None = None
        if self._request.compare and push.base is not None and touched.base_path is not None:
            then = read_handed_in(self._repository, push.base, touched.base_path)
            before = self._report(touched.exercise, then, "base")
        return Graded(touched, report, before, now.content)

    def _report(self, exercise: Exercise, handed_in: HandedIn, state: State) -> Report:
        seed = seed_of(exercise, handed_in.sha256)
        conditions = Conditions(seed, self._request.device, self._request.sandbox)
        key = key_of(handed_in.sha256, suite_sha256(exercise), conditions)
        known = self._store.find(exercise.id, state, key)
        if known is not None:
            return known
        result = self._grade(exercise, handed_in, key, conditions)
        return self._store.keep(result, state)

    def _grade(
        self, exercise: Exercise, handed_in: HandedIn, key: str, conditions: Conditions
    ) -> Result:
        if isinstance(handed_in.submission, SubmissionError):
            report = unreadable_report(
                exercise,
                Path(handed_in.path),
                handed_in.submission,
                owner=_OWNER,
                seed=conditions.seed,
                sandbox=conditions.sandbox,
            )
            return result_of(report, _OWNER, key)
        task = Task(
            student=_OWNER,
            exercise=exercise.id,
            key=key,
            exercise_digest="",
            submission=handed_in.submission,
            **conditions._asdict(),
        )
        return self._started().grade(task)

    def _started(self) -> Slot:
        if self._slot is None:
            exercises = {exercise.id: exercise for exercise in self._request.exercises}
            pool = self._stack.enter_context(ExaminerPool(self._preload))
            self._slot = Slot(pool.examiner, exercises.__getitem__)
            self._stack.callback(self._slot.close)
        return self._slot

    def __enter__(self) -> Self:
        """Give the grader itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all that was started."""
        self._stack.close()


def seed_of(exercise: Exercise, submission_sha256: str) -> int:
    """Give the seed for a file: the same file has the same one, and nobody can foretell it.

    Whoever knows it could make the hidden inputs. So it comes from what students do not have.
    """
    digest = hashlib.sha256()
    for source in suite_sources(exercise).values():
        digest.update(hashlib.sha256(source).digest())
    code = hmac.digest(digest.digest(), submission_sha256.encode(), "sha256")
    return int.from_bytes(code, "big") % (MAX_SEED + 1)
