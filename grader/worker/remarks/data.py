"""Mistakes about images: how they are read, batched and flattened."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator
from typing import Final, NamedTuple

from grader.worker.likeness import RemarkFact
from grader.worker.matching.literals import Known, value_of
from grader.worker.matching.profiles import Profile
from grader.worker.names import Definition
from grader.worker.remarks.script import (
    Function,
    Script,
    argument,
    called,
    constant,
    in_order,
    is_read,
    keyword,
    method,
    name_of,
    names_in,
    product,
    remark,
)
from grader.worker.tree import last_name

_TEST_IMAGES: Final = 10_000
_TRAINING_IMAGES: Final = 50_000
_VALUES: Final = 3 * 32 * 32
_BATCH: Final = 64
_SIDE: Final = 32


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at loaders, at what is flattened, and at how images are read."""
    mixed_up = list(_other_tensor(script))
    yield from mixed_up
    answers = not mixed_up and not any(map(_gives_a_global, script.classes))
    yield from _last_batch(script, is_answered=answers)
    yield from _never_flattened(script)
    yield from _transforms(script)


class _Loader(NamedTuple):
    """A DataLoader of the script."""

    call: ast.Call
    cell: int | None
    batch_size: int
    is_whole: bool
    """Whether a short last batch is left out."""


def _loaders(script: Script) -> Iterator[_Loader]:
    for call, cell in script.calls:
        if called(call) == "DataLoader":
            size = argument(call, 1, "batch_size")
            number = constant(script.assigned.get(name_of(size), size))
            number = number or _default(name_of(size), script)
            if isinstance(number, int) and number > 1:
                dropped = keyword(call, "drop_last")
                # What is passed on is not known here: a function may be told to drop it.
                is_whole = dropped is not None and constant(dropped) is not False
                yield _Loader(call, cell, number, is_whole)


def _default(name: str, script: Script) -> object:
    """Return the default of a parameter, where all functions that have it give it the same."""
    defaults: dict[str, set[object]] = {}
    for node, _ in script.outside_classes:
        if isinstance(node, Function) and node.args.defaults:
            named = node.args.args[-len(node.args.defaults) :]
            for each, value in zip(named, node.args.defaults, strict=True):
                defaults.setdefault(each.arg, set()).add(constant(value))
    found = defaults.get(name, set())
    return found.pop() if len(found) == 1 else None


def _gone_through(script: Script, node: ast.AST) -> list[_Loader]:
    """Give the loaders of the loops round a node; in a file of several sections each has its own.

    All of the file's where none is found.
    """
    loaders = list(_loaders(script))
    names = {
        inner.id
        for loop, _ in script.nodes
        if isinstance(loop, ast.For) and any(inner is node for inner in ast.walk(loop))
        for inner in ast.walk(loop.iter)
        if isinstance(inner, ast.Name)
    }
    meant: dict[str, ast.expr] = {}
    for seen, _ in script.nodes:
        if seen is node:
            break
        if isinstance(seen, ast.Assign):
            meant |= {name: seen.value for name in map(name_of, seen.targets) if name in names}
    found = [each for each in loaders if any(each.call is value for value in meant.values())]
    return found or loaders


def _image_count(script: Script) -> int:
    """Return how many images the script's data set has: the test set's, mostly."""
    for call, _ in script.calls:
        if (
            called(call) in ("CIFAR10", "CIFAR100")
            and constant(argument(call, 1, "train")) is False
        ):
            return _TEST_IMAGES
    return _TRAINING_IMAGES


def _gives_a_global(profile: Profile) -> bool:
    """Whether `forward` returns a variable of the script, and not what its layers give."""
    forward = method(profile, "forward")
    nodes = list(ast.walk(forward)) if forward is not None else []
    own = {node.arg for node in nodes if isinstance(node, ast.arg)}
    own |= {node.id for node in nodes if isinstance(node, ast.Name) and not is_read(node)}
    returned = {name_of(node.value) for node in nodes if isinstance(node, ast.Return)} - {""}
    return bool(returned - own)


def _last_batch(script: Script, *, is_answered: bool) -> Iterator[RemarkFact]:
    """Find batches that are flattened whole, and a last one that then does not fit.

    Args:
        script: The script.
        is_answered: Whether the network gets what is flattened, and gives what it makes of it.
    """
    flattened = next(_flattened_whole(script), None)
    if flattened is None:
        return
    node, cell = flattened
    loaders = _gone_through(script, node)
    short = [each for each in loaders if not each.is_whole]
    count = _image_count(script)
    for loader in short:
        rest = count % loader.batch_size
        if rest:
            yield remark(
                "last-batch-short",
                loader.call,
                loader.cell,
                count=count,
                batch=loader.batch_size,
                number=math.ceil(count / loader.batch_size),
                rest=rest,
                values=rest * _VALUES,
                expected=loader.batch_size * _VALUES,
            )
    size = loaders[0].batch_size if loaders else _BATCH
    if is_answered:
        yield remark("whole-batch-flattened", node, cell, batch=size)


def _flattened_whole(script: Script) -> Iterator[tuple[ast.AST, int | None]]:
    if not any(_is_linear_of_a_batch(call, script.known) for call, _ in script.calls):
        return
    inside = {id(node) for each in script.classes for node in ast.walk(each.node)}
    for call, cell in script.calls:
        if id(call) not in inside and _makes_one_row(call):
            yield call, cell


def _makes_one_row(call: ast.Call) -> bool:
    """Whether a call flattens all there is: `torch.flatten(imgs)`, `imgs.reshape(1, 1, 1, -1)`."""
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    is_method = owner is not None and name_of(owner) != "torch"
    settings = call.args if is_method else call.args[1:]
    if called(call) == "flatten":
        start = settings[0] if settings else keyword(call, "start_dim")
        return start is None or constant(start) == 0
    sides = [
        constant(side)
        for given in settings
        for side in (given.elts if isinstance(given, ast.Tuple | ast.List) else [given])
    ]
    is_reshape = called(call) in ("reshape", "view")
    return is_reshape and sides.count(-1) == 1 and set(sides) <= {1, -1}


def _is_linear_of_a_batch(call: ast.Call, known: Known) -> bool:
    given = argument(call, 0, "in_features") if called(call) == "Linear" else None
    size = value_of(given, known)
    return isinstance(size, int) and size > _BATCH * _VALUES // 2


def _other_tensor(script: Script) -> Iterator[RemarkFact]:
    """Find a tensor that is reshaped into a new one, after which the old one is used."""
    for body, cell in script.blocks:
        made: dict[str, str] = {}
        for statement in body:
            for node in in_order(statement):
                if isinstance(node, ast.Call) and script.is_network(node.func):
                    given = {name_of(each) for each in node.args}
                    for new in [new for new, old in made.items() if old in given]:
                        yield remark("other-tensor-used", node, cell, given=made[new], made=new)
            for name in _read_in(statement) & made.keys():
                del made[name]
            made |= _reshaped_into(statement)


def _read_in(statement: ast.stmt) -> set[str]:
    """Return the names that a statement uses; to print a shape is not to use a tensor."""
    if isinstance(statement, Definition):
        return set()
    call = statement.value if isinstance(statement, ast.Expr) else None
    is_print = isinstance(call, ast.Call) and called(call) == "print"
    return set() if is_print else names_in(statement)


def _never_flattened(script: Script) -> Iterator[RemarkFact]:
    """Find images that are given to a Linear layer as they are."""
    names = {called(call) for call, _ in script.calls}
    if names & {"flatten", "reshape", "view"} or _applies_flatten(script):
        return
    for loop, cell in script.loops:
        for call in ast.walk(loop):
            given = name_of(call.args[0]) if isinstance(call, ast.Call) and call.args else ""
            profile = script.instances.get(name_of(getattr(call, "func", None)))
            if profile is None or given not in script.batches or profile.layers[-1:] != ("Linear",):
                continue
            width = _only_linear(profile)
            if width is None and profile.layers == ("Linear",):
                # Without any flattening, only the last dimension can be meant.
                width = _SIDE
            if width is not None:
                identifier = "last-dimension-only" if width == _SIDE else "images-not-flattened"
                yield remark(identifier, call, cell, name=given, width=width)
                return


def _only_linear(profile: Profile) -> int | None:
    """Return the width of the first Linear of a class that has no other layer to learn."""
    calls = [node for node in in_order(profile.node) if isinstance(node, ast.Call)]
    if {"Conv2d"} & set(profile.layers):
        return None
    return next(
        (product(argument(call, 0, "in_features")) for call in calls if called(call) == "Linear"),
        None,
    )


def _applies_flatten(script: Script) -> bool:
    """Whether a Flatten layer is made and run: in a Sequential, or by a name that is read."""
    sequences = [call for call, _ in script.calls if called(call) == "Sequential"]
    within = [each for call in sequences for each in call.args if isinstance(each, ast.Call)]
    if any(called(each) == "Flatten" for each in within):
        return True
    names = {
        last_name(node.targets[0])
        for node, _ in script.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and called(node.value) == "Flatten"
    }
    return any(last_name(call.func) in names for call, _ in script.calls)


def _reshaped_into(statement: ast.stmt) -> dict[str, str]:
    """Return the new name and the old one, for `output = torch.flatten(imgs)`."""
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, ast.Call):
        return {}
    call, new = statement.value, name_of(statement.targets[0])
    old = name_of(call.args[0]) if call.args else ""
    is_new = called(call) in ("flatten", "reshape") and old and new not in ("", old)
    return {new: old} if is_new else {}


def _transforms(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        given = keyword(call, "transform")
        if isinstance(given, ast.Attribute | ast.Name) and last_name(given) == "ToTensor":
            yield remark("to-tensor-not-called", call, cell)
        if called(call) == "Resize" and call.args and isinstance(call.args[0], ast.Tuple):
            sides = [constant(each) for each in call.args[0].elts]
            if len(set(sides)) > 1 and _SIDE in sides:
                yield remark("resized-oblong", call, cell, given=ast.unparse(call.args[0]))
        is_data = called(call) in ("CIFAR10", "CIFAR100", "MNIST", "FashionMNIST")
        if is_data and argument(call, 4, "download") is None:
            yield remark("download-missing", call, cell, name=called(call))
    opened = [(call, cell) for call, cell in script.calls if _is_image_open(call)]
    if opened and not any(called(call) == "convert" for call, _ in script.calls):
        yield remark("convert-missing", *opened[0])


def _is_image_open(call: ast.Call) -> bool:
    return ast.unparse(call.func) == "Image.open"
