"""`grade reset ex03 [task]`: back to what was handed out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.cli.arguments import exercise_argument, find_task, task_argument
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.course.models import Exercise
    from grader.working_copy.reset import Reset

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Begin an exercise, or one of its tasks, anew.

    Your file becomes what was handed out; with a task, only what the task asks for, and the rest
    stays. The old file is kept, and its name is printed.""",
    zh="""重新开始一个练习，或其中的一个任务。

    \b
    你的文件会变回发放时的样子；写出任务名时只重置该任务的定义，其余不变。
    旧文件会保留，并打印它的文件名。""",
)
_DONE: Final = Text(en="{file} is as it was handed out.", zh="{file} 已恢复为发放时的样子。")
_DONE_TASK: Final = Text(
    en="{task} in {file} is as it was handed out.", zh="{file} 中的 {task} 已恢复为发放时的样子。"
)
_KEPT: Final = Text(en="The old file is kept as {}", zh="旧文件保存为 {}")
_UNCHANGED: Final = Text(en="{} is as it was handed out already.", zh="{} 本来就是发放时的样子。")
_FOLDER: Final = "kept"


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @exercise_argument(language)
    @task_argument(language)
    def run(exercise: str, task: str | None) -> None:
        from grader.course.catalog import find_course, load_outline, load_unpinned
        from grader.progress.store import state_folder
        from grader.working_copy.reset import not_kept

        course = find_course()
        chosen = load_unpinned(course, exercise)
        try:
            kept = state_folder(course) / _FOLDER
        except OSError as error:
            raise not_kept(error) from error
        if task is None:
            _reset_all(chosen, kept, language)
        else:
            found = find_task(load_outline(course, exercise), task)
            _reset_one(chosen, found.id, kept, language)

    return run


def _reset_all(exercise: Exercise, kept: Path, language: Language) -> None:
    """Reset what has changed of script and notebook; where both are missing, both come back."""
    from grader.cli.places import from_here
    from grader.cli.working_copy import changed_files
    from grader.working_copy.reset import reset_file

    script = exercise.folder / f"{exercise.name}.py"
    both = (script, script.with_suffix(".ipynb"))
    is_missing = not any(path.exists() for path in both)
    files = both if is_missing else changed_files(exercise)
    if not files:
        click.echo(_UNCHANGED.to(language).format(from_here(script)))
    for file in files:
        done = reset_file(exercise, file, kept, language)
        _say(_DONE.to(language).format(file=from_here(file)), done, language)


def _reset_one(exercise: Exercise, task_id: str, kept: Path, language: Language) -> None:
    from grader.cli.places import from_here
    from grader.cli.remembered import warn
    from grader.cli.working_copy import chosen_file
    from grader.working_copy.reset import reset_task

    file, note = chosen_file(exercise)
    warn(note, language)
    done = reset_task(exercise, exercise.task(task_id), file, kept)
    _say(_DONE_TASK.to(language).format(task=task_id, file=from_here(file)), done, language)


def _say(words: str, done: Reset, language: Language) -> None:
    from grader.cli.places import from_here

    click.echo(words)
    if done.kept is not None:
        click.echo(_KEPT.to(language).format(from_here(done.kept)))
