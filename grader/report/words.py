"""Words and numbers that every form of a report shows alike."""

from __future__ import annotations

from typing import Final

from grader.language import Language, Text
from grader.report.examination import Outcome, Where

__all__ = ["OUTCOME_WORDS", "place_words", "points_words"]

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


def place_words(where: Where, language: Language) -> str:
    """Name a place in the submission; the file's name is the student's own text."""
    if where.cell is None:
        return Text(
            en=f"{where.file}, line {where.line}", zh=f"{where.file} 第 {where.line} 行"
        ).to(language)
    return Text(
        en=f"{where.file}, cell {where.cell}, line {where.line}",
        zh=f"{where.file} 第 {where.cell} 个代码单元第 {where.line} 行",
    ).to(language)
