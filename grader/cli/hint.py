"""`grade hint ex03 [task]`: hints in steps, one more each time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from grader.cli.arguments import exercise_argument, find_task, task_argument
from grader.errors import UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.manifest import Outline
    from grader.course.models import Task
    from grader.progress.model import ExerciseProgress, Progress

__all__ = ["command", "hint_lines", "open_task", "reveal"]

_ABOUT: Final = Text(
    en="""Get a hint for a task, and a stronger one each time.

    Without a task, it is for the first one that lacks points in your last grading, and without an
    exercise for the next that is not done. The first hint says where to look, the last one is
    nearly the answer. What you have seen is remembered.""",
    zh="""为某个任务给出提示，一次比一次具体。

    \b
    不写任务时，针对上次评分中第一个没有拿满分的任务；不写练习时，针对下一个未完成的练习。
    第一条提示告诉你该看哪里，最后一条几乎就是答案。看过的提示会被记住。""",
)
_AGAIN: Final = Text(
    en="Show those that you have seen, and no new one.", zh="只显示看过的提示，不给新的。"
)
_HEADING: Final = Text(
    en="{exercise} {task}, hint {shown} of {total}",
    zh="{exercise} {task}：第 {shown} 条提示，共 {total} 条",
)
_NONE_YET: Final = Text(
    en="{exercise} {task}: no hint of {total} seen yet",
    zh="{exercise} {task}：共 {total} 条提示，还没有看过",
)
_MORE: Final = Text(en="Not enough? `{again}` gives one more.", zh="还不够？`{again}` 会更具体。")
_LAST_OF_ALL: Final = Text(
    en="That was the last one. Still stuck? Show your instructor your file.",
    zh="这是最后一条。还是不行？把你的文件给老师看看。",
)
_LAST: Final = Text(
    en="That was the last one. `grade solution {exercise} --give-up` shows the whole answer.",
    zh="这是最后一条。`grade solution {exercise} --give-up` 会显示完整的答案。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language, or_next=True)
    @task_argument(language)
    @click.option("--again", is_flag=True, help=_AGAIN.to(language))
    def run(exercise: str, task: str | None, *, again: bool) -> None:
        from grader.cli.columns import terminal_width
        from grader.cli.remembered import remembered
        from grader.course.catalog import find_course, load_outline

        course = find_course()
        outline = load_outline(course, exercise)
        one = remembered(course, language).of(outline.id)
        chosen = find_task(outline, task) if task else _first_open(outline, one)
        shown = reveal(course, outline, chosen, language, again=again)
        for line in hint_lines(shown, language, terminal_width()):
            click.echo(line)

    return run


class Shown(NamedTuple):
    """The hints of a task that a student has seen, the newest last."""

    exercise: str
    task: str
    hints: tuple[Text, ...]
    total: int
    """How many there are in all."""
    has_solution: bool
    """Whether the course comes with the solution."""


def reveal(
    course: Course, outline: Outline, task: Task, language: Language, *, again: bool = False
) -> Shown:
    """Show one hint more, and remember that; with `again` those that were shown, and no other."""
    from grader.cli.remembered import note_change, remembered
    from grader.course.hints import HINTS_NAME, read_hints

    hints = read_hints(course.exercises / outline.name / HINTS_NAME, outline.tasks)[task.id]
    seen = remembered(course, language).of(outline.id).hints.get(task.id, 0)
    count = max(0, min(seen + (not again), len(hints)))

    def change(progress: Progress) -> None:
        progress.entry(outline.id).hints[task.id] = count

    if count != seen:
        note_change(course, change, language)
    solution = course.solutions / outline.name / f"{outline.name}.py"
    return Shown(outline.id, task.id, hints[:count], len(hints), solution.is_file())


def hint_lines(
    shown: Shown, language: Language, width: int, again: str | None = None
) -> Iterator[str]:
    """Give the lines that say them.

    Args:
        shown: The hints.
        language: Their language.
        width: The places in a line.
        again: What to do for one more; the command where None.
    """
    from grader.cli.columns import styled, wrapped

    again = again or f"grade hint {shown.exercise} {shown.task}"
    words = shown._asdict() | {"shown": len(shown.hints), "again": again}
    heading = _HEADING if shown.hints else _NONE_YET
    yield styled(heading.to(language).format(**words), bold=True)
    for number, hint in enumerate(shown.hints, 1):
        first, *rest = wrapped(hint.to(language).strip(), width - 5)
        yield ""
        yield f"  {number}. {first}"
        yield from (f"     {line}".rstrip() for line in rest)
    yield ""
    last = _LAST if shown.has_solution else _LAST_OF_ALL
    ending = _MORE if len(shown.hints) < shown.total else last
    yield from wrapped(ending.to(language).format(**words), width)


def open_task(outline: Outline, one: ExerciseProgress) -> Task | None:
    """Find the first task that lacks points in the last grading; None where none does."""
    for task in outline.tasks:
        score, points = one.tasks.get(task.id, (0.0, task.points))
        if score < points:
            return task
    return None


def _first_open(outline: Outline, one: ExerciseProgress) -> Task:
    task = open_task(outline, one)
    if task is None:
        names = ", ".join(each.id for each in outline.tasks)
        raise UsageError(
            Text(
                en=f"{outline.id} has full marks: there is nothing to hint at",
                zh=f"{outline.id} 已经满分，没有需要提示的地方",
            ),
            hint=Text(
                en=f"Name a task to read its hints all the same: {names}.",
                zh=f"如果仍想看提示，请写出任务名：{names}。",
            ),
        )
    return task
