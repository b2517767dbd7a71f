"""What students get for an exercise, made from its solution and its text."""

from __future__ import annotations

from pathlib import Path

from grader.course.models import Exercise
from grader.course.notebook import make_notebook
from grader.course.stub import stub_of
from grader.course.texts import readme_of
from grader.language import Language

__all__ = ["make_handouts"]


def make_handouts(exercise: Exercise, language: Language = "en") -> dict[Path, bytes]:
    """Make the stub and the notebook; the content of each file, by where it belongs.

    Args:
        exercise: What they are for.
        language: The language of the notebook's cells of text. The notebook has one name,
            whatever its language, so that it is found and handed in under that name.

    Raises:
        ManifestError: The solution or the text breaks a rule; the author's fault.
    """
    stub = stub_of(exercise)
    return {
        exercise.folder / f"{exercise.name}.py": stub.encode(),
        exercise.folder / f"{exercise.name}.ipynb": make_notebook(
            exercise, stub, readme_of(exercise), language
        ),
    }
