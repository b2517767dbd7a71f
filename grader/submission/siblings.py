"""Finds the files beside a submission that it imports: its author's own modules.

They are read as text, and travel with the submission. A name of Python's own or of a library that
is installed is never looked for: who calls a file `random.py` or `torch.py` gets the real one.
"""

from __future__ import annotations

import ast
import functools
import os
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from grader.errors import SubmissionError
from grader.language import Text
from grader.submission.encoding import decode_source
from grader.submission.file import read_regular_file
from grader.submission.submission import MAX_SCRIPT_BYTES, Submission
from grader.worker.imported import package_of, source_of
from grader.worker.likeness import SiblingFile
from grader.worker.parsing import parse_cells
from grader.worker.wire import CellSource

__all__ = ["with_files", "with_siblings"]

_MAX_FILES: Final = 30
_MAX_BYTES: Final = 512 * 1024
"""Bytes of all files beside a submission together: to parse them takes whoever started us a second
or two, and everybody else's submissions wait for that."""
_MAX_NAMES: Final = 2_000
"""Imported names that are looked for."""
_MAX_NAME: Final = 100
"""Characters of one name; no module that somebody wrote has more."""

_File = TypeVar("_File")
_Look = Callable[[str], bytes | None]
"""Takes the way to a file, such as `nets/blocks.py`, below the submission's own folder."""


def with_siblings(submission: Submission, folder: Path) -> Submission:
    """Add the modules that a submission imports from its own folder, and those that they import.

    What cannot be read is left out, and is then missing where it is imported.
    """
    return _Search(functools.partial(_read_in, folder.resolve())).run(submission)


def with_files(
    submission: Submission, files: Mapping[str, _File], read: Callable[[_File], bytes]
) -> Submission:
    """Add the modules that a submission imports, where all files that it came with are known.

    Args:
        submission: What was handed in.
        files: All others, by the way from the submission's folder, such as `nets/blocks.py`.
        read: Gives the content of one; a SubmissionError leaves it out.
    """
    tops = {way.partition("/")[0].removesuffix(".py") for way in files}
    # Nearly always none is imported: to parse every file of a class for that would take minutes.
    if not any(top in cell.text for top in tops for cell in submission.cells):
        return submission
    return _Search(lambda way: read(files[way]) if way in files else None).run(submission)


class _Search:
    """Follows the imports of one submission, up to limits that nobody meets by accident."""

    def __init__(self, look: _Look) -> None:
        self._look = look
        self._found: dict[str, SiblingFile] = {}
        self._ways: list[str] = []
        self._bytes = 0
        self._hidden: dict[str, str] = {}
        self._left_out: str | None = None

    def run(self, submission: Submission) -> Submission:
        seen: set[str] = set()
        pending = deque(_imported(submission.cells))
        while pending and len(seen) < _MAX_NAMES and self._left_out is None:
            name = pending.popleft()
            if name not in seen:
                seen.add(name)
                pending += self._take(name)
        siblings = tuple(self._with_packages())
        notes = (*submission.notes, *self._notes())
        return msgspec.structs.replace(submission, siblings=siblings, notes=notes)

    def _take(self, name: str) -> Iterator[str]:
        """Read a module, and give the names that it imports itself."""
        if not all(part.isidentifier() and len(part) <= _MAX_NAME for part in name.split(".")):
            return
        way, text = self._read(name)
        if text is None:
            return
        if _is_installed(name.partition(".")[0]):
            self._hidden[name.partition(".")[0]] = way
            return
        self._bytes += len(text.encode())
        if len(self._found) >= _MAX_FILES or self._bytes > _MAX_BYTES:
            self._left_out = way
            return
        self._found[name] = SiblingFile(name, text)
        self._ways.append(way)
        package = package_of(name, is_package=way.endswith("/__init__.py"))
        yield from _imported((CellSource(None, text),), package)

    def _read(self, name: str) -> tuple[str, str | None]:
        base = name.replace(".", "/")
        for way in (f"{base}.py", f"{base}/__init__.py"):
            try:
                data = self._look(way)
                if data is not None:
                    return way, decode_source(data, Path(way)).text
            except SubmissionError:
                continue
        return base, None

    def _with_packages(self) -> Iterator[SiblingFile]:
        """Give what was found, with the packages around it that do without a file of their own."""
        given: set[str] = set()
        for name, file in self._found.items():
            parts = name.split(".")
            for outer in (".".join(parts[:end]) for end in range(1, len(parts))):
                if outer not in self._found and outer not in given:
                    given.add(outer)
                    yield SiblingFile(outer, "")
            yield file

    def _notes(self) -> Iterator[Text]:
        if self._ways:
            listed = ", ".join(self._ways)
            yield Text(
                en=f"Read together with what it imports: {listed}",
                zh=f"与它导入的文件一起读取：{listed}",
            )
        for name, way in self._hidden.items():
            yield Text(
                en=f"{way} is not used: `import {name}` gives the library of that name. Give the "
                "file another name if you meant it.",
                zh=f"没有使用 {way}：`import {name}` 得到的是同名的库。如果想用这个文件，请改名。",
            )
        if self._left_out is not None:
            limit = _MAX_BYTES // 1024
            yield Text(
                en=f"It imports more than {_MAX_FILES} files, or {limit} KB of them: "
                f"{self._left_out} and what comes after it were left out.",
                zh=f"它导入的文件超过 {_MAX_FILES} 个，或超过 {limit} KB："
                f"{self._left_out} 及之后的文件没有读取。",
            )


def _imported(cells: tuple[CellSource, ...], package: str = "") -> Iterator[str]:
    """Give the dotted names of modules, each with the packages that it lies in."""
    for statement, _ in parse_cells(cells).statements:
        for node in ast.walk(statement):
            for name in _modules(node, package):
                parts = name.split(".")
                yield from (".".join(parts[: end + 1]) for end in range(len(parts)))


def _modules(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        source = source_of(node, package)
        if source is None:
            return
        if source:
            yield source
        # `from package import module`, and `from . import module`.
        prefix = f"{source}." if source else ""
        yield from (f"{prefix}{alias.name}" for alias in node.names if alias.name != "*")


@functools.cache
def _is_installed(name: str) -> bool:
    """Tell whether a module is Python's own, or a library that workers find first."""
    if name in sys.stdlib_module_names:
        return True
    # The first place is where the program, or its script, lies: none of a worker's.
    places = sys.path if sys.flags.safe_path else sys.path[1:]
    return PathFinder.find_spec(name, places) is not None


def _read_in(folder: Path, way: str) -> bytes | None:
    path = folder / way
    # A link in what somebody handed in may lead to the solution, which they may not read.
    if not Path(os.path.realpath(path)).is_relative_to(folder):
        return None
    return read_regular_file(path, MAX_SCRIPT_BYTES)
