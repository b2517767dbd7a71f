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
from grader.worker.imported import package_of, source_of
from grader.worker.likeness import SiblingFile
from grader.worker.names import Definition
from grader.worker.parsing import Statement, parse_cells
from grader.worker.units import build_unit
from grader.worker.wire import CellSource

_UNCOMPILABLE: Final = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


Adapt = Callable[[types.ModuleType, list[Kept], list[Statement]], list[Kept]]
"""Lets the statements of a module run here: takes what is to be run, and the whole."""


def make_importable(
    siblings: Sequence[SiblingFile],
    statements: Iterable[Statement],
    required: Iterable[str],
    adapt: Adapt,
) -> None:
    """Let a submission import the modules that came with it.

    Args:
        siblings: The modules.
        statements: The submission, which says what of them it uses.
        required: The names that the exercise asks for: `from model import *` may bring them.
        adapt: Is asked before a module runs.
    """
    if not siblings:
        return
    texts = {one.module: parse_cells((CellSource(None, one.text),)).statements for one in siblings}
    finder = _Finder(texts, {name: set(required) for name in texts}, adapt)
    _note_uses(list(statements), "", finder.used)
    for name, group in texts.items():
        _note_uses(group, package_of(name, is_package=finder.is_package(name)), finder.used)
    sys.meta_path.append(finder)


def _note_uses(statements: Iterable[Statement], package: str, used: dict[str, set[str]]) -> None:
    """Note what a file uses of the modules: the names that it imports, and their attributes."""
    nodes = [inner for node, _ in statements for inner in ast.walk(node)]
    bound: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            bound |= {one.asname or one.name: one.name for one in node.names if one.name in used}
        elif isinstance(node, ast.ImportFrom):
            source = source_of(node, package)
            for one in node.names:
                used.get(source or "", set()).add(one.name)
                if f"{source}.{one.name}".lstrip(".") in used:
                    bound[one.asname or one.name] = f"{source}.{one.name}".lstrip(".")
    for node in nodes:
        if isinstance(node, ast.Attribute) and (module := bound.get(_dotted(node.value))):
            used[module].add(node.attr)


def _dotted(node: ast.expr) -> str:
    """Give `nets.blocks` as it is written; nothing for any other expression."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds and runs the modules."""

    def __init__(
        self, texts: dict[str, list[Statement]], used: dict[str, set[str]], adapt: Adapt
    ) -> None:
        self._texts = texts
        self._adapt = adapt
        self.used = used
        """By module: the names that somebody uses of it."""

    def is_package(self, name: str) -> bool:
        """Tell whether other modules lie in this one."""
        return any(other.startswith(f"{name}.") for other in self._texts)

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the protocol's own signature
        target: types.ModuleType | None = None,  # noqa: ARG002 - as above
    ) -> importlib.machinery.ModuleSpec | None:
        """Find a module that was handed in."""
        if fullname not in self._texts:
            return None
        is_package = self.is_package(fullname)
        return importlib.util.spec_from_loader(fullname, self, is_package=is_package)

    def exec_module(self, module: types.ModuleType) -> None:
        """Run a module's definitions, each by itself; what fails stays undefined."""
        name = module.__name__
        statements = self._texts[name]
        units = []
        for statement in statements:
            with contextlib.suppress(*_UNCOMPILABLE):
                units.append(build_unit(statement, 0))
        wanted = self.used[name] - {"*"}
        wanted |= {node.name for node, _ in statements if isinstance(node, Definition)}
        wanted |= {target for node, _ in statements for target in _settings(node)}
        if "*" in self.used[name]:
            # `from model import *` brings `torch` along, where model imports it.
            wanted |= {bound for node, _ in statements for bound in _imported(node)}
        for kept in self._adapt(module, slice_definitions(units, wanted).kept, statements):
            # One that fails leaves its name undefined; who imports the name is told so.
            with contextlib.suppress(Exception):
                tree = ast.Module(body=[kept.node], type_ignores=[])
                code = compile(tree, f"<file {name}.py>", "exec", dont_inherit=True)
                exec(code, module.__dict__)  # noqa: S102 - what a worker is for


def _imported(node: ast.stmt) -> list[str]:
    """Return the names that an import binds."""
    if not isinstance(node, ast.Import | ast.ImportFrom):
        return []
    return [one.asname or one.name.partition(".")[0] for one in node.names if one.name != "*"]


def _settings(node: ast.stmt) -> list[str]:
    """Return the names that a statement gives a plain value."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return []
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]
