"""The JSON of check50, as `check50 --output json` writes it (its "JSON specification").

A check that did not run has `passed: null`, as one that was skipped; a fault of ours is its
`error`.
"""

from __future__ import annotations

from typing import Any

from grader.language import Language
from grader.report.export.document import to_document
from grader.report.export.explanation import all_checks, explain_report, name_of
from grader.report.model import CheckReport, Report
from grader.report.neutralise import for_terminal
from grader.report.words import OUTCOME_WORDS

__all__ = ["to_check50"]


def to_check50(report: Report, language: Language) -> bytes:
    """Write the document that check50 prints."""
    seen = report.for_student()
    document: dict[str, Any] = {"slug": report.exercise, "version": report.environment.grader}
    if report.score is None:
        value = for_terminal(explain_report(seen, language))
        error = {"type": "GraderFault", "value": value, "traceback": [], "data": {}}
        return to_document(document | {"error": error})
    results: list[dict[str, Any]] = [
        {
            "name": check.id,
            "description": for_terminal(name_of(task, check, language)),
            "passed": {"passed": True, "not_run": None}.get(check.outcome, False),
            "log": [],
            "cause": _cause(check, language),
            "data": {"score": check.score, "max_score": check.max_score},
            "dependency": None,
        }
        for _, task, check in all_checks(seen)
    ]
    return to_document(document | {"results": results})


def _cause(check: CheckReport, language: Language) -> dict[str, Any] | None:
    if check.outcome == "passed":
        return None
    rationale = (check.message or OUTCOME_WORDS[check.outcome]).to(language)
    hint = None if check.hint is None else for_terminal(check.hint.to(language))
    return {"rationale": for_terminal(rationale), "help": hint}
