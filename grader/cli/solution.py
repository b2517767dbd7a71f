"""`grade solution ex03`: the solution, for those who have one of their own or give up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from grader.cli.arguments import exercise_argument
from grader.errors import UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.catalog import Course
    from grader.course.models import Exercise
    from grader.progress.model import Progress

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Read the solution of an exercise.

    After full marks it is there to compare with; before that, only with --give-up.""",
    zh="""查看某个练习的参考答案。

    满分之后可以用来对照；在此之前需要加上 --give-up。""",
)
_GIVE_UP: Final = Text(en="Show it before full marks.", zh="没有满分也显示。")


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language)
    @click.option("--give-up", is_flag=True, help=_GIVE_UP.to(language))
    def run(exercise: str, *, give_up: bool) -> None:
        from grader.course.catalog import find_course, load_unpinned

        course = find_course()
        chosen = load_unpinned(course, exercise)
        if not chosen.solution.is_file():
            raise _not_shipped(chosen)
        _admit(course, chosen, language, give_up=give_up)
        _show(chosen)

    return run


def _admit(course: Course, exercise: Exercise, language: Language, *, give_up: bool) -> None:
    """Let those pass who have full marks, or say that they give up."""
    from grader.cli.remembered import note_change, remembered

    if remembered(course, language).of(exercise.id).is_done:
        return
    if not give_up:
        raise UsageError(
            Text(
                en=f"{exercise.id} has no full marks yet, and the solution would spoil it",
                zh=f"{exercise.id} 还没有满分，现在看答案就没有意思了",
            ),
            hint=Text(
                en=f"`grade hint {exercise.id}` helps step by step; "
                f"`grade solution {exercise.id} --give-up` shows the solution all the same.",
                zh=f"`grade hint {exercise.id}` 会一步步提示；"
                f"`grade solution {exercise.id} --give-up` 则直接显示答案。",
            ),
        )

    def change(progress: Progress) -> None:
        progress.entry(exercise.id).gave_up = True

    note_change(course, change, language)


def _show(exercise: Exercise) -> None:
    from rich.syntax import Syntax

    from grader.cli.pages import show_page
    from grader.course.stub import read_solution, without_marks

    source = without_marks(read_solution(exercise))
    show_page(Syntax(source, "python", theme="ansi_dark", background_color="default"))


def _not_shipped(exercise: Exercise) -> UsageError:
    return UsageError(
        Text(
            en=f"this course comes without the solution of {exercise.id}",
            zh=f"这个课程没有附带 {exercise.id} 的参考答案",
        ),
        hint=Text(
            en=f"`grade hint {exercise.id}` helps step by step; or ask your instructor.",
            zh=f"`grade hint {exercise.id}` 会一步步提示；也可以问老师。",
        ),
    )
