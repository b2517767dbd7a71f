"""Which file the kernel's notebook is, and whether what was run lately has been saved."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from grader.course.catalog import find_course, find_exercise, list_exercises
from grader.errors import GraderError
from grader.submission import read_submission

__all__ = ["Executions", "current_notebook", "is_of_another_exercise"]

_SESSION_VARIABLE: Final = "JPY_SESSION_NAME"
"""Jupyter's server tells its kernels the notebook by it."""
_VS_CODE_NAME: Final = "__vsc_ipynb_file__"
"""Visual Studio Code puts it among the notebook's own names."""
_SHARED: Final = "RTC:"
"""How Jupyter marks what several people edit at once."""
_OURS: Final = re.compile(r"\s*(#.*|%(grade|load_ext|reload_ext)\b.*)?")
_MOST_KEPT: Final = 1000


def current_notebook(names: Mapping[str, object]) -> Path | None:
    """Find the file of the notebook that this kernel runs.

    Args:
        names: The global names of the notebook.

    Returns:
        None where the front end does not tell, or the notebook was never saved.
    """
    for told in (names.get(_VS_CODE_NAME), os.environ.get(_SESSION_VARIABLE)):
        if not isinstance(told, str) or not told.endswith(".ipynb"):
            continue
        path = Path(told.removeprefix(_SHARED))
        # An older server gives a path below a folder of its own, in which the kernel works.
        for candidate in (path, Path(path.name)):
            if candidate.is_file():
                return candidate.absolute()
    return None


def is_of_another_exercise(notebook: Path, name: str) -> bool:
    """Tell whether a notebook is called like an exercise other than the one that `name` means."""
    try:
        course = find_course()
        return notebook.stem in list_exercises(course) and notebook.stem != find_exercise(
            course, name
        )
    except GraderError:
        # The command line says what is wrong.
        return False


class _Execution(NamedTuple):
    at: float
    source: str


class Executions:
    """What was run in the notebook, and when: the last of each cell."""

    def __init__(self) -> None:
        """Start with nothing; what ran before is not known."""
        self._last: dict[str, _Execution] = {}

    def note(self, source: str, cell: str | None) -> None:
        """Take note of a run.

        Args:
            source: What is run.
            cell: The cell, where the front end tells.
        """
        key = cell or source
        self._last.pop(key, None)
        self._last[key] = _Execution(time.time(), source)
        if len(self._last) > _MOST_KEPT:
            del self._last[next(iter(self._last))]

    def are_saved(self, notebook: Path) -> bool:
        """Tell whether what was run since the last save stands in the file.

        What was changed and not run since cannot be known here.
        """
        try:
            saved_at = notebook.stat().st_mtime
            saved = {_essence(cell.text) for cell in read_submission(notebook).cells}
        except (OSError, GraderError):
            return True
        return all(_essence(source) in saved for source in self._since(saved_at))

    def _since(self, saved_at: float) -> Iterable[str]:
        for execution in self._last.values():
            if execution.at > saved_at and not _is_ours(execution.source):
                yield execution.source


def _is_ours(source: str) -> bool:
    return all(_OURS.fullmatch(line) for line in source.splitlines())


def _essence(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.strip().splitlines())
