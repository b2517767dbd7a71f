"""The names of exercises and tasks on the command line, which the shell can complete."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from grader.errors import GraderError, UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from grader.course.manifest import Outline
    from grader.course.models import Task

__all__ = ["complete_exercises", "exercise_argument", "find_task", "task_argument"]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def exercise_argument(
    language: Language, *, or_next: bool = False
) -> Callable[[_Function], _Function]:
    """Make the argument `EXERCISE`.

    Args:
        language: What is said about exercises is in it.
        or_next: Whether it may be left out; then the next one that is not done is meant.
    """

    def complete(
        _context: click.Context, _parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        return complete_exercises(begun, language)

    def fill(context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
        return name if name or context.resilient_parsing else _next_exercise(context, language)

    return click.argument(
        "exercise",
        required=not or_next,
        callback=fill if or_next else None,
        shell_complete=complete,
    )


def task_argument(language: Language) -> Callable[[_Function], _Function]:
    """Make the argument `[TASK]`, of the exercise in front of it."""

    def complete(
        context: click.Context, _parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        return _complete_tasks(str(context.params.get("exercise") or ""), begun, language)

    return click.argument("task", required=False, shell_complete=complete)


def complete_exercises(begun: str, language: Language) -> list[CompletionItem]:
    """List the ids of exercises that begin with some letters."""
    from click.shell_completion import CompletionItem

    from grader.course.catalog import find_course, list_outlines

    try:
        outlines = list_outlines(find_course())
    except GraderError:
        # Who presses Tab has not asked yet; the command itself says what is wrong.
        return []
    return [
        CompletionItem(one.id, help=one.title.to(language))
        for one in outlines
        if one.id.startswith(begun.lower())
    ]


def find_task(outline: Outline, name: str) -> Task:
    """Find a task by its id, its number or a name that it defines.

    Raises:
        UsageError: The exercise has no such task; the hint lists those that it has.
    """
    wanted = name.strip()
    for number, task in enumerate(outline.tasks, 1):
        if wanted in (str(number), task.id, *task.names) or wanted.lower() == task.id:
            return task
    names = ", ".join(task.id for task in outline.tasks)
    raise UsageError(
        Text(en=f"{outline.id} has no task {name!r}", zh=f"{outline.id} 没有任务 {name!r}"),
        hint=Text(en=f"Its tasks are {names}.", zh=f"它的任务有：{names}。"),
    )


def _next_exercise(context: click.Context, language: Language) -> str:
    from grader.cli.remembered import remembered
    from grader.course.catalog import find_course, list_outlines
    from grader.progress.next_exercise import find_next

    course = find_course()
    found = find_next(list_outlines(course), remembered(course, language))
    if found is None:
        raise UsageError(
            Text(en="no exercise is left to do", zh="没有未完成的练习"),
            hint=Text(
                en=f"Name one: `{context.command_path} ex01`; `grade list` shows them all.",
                zh=f"请写出练习：`{context.command_path} ex01`；`grade list` 列出所有练习。",
            ),
        )
    return found.name


def _complete_tasks(exercise: str, begun: str, language: Language) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from grader.course.catalog import find_course, load_outline

    try:
        outline = load_outline(find_course(), exercise)
    except GraderError:
        return []
    return [
        CompletionItem(task.id, help=task.title.to(language))
        for task in outline.tasks
        if task.id.startswith(begun)
    ]
