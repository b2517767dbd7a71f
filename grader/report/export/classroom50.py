"""Classroom 50's `result.json`, in the layout `classroom50/result/v1`.

What the report does not know (classroom, assignment, submission, addresses) its runner puts into
variables of the environment, under the names that its own autograders read. Owner and kind of
assignment are stamped by the runner. All points are integers there: where a check is worth a
fraction, all points are written in hundredths, so that nothing is rounded.

There is no word for a grader at fault. Its runner takes a missing file for one, so none is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from grader.errors import UsageError
from grader.language import Language, Text
from grader.report.export.document import to_document
from grader.report.export.explanation import all_checks, explain_check, name_of
from grader.report.export.scored import require_score
from grader.report.model import Report
from grader.report.neutralise import for_terminal

__all__ = ["VARIABLES", "to_classroom50"]

VARIABLES: Final = ("CLASSROOM", "ASSIGNMENT", "SUBMISSION_TAG", "COMMIT_URL", "RELEASE_URL")
"""What the runner sets; `REVIEW_URL` as well, but not always."""
_HUNDREDTHS: Final = 100


def to_classroom50(report: Report, language: Language, environment: Mapping[str, str]) -> bytes:
    """Write `result.json`.

    Args:
        report: The report.
        language: The language of names and messages.
        environment: Variables, `VARIABLES` among them.

    Raises:
        UsageError: A variable is missing: this is not run by Classroom 50.
        GraderFault: There is no score.
        CourseError: Likewise, because of the course.
    """
    points = require_score(report, "Classroom 50")
    told = _told(environment)
    seen = report.for_student()
    scale = _scale(report)
    tests = [
        {
            "test-name": for_terminal(name_of(task, check, language)),
            "passed": check.outcome == "passed",
            "score": round(check.score * scale),
            "max-score": round(check.max_score * scale),
            "message": for_terminal(explain_check(check, language)),
        }
        for _, task, check in all_checks(seen)
    ]
    result: dict[str, Any] = {
        "schema": "classroom50/result/v1",
        "classroom": told["CLASSROOM"],
        "assignment": told["ASSIGNMENT"],
        "submission": told["SUBMISSION_TAG"],
        "commit": told["COMMIT_URL"],
        "release": told["RELEASE_URL"],
        "review": environment.get("REVIEW_URL") or told["COMMIT_URL"],
        "datetime": _instant(report.started_at),
        "score": round(points.score * scale),
        "max-score": round(points.max_score * scale),
        "tests": tests,
    }
    return to_document(result)


def _told(environment: Mapping[str, str]) -> Mapping[str, str]:
    missing = [name for name in VARIABLES if not environment.get(name)]
    if missing:
        names = ", ".join(missing)
        raise UsageError(
            Text(
                en=f"Classroom 50 sets variables that are missing here: {names}",
                zh=f"缺少由 Classroom 50 设置的环境变量：{names}",
            ),
            hint=Text(
                en="Run this from the assignment's autograder.py; docs/formats.md shows how.",
                zh="请在作业的 autograder.py 中运行；方法见 docs/formats.md。",
            ),
        )
    return environment


def _scale(report: Report) -> int:
    every = [check.max_score for _, _, check in all_checks(report)]
    return 1 if all(points == round(points) for points in every) else _HUNDREDTHS


def _instant(started_at: str) -> str:
    return datetime.fromisoformat(started_at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
