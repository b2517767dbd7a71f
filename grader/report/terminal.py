"""Shows a report on a terminal: the score, then what to do about what is missing.

Understood without colour: every symbol has its word. Untrusted text is never read as markup.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from grader.language import Language, Text
from grader.report.examination import SkippedStatement, Where
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.neutralise import for_terminal, without_ci_commands
from grader.report.words import (
    OUTCOME_WORDS,
    later_words,
    place_words,
    points_words,
    score_words,
)

__all__ = ["print_report"]

_MAX_WIDTH: Final = 100
"""Lines longer than this are hard to read, however wide the window."""
_MAX_MESSAGE_LINES: Final = 20

_UNWRITTEN: Final = "not-written-yet"


class _Signs(NamedTuple):
    """The symbols that the terminal can show."""

    passed: str
    failed: str
    part: str


_SIGNS: Final = _Signs("✓", "✗", "–")
_ASCII_SIGNS: Final = _Signs("+", "x", "-")


def print_report(report: Report, language: Language, file: IO[str]) -> None:
    """Print what a student should read, in one language.

    Args:
        report: What `for_student` gave, where a student reads it.
        language: The language of all texts.
        file: Where to print. Colours are used where it is a terminal and NO_COLOR is not set.
    """
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _MAX_WIDTH)
    page = _Page(language, _signs_for(console.encoding))
    with console.capture() as capture:
        for part in page.parts(report):
            console.print(part)
    # Indented parts are filled up with spaces, which a pasted or a saved report should not have.
    lines = without_ci_commands(capture.get()).splitlines()
    file.writelines(f"{line.rstrip()}\n" for line in lines)


def _signs_for(encoding: str) -> _Signs:
    try:
        "".join(_SIGNS).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _ASCII_SIGNS
    return _SIGNS


class _Page(NamedTuple):
    """The parts of a page in one language."""

    language: Language
    signs: _Signs

    def parts(self, report: Report) -> Iterator[RenderableType]:
        """Give the parts in the order in which they are read."""
        yield self._title(report)
        if report.fault is not None:
            yield self._fault(report.fault, of_course=report.fault_of == "course")
            return
        yield from self._matches(report)
        yield from self._problems(report)
        yield Padding(self._scores(report.tasks), (1, 0, 0, 2))
        # Where nothing could be loaded, the problems above are the reason for every check.
        for task in report.tasks if report.status != "not_runnable" else ():
            if report.present is None or not _is_untouched(task):
                yield from self._findings(task)
        yield from self._advice(report)
        yield from self._remarks(report)

    def _say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def _title(self, report: Report) -> RenderableType:
        title = Line(f"{report.exercise}  {report.title.to(self.language)}", style="bold")
        if report.score is None or report.max_score is None:
            return title
        lines = [title, Line(score_words(report).to(self.language), style="bold")]
        if later := later_words(report):
            lines.append(Line(later.to(self.language)))
        return Group(*lines)

    def _matches(self, report: Report) -> Iterator[RenderableType]:
        """Say what was taken for what."""
        said = [self._untrusted(match.message.to(self.language)) for match in report.matches]
        if said:
            yield Padding(Group(*said), (1, 0, 0, 2))

    def _advice(self, report: Report) -> Iterator[RenderableType]:
        """Say what was noticed in a script: slips first, then what there is to learn from it."""
        for advice in sorted(report.advice, key=lambda one: one.kind != "mistake"):
            is_mistake = advice.kind == "mistake"
            sign, style = (self.signs.failed, "red") if is_mistake else (self.signs.part, "cyan")
            entry = self._entry(sign, style, self._place(advice.where), "")
            said = self._untrusted(advice.message.to(self.language), indent=3)
            yield Padding(Group(entry, said), (1, 0, 0, 2))

    def _fault(self, fault: Text, *, of_course: bool) -> RenderableType:
        who = self._say("course", "课程") if of_course else self._say("grader", "评分程序")
        said = self._say(
            f"The {who} is at fault, not your code. This costs you nothing.",
            f"是{who}出了问题，不是你的代码。这不会扣你的分。",
        )
        return Padding(Group(Line(said), self._untrusted(fault.to(self.language))), (1, 0, 0, 2))

    def _problems(self, report: Report) -> Iterator[RenderableType]:
        for problem in report.problems:
            lines: list[RenderableType] = [
                Line.assemble((f"{self.signs.failed} ", "red"), self._place(problem.where)),
                self._untrusted(problem.message.to(self.language), indent=2),
            ]
            if problem.names:
                names = ", ".join(problem.names)
                said = self._say(f"Not defined because of it: {names}", f"因此未定义：{names}")
                lines.append(self._untrusted(said, indent=2))
            lines += self._hint(problem.hint)
            yield Padding(Group(*lines), (1, 0, 0, 2))

    def _scores(self, tasks: Sequence[TaskReport]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        table.add_column(justify="right", no_wrap=True)
        for task in tasks:
            sign, style = self._task_sign(task)
            points = f"{points_words(task.score)} / {points_words(task.max_score)}"
            table.add_row(Line(sign, style), Line(task.title.to(self.language)), Line(points))
        return table

    def _task_sign(self, task: TaskReport) -> tuple[str, str]:
        if _is_untouched(task):
            return self.signs.part, "yellow"
        if task.score == task.max_score:
            return self.signs.passed, "green"
        return (self.signs.part, "yellow") if task.score else (self.signs.failed, "red")

    def _findings(self, task: TaskReport) -> Iterator[RenderableType]:
        missed = [check for check in task.checks if check.outcome != "passed"]
        if not missed:
            return
        yield Line()
        yield Line(task.title.to(self.language), style="bold")
        # What failed for one and the same reason shares one explanation.
        groups: dict[object, list[CheckReport]] = {}
        for check in missed:
            groups.setdefault(_reason(check), []).append(check)
        for group in groups.values():
            is_unwritten = group[0].misconception == _UNWRITTEN
            finding = self._unwritten(group) if is_unwritten else self._finding(group)
            yield Padding(finding, (0, 0, 0, 2))

    def _unwritten(self, checks: Sequence[CheckReport]) -> RenderableType:
        """Show work that has not begun yet: a line for each thing that is missing."""
        lines: list[RenderableType] = []
        for message, points in self._missing(checks).items():
            count = self._say(f"{points_words(points)} points", f"{points_words(points)} 分")
            lines.append(
                self._entry(self.signs.part, "yellow", for_terminal(message), f"  ({count})")
            )
        if checks[0].where is not None:
            lines.append(self._indented_place(checks[0].where))
        return Group(*lines)

    def _missing(self, checks: Sequence[CheckReport]) -> dict[str, float]:
        """Add up the points that wait for each thing; hidden checks say no more than that."""
        points: dict[str, float] = {}
        for check in checks:
            message = check.message.to(self.language) if check.message else ""
            points[message] = points.get(message, 0.0) + check.max_score
        generic = min(points, key=len)
        special = [message for message in points if message != generic]
        if len(special) == 1 and special[0].startswith(generic):
            return {special[0]: math.fsum(points.values())}
        return points

    def _finding(self, checks: Sequence[CheckReport]) -> RenderableType:
        lines: list[RenderableType] = [self._heading(check) for check in checks]
        check = checks[0]
        if check.message is not None:
            lines.append(self._untrusted(check.message.to(self.language), indent=4))
        if check.where is not None:
            lines.append(self._indented_place(check.where))
        return Group(*lines, *self._hint(check.hint, indent=4))

    def _heading(self, check: CheckReport) -> RenderableType:
        is_run = check.outcome != "not_run"
        sign, style = (self.signs.failed, "red") if is_run else (self.signs.part, "yellow")
        word = OUTCOME_WORDS[check.outcome].to(self.language)
        if check.visibility != "visible":
            word += self._say(" (hidden check)", "（隐藏检查）")
        word += self._say(": ", "：")
        rest = f"{check.title.to(self.language)}  (0/{points_words(check.max_score)})"
        return self._entry(sign, style, word, rest)

    def _entry(self, sign: str, style: str, word: str, rest: str) -> RenderableType:
        """Give a line that begins with a sign, under which what does not fit is indented."""
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, width=1)
        table.add_column()
        table.add_row(Line(sign, style), Line.assemble((word, style), rest))
        return table

    def _indented_place(self, where: Where) -> RenderableType:
        return Padding(Line(self._place(where), style="cyan"), (0, 0, 0, 4))

    def _hint(self, hint: Text | None, indent: int = 2) -> list[RenderableType]:
        if hint is None:
            return []
        label = self._say("hint: ", "提示：")
        return [self._untrusted(label + hint.to(self.language), indent=indent)]

    def _place(self, where: Where | None) -> str:
        if where is None:
            return self._say("in your file", "在你的文件中")
        return for_terminal(place_words(where, self.language))

    def _remarks(self, report: Report) -> Iterator[RenderableType]:
        remarks = [note.to(self.language) for note in report.notes]
        # Imports that nothing uses are as common as harmless.
        skipped = [one for one in report.skipped_statements if not _is_import(one)]
        if skipped:
            lines = _ranges(skipped)
            remarks.append(
                self._say(
                    f"Not run, since no task needs it: line {lines}. `--run-all` runs everything.",
                    f"没有任务需要，因此未运行：第 {lines} 行。使用 `--run-all` 可以全部运行。",
                )
            )
        for remark in remarks:
            yield Padding(self._untrusted(remark, indent=2), (1, 0, 0, 0))

    def _untrusted(self, text: str, indent: int = 0) -> RenderableType:
        """Show text that may come from a submission: harmless, as it stands, cut when long."""
        lines = for_terminal(text).expandtabs(4).strip("\n").split("\n")
        if len(lines) > _MAX_MESSAGE_LINES:
            left = len(lines) - _MAX_MESSAGE_LINES
            lines[_MAX_MESSAGE_LINES:] = [self._say(f"… {left} more lines", f"……还有 {left} 行")]
        return Padding(Line("\n".join(lines)), (0, 0, 0, indent))


def _reason(check: CheckReport) -> object:
    """Give what makes two checks share an explanation."""
    if check.misconception == _UNWRITTEN and check.where is not None:
        return check.where
    return check.outcome, check.message, check.where, check.hint


def _is_untouched(task: TaskReport) -> bool:
    """Whether nothing of a task was run, as where a script has nothing for it."""
    return all(check.outcome == "not_run" for check in task.checks)


def _is_import(skipped: SkippedStatement) -> bool:
    return skipped.code.startswith(("import ", "from "))


def _ranges(skipped: Iterable[SkippedStatement]) -> str:
    """Give the lines in short: `3, 8-10`, or `cell 2: 1-3` for a notebook."""
    parts: list[str] = []
    for cell, statements in itertools.groupby(skipped, lambda one: one.where.cell):
        lines = sorted({statement.where.line for statement in statements})
        prefix = "" if cell is None else f"[{cell}] "
        parts.append(prefix + ", ".join(_runs(lines)))
    return "; ".join(parts)


def _runs(lines: Sequence[int]) -> Iterator[str]:
    for _, run in itertools.groupby(enumerate(lines), lambda pair: pair[1] - pair[0]):
        numbers = [line for _, line in run]
        yield str(numbers[0]) if len(numbers) == 1 else f"{numbers[0]}-{numbers[-1]}"
