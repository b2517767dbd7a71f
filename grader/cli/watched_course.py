"""The exercises that `grade watch` can grade, and which of them is next."""

from __future__ import annotations

from pathlib import Path

from grader.cli.remembered import remembered
from grader.cli.working_copy import chosen_file
from grader.course.catalog import Course, list_exercises, list_outlines, load_exercise
from grader.course.models import Exercise
from grader.errors import GraderError
from grader.language import Language
from grader.progress.next_exercise import find_next, following

__all__ = ["WatchedCourse"]


class WatchedCourse:
    """The exercises that can be graded at a save."""

    def __init__(self, course: Course, language: Language) -> None:
        self._course, self._language = course, language
        self._outlines = list_outlines(course)
        self._names = frozenset(list_exercises(course))
        self._loaded: dict[str, Exercise] = {}

    @property
    def folder(self) -> Path:
        """Where their files lie."""
        return self._course.exercises

    def first(self, name: str | None) -> Exercise:
        """Give the exercise to begin with: the one that is named, or the next that is not done.

        Raises:
            UnknownExerciseError: No exercise has this name, or there is none at all.
        """
        if name is None:
            progress = remembered(self._course, self._language)
            found = find_next(self._outlines, progress) or next(iter(self._outlines), None)
            name = found.name if found else "ex01"
        return load_exercise(self._course, name)

    def exercise_of(self, file: Path) -> Exercise | None:
        """Find the exercise whose script or notebook a file is."""
        name = file.parent.name
        if file.stem != name or name not in self._names:
            return None
        if name not in self._loaded:
            self._loaded[name] = load_exercise(self._course, name)
        return self._loaded[name]

    def file_of(self, exercise: Exercise) -> Path:
        """Choose the file of an exercise that the student works on."""
        try:
            return chosen_file(exercise)[0]
        except GraderError:
            # Reading it says what is wrong.
            return exercise.folder / f"{exercise.name}.py"

    def after(self, exercise: Exercise) -> Exercise | None:
        """Find the next exercise that is not done."""
        progress = remembered(self._course, self._language)
        found = following(self._outlines, progress, exercise.id)
        return None if found is None else load_exercise(self._course, found.name)
