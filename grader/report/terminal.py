"""Shows a report on a terminal: the score, the one thing to look at first, the rest in short.

Understood without colour: every symbol has its word. Untrusted text is never read as markup.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import IO, Final, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from grader.language import Language, Text
from grader.report import sentences
from grader.report.examination import Compared, Problem, Where
from grader.report.excerpt import excerpt_of
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.neutralise import for_terminal, without_ci_commands
from grader.report.reading import Finding, Reading, is_left_out, read_in_order
from grader.report.words import (
    OUTCOME_WORDS,
    later_words,
    place_words,
    points_words,
    score_words,
)
from grader.report.wrapping import wrap

__all__ = ["print_report"]

_MAX_WIDTH: Final = 100
"""Lines longer than this are hard to read, however wide the window."""
_MAX_MESSAGE_LINES: Final = 20
_MAX_FOLDED: Final = 10
"""Lines of the list of what comes later; who wants more asks for everything."""
_INDENT: Final = 5
"""Columns in front of what belongs to a line with a sign."""

_LABEL: Final = 14
"""Columns in front of a value that is compared."""

_FIRST: Final = Text(en="Look here first", zh="先看这里")
_BEGIN: Final = Text(en="Begin here", zh="从这里开始")
_LATER: Final = Text(en="After that", zh="然后")
_GOT: Final = Text(en="got", zh="得到")
_EXPECTED: Final = Text(en="expected", zh="应为")


_WRITE: Final = Text(
    en="Put your own code in this place, save the file, and grade it again.",
    zh="把这里换成你自己的代码，保存文件，然后再评一次分。",
)


class _Signs(NamedTuple):
    """The symbols that the terminal can show."""

    passed: str
    failed: str
    part: str
    open: str


_SIGNS: Final = _Signs("✓", "✗", "–", "·")
_ASCII_SIGNS: Final = _Signs("+", "x", "-", ".")


def print_report(
    report: Report,
    language: Language,
    file: IO[str],
    *,
    show_all: bool = False,
    follow_up: sentences.FollowUp | None = None,
) -> None:
    """Print what a student should read, in one language.

    Args:
        report: What `for_student` gave, where a student reads it.
        language: The language of all texts.
        file: Where to print. Colours are used where it is a terminal and NO_COLOR is not set.
        show_all: Whether every finding is explained, instead of the first one.
        follow_up: The exercise that full marks lead to.
    """
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _MAX_WIDTH)
    page = _Page(language, _signs_for(console.encoding), console.width)
    with console.capture() as capture:
        for part in page.parts(report, show_all=show_all, follow_up=follow_up):
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
    width: int

    def parts(
        self, report: Report, *, show_all: bool, follow_up: sentences.FollowUp | None
    ) -> Iterator[RenderableType]:
        """Give the parts in the order in which they are read."""
        yield self._title(report)
        if report.fault is not None:
            said = Line(sentences.fault_sentence(report).to(self.language))
            yield Padding(Group(said, self._untrusted(report.fault)), (1, 0, 0, 2))
            return
        yield from self._matches(report)
        yield Padding(self._scores(report.tasks), (1, 0, 0, 2))
        reading = read_in_order(report)
        yield from self._first(reading, is_full=show_all)
        yield from self._everything(reading) if show_all else self._folded(reading, report)
        yield from self._advice(report)
        yield from self._remarks(report)
        praise = sentences.what_next(report, follow_up)
        if praise is not None:
            yield Padding(Line(praise.to(self.language), style="bold green"), (1, 0, 0, 2))

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
        said = [self._untrusted(match.message) for match in report.matches]
        if said:
            yield Padding(Group(*said), (1, 0, 0, 2))

    def _advice(self, report: Report) -> Iterator[RenderableType]:
        """Say what was noticed in a script: slips first, then what there is to learn from it."""
        for advice in sorted(report.advice, key=lambda one: one.kind != "mistake"):
            is_mistake = advice.kind == "mistake"
            sign, style = (self.signs.failed, "red") if is_mistake else (self.signs.part, "cyan")
            entry = self._entry(sign, style, _place_of(advice.where, self.language), "")
            said = self._untrusted(advice.message, indent=_INDENT - 2)
            excerpt = self._excerpt(advice.where)
            yield Padding(Group(entry, *excerpt, said), (1, 0, 0, 2))

    def _scores(self, tasks: Sequence[TaskReport]) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column()
        table.add_column()
        table.add_column(justify="right")
        table.add_column()
        for task in tasks:
            sign, style, word = self._state_of(task)
            score = f"{points_words(task.score)} / {points_words(task.max_score)}"
            table.add_row(Line(sign, style), task.title.to(self.language), score, word)
        return table

    def _state_of(self, task: TaskReport) -> tuple[str, str, str]:
        if task.score == task.max_score:
            return self.signs.passed, "green", ""
        if is_left_out(task):
            return self.signs.part, "yellow", ""
        if sentences.is_not_begun(task):
            return self.signs.open, "", self._say("not begun", "尚未开始")
        if task.score:
            return self.signs.part, "yellow", ""
        return self.signs.failed, "red", ""

    def _first(self, reading: Reading, *, is_full: bool) -> Iterator[RenderableType]:
        if reading.problem is not None:
            yield self._heading(_FIRST)
            yield Padding(self._problem(reading.problem), (0, 0, 0, 2))
        if reading.first is not None:
            yield self._heading(_BEGIN if reading.first.is_unwritten else _FIRST)
            yield Padding(self._finding(reading.first, is_full=is_full), (0, 0, 0, 2))

    def _everything(self, reading: Reading) -> Iterator[RenderableType]:
        """Explain all that is left, by task."""
        for problem in reading.later_problems:
            yield Padding(self._problem(problem), (1, 0, 0, 2))
        for task, findings in groupby(reading.later, lambda finding: finding.task):
            yield self._heading(task.title)
            for finding in findings:
                yield Padding(self._finding(finding, is_full=True), (0, 0, 0, 2))

    def _folded(self, reading: Reading, report: Report) -> Iterator[RenderableType]:
        """Give what is left a line each."""
        rows = [self._problem_row(problem) for problem in reading.later_problems]
        for task, each in groupby(reading.later, lambda finding: finding.task):
            findings = list(each)
            rows += [self._row(one) for one in findings if not one.is_unwritten]
            unwritten = [one for one in findings if one.is_unwritten]
            rows += [self._open_row(task, unwritten)] if unwritten else []
        shown, left = rows[:_MAX_FOLDED], len(rows) - _MAX_FOLDED
        if left > 0:
            more = self._say(f"… and {left} more", f"……还有 {left} 条")
            shown.append(self._entry(" ", "", "", more))
        if rows:
            yield self._heading(_LATER)
            yield Padding(Group(*shown), (0, 0, 0, 2))
        is_cut = reading.first is not None and (len(reading.first.checks) > 1 or rows)
        if rows or is_cut or (reading.first is not None and reading.first.waiting):
            name = report.exercise
            said = self._say(
                f"`grade {name} --all` explains every one of them.",
                f"`grade {name} --all` 会逐条说明。",
            )
            yield Padding(Line(said, style="dim"), (1, 0, 0, 2))

    def _heading(self, title: Text) -> RenderableType:
        return Padding(Line(title.to(self.language), style="bold"), (1, 0, 0, 0))

    def _problem_row(self, problem: Problem) -> RenderableType:
        lines = for_terminal(problem.message.to(self.language)).splitlines()[:1]
        place = _place_of(problem.where, self.language)
        return self._entry(
            self.signs.failed, "red", "", f"{place}{self._say(': ', '：')}{''.join(lines)}"
        )

    def _row(self, finding: Finding) -> RenderableType:
        sign, style, word = self._outcome_of(finding.check)
        more = len(finding.checks) - 1 + len(finding.waiting)
        count = self._say(f"  (and {more} more)", f"  （另有 {more} 项）") if more else ""
        title = finding.check.title.to(self.language)
        return self._entry(sign, style, word, f"{title}{count}")

    def _open_row(self, task: TaskReport, findings: Sequence[Finding]) -> RenderableType:
        """Give a line for what is not written yet in a task."""
        title = task.title.to(self.language)
        message = next(iter(sentences.missing_work(findings[0]))).to(self.language)
        if len(findings) > 1:
            count = len(findings)
            message = self._say(f"{count} places are not filled in", f"有 {count} 处尚未填写")
        points = self._points(math.fsum(finding.points for finding in findings))
        said = f"{title}{self._say(': ', '：')}{for_terminal(message)}  {points}"
        return self._entry(self.signs.open, "", "", said)

    def _points(self, points: float) -> str:
        count = points_words(points)
        return self._say(f"({count} points)", f"（{count} 分）")

    def _finding(self, finding: Finding, *, is_full: bool = False) -> RenderableType:
        lines: list[RenderableType]
        if finding.is_unwritten:
            lines = [
                self._entry(self.signs.open, "", "", f"{for_terminal(what)}  {points}")
                for what, points in self._missing(finding)
            ]
            lines += self._place(finding.check.where)
            lines += [] if is_full else [self._untrusted(_WRITE, indent=_INDENT - 2)]
            return Group(*lines)
        shown = finding.checks if is_full else finding.checks[:1]
        lines = [self._title_of(check) for check in shown]
        lines += self._explanation(finding.check)
        lines += self._waiting(finding, is_full=is_full)
        return Group(*lines)

    def _missing(self, finding: Finding) -> Iterator[tuple[str, str]]:
        for message, points in sentences.missing_work(finding).items():
            yield message.to(self.language), self._points(points)

    def _explanation(self, check: CheckReport) -> Iterator[RenderableType]:
        if check.compared is not None:
            yield self._compared(check.compared)
        elif check.message is not None:
            yield self._untrusted(check.message, indent=_INDENT - 2)
        yield from self._place(check.where)
        yield from self._hint(check.hint)

    def _waiting(self, finding: Finding, *, is_full: bool) -> Iterator[RenderableType]:
        if is_full:
            title = finding.check.title.to(self.language)
            for check in finding.waiting:
                said = self._say(f"blocked by “{title}”: ", f"要等“{title}”通过：")
                yield self._entry(self.signs.part, "yellow", said, check.title.to(self.language))
            return
        if len(finding.checks) > 1:
            count = len(finding.checks) - 1
            said = self._say(
                f"{count} more of its checks end the same way.", f"另有 {count} 项检查结果相同。"
            )
            yield Padding(Line(said), (0, 0, 0, _INDENT - 2))
        if finding.waiting:
            said = sentences.waiting_sentence(finding.waiting).to(self.language)
            yield Padding(Line(said), (0, 0, 0, _INDENT - 2))

    def _compared(self, compared: Compared) -> RenderableType:
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True)
        table.add_column()
        for label, value in ((_GOT, compared.got), (_EXPECTED, compared.expected)):
            table.add_row(label.to(self.language), self._untrusted(value, narrower=_LABEL))
        parts: list[RenderableType] = [table]
        if compared.what is not None:
            colon = self._say(":", "：")
            parts.insert(0, Line(for_terminal(compared.what.to(self.language)) + colon))
        if compared.note is not None:
            parts.append(self._untrusted(compared.note))
        return Padding(Group(*parts), (0, 0, 0, _INDENT - 2))

    def _outcome_of(self, check: CheckReport) -> tuple[str, str, str]:
        is_run = check.outcome != "not_run"
        sign, style = (self.signs.failed, "red") if is_run else (self.signs.part, "yellow")
        word = OUTCOME_WORDS[check.outcome].to(self.language)
        if check.visibility != "visible":
            word += self._say(" (hidden check)", "（隐藏检查）")
        return sign, style, word + self._say(": ", "：")

    def _title_of(self, check: CheckReport) -> RenderableType:
        rest = f"{check.title.to(self.language)}  (0/{points_words(check.max_score)})"
        return self._entry(*self._outcome_of(check), rest)

    def _entry(self, sign: str, style: str, word: str, rest: str) -> RenderableType:
        """Give a line that begins with a sign, under which what does not fit is indented."""
        said = Line(wrap(f"{word}{rest}", self.width - _INDENT))
        said.stylize(style, 0, len(word))
        table = Table.grid(padding=(0, 2))
        table.add_column(no_wrap=True, width=1)
        table.add_column(no_wrap=True)
        table.add_row(Line(sign, style), said)
        return table

    def _problem(self, problem: Problem) -> RenderableType:
        lines: list[RenderableType] = [
            self._entry(self.signs.failed, "red", "", _place_of(problem.where, self.language)),
            *self._excerpt(problem.where),
            self._untrusted(problem.message, indent=_INDENT - 2),
        ]
        if problem.names:
            names = for_terminal(", ".join(problem.names))
            said = Text(en=f"Not defined because of it: {names}", zh=f"因此未定义：{names}")
            lines.append(self._untrusted(said, indent=_INDENT - 2))
        return Group(*lines, *self._hint(problem.hint))

    def _place(self, where: Where | None) -> Iterator[RenderableType]:
        if where is not None:
            said = Line(for_terminal(_place_of(where, self.language)), style="cyan")
            yield Padding(said, (0, 0, 0, _INDENT - 2))
            yield from self._excerpt(where)

    def _excerpt(self, where: Where | None) -> Iterator[RenderableType]:
        """Show the line, with carets beneath what to look at."""
        lead = 0 if where is None else len(str(where.line)) + 3
        excerpt = excerpt_of(where, self.width - 2 * _INDENT - lead)
        if excerpt is None:
            return
        # One piece, which must not be wrapped: the carets stand beneath the line.
        lines = Line(no_wrap=True, overflow="ignore")
        lines.append(f"{excerpt.number} | ", "dim").append(excerpt.text)
        if excerpt.carets:
            lines.append(f"\n{' ' * (lead - 2)}| ", "dim").append(excerpt.carets, "red bold")
        yield Padding(lines, (0, 0, 0, _INDENT))

    def _hint(self, hint: Text | None) -> list[RenderableType]:
        if hint is None:
            return []
        said = Text(en=f"hint: {hint.en}", zh=f"提示：{hint.zh}")
        return [self._untrusted(said, indent=_INDENT - 2)]

    def _remarks(self, report: Report) -> Iterator[RenderableType]:
        remarks = [*report.notes]
        skipped = sentences.skipped_sentence(report)
        if skipped is not None:
            remarks.append(skipped)
        for remark in remarks:
            yield Padding(self._untrusted(remark, indent=2), (1, 0, 0, 0))

    def _untrusted(self, said: Text, indent: int = 0, *, narrower: int = 0) -> RenderableType:
        """Show text that may come from a submission: harmless, as it stands, cut when long."""
        lines = for_terminal(said.to(self.language)).expandtabs(4).strip("\n").split("\n")
        if len(lines) > _MAX_MESSAGE_LINES:
            left = len(lines) - _MAX_MESSAGE_LINES
            lines[_MAX_MESSAGE_LINES:] = [self._say(f"… {left} more lines", f"……还有 {left} 行")]
        # All of it stands in a block that is indented by two.
        wrapped = wrap("\n".join(lines), self.width - indent - 2 - narrower)
        return Padding(Line(wrapped), (0, 0, 0, indent))


def _place_of(where: Where | None, language: Language) -> str:
    if where is None:
        return Text(en="in your file", zh="在你的文件中").to(language)
    return for_terminal(place_words(where, language))
