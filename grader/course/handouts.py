"""What students get for an exercise, made from its solution and its text."""

from __future__ import annotations

from pathlib import Path

from grader.course.models import Exercise
from grader.course.notebook import make_notebook
from grader.course.stub import stub_of
from grader.course.texts import readme_of

__all__ = ["make_handouts"]


def make_handouts(exercise: Exercise) -> dict[Path, bytes]:
    """Make the stub and the notebook; the content of each file, by where it belongs.

    Raises:
        ManifestError: The solution or the text breaks a rule; the author's fault.
    """
    stub = stub_of(exercise)
    return {
        exercise.folder / f"{exercise.name}.py": stub.encode(),
        exercise.folder / f"{exercise.name}.ipynb": make_notebook(
            exercise, stub, readme_of(exercise)
        ),
    }
