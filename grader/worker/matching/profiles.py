"""What the classes of a file are made of, read from the text alone.

A class that cannot be built, for want of `super().__init__()` or of a bracket, is still known by
the layers that its text names.
"""

from __future__ import annotations

import ast
import itertools
import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from grader.worker.matching.literals import Known, known_at_the_end, turns_of, value_of
from grader.worker.names import Definition
from grader.worker.parsing import Statement
from grader.worker.tree import last_name, walk

_BY_DIMENSION: Final = ("Conv", "ConvTranspose", "MaxPool", "AvgPool", "BatchNorm")
_OTHERS: Final = """
    Linear Bilinear Flatten ReLU ReLU6 LeakyReLU PReLU ELU GELU SiLU Sigmoid Tanh Softmax LogSoftmax
    Softplus Hardswish Dropout Dropout2d LayerNorm GroupNorm Embedding LSTM GRU RNN
    AdaptiveAvgPool2d LazyLinear LazyConv2d
"""
LAYERS: Final = frozenset(_OTHERS.split()) | frozenset(
    f"{kind}{dimension}d" for kind in _BY_DIMENSION for dimension in (1, 2, 3)
)
"""Layers of `torch.nn` that say what a class is about."""

_FUNCTIONS: Final = {
    "conv2d": "Conv2d",
    "max_pool2d": "MaxPool2d",
    "relu": "ReLU",
    "relu_": "ReLU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "linear": "Linear",
    "flatten": "Flatten",
    "dropout": "Dropout",
    "softmax": "Softmax",
    "log_softmax": "LogSoftmax",
}
_ALIKE: Final = {"LazyLinear": "Linear", "LazyConv2d": "Conv2d"}
_SECONDARY: Final = frozenset({"Flatten", "Softmax", "LogSoftmax"})
"""What is added, left out or done by a function without changing what a network is about."""


_MAX_HELD: Final = 40
_MAX_LAYERS: Final = 1_000
_NO_HELPERS: Final[Mapping[str, Iterable[str]]] = MappingProxyType({})

_WEIGHT_OF_SIZE: Final = 0.25
_LAYERS_TO_A_SLIP: Final = 4
"""Of so many layers, one too many may be a slip."""
_ALIKE_ENOUGH: Final = 0.55
"""A lone Sigmoid is that much like a ReLU and a Sigmoid; a lone Conv2d is less like nine layers."""


class Profile(NamedTuple):
    """A class of the file."""

    name: str
    node: ast.ClassDef
    cell: int | None
    layers: tuple[str, ...]
    """The layers that its text names, in the order of the text."""
    is_module: bool
    """Whether it is, or is meant to be, an `nn.Module`."""
    is_part: bool = False
    """Whether another module of the file is built with it, and holds its layers."""

    @property
    def line(self) -> int:
        """Where it begins."""
        return self.node.lineno


def find_profiles(statements: Iterable[Statement]) -> list[Profile]:
    """Describe every class of some statements, wherever it stands, in the order of the file."""
    found: list[Profile] = []
    modules: set[str] = set()
    statements = list(statements)
    helpers, meanings = _helpers(statements), known_at_the_end(statements)
    for node, cell in statements:
        for inner in _classes(node):
            is_module = _is_module(inner, modules)
            if is_module:
                modules.add(inner.name)
            # `super(Net, self)` builds nothing, and `output` of a method is not the script's one.
            own = {inner.name, *_bound_within(inner)}
            known = {name: held for name, held in helpers.items() if name not in own}
            layers = tuple(itertools.islice(layers_of(inner, known, meanings), _MAX_LAYERS))
            found.append(Profile(inner.name, inner, cell, layers, is_module))
            if is_module and 0 < len(layers) <= _MAX_HELD:
                helpers[inner.name] = layers
    builders = _builders(found)
    return [
        each._replace(is_part=bool(builders.get(each.name, set()) - {each.name})) for each in found
    ]


def _builders(profiles: Iterable[Profile]) -> dict[str, set[str]]:
    """Return by name of what is called: the modules whose text calls it."""
    found: dict[str, set[str]] = {}
    for profile in profiles:
        for inner in walk(profile.node) if profile.is_module else ():
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
                found.setdefault(inner.func.id, set()).add(profile.name)
    return found


def _bound_within(node: ast.AST) -> Iterator[str]:
    """Give the names that a piece of text gives a value to itself."""
    for inner in walk(node):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
            yield inner.id
        elif isinstance(inner, ast.arg):
            yield inner.arg


def _helpers(statements: Iterable[Statement]) -> dict[str, tuple[str, ...]]:
    """Return the layers that functions and variables of the file hold, for classes to use."""
    found = {}
    for node, _ in statements:
        if isinstance(node, ast.FunctionDef) and not any(map(_holds_class, node.body)):
            found[node.name] = tuple(layers_of(node))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = tuple(layers_of(node.value))
    return {name: layers for name, layers in found.items() if 0 < len(layers) <= _MAX_HELD}


def likeness(layers: Iterable[str], wanted: Iterable[str]) -> float:
    """Compare two networks by how often each kind of layer occurs: 1 is alike, 0 is unlike.

    The cosine of the two counts, so that a network with everything twice is still much like itself;
    less where their sizes are far apart.
    """
    ours, theirs = _counts(layers), _counts(wanted)
    if not ours or not theirs:
        return float(not ours and not theirs)
    dot = math.fsum(count * theirs[kind] for kind, count in ours.items())
    smaller, larger = sorted([ours.total(), theirs.total()])
    of_size: float = (smaller / larger) ** _WEIGHT_OF_SIZE
    return of_size * dot / (_length(ours) * _length(theirs))


def resemblance(
    profile_layers: Iterable[str], wanted: Iterable[str] | None, needs: Iterable[str]
) -> float:
    """Give the likeness, or 0 where it is too small for a class to be meant."""
    layers, needed = list(profile_layers), set(needs)
    if wanted is None or (needed and needed.isdisjoint(layers)):
        return 0.0
    wanted = list(wanted)
    if _is_another_network(_counts(layers), _counts(wanted)):
        return 0.0
    alike = likeness(layers, wanted)
    return alike if alike >= _ALIKE_ENOUGH else 0.0


def _is_another_network(ours: Counter[str], wanted: Counter[str]) -> bool:
    """Whether a network differs as one does that was never meant to be this: a LeNet, say.

    One slip adds layers, or leaves some out; it does not do both, and it adds few: or each of them
    once more, where they are kept beside a Sequential of the same.
    """
    if ours == wanted + wanted:
        return False
    added, left_out = (ours - wanted).total(), (wanted - ours).total()
    return added > wanted.total() // _LAYERS_TO_A_SLIP or bool(added and left_out)


def _counts(layers: Iterable[str]) -> Counter[str]:
    return Counter(layer for layer in layers if layer not in _SECONDARY)


def _length(counts: Counter[str]) -> float:
    return math.sqrt(math.fsum(count * count for count in counts.values()))


def _holds_class(node: ast.stmt) -> bool:
    return next(_classes(node), None) is not None


def _classes(root: ast.AST) -> Iterator[ast.ClassDef]:
    pending = [root]
    while pending:
        node = pending.pop(0)
        if isinstance(node, ast.ClassDef):
            yield node
        elif isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            pending[:0] = list(ast.iter_child_nodes(node))


def _is_module(node: ast.ClassDef, modules: set[str]) -> bool:
    bases = {last_name(base) for base in node.bases}
    if bases & (modules | {"Module", "Sequential"}):
        return True
    # The base may be forgotten; `forward` says what was meant.
    methods = {inner.name for inner in node.body if isinstance(inner, Definition)}
    return not node.bases and "forward" in methods


def layers_made(node: ast.AST) -> set[str]:
    """Return the layers that a piece of text makes; a function that does the same makes none."""
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    names = {last_name(call.func) for call in calls}
    return {_ALIKE.get(name, name) for name in names & (LAYERS | {"Sequential"})}


def layer_of(function: str) -> str:
    """Return the layer that a function of torch is the work of; nothing for another one."""
    return _FUNCTIONS.get(function, "")


def layers_of(
    node: ast.AST,
    helpers: Mapping[str, Iterable[str]] = _NO_HELPERS,
    known: Known = MappingProxyType({}),
) -> Iterator[str]:
    """Give the layers that a piece of text makes or applies, in its order.

    Args:
        node: The text.
        helpers: By name: the layers of functions and variables that it may use.
        known: What names stand for: a loop over three pairs makes its layers three times.
    """
    for inner in _in_order(node, known):
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            yield from helpers.get(inner.id, ())
        # `self.relu1 = nn.ReLU`, without brackets, means the layer too.
        if isinstance(inner, ast.Assign) and isinstance(inner.value, ast.Attribute):
            yield from {inner.value.attr} & LAYERS
        if not isinstance(inner, ast.Call):
            continue
        name = last_name(inner.func)
        if name in LAYERS:
            yield _ALIKE.get(name, name)
        elif name in _FUNCTIONS and isinstance(inner.func, ast.Attribute):
            owner = inner.func.value
            if not (isinstance(owner, ast.Name) and owner.id == "self"):
                yield _FUNCTIONS[name]


def _in_order(node: ast.AST, known: Known, *, is_repeated: bool = False) -> Iterator[ast.AST]:
    """Give a node and all within it, in the order of the text; what a loop repeats as often.

    A loop within a loop is gone through once: two of them multiply.
    """
    yield node
    for scope, body in _passes(node, known, is_repeated=is_repeated):
        for each in body:
            yield from _in_order(each, scope, is_repeated=is_repeated or scope is not known)


def _passes(
    node: ast.AST, known: Known, *, is_repeated: bool
) -> Iterator[tuple[Known, Sequence[ast.AST]]]:
    """Give what lies in a node once a turn of a loop, with what names stand for there."""
    chosen = _branch(node, known) if isinstance(node, ast.If) and is_repeated else None
    loop = _loop(node)
    turns = turns_of(loop.target, loop.source, known) if loop and not is_repeated else []
    body = list(ast.iter_child_nodes(node)) if loop is None else loop.body
    if chosen is not None or not turns:
        yield known, body if chosen is None else chosen
    else:
        yield from (({**known, **turn}, body) for turn in turns)


class _Loop(NamedTuple):
    """A loop of any kind."""

    target: ast.expr
    source: ast.expr
    body: Sequence[ast.AST]


def _loop(node: ast.AST) -> _Loop | None:
    """Take a loop apart; None for anything else.

    `while i < len(rows)` goes through rows where its body has `kind, size = rows[i]`.
    """
    if isinstance(node, ast.For):
        return _Loop(node.target, node.iter, [*node.body, *node.orelse])
    if isinstance(node, ast.ListComp | ast.GeneratorExp):
        return _Loop(node.generators[0].target, node.generators[0].iter, [node.elt])
    if not isinstance(node, ast.While):
        return None
    counted = {inner.id for inner in ast.walk(node.test) if isinstance(inner, ast.Name)}
    for each in node.body:
        row = each.value if isinstance(each, ast.Assign) else None
        place = row.slice if isinstance(row, ast.Subscript) else None
        if isinstance(place, ast.Name) and place.id in counted:
            return _Loop(each.targets[0], row.value, node.body)  # type: ignore[attr-defined,union-attr]
    return None


def _branch(node: ast.If, known: Known) -> Sequence[ast.AST] | None:
    """Return the branch that a comparison of known values leads to; None where they are not."""
    test = node.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Eq | ast.NotEq):
        return None
    sides = [value_of(side, known) for side in (test.left, *test.comparators)]
    if len(sides) != 2 or None in sides:  # noqa: PLR2004 - `a == b`
        return None
    is_met = (sides[0] == sides[1]) is isinstance(test.ops[0], ast.Eq)
    return node.body if is_met else node.orelse
