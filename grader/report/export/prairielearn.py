"""PrairieLearn's `results.json` of an external grader.

The fields are those of PrairieLearn's "External grading". A submission that is not `gradable` gets
no points, loses none and costs no attempt: so is a file that cannot be run, and a fault of ours.
A file above a megabyte would be refused, so that long messages are cut.
"""

from __future__ import annotations

from typing import Any, Final

from grader.language import Language
from grader.report.export.document import to_document
from grader.report.export.explanation import all_checks, explain_check, explain_report
from grader.report.model import Report
from grader.report.neutralise import for_terminal

__all__ = ["MAX_BYTES", "to_prairielearn"]

MAX_BYTES: Final = 1_000_000
_LENGTHS: Final = (16_000, 1_000, 100)
"""How many characters of a message are kept, tried from the left."""


def to_prairielearn(report: Report, language: Language) -> bytes:
    """Write `results.json`."""
    for length in _LENGTHS:
        document = to_document(_results(report.for_student(), language, length))
        if len(document) <= MAX_BYTES:
            break
    return document


def _results(report: Report, language: Language, length: int) -> dict[str, Any]:
    overview = _cut(explain_report(report, language), length)
    if report.status != "graded" or not report.max_score:
        return {"gradable": False, "format_errors": [overview], "message": overview}
    tests = [
        {
            "name": for_terminal(check.title.to(language)),
            "description": for_terminal(task.title.to(language)),
            "points": check.score,
            "max_points": check.max_score,
            "message": _cut(explain_check(check, language), length),
        }
        for _, task, check in all_checks(report)
    ]
    score = (report.score or 0) / report.max_score
    return {"gradable": True, "score": score, "message": overview, "tests": tests}


def _cut(text: str, length: int) -> str:
    text = for_terminal(text)
    return text if len(text) <= length else text[: length - 1] + "…"
