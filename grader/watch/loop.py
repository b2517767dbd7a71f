"""What `grade watch` does with saves, keys and results."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from typing import Final, Protocol

from grader.course.models import Exercise
from grader.language import Text
from grader.watch.events import Event, Events, Graded, Lost, Pressed, Saved, Told
from grader.watch.grading import BackgroundGrader

__all__ = ["Course", "Loop", "View"]

_TICK_SECONDS: Final = 0.2
"""How long a window that was resized waits; and Windows hears of Ctrl-C only now and then."""
_QUIT: Final = frozenset("qQ")


class View(Protocol):
    """What the user sees."""

    def grading(self, exercise: Exercise, file: Path) -> None:
        """Say that a grading has begun."""

    def graded(self, result: Graded, *, is_current: bool) -> None:
        """Remember what came out, and show it if the user has not gone on in the meantime."""

    def hint(self, exercise: Exercise) -> None:
        """Show a hint, one more each time."""

    def exercises(self) -> None:
        """Show the list of exercises, or go back from it."""

    def nothing_next(self) -> None:
        """Say that no other exercise is left."""

    def lost(self, reason: str) -> None:
        """Say that saves are no longer heard of."""

    def told(self, what: Text) -> None:
        """Show a sentence."""

    def tick(self) -> None:
        """Look whether the window has another size."""


class Course(Protocol):
    """What can be graded."""

    def exercise_of(self, file: Path) -> Exercise | None:
        """Find the exercise whose script or notebook a file is; None where it is neither."""

    def file_of(self, exercise: Exercise) -> Path:
        """Choose the file of an exercise that the student works on."""

    def after(self, exercise: Exercise) -> Exercise | None:
        """Find the next exercise that is not done; None where all others are."""


class Loop:
    """Takes one event after the other, until the user quits."""

    def __init__(
        self,
        course: Course,
        view: View,
        grader: BackgroundGrader,
        current: Exercise,
        *,
        follows: bool,
    ) -> None:
        """Set up the loop.

        Args:
            course: What can be graded.
            view: What the user sees.
            grader: Grades, and puts the results among the events.
            current: The exercise to begin with.
            follows: Whether the save of another exercise goes over to that one.
        """
        self._course, self._view, self._grader = course, view, grader
        self._current, self._follows = current, follows
        self._digests: dict[Path, str] = {}
        self._keys: dict[str, Callable[[], None]] = {
            "h": lambda: self._view.hint(self._current),
            "l": self._view.exercises,
            "n": self._go_on,
            "r": lambda: self._grade(self._current, self._course.file_of(self._current)),
        }

    def run(self, events: Events) -> None:
        """Grade what there is, then go on until the user quits."""
        self._keys["r"]()
        while True:
            try:
                event = events.get(timeout=_TICK_SECONDS)
            except Empty:
                self._view.tick()
                continue
            if isinstance(event, Pressed) and event.key in _QUIT:
                return
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case Saved(file):
                self._saved(file)
            case Graded():
                is_current = event.exercise.id == self._current.id
                self._view.graded(event, is_current=is_current)
            case Pressed(key) if action := self._keys.get(key.lower()):
                action()
            case Lost(reason):
                self._view.lost(reason)
            case Told(what):
                self._view.told(what)

    def _saved(self, file: Path) -> None:
        exercise = self._course.exercise_of(file)
        # One save can be several events, and a file can be touched without being changed. Between
        # two steps of a save there may be no file; the next event tells of the new one.
        digest = _digest(file)
        if not digest or digest == self._digests.get(file):
            return
        if exercise is None and file.is_relative_to(self._current.folder):
            # A module beside the answer, which may import it.
            self._digests[file] = digest
            self._keys["r"]()
        elif exercise and (self._follows or exercise.id == self._current.id):
            self._grade(exercise, file)

    def _go_on(self) -> None:
        exercise = self._course.after(self._current)
        if exercise is None:
            self._view.nothing_next()
        else:
            self._grade(exercise, self._course.file_of(exercise))

    def _grade(self, exercise: Exercise, file: Path) -> None:
        self._current = exercise
        self._digests[file] = _digest(file)
        self._view.grading(exercise, file)
        self._grader.grade(exercise, file)


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError:
        return ""
