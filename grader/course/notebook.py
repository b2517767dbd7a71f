"""Makes the notebook that students can use in place of the script.

It holds the text of the exercise in one language, task by task, each followed by one cell with its
code. Cell ids depend on the exercise alone, so that the same input gives the same bytes.

Under the key `torchgrade`, a cell's metadata names exercise and task. The key `nbgrader` holds the
same for nbgrader, in version 3 of its schema (`nbgrader/nbgraderformat/v3.json`): a task's text is
a "manually graded task" with the task's points, and its code a cell without a role. Were the code
an nbgrader "solution", `nbgrader generate_assignment` would replace the stub by its own. Grading
reads none of this.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

from grader.course.models import Exercise, Task
from grader.course.texts import split_readme
from grader.language import Language, Text

__all__ = ["Cell", "make_cells", "make_notebook"]

_NBGRADER_SCHEMA: Final = 3


class Cell(NamedTuple):
    """A cell of a notebook."""

    id: str
    kind: Literal["markdown", "code"]
    source: str
    task: str | None
    """The id of the task that it belongs to; None for what comes before and after all tasks."""


class _Chunk(NamedTuple):
    """Some top-level statements of a stub, as text."""

    task: str | None
    """The task that they are for; None for what comes before and after all tasks."""
    source: str


def make_notebook(exercise: Exercise, stub: str, readme: Text, language: Language = "en") -> bytes:
    """Make the notebook's file.

    Args:
        exercise: What the notebook is for.
        stub: The script that students start from.
        readme: The exercise's text.
        language: The language of the cells of text; code is the same in all.
    """
    from nbformat import v4, writes  # noqa: PLC0415 - slow to import, and for authors only

    make = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell}
    notebook = v4.new_notebook(
        cells=[
            make[cell.kind](cell.source, id=cell.id, metadata=_metadata(cell, exercise))
            for cell in make_cells(exercise, stub, readme, language)
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "torchgrade": {"exercise": exercise.id, "language": language},
        },
    )
    text: str = writes(notebook)
    return (text.rstrip("\n") + "\n").encode()


def make_cells(
    exercise: Exercise, stub: str, readme: Text, language: Language = "en"
) -> list[Cell]:
    """Make the notebook's cells: the text of each part in one language, then its code."""
    texts = split_readme(readme.to(language), exercise)
    titles = {task.id: f"## {task.title.to(language)}" for task in exercise.tasks}
    cells = [Cell("introduction", "markdown", texts.introduction, None)]
    for number, (task, source) in enumerate(_chunks(stub, exercise.tasks)):
        if task is not None:
            text = texts.tasks.get(task, titles[task])
            cells.append(Cell(f"{task}-text", "markdown", text, task))
        name = task or ("setup" if number == 0 else "end")
        cells.append(Cell(f"{name}-code", "code", source, task))
    return [cell for cell in cells if cell.source]


def _metadata(cell: Cell, exercise: Exercise) -> dict[str, Any]:
    if cell.task is None:
        return {"torchgrade": {"exercise": exercise.id}}
    return {
        "torchgrade": {"exercise": exercise.id, "task": cell.task},
        "nbgrader": _nbgrader_metadata(cell, exercise),
    }


def _nbgrader_metadata(cell: Cell, exercise: Exercise) -> dict[str, Any]:
    """Say what a cell is to nbgrader, which wants a name for each that is new in its notebook."""
    is_text = cell.kind == "markdown"
    metadata = {
        "schema_version": _NBGRADER_SCHEMA,
        "grade_id": f"{exercise.id}-{cell.id}",
        "grade": False,
        "solution": False,
        "locked": is_text,
        "task": is_text,
        "cell_type": cell.kind,
    }
    points = {task.id: task.points for task in exercise.tasks}
    return metadata | ({"points": _plain(points[cell.task])} if is_text and cell.task else {})


def _plain(points: float) -> float:
    """Return whole points as an `int`, which JSON writes without a fraction."""
    return int(points) if points == int(points) else points


def _chunks(stub: str, tasks: Sequence[Task]) -> Iterator[_Chunk]:
    """Cut a stub up: what all tasks need, each task's own, and what comes after."""
    task_of = {name: task.id for task in tasks for name in task.names}
    lines = stub.splitlines()
    collected: dict[str | None, list[str]] = {None: []}
    waiting: list[str] = []
    start = _first_line(stub)
    for node in ast.parse(stub).body[1 if start else 0 :]:
        end = node.end_lineno or node.lineno
        waiting += lines[start:end]
        start = end
        task = next((task_of[name] for name in _defined(node) if name in task_of), None)
        if task is None and len(collected) > 1:
            # A helper after the first task belongs to the task that comes next.
            continue
        collected.setdefault(task, []).extend(waiting)
        waiting = []
    for name, part in collected.items():
        if source := "\n".join(part).strip("\n"):
            yield _Chunk(name, source)
    if source := "\n".join([*waiting, *lines[start:]]).strip("\n"):
        yield _Chunk(None, source)


def _first_line(stub: str) -> int:
    """Count the lines of the docstring, which the notebook's texts take the place of."""
    body = ast.parse(stub).body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        return body[0].end_lineno or 0
    return 0


def _defined(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        yield from (target.id for target in targets if isinstance(target, ast.Name))
