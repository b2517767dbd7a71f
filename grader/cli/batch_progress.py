"""Shows how a batch goes on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Protocol

import click

from grader.batch.found import Discovery
from grader.batch.task import Result
from grader.language import Language, Text
from grader.report.neutralise import for_ci_log, for_terminal

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress

__all__ = ["Display", "show_progress", "told_duration"]

_LINE_SECONDS: Final = 10.0
_MIN_SECONDS: Final = 0.5
_MANY_SECONDS: Final = 100
_MANY_MINUTES: Final = 100
_GRADING: Final = Text(en="Grading", zh="评分中")
_FAULTS: Final = Text(en="faults", zh="故障")
_SLOTS: Final = Text(en="slots", zh="并行")


class Display(Protocol):
    """What is told how a batch goes on."""

    def discovered(self, discovery: Discovery) -> None:
        """Take what was found, before anything is graded."""

    def planned(self, total: int, kept: int) -> None:
        """Say how many submissions there are, and how many of them were finished before."""

    def finished(self, result: Result) -> None:
        """Take a result that has been written."""


@contextlib.contextmanager
def show_progress(language: Language, slots: int | None) -> Iterator[Display]:
    """Choose how to show it, on stderr: what is printed at the end may go to a file.

    Args:
        language: The reader's.
        slots: How many are graded at a time; None where that may change.
    """
    if not sys.stderr.isatty():
        yield _Lines(language)
        return
    from rich.console import Console

    bar = _make_bar(language, slots, Console(stderr=True))
    try:
        yield _Bar(bar, language)
    finally:
        bar.stop()


def _say(line: str) -> None:
    """Write a line; whoever read it may have gone, as `head` does, and the batch goes on."""
    with contextlib.suppress(OSError, ValueError):
        click.echo(line, err=True)


def _tell(discovery: Discovery, language: Language) -> None:
    """Name what could not be used, and what deserves a look."""
    for note in discovery.notes:
        _say(_one_line(note.to(language)))
    for problem in (*discovery.problems, *discovery.warnings):
        line = f"{problem.origin}: {problem.message.to(language)}"
        if problem.hint is not None:
            line += f" ({problem.hint.to(language)})"
        _say(_one_line(line))
    if discovery.missing:
        names = _one_line(", ".join(discovery.missing))
        text = Text(en=f"nothing handed in: {names}", zh=f"没有提交：{names}")
        _say(text.to(language))


def _one_line(text: str) -> str:
    """Give text that may come from a file's name; a line feed in it begins no line of ours."""
    return for_ci_log(for_terminal(text).replace("\n", " "))


class _Pace:
    """How quickly results come, from the first on: before it everything has to start."""

    def __init__(self) -> None:
        self._first: float | None = None
        self._since = 0

    def count(self) -> float | None:
        """Count a result; give how many come in a second, as soon as that can be said."""
        now = time.monotonic()
        if self._first is None:
            self._first = now
            return None
        self._since += 1
        seconds = now - self._first
        # The first few come at once where several are graded at a time.
        return self._since / seconds if seconds >= _MIN_SECONDS else None


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _speed(rate: float) -> Text:
    """Give how many come in a second or, where that would be none, in a minute."""
    if rate >= 1:
        return Text(en=f"{rate:.1f}/s", zh=f"每秒 {rate:.1f} 份")
    return Text(en=f"{60 * rate:.1f}/min", zh=f"每分钟 {60 * rate:.1f} 份")


def told_duration(seconds: float, language: Language) -> str:
    """Give a time as one says it: 40 s, 12 min, 3 h 20 min."""
    minutes = round(seconds / 60)
    if seconds < _MANY_SECONDS:
        text = Text(en=f"{seconds:.0f} s", zh=f"{seconds:.0f} 秒")
    elif minutes < _MANY_MINUTES:
        text = Text(en=f"{minutes} min", zh=f"{minutes} 分钟")
    else:
        hours, minutes = divmod(minutes, 60)
        text = Text(en=f"{hours} h {minutes} min", zh=f"{hours} 小时 {minutes} 分钟")
    return text.to(language)


class _Lines:
    """A line now and then, for logs."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._total = self._done = self._faults = 0
        self._pace = _Pace()
        self._said = time.monotonic()

    def discovered(self, discovery: Discovery) -> None:
        _tell(discovery, self._language)

    def planned(self, total: int, kept: int) -> None:
        self._total, self._done = total, kept
        text = Text(
            en=f"{_counted(total, 'submission')}, {kept} of them finished before",
            zh=f"共 {total} 份提交，其中 {kept} 份之前已评完",
        )
        _say(text.to(self._language))

    def finished(self, result: Result) -> None:
        self._done += 1
        self._faults += result.status == "grader_fault"
        rate = self._pace.count()
        now = time.monotonic()
        if now - self._said < _LINE_SECONDS and self._done < self._total:
            return
        self._said = now
        en, zh = f"{self._done}/{self._total} graded", f"已评 {self._done}/{self._total}"
        if rate is not None:
            pace = _speed(rate)
            en, zh = f"{en}, {pace.en}", f"{zh}，{pace.zh}"
            if self._done < self._total:
                left = told_duration((self._total - self._done) / rate, self._language)
                en, zh = f"{en}, {left} left", f"{zh}，预计还需 {left}"
        faults = _counted(self._faults, "fault")
        text = Text(en=f"{en}, {faults}", zh=f"{zh}，故障 {self._faults}")
        _say(text.to(self._language))


def _make_bar(language: Language, slots: int | None, console: Console) -> RichProgress:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    return Progress(
        TextColumn("{task.description}"),
        # All of it fits into 80 columns.
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TextColumn("{task.fields[left]}"),
        *([] if slots is None else [TextColumn(f"{_SLOTS.to(language)} {slots}")]),
        TextColumn(_FAULTS.to(language) + " {task.fields[faults]}"),
        console=console,
    )


class _Bar:
    """A bar of rich."""

    def __init__(self, progress: RichProgress, language: Language) -> None:
        self._progress = progress
        self._language = language
        self._row = progress.add_task(_GRADING.to(language), total=None, rate="", left="", faults=0)
        self._total = self._done = self._faults = 0
        self._pace = _Pace()

    def discovered(self, discovery: Discovery) -> None:
        _tell(discovery, self._language)

    def planned(self, total: int, kept: int) -> None:
        self._total, self._done = total, kept
        self._progress.update(self._row, total=total, completed=kept)
        # Not before: what was found is told on lines of their own.
        self._progress.start()

    def finished(self, result: Result) -> None:
        self._done += 1
        self._faults += result.status == "grader_fault"
        self._progress.update(self._row, completed=self._done, faults=self._faults)
        rate = self._pace.count()
        if rate is not None:
            left = told_duration((self._total - self._done) / rate, self._language)
            self._progress.update(
                self._row,
                rate=_speed(rate).to(self._language),
                left=Text(en=f"{left} left", zh=f"剩余 {left}").to(self._language),
            )
