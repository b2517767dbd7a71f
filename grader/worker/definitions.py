"""The part of a file that the required names need, transitively; the rest is left out.

Kept are the statements that bind a needed name or change its object in place. Left out are loose
experiments: prints, downloads, training runs, whatever stands under `if __name__ == "__main__":`.
Python runs a kept statement and its uses, so these are needed in turn.

A loop is the one statement that may run for hours. It is kept for a name that the exercise asks
for, that is also bound outside of loops, or that kept code uses while the file is loaded; not for
a name that occurs only in the body of a function, which may well be a slip there.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from grader.worker import names as naming
from grader.worker.effects import Effect, changed_by_calls, effects_of
from grader.worker.names import Names
from grader.worker.units import Unit, is_own_instance

Reason = Literal["magic", "main_guard", "experiment", "unused", "shadows"]
"""Why a statement was not run: a notebook's magic or shell line; it stands under `if __name__ ==
"__main__":`; it defines nothing; nothing that is graded needs what it defines; it would hide a
class or function that the exercise asks for behind what calling it returned."""

_BUILTINS: Final = frozenset(dir(builtins))
_DUNDER = re.compile(r"__\w+__")


class Kept(NamedTuple):
    """A statement to be run."""

    node: ast.stmt
    cell: int | None
    names: tuple[str, ...]
    """The needed names that it binds."""


class LeftOut(NamedTuple):
    """A statement not to be run."""

    node: ast.stmt
    cell: int | None
    reason: Reason


class Slice(NamedTuple):
    """What is run of a file and what is not, both in the file's order."""

    kept: list[Kept]
    left_out: list[LeftOut]


class _Need(NamedTuple):
    """In which ways a name is needed."""

    in_loops: bool
    """Worth running a loop for."""
    is_called: bool
    """Kept code may call it while the file is loaded."""


def slice_definitions(units: Sequence[Unit], required: Iterable[str]) -> Slice:
    """Choose what to run of a file.

    Args:
        units: The file's statements.
        required: The names that the exercise asks for; where there are none, every function
            and class is taken to be required.
    """
    slicer = _Slicer(units, frozenset(required))
    slicer.run()
    emission = _Emission(slicer.needed)
    kept = [
        Kept(node, unit.cell, slicer.bound_by(node))
        for unit in units
        for node in emission.emit(unit)
    ]
    left_out = [found for unit in units for found in _left_out(unit)]
    return Slice(kept, left_out)


def slice_everything(units: Sequence[Unit]) -> Slice:
    """Run a file as it stands; a main guard is false by itself, since it is no main program."""
    kept = [Kept(unit.node, unit.cell, tuple(sorted(_all_binds(unit)))) for unit in units]
    guards = [unit for unit in units if unit.kind == "guard"]
    return Slice(kept, [LeftOut(unit.node, unit.cell, "main_guard") for unit in guards])


def _all_binds(unit: Unit) -> set[str]:
    return {name for inner in unit.walk() for name in inner.names.binds}


class _Slicer:
    """Marks the units that are needed, beginning with the required names."""

    def __init__(self, units: Sequence[Unit], required: frozenset[str]) -> None:
        self._all = [inner for unit in units for inner in unit.walk()]
        self._required = required
        self.needed: dict[str, _Need] = {}
        self._pending: deque[str] = deque()
        self._bound: dict[str, list[Unit]] = {}
        self._outside_loops: set[str] = set()
        self._callables: set[str] = set()
        self._index_bindings()
        self._index_mutations()

    def run(self) -> None:
        """Mark what is needed."""
        for name in self._required or self._callables:
            self._need(name, in_loops=True, is_called=False)
        self._follow()
        # What such an import brings is unknown; it may even hide `sum` or `max`.
        if any(name not in self._bound for name in self.needed):
            for unit in self._all:
                if unit.is_star:
                    self._keep(unit, is_called=False)
            self._follow()

    def bound_by(self, node: ast.stmt) -> tuple[str, ...]:
        """Return the needed names that a kept statement binds, or may bind."""
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            return tuple(sorted(name for name in self.needed if self._is_unresolved(name)))
        return tuple(sorted(naming.names_of(node).binds & self.needed.keys()))

    def _index_bindings(self) -> None:
        for unit in self._all:
            for name in unit.names.binds | unit.header.binds:
                self._bound.setdefault(name, []).append(unit)
                if unit.kind == "leaf":
                    self._outside_loops.add(name)
            if unit.is_definition and unit.kind == "leaf":
                self._callables.update(unit.names.binds)

    def _index_mutations(self) -> None:
        aliases = [unit.alias for unit in self._all if unit.alias is not None]
        effects = effects_of(unit.node for unit in self._all if unit.is_definition)
        for unit in self._all:
            changed = unit.mutates | self._changed_by_calls(unit, effects)
            for name in _with_sources(changed, aliases):
                if any(not binding.is_import for binding in self._bound.get(name, ())):
                    self._add_change(unit, name)
            # A class's or a module's method is called to do something else than to change it.
            if unit.acts_on is not None and self._is_assigned(unit.acts_on):
                for name in _with_sources([unit.acts_on], aliases):
                    self._add_change(unit, name)

    def _changed_by_calls(self, unit: Unit, effects: Mapping[str, Effect]) -> set[str]:
        return changed_by_calls(unit.node, effects) if unit.kind in ("leaf", "loop") else set()

    def _is_assigned(self, name: str) -> bool:
        return any(
            not (unit.is_import or unit.is_definition or self._is_shadowing(unit, name))
            for unit in self._bound.get(name, ())
        )

    def _is_shadowing(self, unit: Unit, name: str) -> bool:
        """Whether a unit would hide a required class behind an object of it."""
        is_class = name in self._required and name in self._callables
        return is_class and is_own_instance(unit.node, name)

    def _add_change(self, unit: Unit, name: str) -> None:
        if name in self._bound and unit not in self._bound[name]:
            self._bound[name].append(unit)

    def _is_unresolved(self, name: str) -> bool:
        return name not in self._bound and name not in _BUILTINS and not _DUNDER.fullmatch(name)

    def _need(self, name: str, *, in_loops: bool, is_called: bool) -> None:
        former = self.needed.get(name)
        need = _Need(in_loops, is_called)
        if former is not None:
            need = _Need(former.in_loops or in_loops, former.is_called or is_called)
        if need != former:
            self.needed[name] = need
            self._pending.append(name)

    def _follow(self) -> None:
        while self._pending:
            name = self._pending.popleft()
            for unit in self._bound.get(name, ()):
                self._consider(unit, name)

    def _consider(self, unit: Unit, name: str) -> None:
        need = self.needed[name]
        if self._is_shadowing(unit, name):
            unit.is_shadowing = True
        elif unit.kind in ("if", "with") and name in unit.header.binds:
            self._keep_header(unit)
        elif unit.kind == "leaf" or (
            unit.kind in ("loop", "match") and self._is_worth_running(unit, name, need)
        ):
            self._keep(unit, need.is_called)

    def _is_worth_running(self, unit: Unit, name: str, need: _Need) -> bool:
        if self._binds_by_child(unit, name):
            return False
        if unit.kind == "match":
            return True
        return not unit.trains and (need.in_loops or name in self._outside_loops)

    def _binds_by_child(self, unit: Unit, name: str) -> bool:
        return any(name in child.names.binds and child.can_leave(unit) for child in unit.children)

    def _keep(self, unit: Unit, is_called: bool) -> None:  # noqa: FBT001 - one of two ways
        if unit.is_kept and (unit.is_called or not is_called):
            return
        unit.is_kept = True
        unit.is_called = unit.is_called or is_called
        self._need_all(unit, unit.names)
        self._keep_around(unit)

    def _need_all(self, unit: Unit, names: Names) -> None:
        for name in names.direct:
            self._need(name, in_loops=True, is_called=not unit.is_definition)
        for name in names.late:
            self._need(name, in_loops=unit.is_called, is_called=unit.is_called)
        if (names.direct | names.late) & naming.DYNAMIC:
            for word in naming.words_in_strings([unit.node]) & self._outside_loops:
                self._need(word, in_loops=False, is_called=False)

    def _keep_around(self, unit: Unit) -> None:
        """Keep as much of the statements around a kept one as its meaning depends on."""
        parent = unit.parent
        if parent is None:
            return
        if parent.kind == "if" or (parent.kind == "with" and not unit.can_leave(parent)):
            self._keep_header(parent)
            return
        is_whole = parent.kind == "try" and unit.branch == "handlers"
        if is_whole or (parent.kind in ("loop", "match") and not unit.can_leave(parent)):
            self._keep(parent, unit.is_called)
        else:
            self._keep_around(parent)

    def _keep_header(self, unit: Unit) -> None:
        if not unit.is_kept:
            unit.is_kept = True
            self._need_all(unit, unit.header)
            self._keep_around(unit)


def _with_sources(names: Iterable[str], aliases: Sequence[tuple[str, str]]) -> set[str]:
    """Add the names that others stand for."""
    found = set(names)
    if not found:
        return found
    for _ in range(10):
        more = {source for alias, source in aliases if alias in found}
        if more <= found:
            break
        found |= more
    return found


class _Emission:
    """Writes the kept part of a unit as statements with their own line numbers."""

    def __init__(self, needed: Iterable[str]) -> None:
        self._needed = frozenset(needed)

    def emit(self, unit: Unit) -> list[ast.stmt]:
        """Return what is to be run in place of a statement."""
        if unit.kind in ("leaf", "loop", "match", "try") and unit.is_kept:
            return self._split_import(unit)
        if unit.kind == "if" and unit.is_kept:
            return [self._pruned_if(unit)]
        body = [node for child in unit.children for node in self.emit(child)]
        if unit.kind == "with" and unit.is_kept:
            return [self._pruned_with(unit, body)]
        return body

    def _split_import(self, unit: Unit) -> list[ast.stmt]:
        """Import each needed name by itself: of the others, one may be misspelt or missing."""
        node = unit.node
        if not isinstance(node, ast.Import | ast.ImportFrom) or unit.is_star:
            return [node]
        needed = [alias for alias in node.names if _bound_name(alias) in self._needed]
        return [_import_of(node, alias) for alias in needed] or [node]

    def _pruned_if(self, unit: Unit) -> ast.stmt:
        assert isinstance(unit.node, ast.If)  # noqa: S101 - for the type checker
        branches: dict[str, list[ast.stmt]] = {"body": [], "orelse": []}
        for child in unit.children:
            branches[child.branch] += self.emit(child)
        body = branches["body"] or [ast.copy_location(ast.Pass(), unit.node)]
        return ast.copy_location(ast.If(unit.node.test, body, branches["orelse"]), unit.node)

    def _pruned_with(self, unit: Unit, body: list[ast.stmt]) -> ast.stmt:
        node = unit.node
        assert isinstance(node, ast.With | ast.AsyncWith)  # noqa: S101 - for the type checker
        body = body or [ast.copy_location(ast.Pass(), node)]
        return ast.copy_location(type(node)(node.items, body), node)


def _import_of(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> ast.stmt:
    if isinstance(node, ast.Import):
        return ast.copy_location(ast.Import([alias]), alias)
    return ast.copy_location(ast.ImportFrom(node.module, [alias], node.level), alias)


def _bound_name(alias: ast.alias) -> str:
    return alias.asname or alias.name.split(".")[0]


def _left_out(unit: Unit) -> Iterator[LeftOut]:
    """Give what is not run, each statement once, from the outside in."""
    if unit.is_shadowing:
        yield LeftOut(unit.node, unit.cell, "shadows")
        return
    if unit.is_kept and unit.kind in ("leaf", "loop", "match", "try"):
        return
    if unit.kind == "guard":
        yield LeftOut(unit.node, unit.cell, "main_guard")
    elif not any(inner.is_kept or inner.is_shadowing for inner in unit.walk()):
        if not _is_quiet(unit.node):
            yield LeftOut(unit.node, unit.cell, _reason(unit))
        return
    elif unit.kind in ("loop", "match", "with") and not unit.is_kept:
        yield LeftOut(unit.node, unit.cell, "experiment")
    for child in unit.children:
        if child.branch != "handlers":
            yield from _left_out(child)


def _reason(unit: Unit) -> Reason:
    return "unused" if unit.is_definition or unit.is_import else "experiment"


def _is_quiet(node: ast.stmt) -> bool:
    """Whether nobody would miss a statement: a docstring, `pass`, `__all__ = …`."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign):
        return all(
            isinstance(target, ast.Name) and _DUNDER.fullmatch(target.id) for target in node.targets
        )
    return isinstance(node, ast.Pass | ast.Global | ast.Nonlocal)
