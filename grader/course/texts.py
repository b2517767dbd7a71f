"""The text of an exercise, `README.md` and `README.zh.md`, and its parts."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import NamedTuple

from grader.course.manifest import manifest_error
from grader.course.models import Exercise
from grader.language import Text

__all__ = ["Parts", "readme_of", "split_readme"]

_HEADING = re.compile(r"^##\s+(?P<title>.*)$", re.MULTILINE)


class Parts(NamedTuple):
    """A text, cut up at the headings of the second level."""

    introduction: str
    """What belongs to no task, in its order."""
    tasks: dict[str, str]
    """By task id, the section whose heading has that id, or a name of the task, in backticks."""


def readme_of(exercise: Exercise) -> Text:
    """Read the text of an exercise in both languages.

    Raises:
        ManifestError: One of the files is missing; the author's fault.
    """
    return Text(en=_read(exercise.folder / "README.md"), zh=_read(exercise.folder / "README.zh.md"))


def split_readme(readme: str, exercise: Exercise) -> Parts:
    """Sort the sections of a text, in one language, by the tasks that they are about."""
    introduction: list[str] = []
    tasks: dict[str, str] = {}
    starts = [0, *(match.start() for match in _HEADING.finditer(readme)), len(readme)]
    for start, end in itertools.pairwise(starts):
        section = readme[start:end].strip()
        task = _task_of(section, exercise)
        if task is None or task in tasks:
            introduction.append(section)
        else:
            tasks[task] = section
    return Parts("\n\n".join(filter(None, introduction)), tasks)


def _task_of(section: str, exercise: Exercise) -> str | None:
    heading = _HEADING.match(section)
    if heading is None:
        return None
    for task in exercise.tasks:
        if any(f"`{name}" in heading["title"] for name in (task.id, *task.names)):
            return task.id
    return None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise manifest_error(
            path,
            Text(en="the file", zh="文件"),
            expected=Text(en="the exercise's text in UTF-8", zh="UTF-8 编码的练习说明"),
            found=getattr(error, "strerror", None) or str(error),
        ) from error
