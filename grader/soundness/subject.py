"""An exercise under check: its files, and where things stand in them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from grader.course.catalog import Course
from grader.course.hints import HINTS_NAME
from grader.course.manifest import MANIFEST_NAME
from grader.course.models import Exercise
from grader.course.sources import SUITE_FILES

__all__ = ["Subject", "line_with"]


class Subject(NamedTuple):
    """An exercise and the course that it belongs to."""

    course: Course
    exercise: Exercise

    @property
    def manifest(self) -> Path:
        """The exercise's manifest."""
        return self.exercise.folder / MANIFEST_NAME

    @property
    def hints(self) -> Path:
        """The hints for its tasks."""
        return self.exercise.folder / HINTS_NAME

    @property
    def readmes(self) -> tuple[Path, Path]:
        """The text in English and in Chinese."""
        return self.exercise.folder / "README.md", self.exercise.folder / "README.zh.md"

    @property
    def wrong_folder(self) -> Path:
        """Where the wrong answers lie."""
        return self.exercise.solution.parent / "wrong"

    @property
    def wrong_answers(self) -> list[Path]:
        """The wrong answers, in order."""
        return sorted(self.wrong_folder.glob("*.py"))

    def place_of_check(self, check_id: str) -> tuple[Path, int | None]:
        """Find the function of a check in the suite; the lock's folder where there is none."""
        name = f"test_{check_id.partition('[')[0]}"
        for file in SUITE_FILES:
            path = self.exercise.suite / file
            for function in _functions(path):
                if function.name == name:
                    return path, function.lineno
        return self.exercise.suite, None


def line_with(path: Path, words: str) -> int | None:
    """Find the first line of a file that holds some words; None where none does."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    return next((number for number, line in enumerate(lines, 1) if words in line), None)


def _functions(path: Path) -> Iterator[ast.FunctionDef]:
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return
    yield from (node for node in tree.body if isinstance(node, ast.FunctionDef))
