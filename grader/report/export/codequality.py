"""GitLab's code quality report: what failed, at the student's own lines.

GitLab reads a JSON array of issues, each with a description, the check's name, a fingerprint, a
severity and a place. It shows them in the merge request and tells by the fingerprints which are
new. Only checks that failed at a line that is known are in it, each as a student may see it; a
line of a notebook counts within its cell, which GitLab has no word for, so it is in the text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from grader.language import Language
from grader.report.examination import Where
from grader.report.export.document import to_document
from grader.report.export.explanation import all_checks, explain_check, name_of
from grader.report.model import Report
from grader.report.neutralise import for_terminal

__all__ = ["to_codequality"]


def to_codequality(reports: Sequence[Report], language: Language) -> bytes:
    """Write the issues of reports; none for a fault of ours, which is no issue of the code."""
    return to_document([issue for report in reports for issue in _issues(report, language)])


def _issues(report: Report, language: Language) -> Iterator[dict[str, Any]]:
    seen = report.for_student()
    for problem in seen.problems:
        if problem.where is not None:
            message = problem.message.to(language)
            yield _issue(report, f"{report.exercise}/file", message, problem.where, "blocker")
    for _, task, check in all_checks(seen):
        if check.outcome != "passed" and check.where is not None:
            message = f"{name_of(task, check, language)}. {explain_check(check, language)}"
            yield _issue(report, f"{report.exercise}/{check.id}", message, check.where, "major")


def _issue(report: Report, name: str, message: str, where: Where, severity: str) -> dict[str, Any]:
    place = f"{report.submission.path}\0{name}\0{where.cell}\0{where.line}"
    return {
        "description": " ".join(for_terminal(message).split()),
        "check_name": for_terminal(name),
        "fingerprint": hashlib.sha256(place.encode()).hexdigest(),
        "severity": severity,
        "location": {
            "path": for_terminal(report.submission.path),
            "lines": {"begin": 1 if where.cell is not None else where.line},
        },
    }
