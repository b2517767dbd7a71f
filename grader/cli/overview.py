"""`grade` alone: where am I, and what is next; one screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.columns import (
    can_show,
    shortened,
    shown,
    side_by_side,
    styled,
    terminal_width,
    wrapped,
)
from grader.cli.places import from_here
from grader.cli.scoreboard import number, score_lines, sign, total_line
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.manifest import Outline
    from grader.progress.model import ExerciseProgress, Finding, Progress

__all__ = ["show_overview"]

_MESSAGE_LINES: Final = 2
_HINT_LINES: Final = 2
_NEXT: Final = Text(en="Next: {}", zh="接下来：{}")
_ALL_DONE: Final = Text(
    en="All exercises are done. Congratulations!", zh="所有练习都完成了，恭喜！"
)
_CHANGED: Final = Text(
    en="The file has changed since it was graded.", zh="文件在上次评分之后有改动。"
)
_NO_EXERCISES: Final = Text(en="This course has no exercises yet.", zh="这个课程还没有练习。")
_FIRST: Final = Text(en="Look at this first: {}", zh="先看这里：{}")
_PLACE: Final = Text(en="{file}, line {line}", zh="{file} 第 {line} 行")
_CELL_PLACE: Final = Text(
    en="{file}, code cell {cell}, line {line}", zh="{file} 第 {cell} 个代码单元格第 {line} 行"
)
_HINT: Final = Text(en="hint: {}", zh="提示：{}")
_FILE: Final = Text(en="your file: {}", zh="你的文件：{}")
_COLON: Final = Text(en=": ", zh="：")
_COMMANDS: Final = (
    ("grade show {}", Text(en="read it", zh="阅读要求")),
    ("grade {}", Text(en="grade it", zh="评分")),
    ("grade hint {}", Text(en="a hint", zh="给个提示")),
    ("grade watch", Text(en="grade at each save", zh="每次保存后自动评分")),
    ("grade --help", Text(en="all commands", zh="所有命令")),
)


def show_overview(language: Language) -> None:
    """Print it."""
    from grader.cli.remembered import remembered
    from grader.course.catalog import find_course, list_outlines

    course = find_course()
    outlines = list_outlines(course)
    progress = remembered(course, language)
    page = _Overview(course, outlines, progress, language)
    for line in page.lines():
        click.echo(line)


class _Overview:
    """What is printed, in one language."""

    def __init__(
        self, course: Course, outlines: Sequence[Outline], progress: Progress, language: Language
    ) -> None:
        self._course, self._outlines, self._progress = course, outlines, progress
        self._language = language
        self._width = terminal_width()

    def lines(self) -> Iterator[str]:
        """Give the lines from top to bottom."""
        from grader.progress.next_exercise import find_next

        if not self._outlines:
            yield _NO_EXERCISES.to(self._language)
            return
        yield from score_lines(self._outlines, self._progress, self._language, self._width)
        yield f"  {total_line(self._outlines, self._progress, self._language)}"
        yield ""
        following = find_next(self._outlines, self._progress)
        if following is None:
            yield styled(_ALL_DONE.to(self._language), "green", bold=True)
            return
        yield from self._next(following, self._progress.of(following.id))
        yield ""
        yield from self._commands(following)

    def _next(self, outline: Outline, one: ExerciseProgress) -> Iterator[str]:
        title = f"{outline.id}  {outline.title.to(self._language)}"
        heading = shortened(_NEXT.to(self._language).format(title), self._width)
        yield styled(heading, bold=True)
        file = self._course.exercises / outline.name / (one.file or f"{outline.name}.py")
        yield f"  {_FILE.to(self._language).format(shown(from_here(file)))}"
        if one.graded_at:
            yield from side_by_side(self._tasks(outline, one), self._width, "  ")
        if one.next is not None:
            yield from self._finding(one.next)
        if one.sha256 and _digest(file) != one.sha256:
            yield f"  {_CHANGED.to(self._language)}"

    def _tasks(self, outline: Outline, one: ExerciseProgress) -> Iterator[str]:
        for task in outline.tasks:
            score, points = one.tasks.get(task.id, (0.0, task.points))
            mark, _ = sign(score, points)
            yield f"{mark.strip() or _not_begun()} {task.id} {number(score)}/{number(points)}"

    def _finding(self, finding: Finding) -> Iterator[str]:
        first = _FIRST.to(self._language).format(shown(finding.title.to(self._language)))
        yield styled(shortened(f"  {first}", self._width), "yellow")
        if finding.message is not None:
            yield from self._few(finding.message.to(self._language), _MESSAGE_LINES)
        if finding.line is not None:
            place = _PLACE if finding.cell is None else _CELL_PLACE
            where = place.to(self._language).format(
                file=finding.file, line=finding.line, cell=finding.cell
            )
            yield styled(shortened(f"    {shown(where)}", self._width), "cyan")
        if finding.hint is not None:
            hint = _HINT.to(self._language).format(finding.hint.to(self._language))
            yield from self._few(hint, _HINT_LINES)

    def _few(self, text: str, most: int) -> Iterator[str]:
        lines = wrapped(shown(text), self._width, "    ")
        if len(lines) > most:
            lines[most - 1] = shortened(f"{lines[most - 1]} …", self._width)
        yield from lines[:most]

    def _commands(self, outline: Outline) -> Iterator[str]:
        colon = _COLON.to(self._language)
        items = (
            f"{styled(spelled.format(outline.id), bold=True)}{colon}{about.to(self._language)}"
            for spelled, about in _COMMANDS
        )
        yield from side_by_side(items, self._width, "  ")


def _not_begun() -> str:
    """Give the sign that reports have for it; the one for some points is a dash already."""
    return "·" if can_show("·") else "."


def _digest(path: Path) -> str:
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
