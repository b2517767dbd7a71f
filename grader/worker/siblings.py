"""Modules that were handed in beside a submission: found last, after everything installed.

A file called `torch.py` or `random.py` never takes the place of the real one. Of a module the
definitions run, and what others import from it; its experiments do not.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from grader.worker.definitions import Kept, slice_definitions
from grader.worker.likeness import SiblingFile
from grader.worker.names import Definition
from grader.worker.parsing import Statement, parse_cells
from grader.worker.units import build_unit
from grader.worker.wire import CellSource

_UNCOMPILABLE: Final = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


Adapt = Callable[[types.ModuleType, list[Kept], list[Statement]], list[Kept]]
"""Lets the statements of a module run here: takes what is to be run, and the whole."""


def make_importable(
    siblings: Sequence[SiblingFile], statements: Iterable[Statement], adapt: Adapt
) -> None:
    """Let a submission import the modules that came with it.

    Args:
        siblings: The modules.
        statements: The submission, which says what of them it imports.
        adapt: Is asked before a module runs.
    """
    if not siblings:
        return
    parsed = {each.module: parse_cells((CellSource(None, each.text),)) for each in siblings}
    imported: dict[str, set[str]] = {}
    for group in (list(statements), *(one.statements for one in parsed.values())):
        for node, _ in group:
            for inner in ast.walk(node):
                if isinstance(inner, ast.ImportFrom) and inner.module in parsed:
                    names = imported.setdefault(inner.module, set())
                    names.update(alias.name for alias in inner.names)
    texts = {name: one.statements for name, one in parsed.items()}
    sys.meta_path.append(_Finder(texts, imported, adapt))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs the modules."""

    def __init__(
        self, texts: dict[str, list[Statement]], imported: dict[str, set[str]], adapt: Adapt
    ) -> None:
        self._texts = texts
        self._imported = imported
        self._adapt = adapt

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's own signature
        target: types.ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module that was handed in."""
        if fullname not in self._texts:
            return None
        is_package = any(other.startswith(f"{fullname}.") for other in self._texts)
        return importlib.util.spec_from_loader(fullname, self, is_package=is_package)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's definitions, each by itself; what fails stays undefined."""
        name = module.__name__
        statements = self._texts[name]
        units = []
        for statement in statements:
            with contextlib.suppress(*_UNCOMPILABLE):
                units.append(build_unit(statement, 0))
        wanted = self._imported.get(name, set()) - {"*"}
        wanted |= {node.name for node, _ in statements if isinstance(node, Definition)}
        wanted |= {target for node, _ in statements for target in _settings(node)}
        for kept in self._adapt(module, slice_definitions(units, wanted).kept, statements):
            # One that fails leaves its name undefined; who imports the name is told so.
            with contextlib.suppress(Exception):
                tree = ast.Module(body=[kept.node], type_ignores=[])
                code = compile(tree, f"<file {name}.py>", "exec", dont_inherit=True)
                exec(code, module.__dict__)  # noqa: S102 - what a worker is for


def _settings(node: ast.stmt) -> list[str]:
    """Return the names that a statement gives a plain value."""
    if not isinstance(node, ast.Assign):
        return []
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    return [target.id for target in node.targets if isinstance(target, ast.Name)]
