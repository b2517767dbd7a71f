"""Takes a student's file back to what was handed out, whole or for one task.

Nothing is lost: the old file is kept first, under a dated name.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from grader.atomic import write_atomically
from grader.course.handouts import original_stub
from grader.course.models import Exercise, Task
from grader.course.notebook import make_cells, make_notebook
from grader.course.texts import readme_of
from grader.errors import UsageError
from grader.language import LANGUAGES, Language, Text
from grader.submission import read_submission
from grader.submission.encoding import as_utf8, decode_source
from grader.submission.file import read_regular_file
from grader.submission.submission import MAX_NOTEBOOK_BYTES
from grader.working_copy.definitions import restored, without

__all__ = ["Reset", "not_kept", "reset_file", "reset_task"]


class Reset(NamedTuple):
    """What was done to one file."""

    file: Path
    kept: Path | None
    """Where the old file is; None where there was none."""


def reset_file(exercise: Exercise, file: Path, kept: Path, language: Language) -> Reset:
    """Take a script or a notebook back to what was handed out.

    Args:
        exercise: What it is for.
        file: The file, which may be missing.
        kept: The folder for the old file.
        language: The language of a notebook's texts, where the old one does not name it.

    Raises:
        UsageError: What was handed out is not known, or the old file cannot be kept.
        ReportNotWrittenError: The new file cannot be written.
    """
    stub = original_stub(exercise)
    if file.suffix == ".py":
        content = stub.encode()
    else:
        spoken = _language_of(file) or language
        content = make_notebook(exercise, stub, readme_of(exercise), spoken)
    return _replace(file, content, kept)


def reset_task(exercise: Exercise, task: Task, file: Path, kept: Path) -> Reset:
    """Take the definitions of one task back to what was handed out.

    Raises:
        SubmissionError: The file cannot be read.
        UsageError: It cannot be parsed, what was handed out is not known, or the old file cannot
            be kept.
        ReportNotWrittenError: The new file cannot be written.
    """
    stub = original_stub(exercise)
    source = read_submission(file)
    try:
        if source.kind == "py":
            text = restored(source.cells[0].text, stub, task.names)
        else:
            text = _reset_cells(file, exercise, stub, task)
    except SyntaxError as error:
        raise _unparsable(exercise, file, error) from error
    line_end = b"\r\n" if b"\r\n" in file.read_bytes() else b"\n"
    return _replace(file, as_utf8(text).replace(b"\n", line_end), kept)


def _reset_cells(file: Path, exercise: Exercise, stub: str, task: Task) -> str:
    """Put a task's own cell back; what other cells define of it goes."""
    notebook = _load(file)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise _old_notebook(exercise, file)
    source = next(
        cell.source
        for cell in make_cells(exercise, stub, readme_of(exercise))
        if cell.kind == "code" and cell.task == task.id
    )
    codes = [cell for cell in cells if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    own = next((cell for cell in codes if _task_of(cell) == task.id), None)
    for cell in codes:
        if cell is not own:
            _drop(cell, task.names)
    if own is None:
        own = {"cell_type": "code", "metadata": {}}
        cells.append(own)
    _fill(own, source)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _drop(cell: dict[str, Any], names: Sequence[str]) -> None:
    before = _source_of(cell)
    try:
        after = without(before, names)
    except SyntaxError:
        # Magics and shell lines are no Python; such a cell stays as it is.
        return
    if after != before:
        _fill(cell, after)


def _fill(cell: dict[str, Any], source: str) -> None:
    cell |= {
        "source": source.splitlines(keepends=True),
        "outputs": [],
        "execution_count": None,
    }


def _source_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _task_of(cell: dict[str, Any]) -> object:
    metadata = cell.get("metadata")
    ours = metadata.get("torchgrade") if isinstance(metadata, dict) else None
    return ours.get("task") if isinstance(ours, dict) else None


def _load(file: Path) -> dict[str, Any]:
    data = read_regular_file(file, MAX_NOTEBOOK_BYTES)
    notebook = json.loads(decode_source(data, file, has_cookie=False).text or "{}")
    return notebook if isinstance(notebook, dict) else {}


def _language_of(file: Path) -> Language | None:
    """Read the language of a notebook's texts from it; None where it does not say."""
    try:
        metadata = json.loads(file.read_bytes())["metadata"]["torchgrade"]
        return next((each for each in LANGUAGES if each == metadata["language"]), None)
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _replace(file: Path, content: bytes, folder: Path) -> Reset:
    kept = _keep(file, folder) if file.exists() else None
    write_atomically(file, content)
    return Reset(file, kept)


def _keep(file: Path, folder: Path) -> Path:
    """Copy a file to a name that holds the time, and that no other file has."""
    stamp = datetime.now().astimezone().strftime("%Y-%m-%d_%H%M%S")
    try:
        data = file.read_bytes()
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(100):
            again = f"_{number}" if number else ""
            kept = folder / f"{file.stem}.{stamp}{again}{file.suffix}"
            try:
                with kept.open("xb") as copy:
                    copy.write(data)
            except FileExistsError:
                continue
            return kept
        raise FileExistsError(None, "too many files of this second", str(kept))
    except OSError as error:
        raise not_kept(error) from error


def not_kept(error: OSError) -> UsageError:
    """Say that a file stays as it is, since the old one has no place to be kept in."""
    place = f"{error.filename}: " if error.filename else ""
    reason = f"{place}{error.strerror or error}"
    return UsageError(
        Text(
            en=f"your file could not be kept, so nothing was changed: {reason}",
            zh=f"无法保留你的旧文件，因此没有做任何改动：{reason}",
        ),
        hint=Text(
            en="Free some space, or let the variable GRADE_STATE name a folder to keep it in.",
            zh="请清理磁盘空间，或用环境变量 GRADE_STATE 指定存放它的文件夹。",
        ),
    )


def _unparsable(exercise: Exercise, file: Path, error: SyntaxError) -> UsageError:
    line = error.lineno or 1
    return UsageError(
        Text(
            en=f"{file.name}, line {line} is no valid Python, so that one task cannot be found",
            zh=f"{file.name} 第 {line} 行不是有效的 Python，因此无法找到单个任务",
        ),
        hint=Text(
            en=f"Mend that line first; `grade reset {exercise.id}` resets the whole file.",
            zh=f"请先修好这一行；`grade reset {exercise.id}` 会重置整个文件。",
        ),
    )


def _old_notebook(exercise: Exercise, file: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{file.name} is a notebook in an old format, without a list of cells",
            zh=f"{file.name} 是旧格式的 notebook，没有单元格列表",
        ),
        hint=Text(
            en=f"`grade reset {exercise.id}` resets the whole file.",
            zh=f"`grade reset {exercise.id}` 会重置整个文件。",
        ),
    )
