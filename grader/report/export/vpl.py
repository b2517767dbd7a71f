"""What a `vpl_execution` prints for Moodle's Virtual Programming Lab: comments and the grade.

VPL obeys lines that begin with `Grade :=>>` and `Comment :=>>`, and what stands between `<|--` and
`--|>`; within it a line that begins with `-` is a title and one with `>` shown as it is. A fault
of ours has comments alone, for which VPL proposes no grade.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from grader.language import Language
from grader.report.export.explanation import all_checks, explain_check, explain_report, name_of
from grader.report.model import Report
from grader.report.neutralise import for_ci_log
from grader.report.words import points_words

__all__ = ["to_vpl"]

_OBEYED: Final = re.compile(r"<(?=\|--)|--(?=\|>)|:(?==>>)")
_WORD_JOINER: Final = "\u2060"


def to_vpl(report: Report, language: Language) -> bytes:
    """Write what VPL reads. The activity's maximum has to be that of the exercise."""
    lines = ["<|--", *_comments(report.for_student(), language), "--|>"]
    if report.score is not None:
        lines.append(f"Grade :=>> {points_words(report.score)}")
    return "\n".join(lines).encode() + b"\n"


def _comments(report: Report, language: Language) -> Iterator[str]:
    yield from _shown(explain_report(report, language))
    for _, task, check in all_checks(report):
        of = f"{points_words(check.score)}/{points_words(check.max_score)}"
        title = " ".join(_harmless(name_of(task, check, language)).split())
        yield f"-{title} ({of})"
        yield from _shown(explain_check(check, language))


def _shown(text: str) -> list[str]:
    return [f">{line}" for line in _harmless(text).split("\n") if line]


def _harmless(text: str) -> str:
    return _OBEYED.sub(lambda match: match[0] + _WORD_JOINER, for_ci_log(text))
