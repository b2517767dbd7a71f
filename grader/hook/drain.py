"""Grades what waits in the queue: one process at a time, on all cores, with a batch's journal.

    take pushes → read their files → grade (leaving out what is finished) → note what came out

The reports lie under `reports/<repository>/<commit>/`; those of the default branch lie under
`latest/` too, in the layout of a batch, so that `grade gradebook OUT/latest` makes the gradebook.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple, Self

from grader.batch.discovery.identity import shown
from grader.batch.engine import Engine, local_engine
from grader.batch.found import Discovery, Found
from grader.batch.keys import digest_of_exercise
from grader.batch.output import report_path, sign_lock, take_lock, workspace, write_report_bytes
from grader.batch.plan import Again, BatchRequest
from grader.batch.run import grade_found
from grader.batch.task import Result
from grader.course.catalog import Course, list_exercises, load_exercise
from grader.course.models import Exercise
from grader.errors import GraderError, UsageError
from grader.hook.git import Repository, is_zero
from grader.hook.queue import Outcome, Push, Queue
from grader.hook.tree import Answer, Refusal, answers_of
from grader.language import Text
from grader.report.read import read_report

__all__ = ["LATEST", "DrainRequest", "drain"]

LATEST: Final = "latest"
_AT_A_TIME: Final = 32
_MAX_ATTEMPTS: Final = 3
_POLL_S: Final = 0.2
_NOTHING: Final = Text("", "")


class DrainRequest(NamedTuple):
    """How to grade, and where to."""

    course: Course
    out: Path
    jobs: int
    sandbox: str = "strict"
    device: str = "auto"
    seed: int | None = None
    again: Again = "changed"


def drain(request: DrainRequest, *, stay: bool = False, lock: IO[str] | None = None) -> int:
    """Grade all pushes that wait.

    Where another process does so already it grades what was pushed before this call, too, and
    nothing is left to do here.

    Args:
        request: How to grade.
        stay: Whether to wait for more pushes, until the process is ended.
        lock: The output folder's, where who started this process has taken it.

    Returns:
        How many pushes were graded here.

    Raises:
        GraderError: Nothing can be graded or written; the pushes stay in the queue.
    """
    graded = 0
    while True:
        try:
            lock = lock or take_lock(request.out)
        except UsageError:
            return graded
        with lock:
            sign_lock(lock)
            graded += _drain_locked(request, stay=stay)
        lock = None
        # A push that came between the last look and the end of the lock saw the lock held.
        with Queue(request.out) as queue:
            if not queue.waiting():
                return graded


def _drain_locked(request: DrainRequest, *, stay: bool) -> int:
    graded = 0
    examiners = _Examiners(request, knows_all=stay)
    with Queue(request.out) as queue, examiners:
        if request.again == "faults":
            queue.reopen_faults()
        while True:
            pushes = queue.take(_AT_A_TIME)
            if pushes:
                with workspace(request.out) as folder:
                    _Round(request, queue, examiners, folder).grade(pushes)
                graded += len(pushes)
            elif stay:
                time.sleep(_POLL_S)
            else:
                return graded


class _Examiners:
    """The engine, kept from one round to the next while it knows what is due."""

    def __init__(self, request: DrainRequest, *, knows_all: bool) -> None:
        self._request = request
        self._knows_all = knows_all
        self._stack = contextlib.ExitStack()
        self._engine: Engine | None = None
        self._digests: dict[str, str] = {}

    @contextlib.contextmanager
    def engine(self, exercises: Mapping[str, Exercise], due: set[str]) -> Iterator[Engine]:
        """Give the engine, started anew where an exercise is due that it does not know as it is.

        Args:
            exercises: All of the course, by id.
            due: The ids of those to grade now.
        """
        course = self._request.course
        digests = {one: digest_of_exercise(course, exercises[one]) for one in exercises}
        if any(self._digests.get(one) != digests[one] for one in due):
            self._stack.close()
            known = set(exercises) if self._knows_all else due | set(self._digests)
            known &= set(exercises)
            subjects = {one: exercises[one] for one in known}
            self._engine = self._stack.enter_context(local_engine(subjects, self._request.jobs))
            self._digests = {one: digests[one] for one in known}
        assert self._engine is not None  # noqa: S101 - for mypy: something is due
        yield self._engine

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


class _Round:
    """Some pushes that are graded together; is told by the batch how it goes on."""

    def __init__(
        self, request: DrainRequest, queue: Queue, examiners: _Examiners, folder: Path
    ) -> None:
        self._request = request
        self._queue = queue
        self._examiners = examiners
        self._folder = folder
        loaded = [load_exercise(request.course, name) for name in list_exercises(request.course)]
        self._exercises = {exercise.id: exercise for exercise in loaded}
        self._outcomes: dict[Push, list[Outcome]] = {}
        self._pending: dict[Push, set[tuple[str, str]]] = {}

    def grade(self, pushes: Sequence[Push]) -> None:
        """Grade pushes; each is finished in the queue as soon as all of its files are."""
        found: dict[tuple[str, str], Found] = {}
        for push in pushes:
            found |= self._read(push)
        if found:
            batch = BatchRequest(
                course=self._request.course,
                exercises=tuple(self._exercises.values()),
                out=self._request.out,
                seed=self._request.seed,
                device=self._request.device,
                sandbox=self._request.sandbox,
                again=self._request.again,
            )
            due = {exercise for _, exercise in found}
            grade_found(
                batch,
                list(found.values()),
                lambda: self._examiners.engine(self._exercises, due),
                self,
            )
        for push in list(self._pending):
            self._finish(push)

    def discovered(self, discovery: Discovery) -> None:
        """Take what a search found; there is none here."""

    def planned(self, total: int, kept: int) -> None:
        """Take the numbers; the outcomes say more."""

    def finished(self, result: Result) -> None:
        """Take a result; finish the pushes that waited for it alone."""
        for push, pending in list(self._pending.items()):
            pending.discard((result.student, result.exercise))
            if not pending:
                self._finish(push)

    def _read(self, push: Push) -> dict[tuple[str, str], Found]:
        """Read a push's files; whatever is wrong with them is an outcome of this push alone."""
        outcomes = self._outcomes[push] = []
        found: dict[tuple[str, str], Found] = {}
        try:
            answers = self._answers(push)
        except GraderError as error:
            answers = []
            outcomes.append(Outcome("", "refused", error.message))
        for answer in answers:
            outcomes.append(_outcome_of(answer))
            if isinstance(answer, Answer) and not answer.is_handout:
                pair = push.owner, answer.exercise
                origin = shown(str(push.path))
                found[pair] = Found(*pair, answer.path, origin, beside=answer.beside)
        self._pending[push] = set(found)
        return found

    def _answers(self, push: Push) -> list[Answer | Refusal]:
        if push.attempts >= _MAX_ATTEMPTS:
            raise UsageError(_given_up())
        folder = self._folder / str(push.id)
        folder.mkdir(mode=0o700)
        repository = Repository(push.path)
        old = _compared_with(repository, push)
        exercises = list(self._exercises.values())
        return list(answers_of(repository, old, push.pushed.new, exercises, folder))

    def _finish(self, push: Push) -> None:
        del self._pending[push]
        outcomes = [self._settled(push, one) for one in self._outcomes.pop(push)]
        if push.pushed.ref == Repository(push.path).default_branch():
            for outcome in outcomes:
                if outcome.kind in {"report", "fault"}:
                    self._publish(push, outcome.exercise)
        self._queue.finish(push, outcomes)

    def _settled(self, push: Push, outcome: Outcome) -> Outcome:
        """Tell a report that says that we are at fault from others."""
        if outcome.kind != "report":
            return outcome
        report = read_report(report_path(self._request.out, push.owner, outcome.exercise))
        return outcome._replace(kind="fault") if report.status == "grader_fault" else outcome

    def _publish(self, push: Push, exercise: str) -> None:
        """Put a report among those that count, unless a later push has one there."""
        if self._queue.claim_latest(push, exercise):
            content = report_path(self._request.out, push.owner, exercise).read_bytes()
            latest = self._request.out / LATEST
            latest.mkdir(exist_ok=True)
            write_report_bytes(latest, push.repository, exercise, content)


def _compared_with(repository: Repository, push: Push) -> str | None:
    """Give the commit that shows what a push has changed; a new branch grew from the main one."""
    if not is_zero(push.pushed.old):
        return push.pushed.old
    default = repository.default_branch()
    if default is None or default == push.pushed.ref:
        return None
    return repository.commit_of(default)


def _outcome_of(answer: Answer | Refusal) -> Outcome:
    if isinstance(answer, Refusal):
        return Outcome(answer.exercise, "refused", answer.message)
    if answer.is_handout:
        return Outcome(answer.exercise, "handout", _NOTHING)
    return Outcome(answer.exercise, "report", answer.remark or _NOTHING)


def _given_up() -> Text:
    return Text(
        en="grading this push ended the grader several times; the instructor has to look at it",
        zh="评这次推送时评分程序多次中断；需要老师查看",
    )
