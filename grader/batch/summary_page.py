"""Shows what a class has reached on a terminal: what went wrong first, then scores and checks.

A screen or two for a class of any size, in 80 columns, understood without colour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Final, Literal, NamedTuple

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Line

from grader.batch.csv_lines import number
from grader.batch.summary import ExerciseSummary, HardCheck, NotGraded, NotRunnable, Summary
from grader.language import Language
from grader.report.neutralise import for_terminal, without_ci_commands

__all__ = ["print_summary"]

_MAX_WIDTH: Final = 100
"""Lines longer than this are hard to read, however wide the window."""
_MAX_LISTED: Final = 5
_MAX_NAMED: Final = 12
_MAX_MESSAGE_LINES: Final = 10
"""Of all faults together."""
_MAX_LINE: Final = 140
_MAX_HARDEST: Final = 5
_FEW_EXERCISES: Final = 2
"""Up to this many, there is room for a line for each tenth of the points."""
_BAR_WIDTH: Final = 40
_BESIDE_BAR: Final = 22
"""The points before a bar, and how many reached them behind it."""
_GAP: Final = 2
_NAME_WIDTH: Final = 5
"""Of an exercise whose title is cut: `ex03…`."""
_DISPENSABLE: Final = (6, 5, 2, 3)
"""Columns of scores that a narrow page goes without, in this order."""

_LEVELS: Final = "▁▂▃▄▅▆▇█"
_ASCII_LEVELS: Final = ".:-=+*#@"


def print_summary(summary: Summary, language: Language, file: IO[str]) -> None:
    """Print a summary in one language.

    Args:
        summary: What a class has reached.
        language: The language of all texts.
        file: Where to print. Colours are used where it is a terminal and NO_COLOR is not set.
    """
    console = Console(file=file, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, _MAX_WIDTH)
    page = _Page(language, _levels_for(console.encoding), console.width)
    with console.capture() as capture:
        for part in page.parts(summary):
            console.print(part)
    # Tables are filled up with spaces, which pasted text should not have.
    lines = without_ci_commands(capture.get()).splitlines()
    file.writelines(f"{line.rstrip()}\n" for line in lines)


def _levels_for(encoding: str) -> str:
    try:
        _LEVELS.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return _ASCII_LEVELS
    return _LEVELS


class _Page(NamedTuple):
    """The parts of a page in one language."""

    language: Language
    levels: str
    width: int
    """In columns of the terminal."""

    def parts(self, summary: Summary) -> Iterator[RenderableType]:
        """Give the parts in the order in which they are read."""
        yield from self._faults(summary)
        yield from self._unreadable(summary)
        yield from self._named(summary)
        yield self._counts(summary)
        if summary.exercises:
            yield Padding(self._scores(summary.exercises), (1, 0, 0, 0))
        if len(summary.exercises) <= _FEW_EXERCISES:
            for exercise in filter(_has_scores, summary.exercises):
                yield Padding(self._bars(exercise), (1, 0, 0, 2))
        yield from self._hardest(summary.hardest)

    def _say(self, en: str, zh: str) -> str:
        return zh if self.language == "zh" else en

    def _faults(self, summary: Summary) -> Iterator[RenderableType]:
        count = len(summary.faults)
        if not count:
            return
        heading = self._say(
            f"Faults of ours: {count}. No score, no points lost; --retry-faults grades them again.",
            f"评分程序或课程的故障：{count} 个。没有得分，也不扣分；--retry-faults 会重新评分。",
        )
        yield Line(heading, style="bold red")
        # A fault of the course is the same for everybody.
        alike: dict[tuple[str, str], list[str]] = {}
        for fault in summary.faults:
            message = fault.message.to(self.language)
            alike.setdefault((fault.exercise, message), []).append(fault.student)
        frequent = sorted(alike.items(), key=lambda item: -len(item[1]))
        for (exercise, message), students in frequent[:_MAX_LISTED]:
            yield Padding(self._names(exercise, students, _MAX_LISTED), (0, 0, 0, 2))
            for line in _ends(message, _MAX_MESSAGE_LINES // min(len(frequent), _MAX_LISTED)):
                yield Padding(Line(line), (0, 0, 0, 6))
        if len(frequent) > _MAX_LISTED:
            others = sum(len(students) for _, students in frequent[_MAX_LISTED:])
            yield Line(f"  {self._more(others)}")
        yield Line()

    def _unreadable(self, summary: Summary) -> Iterator[RenderableType]:
        count = len(summary.unreadable)
        rows = [(problem.message.to(self.language),) for problem in summary.unreadable]
        heading = self._say(
            f"Reports that cannot be read: {count}. Not in the gradebook.",
            f"无法读取的报告：{count} 个。未计入成绩册。",
        )
        yield from self._list(heading, rows)

    def _list(self, heading: str, rows: Sequence[tuple[str, ...]]) -> Iterator[RenderableType]:
        """Give a heading with the first few rows, each on one line."""
        if not rows:
            return
        yield Line(heading, style="bold red")
        table = Table.grid(padding=(0, 2))
        for row in rows[:_MAX_LISTED]:
            table.add_row(*(_one_line(cell) for cell in row))
        yield Padding(table, (0, 0, 0, 2))
        if len(rows) > _MAX_LISTED:
            yield Line(f"  {self._more(len(rows) - _MAX_LISTED)}")
        yield Line()

    def _more(self, count: int) -> str:
        return self._say(f"and {count} more", f"……还有 {count} 个")

    def _named(self, summary: Summary) -> Iterator[RenderableType]:
        if summary.not_runnable:
            label = self._say("Could not be run, 0 points", "无法运行，0 分")
            yield self._names(label, [_pair(one) for one in summary.not_runnable])
        if summary.not_graded:
            label = self._say("Handed in, but not graded", "有提交但没有评分")
            yield self._names(label, [_pair(one) for one in summary.not_graded])
        if summary.without_submission:
            label = self._say("Handed in nothing", "什么都没有提交")
            yield self._names(label, summary.without_submission)
        if summary.not_runnable or summary.not_graded or summary.without_submission:
            yield Line()

    def _names(self, label: str, names: Sequence[str], most: int = _MAX_NAMED) -> RenderableType:
        listed = [_one_line(name).plain for name in names[:most]]
        if len(names) > most:
            listed.append(self._more(len(names) - most))
        return Line(self._say(f"{label} ({len(names)}): ", f"{label}（{len(names)}）：")).append(
            self._say(", ", "，").join(listed)
        )

    def _counts(self, summary: Summary) -> RenderableType:
        late = sum(exercise.late for exercise in summary.exercises)
        said = self._say(
            f"Students: {summary.students}, reports: {summary.reports}, late: {late}",
            f"{summary.students} 名学生，{summary.reports} 份报告，{late} 份迟交",
        )
        return Line(said, style="bold")

    def _scores(self, exercises: Iterable[ExerciseSummary]) -> RenderableType:
        heads = (
            self._say("Exercise", "练习"),
            self._say("scored", "有成绩"),
            self._say("missing", "缺交"),
            self._say("mean", "平均"),
            self._say("median", "中位"),
            self._say("quartiles", "四分位"),
            # A column for each tenth: how many reached it, against the tenth that most reached.
            self._say("0 to full", "0 至满分"),
        )
        rows = [tuple(self._score_cells(exercise)) for exercise in exercises]
        kept = _columns_that_fit([tuple(map(Line, heads)), *rows], self.width)
        table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="underline")
        for column in kept:
            # The first is the one that gives way where the page is narrow.
            justify: Literal["left", "right"] = "right" if 0 < column < len(heads) - 1 else "left"
            table.add_column(
                heads[column],
                justify=justify,
                no_wrap=column > 0,
                min_width=max(cell_len(heads[0]), _NAME_WIDTH) if column == 0 else None,
            )
        for row in rows:
            table.add_row(*(row[column] for column in kept))
        return table

    def _score_cells(self, exercise: ExerciseSummary) -> Iterator[Line]:
        title = exercise.title.to(self.language) if exercise.title else ""
        yield _one_line(f"{exercise.exercise} {title}")
        quartiles = (_short(exercise.lower_quartile), _short(exercise.upper_quartile))
        for cell in (
            str(exercise.scored),
            str(exercise.missing),
            _short(exercise.mean),
            _short(exercise.median),
            "-".join(quartiles) if exercise.scored else "",
            "".join(self._levels(exercise.histogram)),
        ):
            yield Line(cell)

    def _levels(self, histogram: Sequence[int]) -> Iterator[str]:
        highest = max(histogram)
        for count in histogram:
            # Nobody at all shows as nothing, however many the others are.
            level = -(-count * len(self.levels) // highest) if count else 0
            yield self.levels[level - 1] if level else " "

    def _bars(self, exercise: ExerciseSummary) -> RenderableType:
        """Give a line for each tenth of the points."""
        highest = max(exercise.histogram)
        maximum = exercise.max_score or 0.0
        tenths = len(exercise.histogram)
        widest = max(1, min(_BAR_WIDTH, self.width - _BESIDE_BAR))
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        for place, count in enumerate(exercise.histogram):
            start, end = (number(maximum * edge / tenths) for edge in (place, place + 1))
            width = -(-count * widest // highest) if highest else 0
            bar = f"{self.levels[-1] * width} {count}" if count else "0"
            table.add_row(f"{start}-{end}", Line(bar))
        return table

    def _hardest(self, checks: Sequence[HardCheck]) -> Iterator[RenderableType]:
        if not checks:
            return
        yield Line()
        heading = self._say("The hardest checks, and how many passed", "最难的检查及通过人数")
        yield Line(heading, style="bold")
        table = Table.grid(padding=(0, 2))
        table.add_column(justify="right", no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for check in checks[:_MAX_HARDEST]:
            share = f"{check.pass_rate:.0%}"
            table.add_row(share, check.exercise, Line(self._hard_check(check)))
        yield Padding(table, (0, 0, 0, 2))

    def _hard_check(self, check: HardCheck) -> str:
        said = f"{for_terminal(check.title.to(self.language))} ({check.passed}/{check.count})"
        if check.misconception is None:
            return said
        name, count = for_terminal(check.misconception), check.misconception_count
        return said + self._say(f"; most often {name}: {count}", f"；最常见 {name}：{count}")


def _columns_that_fit(rows: Sequence[Sequence[Line]], width: int) -> list[int]:
    """Choose columns so that no figure is cut; in the first one, only its head must fit."""
    wanted = [max(row[column].cell_len for row in rows) for column in range(len(rows[0]))]
    wanted[0] = max(rows[0][0].cell_len, _NAME_WIDTH)
    kept = list(range(len(wanted)))
    for column in _DISPENSABLE:
        if sum(wanted[each] + _GAP for each in kept) - _GAP <= width:
            break
        kept.remove(column)
    return kept


def _has_scores(exercise: ExerciseSummary) -> bool:
    return exercise.scored > 0


def _pair(one: NotGraded | NotRunnable) -> str:
    return f"{one.student} {one.exercise}"


def _short(points: float | None) -> str:
    return number(None if points is None else round(points, 1))


def _ends(message: str, count: int) -> list[str]:
    """Give a message's first line and the last ones: of a traceback, where and what it was."""
    lines = [line for line in for_terminal(message).splitlines() if line.strip()]
    kept = lines if len(lines) <= count else [lines[0], *lines[len(lines) - count + 1 :]]
    return [line[:_MAX_LINE] for line in kept[: max(count, 1)]]


def _one_line(text: str) -> Line:
    """Give untrusted text, or much of it, as one line that is cut where it does not fit."""
    line = " ".join(for_terminal(text).split())
    return Line(line, no_wrap=True, overflow="ellipsis")
