"""Refuses a report without a score, for formats that have no word for it."""

from __future__ import annotations

from typing import NamedTuple

from grader.errors import CourseError, GraderFault
from grader.language import Text
from grader.report.model import Report

__all__ = ["Points", "require_score"]


class Points(NamedTuple):
    """A score that is there."""

    score: float
    max_score: float


def require_score(report: Report, reader: str) -> Points:
    """Give the score.

    Args:
        report: The report.
        reader: The program that would take whatever is written for the student's own score.

    Raises:
        CourseError: There is none since the course is at fault.
        GraderFault: There is none since this program is at fault.
    """
    if report.score is not None and report.max_score is not None:
        return Points(report.score, report.max_score)
    kind = CourseError if report.fault_of == "course" else GraderFault
    why = report.fault or Text(en="the grader broke", zh="评分程序出错")
    raise kind(
        Text(
            en=f"there is no score for {reader} to read, and a 0 would be wrong: {why.en}",
            zh=f"没有可供 {reader} 读取的得分，写 0 则是错的：{why.zh}",
        ),
        hint=Text(
            en="Grade the submission again, and convert the new report.",
            zh="请重新给该提交评分，再转换新的报告。",
        ),
    )
