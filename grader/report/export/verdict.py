"""Three words for a report and its checks, which exercism and GitHub Classroom share."""

from __future__ import annotations

from typing import Literal

from grader.report.examination import Outcome
from grader.report.model import Report

__all__ = ["Verdict", "status_of", "word_of"]

Verdict = Literal["pass", "fail", "error"]


def status_of(report: Report) -> Verdict:
    """Say in a word what became of a submission; short of full marks it has failed."""
    if report.status != "graded":
        return "error"
    return "pass" if report.score == report.max_score else "fail"


def word_of(outcome: Outcome) -> Verdict:
    """Say in a word what became of a check; one that was not run is an error."""
    if outcome == "passed":
        return "pass"
    return "fail" if outcome == "failed" else "error"
