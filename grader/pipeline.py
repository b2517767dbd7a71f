"""One submission end to end, in five calls; the file to read first.

    read the submission → start nursery and examiner → examine → score → report

Imports neither torch nor pytest: those load in the nursery while this process does the rest.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from grader.course.catalog import preloads_beside
from grader.course.models import Check, Exercise
from grader.errors import GraderFault
from grader.report.build import build_report, encodable
from grader.report.examination import Examination
from grader.report.model import Report
from grader.server.client import Tell, open_examiner
from grader.session import jobs
from grader.session.client import ExaminerClient, start_examiner
from grader.session.container.engine import container_settings
from grader.submission import Submission, read_submission
from grader.submission.siblings import with_siblings
from grader.worker.likeness import Matching


class GradeRequest(msgspec.Struct, frozen=True):
    """What to grade, and how."""

    exercise: Exercise
    file: Path
    seed: int
    """Random inputs come from it; the same seed repeats a run exactly."""
    device: str = "auto"
    """`auto`, `cpu`, `cuda` or `mps`."""
    sandbox: str = "auto"
    """`auto`, `strict` or `off`; `podman` or `docker` for workers in a container."""
    run_all: bool = False
    """Run every statement of the file, not only what the exercise needs."""
    match: Matching = "auto"
    """How far from the required names something is looked for."""
    pictures: bool = False
    """Whether the suite's pictures are taken, too, for a page."""
    suite_on_trial: bool = False
    """Whether a suite that lends out answers is refused, too, as `grade check` does."""
    is_alone: bool = False
    """Whether it is one of many, of which no other is graded at the same time."""
    use_server: bool = False
    """Let the warm server lend an examiner, where one can be had."""
    again: bool = False
    """Whether the same examiner will be asked again once the student has read the answer."""


def grade_submission(request: GradeRequest, tell: Tell | None = None) -> Report:
    """Grade one submission, with an examiner of the warm server's or in a nursery of its own.

    Args:
        request: What to grade, and how.
        tell: Is told why grading goes on without the server, where it does.

    Raises:
        SubmissionError: The file cannot be read.
        UsageError: The device is not there.
        SandboxError: The code cannot be locked in as was asked.
        GraderFault: Something of ours broke.
    """
    submission = with_siblings(read_submission(request.file), request.file.parent)
    preload = request.exercise.preload
    with open_examiner(
        preload,
        use_server=request.use_server,
        later=lambda: preloads_beside(request.exercise),
        tell=tell,
    ) as examiner:
        return grade_with(examiner, request, submission)


def grade_together(
    pairs: Sequence[tuple[GradeRequest, Submission]], tell: Tell | None = None
) -> Iterator[Report]:
    """Grade several submissions, one after the other, with one examiner.

    Args:
        pairs: What to grade, and how; all with the server, or all without.
        tell: As for `grade_submission`.

    Raises:
        UsageError: The device is not there.
        GraderFault: Something of ours broke.
    """
    preload = dict.fromkeys(name for request, _ in pairs for name in request.exercise.preload)
    use_server = any(request.use_server for request, _ in pairs)
    with open_examiner(tuple(preload), use_server=use_server, tell=tell) as examiner:
        for request, submission in pairs:
            yield grade_with(examiner, request, submission)


def grade_with(examiner: ExaminerClient, request: GradeRequest, submission: Submission) -> Report:
    """Grade one submission with an examiner that is running already."""
    started_at = datetime.now(UTC)
    started = time.monotonic()
    examination = _examine(examiner, request, submission)
    return build_report(
        request.exercise,
        submission,
        examination,
        seed=request.seed,
        sandbox=request.sandbox,
        started_at=started_at,
        duration_s=time.monotonic() - started,
    )


def collect_checks(exercise: Exercise) -> tuple[Check, ...]:
    """List the checks that an exercise's suite declares, in its order.

    Raises:
        SuiteError: The suite cannot be collected.
    """
    with start_examiner(()) as examiner:
        answer = examiner.ask(jobs.Collect(exercise))
    if not isinstance(answer, jobs.Collected):
        raise _unexpected(answer)
    return answer.checks


def _examine(
    examiner: ExaminerClient, request: GradeRequest, submission: Submission
) -> Examination:
    with examiner.scratch() as scratch:
        job = jobs.Job(
            exercise=request.exercise,
            submission=_sendable(submission),
            seed=request.seed,
            device=request.device,
            sandbox=request.sandbox,
            run_all=request.run_all,
            scratch=str(scratch),
            match=request.match,
            pictures=request.pictures,
            suite_on_trial=request.suite_on_trial,
            is_alone=request.is_alone,
            container=container_settings(request.sandbox),
            again=request.again,
        )
        answer = examiner.ask(job)
    if not isinstance(answer, jobs.Done):
        raise _unexpected(answer)
    return answer.examination


def _sendable(submission: Submission) -> Submission:
    """Give a submission whose name a message can hold."""
    return msgspec.structs.replace(
        submission, id=encodable(submission.id), path=encodable(submission.path)
    )


def _unexpected(answer: jobs.Answer) -> GraderFault:
    return GraderFault(f"the examiner answered with {type(answer).__name__}")
