"""Gradescope's `results.json`.

The fields are those of Gradescope's autograder specification ("Output format"). Its four words
for visibility are ours, and mean the same: `hidden` is for instructors alone, and what is
`after_due_date` or `after_published` is kept back by Gradescope until then, so that such a check
has its full message here. The message of a `hidden` check is written as a student may see it all
the same, since later submissions are given the results of earlier ones.

Without a score and without points in any test, Gradescope has nothing to count: that is how a
fault of ours is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.language import Language, Text
from grader.report.export.document import to_document
from grader.report.export.explanation import (
    GRADER_FAULT,
    all_checks,
    explain_check,
    explain_report,
    name_of,
)
from grader.report.model import CheckReport, Report
from grader.report.neutralise import for_terminal

__all__ = ["fault_results", "results_of", "to_gradescope"]

_REVEALED = ("after_due_date", "after_published")


def to_gradescope(report: Report, language: Language) -> bytes:
    """Write the whole report as `results.json`."""
    return to_document(results_of(report, language))


def results_of(report: Report, language: Language) -> dict[str, Any]:
    """Give the content of `results.json`, to which whoever runs there may add what it knows."""
    seen = report.for_student()
    results: dict[str, Any] = {
        "output": for_terminal(explain_report(seen, language)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "stdout_visibility": "hidden",
        "execution_time": round(report.duration_s),
        "extra_data": _extra_data(report),
    }
    if report.score is None:
        return results | {"tests": [_fault_test(language)]}
    return results | {"score": report.score, "tests": list(_tests(report, seen, language))}


def fault_results(why: Text, language: Language) -> dict[str, Any]:
    """Give the content of `results.json` where there is not even a report."""
    return {
        "output": for_terminal(f"{GRADER_FAULT.to(language)}\n{why.to(language)}"),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_fault_test(language)],
    }


def _extra_data(report: Report) -> dict[str, Any]:
    return {
        "exercise": report.exercise,
        "status": report.status,
        "fault_of": report.fault_of,
        "max_score": report.max_score,
        "submission_sha256": report.submission.sha256,
        "suite_sha256": report.environment.suite_sha256,
        "grader": report.environment.grader,
        "trust": report.environment.trust,
    }


def _tests(report: Report, seen: Report, language: Language) -> Iterator[dict[str, Any]]:
    pairs = zip(all_checks(report), all_checks(seen), strict=True)
    for (number, task, full), (_, _, reduced) in pairs:
        check = full if full.visibility in _REVEALED else reduced
        place = task.checks.index(full) + 1
        yield {
            "name": for_terminal(name_of(task, check, language)),
            "name_format": "text",
            "number": f"{number}.{place}",
            "score": check.score,
            "max_score": check.max_score,
            "status": "passed" if check.outcome == "passed" else "failed",
            "output": for_terminal(explain_check(check, language)),
            "output_format": "text",
            "visibility": check.visibility,
            "tags": [task.id],
            "extra_data": _facts(check),
        }


def _facts(check: CheckReport) -> dict[str, Any]:
    return {"check": check.id, "outcome": check.outcome, "misconception": check.misconception}


def _fault_test(language: Language) -> dict[str, Any]:
    name = Text(en="Not graded: the fault is ours", zh="没有评分：故障在我们这边")
    output = Text(
        en="Nothing is wrong with your submission. Your instructor can grade it again.",
        zh="你的提交没有问题。老师可以重新评分。",
    )
    return {
        "name": name.to(language),
        "status": "failed",
        "output": output.to(language),
        "visibility": "visible",
    }
