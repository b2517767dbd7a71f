"""The statements of a file as a tree, in the shape in which they can be kept or left out.

A simple statement, a function and a class are leaves. `if`, `with`, `try` and loops hold others:
a class that stands in a `try` with a training run round it can be had without the training run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from grader.worker.names import Definition, Names, acted_on, alias_of, mutated, names_of
from grader.worker.parsing import Statement
from grader.worker.tree import children_of, walk

Kind = Literal["leaf", "if", "with", "try", "loop", "match", "guard"]
Branch = Literal["body", "orelse", "finalbody", "handlers"]

_EMPTY = Names(frozenset(), frozenset(), frozenset())
_IMPORTS = (ast.Import, ast.ImportFrom)
_HOISTABLE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_TRAINING = frozenset({"backward", "step"})


@dataclass(slots=True, eq=False)
class Unit:
    """A statement that is kept or left out."""

    node: ast.stmt
    cell: int | None
    kind: Kind
    parent: Unit | None
    branch: Branch
    names: Names
    """Of a leaf, and of a loop, `try` or `match` as a whole."""
    header: Names = _EMPTY
    """Of the line at the top of an `if` or `with`."""
    mutates: frozenset[str] = frozenset()
    acts_on: str | None = None
    """The object whose method a statement calls for its effect."""
    alias: tuple[str, str] | None = None
    children: list[Unit] = field(default_factory=list)
    is_kept: bool = False
    is_called: bool = False
    """Whether kept code runs the functions that it defines while the file is loaded."""
    is_shadowing: bool = False

    @property
    def is_definition(self) -> bool:
        """A function or a class."""
        return isinstance(self.node, Definition)

    @property
    def is_import(self) -> bool:
        """An import of any form."""
        return isinstance(self.node, _IMPORTS)

    @property
    def is_star(self) -> bool:
        """An import of everything from a module."""
        return isinstance(self.node, ast.ImportFrom) and self.node.names[0].name == "*"

    @property
    def trains(self) -> bool:
        """A loop that takes optimization steps: an experiment, whatever it binds."""
        calls = (inner for inner in walk(self.node) if isinstance(inner, ast.Call))
        return any(
            isinstance(call.func, ast.Attribute) and call.func.attr in _TRAINING for call in calls
        )

    def can_leave(self, parent: Unit) -> bool:
        """Whether this would mean the same without the statement around it."""
        if not isinstance(self.node, _HOISTABLE):
            return False
        around = parent.header.binds if parent.kind == "with" else _loop_names(parent)
        return not self.names.direct & around

    def walk(self) -> Iterator[Unit]:
        """Give this unit and those within it, in the order of the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def build_unit(statement: Statement, flags: int) -> Unit:
    """Take a top-level statement apart.

    Raises:
        SyntaxError: Python refuses to compile it.
        RecursionError: It is nested too deeply; MemoryError, ValueError likewise.
    """
    if hasattr(statement.node, "body"):
        # Taken apart, a `return` or a `break` would not be seen to stand in the wrong place.
        names_of(statement.node, flags)
    return _Builder(statement.cell, flags).build(statement.node, None, "body")


class _Builder:
    def __init__(self, cell: int | None, flags: int) -> None:
        self._cell = cell
        self._flags = flags

    def build(self, node: ast.stmt, parent: Unit | None, branch: Branch) -> Unit:
        if isinstance(node, ast.If):
            return self._if(node, parent, branch)
        if isinstance(node, ast.With | ast.AsyncWith):
            unit = self._unit("with", node, parent, branch, _EMPTY)
            unit.header = self._names(_with_body(node, [ast.Pass()]))
            self._add(unit, "body", node.body)
            return unit
        if isinstance(node, ast.Try | ast.TryStar):
            return self._try(node, parent, branch)
        if isinstance(node, _LOOPS):
            return self._whole("loop", node, parent, branch)
        if isinstance(node, ast.Match):
            return self._whole("match", node, parent, branch)
        unit = self._unit("leaf", node, parent, branch, self._names(node))
        if not unit.is_definition:
            unit.mutates = frozenset(mutated(node))
            unit.acts_on = acted_on(node)
            unit.alias = alias_of(node)
        return unit

    def _if(self, node: ast.If, parent: Unit | None, branch: Branch) -> Unit:
        dead = dead_branch(node.test)
        unit = self._unit("if" if dead is None else "guard", node, parent, branch, _EMPTY)
        if dead is None:
            test = ast.copy_location(ast.If(node.test, [ast.Pass()], []), node)
            unit.header = self._names(ast.fix_missing_locations(test))
        if dead != "body":
            self._add(unit, "body", node.body)
        if dead != "orelse":
            self._add(unit, "orelse", node.orelse)
        return unit

    def _try(self, node: ast.Try | ast.TryStar, parent: Unit | None, branch: Branch) -> Unit:
        unit = self._unit("try", node, parent, branch, self._names(node))
        self._add(unit, "body", node.body)
        for handler in node.handlers:
            self._add(unit, "handlers", handler.body)
        self._add(unit, "orelse", node.orelse)
        self._add(unit, "finalbody", node.finalbody)
        return unit

    def _whole(self, kind: Kind, node: ast.stmt, parent: Unit | None, branch: Branch) -> Unit:
        """Make a unit that is kept whole or not at all, save for the definitions in it."""
        unit = self._unit(kind, node, parent, branch, self._names(node))
        unit.mutates = frozenset(mutated(node))
        self._add(unit, "body", list(_definitions_in(node)))
        return unit

    def _unit(
        self, kind: Kind, node: ast.stmt, parent: Unit | None, branch: Branch, names: Names
    ) -> Unit:
        return Unit(node, self._cell, kind, parent, branch, names)

    def _add(self, unit: Unit, branch: Branch, nodes: Iterable[ast.stmt]) -> None:
        unit.children += [self.build(node, unit, branch) for node in nodes]

    def _names(self, node: ast.stmt) -> Names:
        return names_of(node, self._flags)


def _with_body(node: ast.With | ast.AsyncWith, body: list[ast.stmt]) -> ast.stmt:
    return ast.fix_missing_locations(ast.copy_location(type(node)(node.items, body), node))


def _definitions_in(node: ast.stmt) -> Iterator[ast.stmt]:
    """Give the functions, classes and imports in a block's statements, not those within them."""
    for child in children_of(node):
        if isinstance(child, _HOISTABLE):
            yield child
        elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from _definitions_in(child)  # type: ignore[arg-type]


def _loop_names(parent: Unit) -> frozenset[str]:
    defined = {name for child in parent.children for name in child.names.binds}
    return parent.names.binds - defined


def dead_branch(test: ast.expr) -> Literal["body", "orelse"] | None:
    """Return the branch of an `if` that runs only where the file is the main program."""
    meaning = _is_main(test)
    return None if meaning is None else ("body" if meaning else "orelse")


def _is_main(test: ast.expr) -> bool | None:
    """True for `__name__ == "__main__"`, False for its negation, None for anything else."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        meaning = _is_main(test.operand)
        return None if meaning is None else not meaning
    if isinstance(test, ast.BoolOp):
        # `main and more` never holds in a module; `not main or more` always does.
        decisive = isinstance(test.op, ast.And)
        return decisive if any(_is_main(value) is decisive for value in test.values) else None
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return None
    if not _compares_name(test.left, test.comparators[0]):
        return None
    if isinstance(test.ops[0], ast.Eq | ast.Is):
        return True
    return False if isinstance(test.ops[0], ast.NotEq | ast.IsNot) else None


def _compares_name(left: ast.expr, right: ast.expr) -> bool:
    pair = (left, right) if isinstance(left, ast.Name) else (right, left)
    is_name = isinstance(pair[0], ast.Name) and pair[0].id == "__name__"
    return is_name and isinstance(pair[1], ast.Constant) and pair[1].value == "__main__"


def is_own_instance(node: ast.stmt, name: str) -> bool:
    """Whether a statement gives a class's or function's name to what calling it returned."""
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    has_call = False
    while value is not None:
        if isinstance(value, ast.Call):
            has_call = has_call or isinstance(value.func, ast.Name)
            value = value.func
        elif isinstance(value, ast.Attribute | ast.Subscript):
            value = value.value
        else:
            return has_call and isinstance(value, ast.Name) and value.id == name
    return False
