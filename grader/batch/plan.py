"""What a batch has to do: which submissions are due, and a task for each."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from grader.batch.found import Found
from grader.batch.journal import Journal
from grader.batch.keys import Conditions, digest_of_exercise, key_of
from grader.batch.output import is_intact
from grader.batch.reports import newest_seed
from grader.batch.slot import fault_report
from grader.batch.task import Result, Task, result_of
from grader.batch.unreadable import unreadable_report, unreadable_sha256
from grader.course.catalog import Course
from grader.course.models import Exercise
from grader.errors import GraderFault, SubmissionError
from grader.language import Text
from grader.seed import draw_seed
from grader.submission import Submission, read_submission
from grader.submission.file import read_regular_file
from grader.submission.siblings import with_files
from grader.submission.submission import MAX_SCRIPT_BYTES

Again = Literal["changed", "failed", "faults", "all"]
"""Which finished results are graded again: those that anything changed for; also those below full
marks; also those where the grader was at fault; all."""


class BatchRequest(msgspec.Struct, frozen=True):
    """What to grade, how, and where to."""

    course: Course
    exercises: tuple[Exercise, ...]
    out: Path
    seed: int | None
    """None: the one that this output folder began with, or a new one."""
    device: str = "auto"
    sandbox: str = "strict"
    again: Again = "changed"
    sources: tuple[Path, ...] = ()
    """Where the submissions are looked for."""
    roster: Path | None = None
    """Where the list of students lies, if there is one."""


class Plan:
    """Decides what is graded, and makes tasks of it."""

    def __init__(self, request: BatchRequest, journal: Journal) -> None:
        """Take what was asked, and what is known."""
        self._request = request
        self._journal = journal
        self._exercises = {exercise.id: exercise for exercise in request.exercises}
        self._digests = {
            exercise.id: digest_of_exercise(request.course, exercise)
            for exercise in request.exercises
        }
        seed = _choose_seed(request, journal)
        journal.set_seed(seed)
        self.conditions = Conditions(seed, request.device, request.sandbox)

    def begin(self, found: Sequence[Found]) -> None:
        """Forget what is to be made again, so that it is due until it is made.

        A run that was stopped goes on: what it has made since stays.
        """
        if self._request.again == "changed":
            return
        pairs = [(one.student, one.exercise) for one in found]
        run = hashlib.sha256(msgspec.json.encode((self._request.again, pairs))).hexdigest()
        if not self._journal.is_unfinished(run):
            self._journal.begin_run(run, [pair for pair in pairs if self._is_due_again(*pair)])

    def is_finished(self, found: Found) -> bool:
        """Say whether a result stands that would come out again."""
        known = self._journal.finished(found.student, found.exercise)
        if known is None:
            return False
        if known.key != self._key(found, self._read(found)):
            return False
        return is_intact(self._request.out, found.student, found.exercise, known.report_sha256)

    def task(self, found: Found) -> Task | Result:
        """Make the task; a file that cannot be read has its result at once."""
        submission = self._read(found)
        if isinstance(submission, SubmissionError):
            return self._unreadable(found, submission)
        return Task(
            student=found.student,
            exercise=found.exercise,
            key=self._key(found, submission),
            exercise_digest=self._digests[found.exercise],
            submission=submission,
            **self.conditions._asdict(),
        )

    def fault(self, task: Task, error: Exception) -> Result:
        """Make the result of a task that was lost on the way."""
        text = Text(
            en=f"the task was lost: {type(error).__name__}: {error}",
            zh=f"任务丢失：{type(error).__name__}：{error}",
        )
        report = fault_report(task, self._exercises[task.exercise], GraderFault(text))
        return result_of(report, task.student, task.key)

    def _is_due_again(self, student: str, exercise: str) -> bool:
        known = self._journal.finished(student, exercise)
        if known is None:
            return False
        is_fault = known.status == "grader_fault"
        return {
            "changed": False,
            "failed": is_fault or known.score != known.max_score,
            "faults": is_fault,
            "all": True,
        }[self._request.again]

    def _key(self, found: Found, read: Submission | SubmissionError) -> str:
        if isinstance(read, Submission):
            content = read.content_sha256
        else:
            content = unreadable_sha256(found.path, read)
        return key_of(content, self._digests[found.exercise], self.conditions)

    def _read(self, found: Found) -> Submission | SubmissionError:
        """Read a file, and what it imports; its path, which may be temporary, is for nobody."""
        try:
            submission = with_files(read_submission(found.path), found.beside, _read_script)
        except SubmissionError as error:
            return error
        return msgspec.structs.replace(submission, id=found.student, path=found.path.name)

    def _unreadable(self, found: Found, error: SubmissionError) -> Result:
        report = unreadable_report(
            self._exercises[found.exercise],
            found.path,
            error,
            owner=found.student,
            seed=self.conditions.seed,
            sandbox=self.conditions.sandbox,
        )
        return result_of(report, found.student, self._key(found, error))


def _choose_seed(request: BatchRequest, journal: Journal) -> int:
    """Give the seed of all that lies there; without a journal the reports know it."""
    if request.seed is not None:
        return request.seed
    known = journal.seed()
    if known is None:
        known = newest_seed(request.out)
    return draw_seed() if known is None else known


def _read_script(path: Path) -> bytes:
    return read_regular_file(path, MAX_SCRIPT_BYTES)
