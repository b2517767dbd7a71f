"""Words and numbers that every form of a report shows alike."""

from __future__ import annotations

from typing import Final

from grader.language import Language, Text
from grader.report.examination import Outcome, Where
from grader.report.model import Present, Report

__all__ = ["OUTCOME_WORDS", "later_words", "place_words", "points_words", "score_words"]

OUTCOME_WORDS: Final[dict[Outcome, Text]] = {
    "passed": Text(en="passed", zh="通过"),
    "failed": Text(en="failed", zh="未通过"),
    "error": Text(en="error", zh="出错"),
    "timeout": Text(en="out of time", zh="超时"),
    "crashed": Text(en="crashed", zh="崩溃"),
    "memory": Text(en="out of memory", zh="内存不足"),
    "forbidden": Text(en="not allowed", zh="不允许"),
    "not_run": Text(en="not run", zh="未运行"),
}


def points_words(points: float) -> str:
    """Write points without zeros that say nothing: `5`, `2.5`, `33.33`."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def score_words(report: Report) -> Text:
    """Say what was scored; of what, where that is not all of the exercise.

    Some points are kept back until submission, and a learner's own script has some of the tasks.
    """
    if report.present is not None:
        return _present_words(report.present)
    points = f"{points_words(report.score or 0.0)} / {points_words(report.max_score or 0.0)}"
    if report.withheld_points:
        return Text(en=f"Score: visible {points}", zh=f"得分：可见部分 {points}")
    return Text(en=f"Score: {points}", zh=f"得分：{points}")


def _present_words(present: Present) -> Text:
    points = f"{points_words(present.score)}/{points_words(present.max_score)}"
    to_do = points_words(present.to_do)
    if not present.max_score:
        return Text(
            en=f"nothing in this file is scored for this exercise; {to_do} to do",
            zh=f"本文件中没有可以按这个练习评分的内容；还有 {to_do} 分的任务可以做",
        )
    return Text(
        en=f"{points} of the tasks in this file; {to_do} more to do",
        zh=f"本文件所含任务得分 {points}；另有 {to_do} 分的任务还没有做",
    )


def later_words(report: Report) -> Text | None:
    """Say how many points are graded after submission; None where all were graded."""
    if not report.withheld_points:
        return None
    more = points_words(report.withheld_points)
    return Text(
        en=f"{more} more points are graded after submission.", zh=f"另有 {more} 分在提交后评定。"
    )


def place_words(where: Where, language: Language) -> str:
    """Name a place in the submission; the file's name is the student's own text."""
    if where.cell is None:
        return Text(
            en=f"{where.file}, line {where.line}", zh=f"{where.file} 第 {where.line} 行"
        ).to(language)
    return Text(
        en=f"{where.file}, code cell {where.cell}, line {where.line}",
        zh=f"{where.file} 第 {where.cell} 个代码单元格第 {where.line} 行",
    ).to(language)
