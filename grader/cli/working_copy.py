"""Finds the file that a student has worked on."""

from __future__ import annotations

from pathlib import Path

import click

from grader.course.models import Exercise
from grader.errors import ManifestError, SubmissionError, UsageError
from grader.language import Language, Text

__all__ = ["changed_files", "choose_file", "chosen_file", "is_working_copy"]

_CHOOSE = Text(en="`--file` chooses.", zh="可用 `--file` 指定。")


def choose_file(exercise: Exercise, language: Language) -> Path:
    """Choose between the script and the notebook of an exercise: the one that was changed.

    Where both were, the newer one is taken, and a line on stderr says so; for commands that have
    `--file`.

    Raises:
        SubmissionError: Neither is there.
    """
    file, note = chosen_file(exercise)
    if note is not None:
        click.echo(f"{note.to(language)} {_CHOOSE.to(language)}", err=True)
    return file


def chosen_file(exercise: Exercise) -> tuple[Path, Text | None]:
    """Choose like `choose_file`, and give what is to be said about it.

    Raises:
        SubmissionError: Neither is there.
    """
    present = _present(exercise)
    if not present:
        raise _nothing(exercise)
    if len(present) == 1:
        return present[0], None
    changed = changed_files(exercise)
    if len(changed) < len(present):
        return (changed or present)[0], None
    newest = max(changed, key=lambda path: path.stat().st_mtime)
    one, other = (path.name for path in changed)
    return newest, Text(
        en=f"Both {one} and {other} were changed; what counts is the newer one, {newest.name}.",
        zh=f"{one} 和 {other} 都有改动；以较新的 {newest.name} 为准。",
    )


def changed_files(exercise: Exercise) -> list[Path]:
    """List what is there of the script and the notebook and is not as it was handed out."""
    return [path for path in _present(exercise) if _is_changed(path, exercise)]


def is_working_copy(file: Path, exercise: Exercise) -> bool:
    """Say whether a file is the script or the notebook in the exercise's own folder."""
    return file.resolve() in {path.resolve() for path in _present(exercise)}


def _present(exercise: Exercise) -> list[Path]:
    script = exercise.folder / f"{exercise.name}.py"
    return [path for path in (script, script.with_suffix(".ipynb")) if path.is_file()]


def _is_changed(path: Path, exercise: Exercise) -> bool:
    """Say whether a file is no longer as it was handed out."""
    from grader.course.handouts import original_stub
    from grader.course.notebook import make_cells
    from grader.course.texts import readme_of

    try:
        stub = original_stub(exercise)
        if path.suffix == ".py":
            return path.read_text(encoding="utf-8", errors="replace") != stub
        handed_out = [
            cell.source
            for cell in make_cells(exercise, stub, readme_of(exercise))
            if cell.kind == "code"
        ]
        return _code_of(path) != handed_out
    except (ManifestError, UsageError):
        # Without the original there is no saying; then the newer file is the one.
        return True
    except OSError:
        # Whoever reads it for its own sake says what is wrong.
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


def _nothing(exercise: Exercise) -> SubmissionError:
    script = exercise.folder / f"{exercise.name}.py"
    return SubmissionError(
        Text(
            en=f"there is neither {script} nor a notebook beside it",
            zh=f"{script} 不存在，旁边也没有 notebook",
        ),
        hint=Text(
            en=f"`grade reset {exercise.id}` brings them back as they were handed out; "
            f"`grade {exercise.id} --file PATH` grades another file.",
            zh=f"`grade reset {exercise.id}` 会恢复发放时的文件；"
            f"`grade {exercise.id} --file 路径` 为另一个文件评分。",
        ),
    )
