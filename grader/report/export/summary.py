"""A page in Markdown on what a push came to: GitHub's job summary, or a comment anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from grader.language import Language, Text
from grader.report.export.explanation import all_checks, explain_check, explain_report
from grader.report.model import Report, TaskReport
from grader.report.neutralise import for_markdown
from grader.report.words import later_words, points_words

__all__ = ["Row", "to_summary"]

_MAX_BYTES: Final = 1_000_000
"""GitHub drops a summary of more than 1 MiB as a whole."""
_TITLE: Final = Text(en="Grading", zh="评分结果")
_NOTHING: Final = Text(
    en="This push touches no exercise, so there was nothing to grade.",
    zh="本次推送没有改动任何练习，因此没有可评分的内容。",
)
_HEAD: Final = Text(
    en="| Exercise | Score | Before |\n| --- | ---: | ---: |",
    zh="| 练习 | 得分 | 之前 |\n| --- | ---: | ---: |",
)
_NOT_GRADED: Final = Text(en="not graded", zh="未评分")
_CUT: Final = Text(
    en="The page was cut here; the reports in JSON have the rest.",
    zh="页面在此截断；其余内容见 JSON 报告。",
)
_HIDDEN: Final = Text(en="hidden check", zh="隐藏检查")


class Row(NamedTuple):
    """An exercise on the page."""

    exercise: str
    report: Report | None
    """As a student may see it; None where there was nothing to grade."""
    before: Report | None = None
    """What the earlier state scored; None where that was not asked for."""
    notes: tuple[Text, ...] = ()
    """What is to be said about the choice of the file."""


def to_summary(rows: Sequence[Row], notes: Sequence[Text], language: Language) -> bytes:
    """Write the page; at most 1 MB, cut between two exercises.

    Args:
        rows: The exercises.
        notes: What holds for all of them.
        language: The language of all texts.
    """
    parts = [
        f"## {_TITLE.to(language)}\n",
        *(f"{for_markdown(one.to(language))}\n" for one in notes),
    ]
    parts += [_table(rows, language)] if rows else [f"{_NOTHING.to(language)}\n"]
    size = sum(len(part.encode()) for part in parts)
    for row in rows:
        section = "\n".join(_section(row, language)) + "\n"
        size += len(section.encode())
        if size > _MAX_BYTES:
            parts.append(f"{_CUT.to(language)}\n")
            break
        parts.append(section)
    return "\n".join(parts).encode()


def _table(rows: Sequence[Row], language: Language) -> str:
    lines = [_HEAD.to(language)]
    for row in rows:
        before = "" if row.before is None else _score(row.before, language)
        name = row.exercise
        if row.report is not None:
            name += f" {row.report.title.to(language)}"
        lines.append(f"| {for_markdown(name)} | {_score(row.report, language)} | {before} |")
    return "\n".join(lines) + "\n"


def _score(report: Report | None, language: Language) -> str:
    if report is None or report.score is None or report.max_score is None:
        return _NOT_GRADED.to(language)
    return f"{points_words(report.score)} / {points_words(report.max_score)}"


def _section(row: Row, language: Language) -> Iterator[str]:
    yield f"### {for_markdown(row.exercise)}\n"
    for note in row.notes:
        yield f"{for_markdown(note.to(language))}\n"
    report = row.report
    if report is None:
        return
    if report.score is None or report.status != "graded" or report.problems or report.notes:
        yield f"{for_markdown(explain_report(report, language))}\n"
    elif later := later_words(report):
        yield f"{later.to(language)}\n"
    for task in report.tasks:
        yield f"- {_sign(task)} {for_markdown(task.title.to(language))}: {_points(task)}"
    yield ""
    if report.status == "graded":
        yield from _checks(report, language)


def _checks(report: Report, language: Language) -> Iterator[str]:
    for _, task, check in all_checks(report):
        if check.outcome == "passed":
            continue
        hidden = "" if check.visibility == "visible" else f" ({_HIDDEN.to(language)})"
        yield (
            f"- **{for_markdown(task.title.to(language))}**{hidden}: "
            f"{for_markdown(check.title.to(language))} (0/{points_words(check.max_score)})  "
        )
        yield f"  {for_markdown(explain_check(check, language))}"


def _sign(task: TaskReport) -> str:
    return "✅" if task.score == task.max_score else "🟡" if task.score else "❌"


def _points(task: TaskReport) -> str:
    return f"{points_words(task.score)} / {points_words(task.max_score)}"
