"""Which of the files that were uploaded is the answer.

A link is never followed: it could lead to the solution, which lies on the same machine.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from grader.batch.discovery.choice import Candidate, Handouts, choose
from grader.batch.discovery.identity import shown
from grader.batch.discovery.names import Exercises, Match, is_ignored_folder, is_source
from grader.course.models import Exercise
from grader.errors import SubmissionError
from grader.language import Text

__all__ = ["find_answer"]

_MAX_FILES: Final = 20_000


def find_answer(folder: Path, exercise: Exercise) -> tuple[Path, Text | None]:
    """Find the file that is named for the exercise; a single source will do under any name.

    Returns:
        The file, and what to say if there were several.

    Raises:
        SubmissionError: There is none.
    """
    names = Exercises([exercise.name])
    sources = list(islice(_sources(folder), _MAX_FILES))
    named = [(path, match) for path in sources if (match := names.match(path.name))]
    if not named and len(sources) == 1:
        return sources[0], None
    if not named:
        raise _nothing(exercise, sources)
    handouts = Handouts(
        exercise.folder / f"{exercise.name}{suffix}" for suffix in (".py", ".ipynb")
    )
    best, remark = choose([_candidate(*one, folder) for one in named], handouts)
    return best.path, remark


def _sources(folder: Path) -> Iterator[Path]:
    """Give all scripts and notebooks below a folder, in order; no links, nothing through links."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_ignored_folder(name))
        for name in sorted(files):
            path = Path(place, name)
            if is_source(name) and stat.S_ISREG(path.lstat().st_mode):
                yield path


def _candidate(path: Path, match: Match, folder: Path) -> Candidate:
    parts = path.relative_to(folder).parts
    return Candidate(path, parts, "/".join(parts), match, source=0, late=False, order=0, place=0)


def _nothing(exercise: Exercise, sources: list[Path]) -> SubmissionError:
    there = ", ".join(shown(path.name) for path in sources[:5])
    others_en = f"; there are {there}" if there else ""
    others_zh = f"；有的是 {there}" if there else ""
    return SubmissionError(
        Text(
            en=f"nothing that was handed in is named for {exercise.name}{others_en}",
            zh=f"提交的文件中没有属于 {exercise.name} 的{others_zh}",
        ),
        hint=Text(
            en=f"Hand in {exercise.name}.py or {exercise.name}.ipynb itself, no link and no "
            "archive within the archive.",
            zh=f"请直接提交 {exercise.name}.py 或 {exercise.name}.ipynb，"
            "不要提交链接，也不要在压缩包里再放压缩包。",
        ),
    )
