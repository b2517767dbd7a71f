"""What a runner hands to the reporter of GitHub Classroom: JSON in base64, on one line.

The fields are those that `classroom-resources/autograding-grading-reporter` reads from the variable
`<ID>_RESULTS`. It prints them to the log of the run, which students read and the machine obeys.
It adds up `max_score` and the tests' scores, and leaves out what has no `max_score`: that, with
the status `error`, is how a fault of ours is written.
"""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from grader.language import Language
from grader.report.export.explanation import all_checks, explain_check, explain_report, name_of
from grader.report.export.verdict import status_of, word_of
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.neutralise import for_ci_log

__all__ = ["to_classroom"]


def to_classroom(report: Report, language: Language) -> bytes:
    """Write the value of the output `result`, with a line feed at the end."""
    seen = report.for_student()
    result: dict[str, Any] = {
        "version": 1,
        "status": status_of(report),
        "max_score": report.max_score or 0,
        "tests": [_test(seen, task, check, language) for _, task, check in all_checks(seen)],
    }
    if not seen.tasks:
        result["tests"] = [_whole(seen, language)]
    return base64.b64encode(msgspec.json.encode(result)) + b"\n"


def _test(
    report: Report, task: TaskReport, check: CheckReport, language: Language
) -> dict[str, Any]:
    file = report.submission.path if check.where is None else check.where.file
    return {
        "name": for_ci_log(name_of(task, check, language)),
        "status": word_of(check.outcome),
        "score": check.score,
        "max_score": check.max_score,
        "message": for_ci_log(explain_check(check, language)),
        # The source of a check is not shown: of a hidden one it must not be.
        "test_code": "",
        "filename": for_ci_log(file),
        "line_no": 0 if check.where is None else check.where.line,
        "duration": check.duration_s,
    }


def _whole(report: Report, language: Language) -> dict[str, Any]:
    return {
        "name": report.exercise,
        "status": "error",
        "score": 0,
        "max_score": 0,
        "message": for_ci_log(explain_report(report, language)),
        "test_code": "",
        "filename": for_ci_log(report.submission.path),
        "line_no": 0,
        "duration": report.duration_s,
    }
