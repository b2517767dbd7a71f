"""Whether a push is good enough: the exit code."""

from __future__ import annotations

from grader.ci.run import Graded, PushResult
from grader.errors import EXIT_BELOW, EXIT_OK, CourseError, GraderFault
from grader.report.model import Report

__all__ = ["exit_code_of"]


def exit_code_of(result: PushResult, *, min_score: float | None, compare: bool) -> int:
    """Give 0 where every exercise is good enough, 1 where one is not, 4 or 5 for a fault of ours.

    Args:
        result: What was graded.
        min_score: How many points each exercise needs; all that its checks can give where None,
            unless it is compared.
        compare: Each exercise needs what its earlier state scored.
    """
    reports = [report for one in result.graded for report in (one.report, one.base_report)]
    faults = {report.fault_of for report in reports if report is not None and report.fault_of}
    if faults:
        return CourseError.exit_code if "course" in faults else GraderFault.exit_code
    is_good = all(_is_good(one, min_score=min_score, compare=compare) for one in result.graded)
    return EXIT_OK if is_good else EXIT_BELOW


def _is_good(graded: Graded, *, min_score: float | None, compare: bool) -> bool:
    score = _score(graded.report)
    if compare and score < _score(graded.base_report):
        return False
    if min_score is not None:
        return score >= min_score
    return compare or (graded.report is not None and score == graded.report.max_score)


def _score(report: Report | None) -> float:
    return 0.0 if report is None or report.score is None else report.score
