"""The text of a script in the shape in which mistakes are looked for."""

from __future__ import annotations

import ast
import functools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple, TypeGuard

from grader.worker.likeness import RemarkFact
from grader.worker.matching.literals import Known, assigned, known_at_the_end, value_of
from grader.worker.matching.profiles import Profile, find_profiles
from grader.worker.names import Definition
from grader.worker.parsing import Statement
from grader.worker.places import clean
from grader.worker.remarks.annotations import without_annotations
from grader.worker.tree import last_name

_MAX_VALUE = 120
_MAX_PASSED_ON = 3
"""From how many functions to the next an object is followed."""
Function = ast.FunctionDef | ast.AsyncFunctionDef


class Seen(NamedTuple):
    """A piece of the tree, and the notebook's cell that it stands in."""

    node: ast.AST
    cell: int | None


class Script:
    """A parsed script, with what most searches begin at."""

    def __init__(
        self,
        statements: Sequence[Statement],
        lines: dict[int | None, list[str]],
        siblings: Collection[str] = (),
        *,
        is_whole: bool = True,
    ) -> None:
        """Take a script apart.

        Args:
            statements: What of it could be read.
            lines: Its text, by cell.
            siblings: The modules that came with it.
            is_whole: Whether all of it could be read.
        """
        self.statements = without_annotations(statements)
        self.lines = lines
        self.siblings = siblings
        self.is_whole = is_whole

    @functools.cached_property
    def nodes(self) -> list[Seen]:
        """Every node, in the order of the text, each once."""
        taken: set[int] = set()
        found = []
        for statement, cell in self.statements:
            for node in in_order(statement):
                if id(node) not in taken:
                    taken.add(id(node))
                    found.append(Seen(node, cell))
        return found

    @functools.cached_property
    def calls(self) -> list[tuple[ast.Call, int | None]]:
        """Every call."""
        return [(node, cell) for node, cell in self.nodes if isinstance(node, ast.Call)]

    @functools.cached_property
    def classes(self) -> list[Profile]:
        """The classes that are modules, or meant to be, each once."""
        by_place = {
            (profile.cell, profile.line): profile
            for profile in find_profiles(self.statements)
            if profile.is_module
        }
        return list(by_place.values())

    @functools.cached_property
    def top_level(self) -> list[Seen]:
        """The nodes that run with the script: not those in functions and classes."""
        found = []
        for statement, cell in self.statements:
            found += [Seen(node, cell) for node in in_order(statement, into_definitions=False)]
        return found

    @functools.cached_property
    def assigned(self) -> dict[str, ast.expr]:
        """The value that each name is given at the top level, the last one where there are more."""
        found: dict[str, ast.expr] = {}
        for node, _ in self.top_level:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    found |= dict(_given(target, node.value))
        return found

    @functools.cached_property
    def known(self) -> Known:
        """What names stand for, as far as it is spelt out: parameters by their defaults.

        A name that functions give several values stands for the first of them.
        """
        found = known_at_the_end(self.statements)
        for node, _ in self.nodes:
            if isinstance(node, Function) and node.args.defaults:
                named = node.args.args[-len(node.args.defaults) :]
                for each, default in zip(named, node.args.defaults, strict=False):
                    found.setdefault(each.arg, value_of(default, found))
            elif isinstance(node, ast.Assign):
                for name, value in assigned(node, found).items():
                    found.setdefault(name, value)
        return found

    @functools.cached_property
    def outside_classes(self) -> list[Seen]:
        """The nodes that lie in no class, those of functions included."""
        inside = {id(inner) for each in self.classes for inner in ast.walk(each.node)}
        return [seen for seen in self.nodes if id(seen.node) not in inside]

    @functools.cached_property
    def instances(self) -> dict[str, Profile]:
        """The names that are given an object of one of the classes, with the class.

        Those of functions, too, where all that is given to a name there is of one class.
        """
        found = dict(self.objects)
        for _ in range(_MAX_PASSED_ON):
            given: dict[str, dict[str, Profile]] = {}
            for name, value in self._bound_in_functions:
                made = self._class_made(value) or found.get(name_of(value))
                if made is not None and name not in self.assigned:
                    given.setdefault(name, {})[made.name] = made
            found |= {
                name: made
                for name, each in given.items()
                if len(each) == 1
                for made in each.values()
            }
        return found

    def is_network(self, function: ast.expr) -> bool:
        """Whether what is called is an object of one of the classes, `self.net` included."""
        return name_of(function) in self.instances or self_attribute(function) in self._kept

    @functools.cached_property
    def _kept(self) -> frozenset[str]:
        """The attributes in which classes that are no modules keep a network."""
        return frozenset(
            self_attribute(target)
            for node, _ in self.outside_classes
            if isinstance(node, ast.Assign) and self._class_made(node.value) is not None
            for target in node.targets
        ) - {""}

    @functools.cached_property
    def objects(self) -> dict[str, Profile]:
        """The names at the top level that are given an object of one of the classes."""
        return {
            name: made
            for name, value in self.assigned.items()
            if (made := self._class_made(value)) is not None
        }

    def _class_made(self, made: ast.expr) -> Profile | None:
        """Return the class of which an expression makes an object, as `Net().to(device)` does."""
        by_name = {profile.name: profile for profile in self.classes}
        found = None
        while isinstance(made, ast.Call):
            if isinstance(made.func, ast.Name) and made.func.id in by_name:
                found = by_name[made.func.id]
            made = made.func.value if isinstance(made.func, ast.Attribute) else made.func
        return found

    @functools.cached_property
    def _bound_in_functions(self) -> list[tuple[str, ast.expr]]:
        """The names that functions give a value to, and what is passed for their parameters."""
        functions = {
            node.name: node for node, _ in self.outside_classes if isinstance(node, Function)
        }
        top = {id(node) for node, _ in self.top_level}
        found: list[tuple[str, ast.expr]] = []
        for node, _ in self.outside_classes:
            if isinstance(node, ast.Assign) and id(node) not in top:
                found += [(name, node.value) for each in node.targets if (name := name_of(each))]
            function = functions.get(name_of(node.func)) if isinstance(node, ast.Call) else None
            if function is not None and isinstance(node, ast.Call):
                names = [each.arg for each in function.args.args]
                found += zip(names, node.args, strict=False)
                found += [(word.arg, word.value) for word in node.keywords if word.arg]
        return found

    @functools.cached_property
    def reads(self) -> Counter[str]:
        """How often each name is read."""
        return Counter(node.id for node, _ in self.nodes if is_read(node))

    @functools.cached_property
    def attributes_read(self) -> frozenset[str]:
        """The attributes of named objects that are read: `sigmoid` of `net.sigmoid(x)`."""
        return frozenset(
            node.attr
            for node, _ in self.nodes
            if isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and name_of(node.value) in self.instances
        )

    @functools.cached_property
    def loops(self) -> list[tuple[ast.For, int | None]]:
        """Every `for` outside of classes; those in functions too, where a script is in order."""
        found = [(node, cell) for node, cell in self.nodes if isinstance(node, ast.For)]
        inside = {id(inner) for each in self.classes for inner in ast.walk(each.node)}
        return [(node, cell) for node, cell in found if id(node) not in inside]

    @functools.cached_property
    def batches(self) -> set[str]:
        """The names that loops give what a loader gives: `imgs` and `targets`, mostly."""
        found: set[str] = set()
        for loop, _ in self.loops:
            pair = names_of_target(loop.target)
            found |= pair if len(pair) > 1 else set()
            for node in ast.walk(loop):
                if isinstance(node, ast.Assign) and name_of(node.value) in pair:
                    found |= names_of_target(node.targets[0])
        return found

    @property
    def blocks(self) -> Iterator[tuple[list[ast.stmt], int | None]]:
        """Give the statements at the top level, and those of each function and loop."""
        by_cell: dict[int | None, list[ast.stmt]] = {}
        for statement, cell in self.statements:
            by_cell.setdefault(cell, []).append(statement)
        yield from ((body, cell) for cell, body in by_cell.items())
        for node, cell in self.outside_classes:
            if isinstance(node, Function):
                yield node.body, cell
        yield from ((loop.body, cell) for loop, cell in self.loops)

    def text_of(self, node: ast.expr | None, cell: int | None) -> str:
        """Return how an expression on one line is written; nothing where it takes several."""
        lines = self.lines.get(cell, [])
        if node is None or node.end_lineno != node.lineno or node.lineno > len(lines):
            return ""
        # Python counts columns in bytes.
        line = lines[node.lineno - 1].encode()
        return line[node.col_offset : node.end_col_offset].decode(errors="replace")

    def all_assigned(self, name: str) -> Iterator[ast.expr]:
        """Give every value that is assigned to a name, anywhere outside of classes."""
        for node, _ in self.top_level:
            if isinstance(node, ast.Assign) and any(name_of(each) == name for each in node.targets):
                yield node.value


def _given(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Give each name of an assignment with its value, those of `a, b = 3, 6` one by one."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for each, part in zip(target.elts, value.elts, strict=False):
            yield from _given(each, part)


def names_of_target(target: ast.expr) -> set[str]:
    """Return the names that an assignment or a loop binds."""
    return {
        node.id
        for node in ast.walk(target)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def in_order(node: ast.AST, *, into_definitions: bool = True) -> Iterator[ast.AST]:
    """Give a node and all within it, in the order of the text."""
    yield node
    if not into_definitions and isinstance(node, Definition | ast.Lambda):
        return
    for child in ast.iter_child_nodes(node):
        yield from in_order(child, into_definitions=into_definitions)


def methods(profile: Profile) -> Iterator[Function]:
    """Give the methods of a class."""
    for node in profile.node.body:
        if isinstance(node, Function):
            yield node


def method(profile: Profile, name: str) -> Function | None:
    """Give one method of a class."""
    return next((each for each in methods(profile) if each.name == name), None)


def called(call: ast.Call) -> str:
    """Return the last part of what is called: `Conv2d` for `nn.Conv2d(…)`."""
    return last_name(call.func)


def has_call(root: ast.AST, name: str) -> bool:
    """Whether something of this name is called at a node or within it."""
    return any(isinstance(node, ast.Call) and called(node) == name for node in ast.walk(root))


def name_of(node: ast.AST | None) -> str:
    """Return a plain name, and nothing for anything else."""
    return node.id if isinstance(node, ast.Name) else ""


def self_attribute(node: ast.AST) -> str:
    """Return `conv1` for `self.conv1`."""
    is_own = isinstance(node, ast.Attribute) and name_of(node.value) == "self"
    return node.attr if is_own and isinstance(node, ast.Attribute) else ""


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the value of a keyword argument."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def argument(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """Return an argument, whether it is given by place or by name."""
    return call.args[place] if place < len(call.args) else keyword(call, name)


def constant(node: ast.AST | None) -> object:
    """Return a constant's value; None for anything else. `-1` is one."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = constant(node.operand)
        return -value if isinstance(value, int | float) else None
    return node.value if isinstance(node, ast.Constant) else None


def product(node: ast.AST | None) -> int | None:
    """Return a whole number, also one that is written as a product; None for anything else."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = product(node.left), product(node.right)
        return None if left is None or right is None else left * right
    value = constant(node)
    return value if isinstance(value, int) else None


def is_read(node: ast.AST) -> TypeGuard[ast.Name]:
    """Whether this is a name that is read."""
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def last_line(node: ast.stmt) -> int:
    """Return the line that a statement ends at."""
    return node.end_lineno or node.lineno


def names_in(node: ast.AST) -> set[str]:
    """Return the names that are read within a node."""
    return {
        inner.id
        for inner in ast.walk(node)
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)
    }


def remark(identifier: str, node: ast.AST, cell: int | None, **values: object) -> RemarkFact:
    """Note something about a line."""
    texts = {name: clean(str(value), _MAX_VALUE) for name, value in values.items()}
    return RemarkFact(identifier, getattr(node, "lineno", 1), cell, texts)
