"""`grade watch [ex03]`: grade at each save."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from grader.cli.arguments import complete_exercises
from grader.cli.options import NO_SERVER
from grader.language import Language, Text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from grader.cli.watch_view import WatchView
    from grader.cli.watched_course import WatchedCourse
    from grader.course.catalog import Course
    from grader.course.models import Exercise
    from grader.session.client import ExaminerClient

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Grade your file each time that you save it.

    Without an exercise it begins with the next one that is not done, and follows you to whichever
    file you save. With one, only that is graded.

    \b
    h   a hint, and a stronger one each time
    n   go on with the next exercise
    l   list the exercises
    r   grade once more
    q   quit""",
    zh="""每次保存后自动评分。

    \b
    不写练习时，从下一个未完成的练习开始；你保存哪个练习的文件，就评哪个。
    写出练习时，只评这一个。

    \b
    h   给一个提示，一次比一次具体
    n   进入下一个练习
    l   列出所有练习
    r   再评一次
    q   退出""",
)
_POLL: Final = Text(
    en="Look at the files again and again, where the system tells of no saves.",
    zh="反复查看文件，用于系统不会通知保存的情况。",
)
_POLLING: Final = Text(
    en="{folder} is on a file system ({kind}) that does not tell of saves; the files are looked at "
    "several times a second.",
    zh="{folder} 所在的文件系统（{kind}）不会通知文件的保存，因此每秒查看几次文件。",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def complete(
        _context: click.Context, _parameter: click.Parameter, begun: str
    ) -> list[CompletionItem]:
        return complete_exercises(begun, language)

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercise", required=False, shell_complete=complete)
    @click.option("--poll", is_flag=True, help=_POLL.to(language))
    @click.option("--no-server", is_flag=True, help=NO_SERVER.to(language))
    def run(exercise: str | None, *, poll: bool, no_server: bool) -> None:
        from grader.cli.watch_view import PlainView, ScreenView
        from grader.cli.watched_course import WatchedCourse
        from grader.course.catalog import find_course
        from grader.server import settings
        from grader.watch.screen import is_terminal

        course = find_course()
        watched = WatchedCourse(course, language)
        current = watched.first(exercise)
        view = (ScreenView if is_terminal() else PlainView)(course, language)
        note = _polling_note(course, language, forced=poll)
        if note:
            view.note(note)
        how = _How(
            polls=poll or bool(note),
            follows=exercise is None,
            uses_server=settings.is_wanted() and not no_server,
        )
        _watch(watched, view, current, how)

    return run


class _How(NamedTuple):
    """How to watch."""

    polls: bool
    follows: bool
    uses_server: bool


def _polling_note(course: Course, language: Language, *, forced: bool) -> str:
    from grader.watch.mounts import silent_file_system

    kind = None if forced else silent_file_system(course.exercises)
    return _POLLING.to(language).format(folder=course.exercises, kind=kind) if kind else ""


def _watch(watched: WatchedCourse, view: WatchView, current: Exercise, how: _How) -> None:
    from grader.server.client import open_examiner
    from grader.watch.events import Events, Told
    from grader.watch.grading import BackgroundGrader, KeptExaminer
    from grader.watch.loop import Loop
    from grader.watch.saves import hear_saves

    events = Events()

    def start(preload: Sequence[str]) -> AbstractContextManager[ExaminerClient]:
        def tell(what: Text) -> None:
            events.put(Told(what))

        return open_examiner(preload, use_server=how.uses_server, tell=tell)

    examiner = KeptExaminer(start)
    with contextlib.ExitStack() as stack:
        stack.callback(examiner.end)
        stack.enter_context(view.shown(events))
        stack.enter_context(hear_saves(watched.folder, events, polling=how.polls))
        grader = BackgroundGrader(examiner, events)
        Loop(watched, view, grader, current, follows=how.follows).run(events)
