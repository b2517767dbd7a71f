"""Finds the file that a student has worked on."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course.models import Exercise
from grader.errors import ManifestError, SubmissionError
from grader.language import Language, Text

__all__ = ["choose_file"]


def choose_file(exercise: Exercise, language: Language) -> Path:
    """Choose between the script and the notebook of an exercise: the one that was changed.

    Where both were, the newer one is taken, and a line on stderr says so.

    Raises:
        SubmissionError: Neither is there.
    """
    script = exercise.folder / f"{exercise.name}.py"
    notebook = script.with_suffix(".ipynb")
    present = [path for path in (script, notebook) if path.is_file()]
    if not present:
        raise _nothing(script)
    if len(present) == 1:
        return present[0]
    changed = [path for path in present if _is_changed(path, exercise)]
    if len(changed) < len(present):
        return (changed or present)[0]
    newest = max(changed, key=lambda path: path.stat().st_mtime)
    note = Text(
        en=f"Both {script.name} and {notebook.name} were changed; grading the newer one, "
        f"{newest.name}. `--file` chooses.",
        zh=f"{script.name} 和 {notebook.name} 都有改动；将为较新的 {newest.name} 评分。"
        "可用 `--file` 指定。",
    )
    click.echo(note.to(language), err=True)
    return newest


def _is_changed(path: Path, exercise: Exercise) -> bool:
    """Say whether a file still is as it was handed out."""
    from grader.course.notebook import make_cells
    from grader.course.stub import stub_of
    from grader.course.texts import readme_of

    try:
        stub = stub_of(exercise)
        if path.suffix == ".py":
            return path.read_text(encoding="utf-8", errors="replace") != stub
        handed_out = [
            cell.source
            for cell in make_cells(exercise, stub, readme_of(exercise))
            if cell.kind == "code"
        ]
        return _code_of(path) != handed_out
    except ManifestError:
        # Students have no solutions to make a stub from; then the newer file is the one.
        return True


def _code_of(notebook: Path) -> list[str] | None:
    """Give the sources of the code cells; None where the file is no notebook."""
    import json

    try:
        content = json.loads(notebook.read_bytes())
        cells = [cell for cell in content["cells"] if cell["cell_type"] == "code"]
        return ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _nothing(script: Path) -> SubmissionError:
    return SubmissionError(
        Text(
            en=f"there is neither {script} nor a notebook beside it",
            zh=f"{script} 不存在，旁边也没有 notebook",
        ),
        hint=Text(en="Name your file: `--file PATH`.", zh="请用 `--file 路径` 指定你的文件。"),
    )
