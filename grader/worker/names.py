"""Which names of the module a statement binds, changes and uses.

What is bound and used is read from the compiled code, so Python's own rules of scope decide.
What is changed in place (`X["a"] = 1`, `X.append(2)`) is read from the syntax tree.
"""

from __future__ import annotations

import ast
import dis
import types
import warnings
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from grader.worker.places import pseudo_file
from grader.worker.tree import children_of, walk

MUTATORS: Final = frozenset(
    {
        "append",
        "extend",
        "insert",
        "update",
        "add",
        "setdefault",
        "pop",
        "popitem",
        "remove",
        "discard",
        "clear",
        "sort",
        "reverse",
        "appendleft",
        "extendleft",
        "fill_",
        "copy_",
        "zero_",
        "__setitem__",
        "__setattr__",
    }
)
"""Methods that change their object, wherever in a statement they are called."""

DYNAMIC: Final = frozenset({"globals", "eval", "exec", "vars", "locals"})
"""Code that uses one of these may reach names of the module by their text."""

_STORES: Final = ("STORE_NAME", "STORE_GLOBAL")
_LOADS: Final = ("LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS")
_OPERATIONS: Final = {dis.opmap[name]: name for name in _STORES + _LOADS if name in dis.opmap}
_EXTENDED: Final = dis.opmap["EXTENDED_ARG"]
_COMPREHENSIONS = frozenset({"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"})
_CO_OPTIMIZED = 0x1
_VIEWS = frozenset({"values", "items", "keys", "get", "setdefault"})

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Names(NamedTuple):
    """The names of the module that one statement has to do with."""

    direct: frozenset[str]
    """Used while the statement runs."""
    late: frozenset[str]
    """Used in the bodies of functions, once they are called."""
    binds: frozenset[str]


def compile_nodes(nodes: list[ast.stmt], cell: int | None, flags: int) -> types.CodeType:
    """Compile statements with their own line numbers.

    Raises:
        SyntaxError: Python refuses them, such as a `return` outside a function.
        ValueError: A constant is out of bounds.
        RecursionError: They are nested too deeply.
        MemoryError: Likewise.
    """
    module = ast.Module(body=nodes, type_ignores=[])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code: types.CodeType = compile(
            module, pseudo_file(cell), "exec", flags=flags, dont_inherit=True
        )
    return code


def names_of(node: ast.stmt, flags: int = 0) -> Names:
    """Read a statement's names, once. Raises what `compile_nodes` raises."""
    if isinstance(node, ast.Break | ast.Continue):
        return Names(frozenset(), frozenset(), frozenset())
    known: dict[int, Names] = vars(node).setdefault("_names", {})
    if flags not in known:
        known[flags] = _read_names(node, flags)
    return known[flags]


def _read_names(node: ast.stmt, flags: int) -> Names:
    code = compile_nodes([node], None, flags | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    direct: set[str] = set()
    late: set[str] = set()
    binds = _scan(code, direct, late)
    return Names(frozenset(direct), frozenset(late - direct), frozenset(binds))


def _scan(code: types.CodeType, direct: set[str], late: set[str]) -> set[str]:
    """Collect the names of a block that runs at once, and return those that it binds."""
    bound: set[str] = set()
    for operation, name in name_operations(code):
        if operation in _STORES:
            bound.add(name)
        elif name not in bound:
            direct.add(name)
    for inner in _codes(code):
        if inner.co_name in _COMPREHENSIONS:
            bound |= _scan(inner, direct, late)
        elif inner.co_flags & _CO_OPTIMIZED:
            _scan_function(inner, late)
        else:
            _scan(inner, direct, late)
    return bound


def _scan_function(code: types.CodeType, late: set[str]) -> None:
    if code.co_flags & _CO_OPTIMIZED:
        late.update(name for operation, name in name_operations(code) if operation in _LOADS)
        for inner in _codes(code):
            _scan_function(inner, late)
    else:
        # A class within a function: what it binds are its attributes.
        _scan(code, late, late)


def name_operations(code: types.CodeType) -> Iterator[tuple[str, str]]:
    """Give the instructions that load or store a name of the module, each with the name.

    `dis.get_instructions` says the same of all instructions, and takes as long as the compiler.
    """
    extended = 0
    # The numbers of instructions and their arguments take turns, a byte each.
    for number, argument in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        operation = _OPERATIONS.get(number)
        if operation is not None:
            index = extended | argument
            # The lowest bit says how a global is called.
            yield operation, code.co_names[index >> 1 if operation == "LOAD_GLOBAL" else index]
        extended = (extended | argument) << 8 if number == _EXTENDED else 0


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant


def mutated(node: ast.stmt) -> set[str]:
    """Return the names whose objects a statement changes in place."""
    roots: set[str | None] = set()
    for inner in _walk_now(node):
        if isinstance(inner, ast.Attribute | ast.Subscript):
            if not isinstance(inner.ctx, ast.Load):
                roots.add(root_name(inner))
        elif isinstance(inner, ast.Call):
            roots.add(_mutated_by_call(inner))
    roots.discard(None)
    roots |= {root for name in roots for root in _loop_sources(node, name)}
    return {root for root in roots if root is not None}


def _walk_now(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs with the statement: not into functions and classes."""
    pending: list[ast.AST] = [node]
    while pending:
        inner = pending.pop()
        if not isinstance(inner, Definition | ast.Lambda):
            yield inner
            pending.extend(children_of(inner))


def root_name(node: ast.AST) -> str | None:
    """Return `X` for `X.a["b"].c(1).d`, None where no name stands at the left."""
    while True:
        if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            node = node.func
        else:
            return node.id if isinstance(node, ast.Name) else None


def _mutated_by_call(call: ast.Call) -> str | None:
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in MUTATORS:
        return root_name(function)
    is_setter = isinstance(function, ast.Name) and function.id in {"setattr", "delattr"}
    return root_name(call.args[0]) if is_setter and call.args else None


def acted_on(node: ast.stmt) -> str | None:
    """Return `X` for the statement `X.anything(...)`: nobody wants its value, so it acts on X."""
    value = node.value if isinstance(node, ast.Expr) else None
    is_method = isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)
    return root_name(value) if value is not None and is_method else None


def _loop_sources(node: ast.stmt, name: str | None) -> Iterator[str | None]:
    """Give the names that a loop runs over, if `name` is its variable."""
    for inner in _walk_now(node):
        if isinstance(inner, ast.For) and name in _target_names(inner.target):
            yield from _names_in(inner.iter)


def _target_names(target: ast.expr) -> set[str]:
    return {inner.id for inner in walk(target) if isinstance(inner, ast.Name)}


def _names_in(value: ast.expr) -> set[str]:
    return {inner.id for inner in walk(value) if isinstance(inner, ast.Name)}


def alias_of(node: ast.stmt) -> tuple[str, str] | None:
    """Return `("p", "X")` for `p = X["a"]`: who changes p changes X."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return None
    target, value = node.targets[0], node.value
    if isinstance(value, ast.Call):
        if not isinstance(value.func, ast.Attribute) or value.func.attr not in _VIEWS:
            return None
    elif not isinstance(value, ast.Name | ast.Attribute | ast.Subscript):
        return None
    root = root_name(value)
    return (target.id, root) if isinstance(target, ast.Name) and root else None


def words_in_strings(nodes: Iterable[ast.AST]) -> set[str]:
    """Return the identifiers in string constants, which `globals()["name"]` and `eval` look up."""
    found: set[str] = set()
    for node in nodes:
        for inner in walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                text = inner.value[:1000]
                found.update(word for word in _split_words(text) if word.isidentifier())
    return found


def _split_words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() or letter == "_" else " " for letter in text).split()
