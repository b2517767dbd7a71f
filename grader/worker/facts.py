"""Facts about a file's text: the names that it defines, and the dotted names that it uses.

Import aliases are resolved: `from torch.nn.functional import conv2d as c; c(x)` uses
`torch.nn.functional.conv2d`; what is looked up on any other object, such as `x.conv2d(y)`, is given
as `.conv2d`.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from grader.worker.names import Definition
from grader.worker.parsing import Statement
from grader.worker.places import clean
from grader.worker.tree import children_of
from grader.worker.wire import LoopFact, NameFact, UseFact

MAX_USES: Final = 2_000
MAX_NAMES: Final = 1_000
MAX_LOOPS: Final = 1_000
_MAX_NAME = 200

Aliases = dict[str, str | None]
"""What names stand for: an imported thing by its dotted name, or None for anything else."""

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_GETATTR_ARGUMENTS = 2


def find_names(statements: Iterable[Statement]) -> tuple[NameFact, ...]:
    """List the names that statements bind at the top level, whether they are run or not.

    A name that is bound in two ways, as a class and then as its instance, is listed twice.
    """
    found: dict[tuple[str, str], NameFact] = {}
    for statement in statements:
        for node in _walk_block([statement.node]):
            kind = _binding_kind(node)
            for name in _bound_here(node):
                fact = NameFact(
                    clean(name, _MAX_NAME), kind, getattr(node, "lineno", 1), statement.cell
                )
                found.setdefault((name, kind), fact)
        if len(found) >= MAX_NAMES:
            break
    return tuple(found.values())[:MAX_NAMES]


def find_loops(statements: Iterable[Statement]) -> tuple[LoopFact, ...]:
    """List the loops that lie in no other loop, functions and classes included."""
    found: list[LoopFact] = []
    for statement in statements:
        pending: deque[ast.AST] = deque([statement.node])
        while pending and len(found) < MAX_LOOPS:
            node = pending.popleft()
            if isinstance(node, ast.For | ast.AsyncFor | ast.While):
                last = node.end_lineno or node.lineno
                found.append(LoopFact(node.lineno, last, statement.cell))
            else:
                pending.extend(children_of(node))
    return tuple(found)


def _bound_here(node: ast.AST) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        for alias in node.names:
            if alias.name != "*":
                yield alias.asname or alias.name.split(".")[0]
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def _binding_kind(node: ast.AST) -> str:
    if isinstance(node, ast.ClassDef):
        return "class"
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return "function"
    return "import" if isinstance(node, ast.Import | ast.ImportFrom) else "assignment"


def find_uses(statements: Iterable[Statement]) -> tuple[UseFact, ...]:
    """List the names that statements use, each once a line.

    Args:
        statements: Statements at the top level of the file.
    """
    statements = list(statements)
    aliases = own_names([node for node, _ in statements])
    found: dict[UseFact, None] = {}
    for node, cell in statements:
        for name, line in _uses(node, aliases):
            found[UseFact(clean(name, _MAX_NAME), line, cell)] = None
            if len(found) >= MAX_USES:
                return tuple(found)
    return tuple(found)


def _uses(root: ast.AST, outer: Aliases) -> Iterator[tuple[str, int]]:
    """Walk a statement with the names that are visible at each point of it."""
    pending: list[tuple[ast.AST, Aliases]] = [(root, outer)]
    while pending:
        node, aliases = pending.pop()
        if isinstance(node, Scope):
            inner = {**aliases, **function_names(node)}
            body = node.body if isinstance(node.body, list) else [node.body]
            pending += [(child, inner) for child in reversed(body)]
            outside = [child for child in children_of(node) if child not in body]
            pending += [(child, aliases) for child in outside]
            continue
        yield from _imported(node)
        name = resolved(node, aliases)
        if name is not None:
            yield name, getattr(node, "lineno", 1)
        if name is None or name.startswith(".") or isinstance(node, ast.Call):
            pending += [(child, aliases) for child in reversed(children_of(node))]


def resolved(node: ast.AST, aliases: Aliases) -> str | None:
    """Resolve an expression to the imported thing that it names, or to `.attribute`.

    Args:
        node: The expression.
        aliases: What the names stand for where it is.
    """
    parts: list[str] = []
    inner: ast.AST = node
    while True:
        if isinstance(inner, ast.Attribute):
            parts.append(inner.attr)
            inner = inner.value
        elif (constant := _getattr_constant(inner)) is not None:
            parts.append(constant[1])
            inner = constant[0]
        else:
            break
    base = aliases.get(inner.id) if isinstance(inner, ast.Name) else None
    if base is not None:
        return ".".join([base, *reversed(parts)])
    return f".{parts[0]}" if parts else None


def _getattr_constant(node: ast.AST) -> tuple[ast.expr, str] | None:
    """Return the object and the name of `getattr(object, "name")`."""
    if not isinstance(node, ast.Call) or len(node.args) < _GETATTR_ARGUMENTS:
        return None
    name = node.args[1]
    is_getattr = isinstance(node.func, ast.Name) and node.func.id == "getattr"
    if is_getattr and isinstance(name, ast.Constant) and isinstance(name.value, str):
        return node.args[0], name.value
    return None


def _imported(node: ast.AST) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
        yield f"{'.' * node.level}{node.module or ''}.*", node.lineno


def own_names(body: Iterable[ast.AST]) -> Aliases:
    """Return what the names bound in a block stand for; a name of two meanings is nobody's."""
    names: Aliases = {}
    for node in _walk_block(body):
        if isinstance(node, ast.Import):
            for alias in node.names:
                _bind(names, alias.asname or alias.name.split(".")[0], _module_of(alias))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            for alias in node.names:
                _bind(names, alias.asname or alias.name, f"{module}.{alias.name}")
        elif isinstance(node, Definition):
            names[node.name] = None
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names[node.id] = None
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names[node.name] = None
    return names


def _bind(names: Aliases, name: str, meaning: str) -> None:
    if name not in names:
        names[name] = meaning
    elif names[name] != meaning:
        # Of two imports the later one counts, unless the file binds the name itself as well.
        names[name] = None if names[name] is None else meaning


def _module_of(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.split(".")[0]


def function_names(node: Scope) -> Aliases:
    """Return what the names bound in a function stand for."""
    names = own_names(node.body if isinstance(node.body, list) else [node.body])
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    every += [extra for extra in (arguments.vararg, arguments.kwarg) if extra is not None]
    names.update(dict.fromkeys((argument.arg for argument in every), None))
    declared = (inner for inner in _walk_block(node.body if isinstance(node.body, list) else []))
    for inner in declared:
        if isinstance(inner, ast.Global | ast.Nonlocal):
            for name in inner.names:
                names.pop(name, None)
    return names


def _walk_block(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Walk a block without going into the functions and classes that it defines."""
    pending = deque(body)
    while pending:
        node = pending.popleft()
        yield node
        if not isinstance(node, Definition | ast.Lambda):
            pending.extendleft(reversed(children_of(node)))
