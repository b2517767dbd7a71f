"""Finds the files beside a submission that it imports: its author's own modules."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from grader.errors import SubmissionError
from grader.submission.encoding import decode_source
from grader.submission.file import read_regular_file
from grader.submission.submission import MAX_SCRIPT_BYTES, Submission
from grader.worker.likeness import SiblingFile
from grader.worker.parsing import parse_cells
from grader.worker.wire import CellSource

_MAX_FILES: Final = 30


def with_siblings(submission: Submission, folder: Path) -> Submission:
    """Add the modules that a submission imports from its own folder, and those that they import.

    A name of Python's own library is never looked for: who calls a file `random.py` gets the real
    one. What cannot be read is left out, and is then missing where it is imported.
    """
    found: dict[str, SiblingFile] = {}
    pending = list(_imported(submission.cells))
    while pending and len(found) < _MAX_FILES:
        name = pending.pop(0)
        if name in found or name.partition(".")[0] in sys.stdlib_module_names:
            continue
        text = _read(folder, name)
        if text is not None:
            found[name] = SiblingFile(name, text)
            pending += _imported((CellSource(None, text),))
    return msgspec.structs.replace(submission, siblings=tuple(found.values()))


def _imported(cells: tuple[CellSource, ...]) -> Iterator[str]:
    """Give the dotted names of modules, each with the packages that it lies in."""
    for statement, _ in parse_cells(cells).statements:
        for node in ast.walk(statement):
            for name in _modules(node):
                parts = name.split(".")
                yield from (".".join(parts[: end + 1]) for end in range(len(parts)))


def _modules(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level <= 1:
        if node.module:
            yield node.module
        # `from package import module`, and `from . import module`.
        prefix = f"{node.module}." if node.module else ""
        yield from (f"{prefix}{alias.name}" for alias in node.names if alias.name != "*")


def _read(folder: Path, name: str) -> str | None:
    if not all(part.isidentifier() for part in name.split(".")):
        return None
    base = folder.joinpath(*name.split("."))
    for path in (base.with_name(f"{base.name}.py"), base / "__init__.py"):
        # A link in what somebody handed in may lead to the solution, which they may not read.
        if not path.resolve().is_relative_to(folder.resolve()):
            continue
        try:
            return decode_source(read_regular_file(path, MAX_SCRIPT_BYTES), path).text
        except SubmissionError:
            continue
    # A package may do without a file of its own.
    return "" if base.is_dir() and any(base.glob("*.py")) else None
