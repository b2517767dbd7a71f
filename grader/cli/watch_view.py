"""What `grade watch` shows: one screen that is redrawn, or lines one after the other."""

from __future__ import annotations

import contextlib
import io
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from grader.cli.columns import shortened, side_by_side, styled, terminal_width, wrapped
from grader.cli.hint import hint_lines, open_task, reveal
from grader.cli.places import from_here
from grader.cli.remembered import follow_up, remembered, warn
from grader.cli.scoreboard import score_lines, total_line
from grader.course.catalog import Course, list_outlines, load_outline
from grader.course.models import Exercise
from grader.errors import GraderError
from grader.language import Language, Text
from grader.progress.noting import note_report
from grader.report.model import Report
from grader.report.neutralise import for_ci_log
from grader.report.terminal import print_report
from grader.watch.events import Events, Graded
from grader.watch.keys import hear_keys
from grader.watch.screen import Screen

__all__ = ["PlainView", "ScreenView", "WatchView"]

_KEYS: Final = Text(
    en="h hint   n next   l list   r grade again   q quit",
    zh="h 提示   n 下一个   l 列表   r 再评一次   q 退出",
)
_GRADING: Final = Text(en="Grading {} …", zh="正在评分：{} ……")
_STARTING: Final = Text(
    en="Starting, which takes some seconds; then grading {} …",
    zh="正在启动，需要几秒钟；然后评分：{} ……",
)
_WAITING: Final = Text(en="{time}  Waiting for the next save.", zh="{time}  等待下一次保存。")
_MORE: Final = Text(en="… {} more lines: {}", zh="……还有 {} 行：{}")
_NOTHING_NEXT: Final = Text(en="No other exercise is left to do.", zh="没有其他未完成的练习了。")
_ALL_HINTED: Final = Text(
    en="{} has full marks: nothing to hint at.", zh="{} 已经满分，没有需要提示的地方。"
)
_LOST: Final = Text(
    en="Saves are no longer heard of ({}). Press r to grade, or start again with --poll.",
    zh="无法再得知文件的保存（{}）。按 r 评分，或加上 --poll 重新运行。",
)
_HINT: Final = Text(en="hint: {}", zh="提示：{}")


class WatchView(ABC):
    """Makes the lines that are shown; how they are shown is left to others."""

    def __init__(self, course: Course, language: Language) -> None:
        self._course, self._language = course, language

    @abstractmethod
    def shown(self, events: Events) -> AbstractContextManager[None]:
        """Take what is needed to show lines and to hear keys, for the block."""

    @abstractmethod
    def grading(self, exercise: Exercise, file: Path) -> None:
        """Say that a grading has begun."""

    @abstractmethod
    def exercises(self) -> None:
        """Show the list of exercises, or go back from it."""

    @abstractmethod
    def tick(self) -> None:
        """Look whether the window has another size."""

    @abstractmethod
    def _show(
        self, lines: Sequence[str], exercise: Exercise | None = None, *, whole: str = ""
    ) -> None:
        """Show some lines.

        Args:
            lines: What came out of a grading, or anything else.
            exercise: What was graded.
            whole: The command that prints all of what is no grading.
        """

    @abstractmethod
    def note(self, text: str) -> None:
        """Show a sentence beside what else is shown."""

    def graded(self, result: Graded, *, is_current: bool) -> None:
        """Show what came out, if the user has not gone on in the meantime, and remember it."""
        report = None if result.report is None else result.report.for_student()
        if is_current:
            self._show(self._lines_of(result.exercise, report, result.error), result.exercise)
        if report is not None:
            # Afterwards, since it waits for the disk.
            with self._warnings():
                warn(note_report(self._course, report), self._language)

    def _lines_of(
        self, exercise: Exercise, report: Report | None, error: GraderError | None
    ) -> list[str]:
        if report is None:
            return [] if error is None else _error_lines(error, self._language)
        page = _Page()
        with self._warnings():
            print_report(
                report,
                self._language,
                page,
                follow_up=follow_up(self._course, exercise, self._language),
            )
        return page.getvalue().splitlines()

    def hint(self, exercise: Exercise) -> None:
        """Show a hint for the first task that lacks points, one more each time."""
        outline = load_outline(self._course, exercise.name)
        with self._warnings():
            known = remembered(self._course, self._language).of(exercise.id)
            task = open_task(outline, known)
            if task is None:
                self.note(_ALL_HINTED.to(self._language).format(exercise.id))
                return
            try:
                shown = reveal(self._course, outline, task, self._language)
            except GraderError as error:
                self._show(_error_lines(error, self._language))
                return
        lines = list(hint_lines(shown, self._language, terminal_width(), again="h"))
        self._show(lines, whole=f"grade hint {exercise.id} --again")

    def nothing_next(self) -> None:
        """Say that no other exercise is left."""
        self.note(_NOTHING_NEXT.to(self._language))

    def told(self, what: Text) -> None:
        """Show a sentence."""
        self.note(what.to(self._language))

    def lost(self, reason: str) -> None:
        """Say that saves are no longer heard of."""
        self.note(_LOST.to(self._language).format(reason))

    @contextlib.contextmanager
    def _warnings(self) -> Iterator[None]:
        """Show as a note what a command would print on stderr."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            yield
        if said.getvalue():
            self.note(" ".join(said.getvalue().split()))

    def _waiting(self) -> str:
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        return _WAITING.to(self._language).format(time=now)

    def _list_lines(self) -> list[str]:
        outlines = list_outlines(self._course)
        with self._warnings():
            progress = remembered(self._course, self._language)
        lines = score_lines(outlines, progress, self._language, terminal_width())
        return [*lines, "", f"  {total_line(outlines, progress, self._language)}"]


class PlainView(WatchView):
    """Prints, where no screen can be drawn: into a file, a pipe, the output of an editor."""

    @contextlib.contextmanager
    def shown(self, events: Events) -> Iterator[None]:  # noqa: ARG002 - there are no keys
        """Take nothing."""
        yield

    def grading(self, exercise: Exercise, file: Path) -> None:  # noqa: ARG002 - the report has it
        """Say that a grading has begun."""
        click.echo(_GRADING.to(self._language).format(from_here(file)))

    def exercises(self) -> None:
        """Print the list."""
        self._show(self._list_lines())

    def tick(self) -> None:
        """Do nothing: lines that were printed stay."""

    def note(self, text: str) -> None:
        """Print a sentence."""
        click.echo(for_ci_log(text))

    def _show(
        self,
        lines: Sequence[str],
        exercise: Exercise | None = None,
        *,
        whole: str = "",  # noqa: ARG002 - all of it is printed
    ) -> None:
        click.echo("\n".join(lines))
        if exercise is not None:
            click.echo(f"\n{self._waiting()}")
        sys.stdout.flush()


class ScreenView(WatchView):
    """Draws one screen: what came out, cut to what fits, and the keys below."""

    def __init__(self, course: Course, language: Language) -> None:
        super().__init__(course, language)
        self._screen = Screen(sys.stdout)
        self._page: Sequence[str] = ()
        self._result: Sequence[str] = ()
        self._is_list = False
        self._exercise = ""
        self._whole = ""
        """The command that prints all of the page."""
        self._status = ""
        self._note = ""

    @contextlib.contextmanager
    def shown(self, events: Events) -> Iterator[None]:
        """Take the screen and the keys."""
        with self._screen.shown(), hear_keys(events):
            yield

    def grading(self, exercise: Exercise, file: Path) -> None:
        """Say that a grading has begun; the last result stays."""
        begun = _GRADING if self._result else _STARTING
        self._status = begun.to(self._language).format(from_here(file))
        self._note = ""
        if exercise.id != self._exercise:
            self._exercise, self._page, self._result = exercise.id, (), ()
        self._draw()

    def exercises(self) -> None:
        """Show the list, or what was shown before it."""
        self._is_list = not self._is_list
        if self._is_list:
            self._page, self._whole = self._list_lines(), "grade list"
        else:
            self._page, self._whole = self._result, f"grade {self._exercise}"
        self._draw()

    def tick(self) -> None:
        """Draw anew where the window has another size."""
        if self._screen.has_new_size():
            self._draw()

    def note(self, text: str) -> None:
        """Show a sentence above the keys, until the next result."""
        self._note = text
        self._draw()

    def _show(
        self, lines: Sequence[str], exercise: Exercise | None = None, *, whole: str = ""
    ) -> None:
        self._page, self._is_list, self._whole = lines, False, whole
        if exercise is not None:
            self._result, self._exercise = lines, exercise.id
            self._whole = f"grade {exercise.id}"
            self._status = self._waiting()
        self._draw()

    def _draw(self) -> None:
        width = terminal_width()
        note = wrapped(for_ci_log(self._note), width) if self._note else []
        keys = _KEYS.to(self._language).split("   ")
        foot = [
            "",
            *note,
            shortened(self._status, width),
            *(styled(line, bold=True) for line in side_by_side(keys, width)),
        ]
        room = max(self._screen.height - len(foot), 1)
        page = self._cut(room)
        self._screen.draw([*page, *[""] * (room - len(page)), *foot])

    def _cut(self, room: int) -> Sequence[str]:
        if len(self._page) <= room:
            return self._page
        left = len(self._page) - room + 1
        more = _MORE.to(self._language).format(left, self._whole)
        return [*self._page[: room - 1], shortened(more, terminal_width())]


class _Page(io.StringIO):
    """Takes what is printed, as the terminal would."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the terminal, which decides on the symbols."""
        return sys.stdout.encoding

    def isatty(self) -> bool:
        """Whether colours are of use."""
        return sys.stdout.isatty()


def _error_lines(error: GraderError, language: Language) -> list[str]:
    said = [for_ci_log(error.message.to(language))]
    if error.hint is not None:
        said += ["", for_ci_log(_HINT.to(language).format(error.hint.to(language)))]
    return [line for part in said for line in wrapped(part, terminal_width())]
