"""Makes the notebook that students can use in place of the script.

It holds the text of the exercise, task by task, each followed by a cell with its code. Cell ids
depend on the exercise alone, so that the same input gives the same bytes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from grader.course.models import Exercise, Task
from grader.course.texts import Parts, split_readme
from grader.language import Text

__all__ = ["Cell", "make_cells", "make_notebook"]


class Cell(NamedTuple):
    """A cell of a notebook."""

    id: str
    kind: Literal["markdown", "code"]
    source: str


class _Chunk(NamedTuple):
    """Some top-level statements of a stub, as text."""

    task: str | None
    """The task that they are for; None for what comes before and after all tasks."""
    source: str


def make_notebook(exercise: Exercise, stub: str, readme: Text) -> bytes:
    """Make the notebook's file.

    Args:
        exercise: What the notebook is for.
        stub: The script that students start from.
        readme: The exercise's text.
    """
    from nbformat import v4, writes  # noqa: PLC0415 - slow to import, and for authors only

    make = {"markdown": v4.new_markdown_cell, "code": v4.new_code_cell}
    notebook = v4.new_notebook(
        cells=[
            make[cell.kind](cell.source, id=cell.id) for cell in make_cells(exercise, stub, readme)
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    text: str = writes(notebook)
    return (text.rstrip("\n") + "\n").encode()


def make_cells(exercise: Exercise, stub: str, readme: Text) -> list[Cell]:
    """Make the notebook's cells: texts in both languages, then the code that they are about."""
    english, chinese = split_readme(readme.en, exercise), split_readme(readme.zh, exercise)
    cells = list(_texts("introduction", english.introduction, chinese.introduction))
    for number, chunk in enumerate(_chunks(stub, exercise.tasks)):
        name = chunk.task or ("setup" if number == 0 else "end")
        cells += _task_texts(chunk.task, english, chinese)
        cells.append(Cell(f"{name}-code", "code", chunk.source))
    return cells


def _task_texts(task: str | None, english: Parts, chinese: Parts) -> Iterator[Cell]:
    if task is not None:
        yield from _texts(task, english.tasks.get(task, ""), chinese.tasks.get(task, ""))


def _texts(name: str, english: str, chinese: str) -> Iterator[Cell]:
    for language, source in (("en", english), ("zh", chinese)):
        if source:
            yield Cell(f"{name}-{language}", "markdown", source)


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
