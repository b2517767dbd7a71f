"""What the text of a script says about its tensors: their dimensions, their kind, their numbers."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from grader.worker.names import Definition
from grader.worker.remarks.script import (
    Script,
    called,
    constant,
    in_order,
    keyword,
    name_of,
    names_of_target,
)
from grader.worker.tree import last_name

_SPELT_OUT: Final = frozenset({"tensor", "Tensor", "FloatTensor", "LongTensor", "as_tensor"})
_FILLED: Final = frozenset({"ones", "zeros", "rand", "randn", "empty", "full"})
_FLOATS: Final = frozenset({"float", "float16", "float32", "float64", "double", "half"})
_WHOLE: Final = frozenset({"int", "int8", "int16", "int32", "int64", "long", "uint8", "short"})
_INFINITE_DEPTH: Final = 8


class TensorFact(NamedTuple):
    """What is known of a tensor; None for what is not."""

    sizes: tuple[int, ...] | None = None
    """Its shape; -1 where a size is not spelt out."""
    is_float: bool | None = None
    values: tuple[float, ...] = ()
    """Its numbers, where they are spelt out."""
    is_share: bool = False
    """Whether a softmax gave it."""


_ONE_IMAGE: Final = TensorFact((3, -1, -1), is_float=True)
_TRANSFORMS: Final = frozenset({"Compose", "ToTensor"})

Known = Mapping[str, TensorFact]


class SeenCall(NamedTuple):
    """A call, with what is known of tensors when it runs; the next call changes that."""

    call: ast.Call
    cell: int | None
    known: Known

    def fact(self, node: ast.AST | None) -> TensorFact:
        """Say what is known of an argument of it."""
        return _fact_of(node, self.known)


def calls_with_tensors(script: Script) -> Iterator[SeenCall]:
    """Give the calls that run with the script, in order, each with what is known by then."""
    known: dict[str, TensorFact] = {}
    literals: dict[str, ast.expr] = {}
    for node, cell in script.statements:
        yield from _follow([node], cell, known, literals)


def _follow(
    body: Iterable[ast.stmt],
    cell: int | None,
    known: dict[str, TensorFact],
    literals: dict[str, ast.expr],
) -> Iterator[SeenCall]:
    for statement in body:
        if isinstance(statement, Definition):
            continue
        inner = [
            part for name in ("body", "orelse", "finalbody") for part in _block(statement, name)
        ]
        for node in _outside(statement, inner):
            if isinstance(node, ast.Call):
                yield SeenCall(node, cell, known)
        if isinstance(statement, ast.For):
            for name in names_of_target(statement.target):
                known.pop(name, None)
        if isinstance(statement, ast.Assign):
            _assign(statement, known, literals)
        yield from _follow(inner, cell, known, literals)


def _block(statement: ast.stmt, name: str) -> list[ast.stmt]:
    found = getattr(statement, name, [])
    return found if isinstance(found, list) else []


def _outside(statement: ast.stmt, inner: list[ast.stmt]) -> Iterator[ast.AST]:
    """Give the nodes of a statement, but for those of the statements within it."""
    within = {id(node) for each in inner for node in ast.walk(each)}
    return (node for node in in_order(statement, into_definitions=False) if id(node) not in within)


def _assign(
    statement: ast.Assign, known: dict[str, TensorFact], literals: dict[str, ast.expr]
) -> None:
    name, value = name_of(statement.targets[0]), statement.value
    if isinstance(value, ast.Call) and called(value) in _SPELT_OUT and value.args:
        given = literals.get(name_of(value.args[0]))
        if given is not None:
            value = ast.Call(value.func, [given], value.keywords)
    # What a tensor is made of may have the same name.
    fact = _fact_of(value, known)
    if isinstance(value, ast.Call) and _makes_transform(literals.get(name_of(value.func))):
        fact = _ONE_IMAGE
    for target in statement.targets:
        for other in names_of_target(target):
            known.pop(other, None)
            literals.pop(other, None)
    if name and (isinstance(value, ast.List) or _makes_transform(value)):
        literals[name] = value
    elif name and fact != TensorFact():
        known[name] = fact


def _makes_transform(node: ast.expr | None) -> bool:
    """Whether this makes what turns a picture into a tensor."""
    names = (
        {called(each) for each in ast.walk(node) if isinstance(each, ast.Call)} if node else set()
    )
    return isinstance(node, ast.Call) and called(node) in _TRANSFORMS and "ToTensor" in names


def _fact_of(node: ast.AST | None, known: Known, depth: int = 0) -> TensorFact:
    if isinstance(node, ast.Name):
        return known.get(node.id, TensorFact())
    if isinstance(node, ast.Subscript):
        return _indexed(node, known, depth)
    if not isinstance(node, ast.Call) or depth > _INFINITE_DEPTH:
        return TensorFact()
    return _of_call(node, called(node), known, depth)


def _of_call(node: ast.Call, name: str, known: Known, depth: int) -> TensorFact:
    if name in _SPELT_OUT:
        return _spelt_out(node, name)
    if name in _FILLED:
        return TensorFact(_sizes(node.args), is_float=_dtype(node, default=True))
    if name == "randint":
        return TensorFact(is_float=False)
    return _changed(node, name, known, depth)


def _indexed(node: ast.Subscript, known: Known, depth: int) -> TensorFact:
    """Follow `x[None, None]`, which adds dimensions; any other index makes the shape unknown."""
    fact = _fact_of(node.value, known, depth + 1)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    is_new = all(isinstance(part, ast.Constant) and part.value is None for part in parts)
    sizes = (1,) * len(parts) + fact.sizes if is_new and fact.sizes is not None else None
    return TensorFact(sizes, fact.is_float)


def _spelt_out(call: ast.Call, name: str) -> TensorFact:
    default = {"Tensor": True, "FloatTensor": True, "LongTensor": False}.get(name)
    with contextlib.suppress(ValueError, TypeError, SyntaxError, IndexError, RecursionError):
        value = ast.literal_eval(call.args[0])
        sizes, numbers = _shape_of(value), tuple(_numbers_of(value))
        if default is None and numbers:
            default = any(isinstance(number, float) for number in numbers)
        return TensorFact(sizes, _dtype(call, default=default), numbers)
    return TensorFact(None, _dtype(call, default=default))


def _shape_of(value: object) -> tuple[int, ...]:
    sizes = []
    while isinstance(value, list | tuple):
        sizes.append(len(value))
        value = value[0] if value else None
    return tuple(sizes)


def _numbers_of(value: object) -> Iterator[float]:
    if isinstance(value, list | tuple):
        for each in value:
            yield from _numbers_of(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield value


def _dtype(call: ast.Call, *, default: bool | None) -> bool | None:
    given = keyword(call, "dtype")
    if given is None:
        return default
    name = last_name(given)
    return name in _FLOATS if name in _FLOATS | _WHOLE else None


def _sizes(args: Iterable[ast.expr]) -> tuple[int, ...] | None:
    """Read `2, 3`, `(2, 3)` or `[2, 3]`."""
    parts = list(args)
    if len(parts) == 1 and isinstance(parts[0], ast.Tuple | ast.List):
        parts = list(parts[0].elts)
    numbers = [constant(part) for part in parts]
    sizes = tuple(number if type(number) is int else -1 for number in numbers)
    return sizes or None


def _changed(call: ast.Call, name: str, known: Known, depth: int) -> TensorFact:
    """Follow a call that makes one tensor of another: `x.float()`, `torch.reshape(x, …)`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_method = owner is not None and name_of(owner) not in ("torch", "t", "F")
    source = owner if is_method else (call.args[0] if call.args else None)
    others = call.args if is_method else call.args[1:]
    fact = _fact_of(source, known, depth + 1)
    if name in ("reshape", "view"):
        return TensorFact(_sizes(others), fact.is_float, fact.values)
    if name == "unsqueeze" and fact.sizes is not None:
        return TensorFact((1, *fact.sizes), fact.is_float, fact.values)
    if name in ("float", "double", "half"):
        return fact._replace(is_float=True)
    if name in ("long", "int"):
        return fact._replace(is_float=False)
    if name == "softmax":
        return TensorFact(fact.sizes, is_float=True, is_share=True)
    return TensorFact()
