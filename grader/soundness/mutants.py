"""Single-edit mutants of a solution: each is one mistake that a suite should see.

The edits: a number off by one, another operator, a negated condition, `and` for `or`, arguments
swapped, a keyword left out, a call or a statement dropped, a `raise` removed, a flipped truth
value, another word, another default, a `with` left out. Edited is the text itself, so that lines
and comments stay where they are.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

__all__ = ["Mutant", "make_mutants"]

_OPERATORS: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_COMPARISONS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_Scope = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Mutant(NamedTuple):
    """A solution with one edit."""

    scope: str
    """The function or class that was edited, with dots; empty at the top of the file."""
    line: int
    """Where the edit begins, from 1."""
    was: str
    """The edited lines of the solution, as one line."""
    becomes: str
    """What stands there in the mutant."""
    nth: int
    """Which one it is, from 1, of those in the scope that read the same."""
    source: str
    """The whole mutant."""


class _Edit(NamedTuple):
    """A text in place of another, from one byte of the source to another."""

    scope: str
    start: int
    end: int
    text: str


def make_mutants(source: str) -> tuple[Mutant, ...]:
    """Make all mutants of a solution, each once, in the order of its lines.

    Left alone are docstrings, annotations, imports, messages of exceptions, what stands under
    `if __name__ == "__main__"`, and data at the top of the file that students are given.

    Raises:
        SyntaxError: The solution is no Python.
    """
    tree = ast.parse(source)
    made: dict[str, Mutant] = {}
    alike: Counter[tuple[str, str, str]] = Counter()
    written = _lines_to_write(source)
    for edit in sorted(_Editor(source, tree).edits(), key=lambda edit: edit.start):
        mutant = _apply(source.encode(), edit)
        if not mutant.scope and mutant.line not in written:
            continue
        if mutant.was == mutant.becomes or mutant.source in made or not _compiles(mutant.source):
            continue
        key = (mutant.scope, mutant.was, mutant.becomes)
        alike[key] += 1
        made[mutant.source] = mutant._replace(nth=alike[key])
    return tuple(made.values())


def _lines_to_write(source: str) -> set[int]:
    """Give the lines that the stub leaves to the student."""
    found: set[int] = set()
    in_region = False
    for number, line in enumerate(source.splitlines(), 1):
        in_region = "### BEGIN SOLUTION" in line or (in_region and "### END SOLUTION" not in line)
        if in_region or "### BLANK" in line:
            found.add(number)
    return found


def _apply(source: bytes, edit: _Edit) -> Mutant:
    first = source.rfind(b"\n", 0, edit.start) + 1
    last = source.find(b"\n", edit.end)
    before, after = source[first : edit.start], source[edit.end : last]
    return Mutant(
        scope=edit.scope,
        line=source.count(b"\n", 0, edit.start) + 1,
        was=_one_line(source[first:last]),
        becomes=_one_line(before + edit.text.encode() + after),
        nth=1,
        source=(source[: edit.start] + edit.text.encode() + source[edit.end :]).decode(),
    )


def _one_line(lines: bytes) -> str:
    return " ".join(lines.decode().split())


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec")
    except (SyntaxError, ValueError):
        return False
    return True


class _Editor:
    """Goes through a tree and gives every edit that can be made in it."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self._tree = tree
        self._starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._modules = {
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }

    def edits(self) -> Iterator[_Edit]:
        """Give the edits of the whole file."""
        yield from self._in_body(self._tree.body, "")

    def _in_body(self, body: list[ast.stmt], scope: str) -> Iterator[_Edit]:
        bound: set[str] = set()
        for number, node in enumerate(body):
            if isinstance(node, ast.Import | ast.ImportFrom) or _is_main(node):
                continue
            if number == 0 and _is_docstring(node):
                continue
            if isinstance(node, _Scope):
                yield from self._in_scope(node, f"{scope}.{node.name}".lstrip("."))
                continue
            yield from self._of_statement(node, scope, bound)
            bound |= _stored_in(node)

    def _in_scope(self, node: _Scope, scope: str) -> Iterator[_Edit]:
        if not isinstance(node, ast.ClassDef):
            for default in [*node.args.defaults, *node.args.kw_defaults]:
                if default is None:
                    continue
                if isinstance(default, ast.Constant) and default.value is None:
                    yield self._replace(default, scope, "1")
                yield from self._of_expression(default, scope)
        yield from self._in_body(node.body, scope)

    # -- statements

    def _of_statement(self, node: ast.stmt, scope: str, bound: set[str]) -> Iterator[_Edit]:
        if _may_be_dropped(node, bound):
            yield self._replace(node, scope, "pass")
        if isinstance(node, ast.Raise):
            return
        if isinstance(node, ast.AugAssign):
            yield self._other_operation(node, scope)
        if isinstance(node, ast.With):
            yield from self._without_context(node, scope)
        if isinstance(node, ast.If | ast.While):
            yield self._negated(node.test, scope)
        for name, value in ast.iter_fields(node):
            if name not in {"annotation", "target", "targets", "body", "orelse", "finalbody"}:
                yield from self._of_values(value, scope, bound)
        for name in ("body", "orelse", "finalbody"):
            yield from self._in_block(getattr(node, name, []), scope, bound)

    def _in_block(self, body: list[ast.stmt], scope: str, bound: set[str]) -> Iterator[_Edit]:
        for node in body:
            if isinstance(node, _Scope):
                yield from self._in_scope(node, f"{scope}.{node.name}".lstrip("."))
            else:
                yield from self._of_statement(node, scope, bound)
            bound |= _stored_in(node)

    def _of_values(self, value: object, scope: str, bound: set[str]) -> Iterator[_Edit]:
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.expr):
                yield from self._of_expression(part, scope)
            elif isinstance(part, ast.withitem):
                yield from self._of_expression(part.context_expr, scope)
            elif isinstance(part, ast.ExceptHandler):
                yield from self._in_block(part.body, scope, bound)

    def _other_operation(self, node: ast.AugAssign, scope: str) -> _Edit:
        other = _OPERATORS.get(type(node.op), ast.Sub)
        changed = ast.AugAssign(target=node.target, op=other(), value=node.value)
        return self._replace(node, scope, ast.unparse(ast.fix_missing_locations(changed)))

    def _without_context(self, node: ast.With, scope: str) -> Iterator[_Edit]:
        if all(item.optional_vars is None for item in node.items):
            end = self._end(node.items[-1].context_expr)
            yield _Edit(scope, self._start(node), end, "if True")

    # -- expressions

    def _of_expression(self, node: ast.expr, scope: str) -> Iterator[_Edit]:
        if isinstance(node, ast.JoinedStr):
            return
        for text in self._replacements(node):
            yield self._replace(node, scope, text)
        if isinstance(node, ast.IfExp):
            yield self._negated(node.test, scope)
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.comprehension):
                yield from self._of_expression(child.iter, scope)
                for condition in child.ifs:
                    yield self._negated(condition, scope)
                    yield from self._of_expression(condition, scope)
            elif isinstance(child, ast.keyword):
                yield from self._of_expression(child.value, scope)
            elif isinstance(child, ast.expr):
                yield from self._of_expression(child, scope)

    def _replacements(self, node: ast.expr) -> Iterator[str]:
        if isinstance(node, ast.Constant):
            yield from _other_constants(node.value)
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            operator = _OPERATORS[type(node.op)]()
            yield f"({ast.unparse(ast.BinOp(node.left, operator, node.right))})"
        elif isinstance(node, ast.BoolOp):
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"({ast.unparse(ast.BoolOp(other, node.values))})"
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
            yield f"({ast.unparse(node.operand)})"
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARISONS:
            first = _COMPARISONS[type(node.ops[0])]()
            ops = [first, *node.ops[1:]]
            yield f"({ast.unparse(ast.Compare(node.left, ops, node.comparators))})"
        elif isinstance(node, ast.Call):
            yield from self._other_calls(node)

    def _other_calls(self, node: ast.Call) -> Iterator[str]:
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            return
        in_any_order = isinstance(node.func, ast.Name) and node.func.id in {"max", "min"}
        for at, (one, other) in enumerate(zip(node.args, node.args[1:], strict=False)):
            if ast.dump(one) != ast.dump(other) and not in_any_order:
                swapped = [*node.args[:at], other, one, *node.args[at + 2 :]]
                yield ast.unparse(ast.Call(node.func, swapped, node.keywords))
        for keyword in node.keywords:
            rest = [other for other in node.keywords if other is not keyword]
            yield ast.unparse(ast.Call(node.func, node.args, rest))
        if kept := self._without_call(node):
            yield f"({ast.unparse(kept)})"

    def _without_call(self, node: ast.Call) -> ast.expr | None:
        """Give what a call is made on: its object, or its first argument."""
        root = node.func
        while isinstance(root, ast.Attribute | ast.Call | ast.Subscript):
            root = root.func if isinstance(root, ast.Call) else root.value
        of_module = isinstance(root, ast.Name) and root.id in self._modules
        if isinstance(node.func, ast.Attribute) and not of_module:
            value = node.func.value
            if not (isinstance(value, ast.Name) and value.id == "self"):
                return value
        return node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None

    # -- places

    def _negated(self, test: ast.expr, scope: str) -> _Edit:
        return self._replace(test, scope, f"not ({ast.unparse(test)})")

    def _replace(self, node: ast.stmt | ast.expr, scope: str, text: str) -> _Edit:
        return _Edit(scope, self._start(node), self._end(node), text)

    def _start(self, node: ast.stmt | ast.expr) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.stmt | ast.expr) -> int:
        line, column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self._starts[line - 1] + column


def _other_constants(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(not value)
    elif isinstance(value, int):
        yield from (str(value + 1), f"({value - 1})" if value < 1 else str(value - 1))
    elif isinstance(value, float):
        yield repr(value * 2 if value else 1.0)
    elif isinstance(value, str) and value and not any(map(str.isspace, value)):
        # A text with spaces is a message for people, whose wording is free.
        yield repr(f"{value}_")


def _may_be_dropped(node: ast.stmt, bound: set[str]) -> bool:
    if isinstance(node, ast.Raise | ast.AugAssign):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Call)
    if isinstance(node, ast.Assign):
        # Without its first assignment a name is missing, which no suite could overlook.
        return all(not isinstance(t, ast.Name) or t.id in bound for t in node.targets)
    return False


def _stored_in(node: ast.AST) -> set[str]:
    """Give the names that a statement gives a value."""
    return {
        name.id
        for name in ast.walk(node)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_main(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
