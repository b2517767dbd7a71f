"""exercism's `results.json`, version 3 of its test runner interface.

`task_id` is the task's number, from 1 in the exercise's order. The source of a check is not shown:
`test_code` is asked for in Concept Exercises alone.
"""

from __future__ import annotations

from typing import Any, Final

from grader.language import Language
from grader.report.export.document import to_document
from grader.report.export.explanation import all_checks, explain_check, explain_report
from grader.report.export.verdict import status_of, word_of
from grader.report.model import CheckReport, Report
from grader.report.neutralise import for_terminal

__all__ = ["to_exercism"]

_VERSION: Final = 3


def to_exercism(report: Report, language: Language) -> bytes:
    """Write `results.json`: of a file that cannot be run, and of a fault of ours, as an error."""
    seen = report.for_student()
    is_error = report.status != "graded"
    return to_document(
        {
            "version": _VERSION,
            "status": status_of(report),
            "message": for_terminal(explain_report(seen, language)) if is_error else None,
            "tests": [_test(number, check, language) for number, _, check in all_checks(seen)],
        }
    )


def _test(number: int, check: CheckReport, language: Language) -> dict[str, Any]:
    return {
        "name": for_terminal(check.title.to(language)),
        "status": word_of(check.outcome),
        "message": for_terminal(explain_check(check, language)) or None,
        "task_id": number,
    }
