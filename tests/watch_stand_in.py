"""`grade` whose gradings cost nothing: a started program for tests of what surrounds them.

A check passes where its name stands in a comment of the file that is graded. `crash` in it loses
the examiner once, `fault` is a fault of ours, `slow` takes its time.
"""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

from grader.cli import main
from grader.errors import WorkerUnavailableError
from grader.language import Text
from grader.pipeline import GradeRequest
from grader.report.build import build_report
from grader.report.examination import CheckResult, Examination
from grader.report.model import Report
from grader.server import client
from grader.submission import Submission
from grader.watch import grading

_lost: set[str] = set()


@contextlib.contextmanager
def start_nothing(_preload: Sequence[str], **_: Any) -> Iterator[Any]:
    yield None


def grade_by_name(_examiner: Any, request: GradeRequest, submission: Submission) -> Report:
    text = submission.cells[0].text
    if "slow" in text:
        time.sleep(30)
    if "crash" in text and submission.sha256 not in _lost:
        _lost.add(submission.sha256)
        raise WorkerUnavailableError(Text(en="the examiner ended", zh="评分进程退出"))
    # As a comment each, since the handed out file holds some of the names, too.
    results = tuple(
        CheckResult(
            check.id, "passed" if f"# {check.id}\n" in text else "failed", Text("宽 wrong", "宽错")
        )
        for check in request.exercise.checks
    )
    return build_report(
        request.exercise,
        submission,
        _examination(results, is_fault="fault" in text),
        seed=request.seed,
        sandbox=request.sandbox,
        started_at=datetime.now(UTC),
        duration_s=0.1,
    )


def _examination(results: tuple[CheckResult, ...], *, is_fault: bool) -> Examination:
    if is_fault:
        fault = Text("something broke", "出了问题")
        return Examination("grader_fault", fault=fault, fault_of="grader")
    return Examination("graded", results)


if __name__ == "__main__":
    with (
        patch.object(client, "open_examiner", start_nothing),
        patch.object(grading, "grade_with", grade_by_name),
    ):
        main(sys.argv[1:])
