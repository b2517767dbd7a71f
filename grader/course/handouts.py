"""What students get for an exercise, made from its solution and its text."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from grader.course.models import Exercise
from grader.course.notebook import make_notebook
from grader.course.stub import stub_of
from grader.course.texts import readme_of
from grader.errors import UsageError
from grader.language import Language, Text

__all__ = ["ORIGINALS", "make_handouts", "original_stub"]

ORIGINALS: Final = ".stub"
"""The folder, in that of the exercise, with the script as it was handed out; only in courses that
come without solutions, from which it is made elsewhere."""


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


def original_stub(exercise: Exercise) -> str:
    """Give the script as it was handed out, whatever has become of the student's.

    Raises:
        UsageError: The course has neither the solution to make it from nor a copy of it.
        ManifestError: The solution's marks break a rule; the author's fault.
    """
    if exercise.solution.is_file():
        return stub_of(exercise)
    copy = exercise.folder / ORIGINALS / f"{exercise.name}.py"
    try:
        return copy.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            Text(
                en=f"the file as it was handed out is not here: {copy}: {error}",
                zh=f"找不到发放时的原始文件：{copy}：{error}",
            ),
            hint=Text(
                en="Get the course's files once more; your own work is no part of them.",
                zh="请重新获取课程文件；其中不含你自己的作业，不会影响它。",
            ),
        ) from error
