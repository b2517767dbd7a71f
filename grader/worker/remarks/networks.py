"""Mistakes about the layers of a network, and about what flows through them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import LAYERS, Profile
from grader.worker.matching.spelling import is_near
from grader.worker.remarks.script import (
    Function,
    Script,
    argument,
    called,
    constant,
    in_order,
    keyword,
    method,
    methods,
    name_of,
    names_in,
    names_of_target,
    product,
    remark,
    self_attribute,
)
from grader.worker.tree import last_name

_FLAT: Final = 196_608
_COLOURS: Final = 3
_LOSSES: Final = frozenset(
    {"CrossEntropyLoss", "MSELoss", "L1Loss", "NLLLoss", "BCELoss", "BCEWithLogitsLoss"}
)
_OUTPUT_LAYERS: Final = frozenset({"Softmax", "LogSoftmax", "softmax", "log_softmax"})
_LEARNING: Final = frozenset({"Conv2d", "Linear", "BatchNorm2d", "BatchNorm1d"})
_RESHAPING: Final = frozenset({"reshape", "view", "flatten", "permute", "transpose", "squeeze"})
_KEYWORDS: Final = (
    "kernel_size", "in_channels", "out_channels", "in_features", "out_features", "stride",
    "padding", "ceil_mode", "batch_size", "weights", "shuffle", "drop_last", "num_workers",
    "download", "transform", "dilation", "pretrained", "inplace",
)  # fmt: skip
_COUNTING: Final = frozenset({"len", "int", "max", "min", "sum", "round", "prod", "numel"})


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each class, and at the layers that are made anywhere."""
    for profile in script.classes:
        yield from _registered(profile)
        yield from _thrown_away(profile)
        yield from _used(profile, script)
        yield from _in_place(profile)
        yield from _global_in_forward(profile, script)
        yield from _output_layer(profile)
    yield from _sizes(script)
    yield from _arguments(script)
    yield from _thrown_away_outside(script)


def _makes_layer(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and (called(node) in LAYERS or called(node) == "Sequential")


def _registered(profile: Profile) -> Iterator[RemarkFact]:
    """Find layers that `nn.Module` does not get to know."""
    init = method(profile, "__init__")
    if init is None:
        return
    used = {node.id for node in ast.walk(init) if isinstance(node, ast.Name) and _is_load(node)}
    for node in init.body:
        if not isinstance(node, ast.Assign):
            continue
        name, target = self_attribute(node.targets[0]), name_of(node.targets[0])
        is_plain = isinstance(node.value, ast.List | ast.Tuple | ast.Dict | ast.ListComp)
        is_plain |= bool(name) and _gives_list(profile, node.value)
        made = _giver(profile, node.value) or node.value
        if name and is_plain and any(_makes_layer(inner) for inner in ast.walk(made)):
            yield remark("layers-in-a-list", node, profile.cell, name=name)
        if name and is_plain and _gets_layers(init, node, name):
            yield remark("layers-in-a-list", node, profile.cell, name=name)
        if name and not isinstance(node.value, ast.Call) and last_name(node.value) in LAYERS:
            kind = last_name(node.value)
            yield remark("layer-without-brackets", node, profile.cell, name=name, kind=kind)
        if target and _makes_layer(node.value) and target not in used:
            yield remark("layer-in-a-variable", node, profile.cell, name=target)


def _giver(profile: Profile, value: ast.expr) -> Function | None:
    """Return the method of a class whose result this is: `self.build()`."""
    return method(profile, self_attribute(value.func)) if isinstance(value, ast.Call) else None


def _gives_list(profile: Profile, value: ast.expr) -> bool:
    """Whether this is what a method gives that gives nothing but lists of its own making."""
    giver = _giver(profile, value)
    nodes = list(in_order(giver)) if giver is not None else []
    answers = [node.value for node in nodes if isinstance(node, ast.Return)]
    lists = {
        name_of(node.targets[0])
        for node in nodes
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List)
    } - {""}
    return bool(answers) and all(
        isinstance(each, ast.List | ast.ListComp) or name_of(each) in lists for each in answers
    )


def _gets_layers(init: Function, made: ast.Assign, name: str) -> bool:
    """Whether layers are appended to a list that was empty when it was made."""
    if not isinstance(made.value, ast.List) or made.value.elts:
        return False
    appended = (
        node
        for node in ast.walk(init)
        if isinstance(node, ast.Call) and called(node) in ("append", "extend") and node.args
    )
    return any(
        isinstance(node.func, ast.Attribute)
        and self_attribute(node.func.value) == name
        and any(_makes_layer(inner) for inner in ast.walk(node))
        for node in appended
    )


def _is_load(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Load)


def _thrown_away(profile: Profile) -> Iterator[RemarkFact]:
    forward = method(profile, "forward")
    for node in in_order(forward) if forward is not None else ():
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = self_attribute(node.value.func) or called(node.value)
            if self_attribute(node.value.func) or name in _RESHAPING:
                yield remark("result-thrown-away", node, profile.cell, call=ast.unparse(node))
        if isinstance(node, ast.Call) and called(node) in LAYERS:
            if _takes_tensor(node):
                yield remark("layer-made-not-applied", node, profile.cell, name=called(node))
            elif called(node) in _LEARNING:
                yield remark("layer-made-in-forward", node, profile.cell, name=called(node))


def _takes_tensor(call: ast.Call) -> bool:
    return any(name_of(each) in ("x", "input", "inputs", "output", "imgs") for each in call.args)


def _attributes(profile: Profile) -> dict[str, ast.Call]:
    """Return the layers that a class keeps, by attribute."""
    found = {}
    for function in methods(profile):
        for node in in_order(function):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                name = self_attribute(node.targets[0])
                if name and _makes_layer(node.value):
                    found[name] = node.value
    return found


def _loaded(profile: Profile, function: Function | None = None) -> set[str]:
    roots = [function] if function is not None else list(methods(profile))
    return {
        self_attribute(node)
        for root in roots
        for node in ast.walk(root)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
    } - {""}


def _used(profile: Profile, script: Script) -> Iterator[RemarkFact]:
    """Find layers that are kept and never run, and networks that run twice."""
    layers, forward = _attributes(profile), method(profile, "forward")
    if forward is None or not layers:
        return
    # `relu1(x)` for `self.relu1(x)` is another mistake.
    loaded = _loaded(profile) | names_in(forward)
    unused = [name for name in layers if name not in loaded]
    sequences = {name for name, call in layers.items() if called(call) == "Sequential"}
    run = _loaded(profile, forward) & set(layers)
    if len(unused) > 1 and sequences & run:
        node = layers[unused[0]]
        yield remark("layers-kept-twice", node, profile.cell, names=", ".join(unused))
    else:
        for name in (name for name in unused if name not in script.attributes_read):
            kind = called(layers[name])
            yield remark("layer-never-called", layers[name], profile.cell, name=name, kind=kind)
    beside = [name for name in run - sequences if called(layers[name]) in ("Conv2d", "Linear")]
    if sequences & run and len(beside) > 1 and _overlaps(layers, sequences & run, beside):
        name = min(sequences & run)
        place = next(each for each in in_order(forward) if self_attribute(each) == name)
        yield remark("network-run-twice", place, profile.cell, name=name)


def _in_place(profile: Profile) -> Iterator[RemarkFact]:
    """Find a layer with `inplace=True` that is given what `forward` was given, as it came."""
    forward, layers = method(profile, "forward"), _attributes(profile)
    given = forward.args.args[-1].arg if forward is not None and forward.args.args else ""
    for node in in_order(forward) if forward is not None else ():
        if isinstance(node, ast.Assign) and name_of(node.targets[0]) == given:
            nodes, is_last = list(in_order(node.value)), True
        else:
            nodes, is_last = [node], False
        for call in nodes:
            if isinstance(call, ast.Call) and call.args and name_of(call.args[0]) == given:
                layer = layers.get(self_attribute(call.func), call)
                if constant(keyword(layer, "inplace")) is True:
                    yield remark("input-overwritten", layer, profile.cell, name=given)
                    return
        if is_last:
            return


def _overlaps(layers: dict[str, ast.Call], sequences: set[str], beside: list[str]) -> bool:
    """Whether a Sequential holds the same layers as those that run beside it."""
    nodes = [node for name in sequences for node in ast.walk(layers[name])]
    inside = [ast.dump(node) for node in nodes if isinstance(node, ast.Call)]
    held = {self_attribute(node) for node in nodes}
    return any(name in held or ast.dump(layers[name]) in inside for name in beside)


def _global_in_forward(profile: Profile, script: Script) -> Iterator[RemarkFact]:
    """Find variables of the script that a method reads: it works in the script only."""
    constants = {
        name
        for name, value in script.assigned.items()
        if _is_plain(value) or any(_makes_layer(node) for node in ast.walk(value))
    }
    # `Linear(256, classes)` with `classes = len(data.classes)` is how a size gets into a layer.
    settings = constants | {name for name, value in script.assigned.items() if _is_size(value)}
    settings |= set(_unpacked_sizes(script))
    variables = {
        node.id
        for node, _ in script.top_level
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    } - {each.name for each in script.classes}
    for function in methods(profile):
        if function.name not in ("forward", "__init__"):
            continue
        local = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        local |= {
            node.id
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        # What stands beside a parameter is read when the class is made.
        body = ast.Module(function.body, [])
        allowed = settings if function.name == "__init__" else constants
        leaked = (names_in(body) & variables) - local - allowed
        for node in in_order(body):
            if isinstance(node, ast.Name) and node.id in leaked:
                leaked.discard(node.id)
                yield remark(
                    "global-in-method", node, profile.cell, name=node.id, method=function.name
                )


def _unpacked_sizes(script: Script) -> Iterator[str]:
    """Give the names that a shape is taken apart into: `C, H, W = image.shape`."""
    for node, _ in script.top_level:
        value = node.value if isinstance(node, ast.Assign) else None
        is_shape = isinstance(value, ast.Attribute) and value.attr == "shape"
        is_shape |= isinstance(value, ast.Call) and called(value) == "size"
        if isinstance(node, ast.Assign) and is_shape:
            yield from (name for target in node.targets for name in names_of_target(target))


def _is_plain(value: ast.expr) -> bool:
    """Whether a value is a number, a text, or several: a setting, and no result."""
    if isinstance(value, ast.List | ast.Tuple):
        return all(map(_is_plain, value.elts))
    return constant(value) is not None or isinstance(value, ast.Dict)


def _is_size(value: ast.expr) -> bool:
    """Whether a value is reckoned from others as a number is: a length, a shape, a product."""
    if isinstance(value, ast.Call):
        return called(value) in _COUNTING
    return isinstance(value, ast.BinOp | ast.Subscript | ast.Attribute)


def _output_layer(profile: Profile) -> Iterator[RemarkFact]:
    """Find a softmax at the end of a network that has layers to learn."""
    if not {"Linear", "Conv2d"} & set(profile.layers):
        return
    for node in in_order(profile.node):
        if isinstance(node, ast.Call) and called(node) in _OUTPUT_LAYERS:
            yield remark("softmax-before-loss", node, profile.cell, name=called(node))
            return


def _sizes(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        if called(call) != "Linear" or not call.args:
            continue
        given = constant(argument(call, 0, "in_features"))
        made = product(argument(call, 1, "out_features"))
        if made == _FLAT and isinstance(given, int):
            yield remark("features-swapped", call, cell, given=given, made=made)
        if isinstance(given, float):
            written = script.text_of(argument(call, 0, "in_features"), cell) or str(given)
            shown = ast.unparse(call).replace(str(given), written)
            meant = written.replace(".", ", ")
            yield remark("point-for-comma", call, cell, given=shown, meant=meant)
        elif isinstance(given, int) and _is_mistyped(given):
            yield remark("digits-mixed-up", call, cell, given=given)


def _is_mistyped(number: int) -> bool:
    """Whether 196608 was meant: the same digits, or all but one."""
    digits, wanted = str(number), str(_FLAT)
    if digits == wanted or len(digits) != len(wanted):
        return False
    wrong = sum(one != other for one, other in zip(digits, wanted, strict=True))
    return wrong <= 1 or sorted(digits) == sorted(wanted)


def _arguments(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        name = called(call)
        for word in call.keywords:
            meant = next((each for each in _KEYWORDS if word.arg and is_near(each, word.arg)), None)
            if meant and word.arg != meant and word.arg not in _KEYWORDS and word.arg != "weight":
                yield remark("keyword-misspelt", call, cell, given=word.arg, meant=meant)
        rate = constant(argument(call, 0, "p"))
        if name.startswith("Dropout") and isinstance(rate, int | float) and rate > 1:
            yield remark("dropout-in-percent", call, cell, given=rate)
        spread = constant(argument(call, 3, "dilation"))
        if name == "MaxPool2d" and isinstance(spread, int) and spread > 1:
            yield remark("dilation-for-stride", call, cell, given=spread)
        if name in _LOSSES and len(call.args) > 1:
            yield remark("loss-made-not-applied", call, cell, name=name)
        channels = [constant(argument(call, 0, "in_channels"))]
        channels.append(constant(argument(call, 1, "out_channels")))
        if name == "Conv2d" and channels == [_COLOURS, _COLOURS]:
            yield remark("three-kernels", call, cell)


def _thrown_away_outside(script: Script) -> Iterator[RemarkFact]:
    for node, cell in script.outside_classes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = called(node.value)
            if name in _RESHAPING:
                yield remark("result-thrown-away", node, cell, call=ast.unparse(node))
            elif name in ("to", "cuda") and _is_tensor(node.value, script):
                owner = ast.unparse(node.value.func.value)  # type: ignore[attr-defined]
                yield remark("move-thrown-away", node, cell, name=owner)


def _is_tensor(call: ast.Call, script: Script) -> bool:
    """Whether what is moved is a batch, which a loop gives: a module moves in place."""
    owner = name_of(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    return bool(owner) and owner in script.batches
