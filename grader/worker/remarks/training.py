"""Mistakes about training: steps, devices, modes, files of weights, borrowed networks."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.remarks.script import (
    Function,
    Script,
    argument,
    called,
    constant,
    has_call,
    in_order,
    is_read,
    keyword,
    last_line,
    name_of,
    names_in,
    names_of_target,
    remark,
)
from grader.worker.tree import last_name

_DATA_SETS: Final = frozenset({"CIFAR10", "CIFAR100", "ImageFolder", "MNIST"})
_MAX_PRINTS: Final = 100
_OPTIMIZERS: Final = frozenset({"SGD", "Adam", "AdamW", "RMSprop", "Adagrad"})
_LABELS: Final = frozenset({"targets", "target", "labels", "label", "lables", "targes", "y"})
_TESTING: Final = frozenset({"no_grad", "inference_mode"})
_PRETRAINED: Final = frozenset({"vgg16", "vgg19", "resnet18", "resnet50", "alexnet"})


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each loop, and at what stands round it."""
    for loop, cell in script.loops:
        if has_call(loop, "backward"):
            yield from _steps(loop, cell, script.lines.get(cell, ()))
        else:
            yield from _idle_steps(loop, cell)
        yield from _moved(loop, cell, script)
        yield from _shadowed(loop, cell, script)
    yield from _modes(script)
    yield from _optimizers(script)
    yield from _new_ones(script)
    yield from _counts(script)
    yield from _sums(script)
    yield from _weights(script)
    yield from _loads(script)
    yield from _both_trained(script)
    yield from _devices(script)


def _is_innermost(loop: ast.For) -> bool:
    inner = [node for node in ast.walk(loop) if isinstance(node, ast.For) and node is not loop]
    return not any(has_call(each, "backward") for each in inner)


def _commented_out(loop: ast.For, lines: Sequence[str], name: str) -> ast.AST | None:
    """Find the line of a loop at which a call is commented out."""
    for number, line in enumerate(lines[loop.lineno : loop.end_lineno], loop.lineno + 1):
        if line.lstrip().startswith("#") and f".{name}(" in line:
            return ast.Pass(lineno=number)
    return None


def _steps(loop: ast.For, cell: int | None, lines: Sequence[str]) -> Iterator[RemarkFact]:
    if not _is_innermost(loop):
        return
    if has_call(loop, "step") and not has_call(loop, "zero_grad"):
        place = _commented_out(loop, lines, "zero_grad") or loop
        yield remark("zero-grad-missing", place, cell)
    losses = {name_of(call.func.value) for call in _calls(loop, "backward")}  # type: ignore[attr-defined]
    for node in in_order(loop):
        value = None
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            value, name = node.value, name_of(node.target)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            name = name_of(node.targets[0])
            sides = (node.value.left, node.value.right)
            value = sides[1] if name_of(sides[0]) == name else None
        if value is not None and name_of(value) in losses - {""}:
            yield remark("loss-added-as-tensor", node, cell, name=name, loss=name_of(value))


def _idle_steps(loop: ast.For, cell: int | None) -> Iterator[RemarkFact]:
    """Find an optimizer that steps in a loop where nothing computes a gradient."""
    for call in _calls(loop, "step"):
        owner = name_of(call.func.value)  # type: ignore[attr-defined]
        clears = any(
            name_of(each.func.value) == owner  # type: ignore[attr-defined]
            for each in _calls(loop, "zero_grad")
        )
        if owner and clears:
            yield remark("backward-missing", call, cell, name=owner)


def _calls(root: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in in_order(root):
        if (
            isinstance(node, ast.Call)
            and called(node) == name
            and isinstance(node.func, ast.Attribute)
        ):
            yield node


def _moved(loop: ast.For, cell: int | None, script: Script) -> Iterator[RemarkFact]:
    """Find labels that are given the images, and batches whose move is thrown away."""
    for node in in_order(loop):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            target, call = name_of(node.targets[0]), node.value
            if called(call) in ("to", "cuda") and isinstance(call.func, ast.Attribute):
                given = name_of(call.func.value)
                both = {target, given} <= script.batches
                if given and target != given and (both or target in _LABELS):
                    yield remark("labels-are-images", node, cell, target=target, given=given)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if called(call) in ("to", "cuda") and isinstance(call.func, ast.Attribute):
                owner = name_of(call.func.value)
                if owner in script.batches:
                    yield remark("move-thrown-away", node, cell, name=owner)


def _shadowed(loop: ast.For, cell: int | None, script: Script) -> Iterator[RemarkFact]:
    for name in names_of_target(loop.target):
        value = script.assigned.get(name)
        is_data = isinstance(value, ast.Call) and called(value) in _DATA_SETS
        if is_data and _is_read_after(name, loop, script):
            yield remark("data-set-shadowed", loop, cell, name=name)


def _is_read_after(name: str, loop: ast.For, script: Script) -> bool:
    """Whether a name that a loop takes is read once the loop has ended."""
    return any(
        is_read(node) and node.id == name and node.lineno > last_line(loop)
        for node, _ in script.nodes
    )


def _modes(script: Script) -> Iterator[RemarkFact]:
    """Find a script that trains and tests and never says which."""
    trains = any(has_call(loop, "backward") and _is_innermost(loop) for loop, _ in script.loops)
    tests = list(_tests(script)) if trains else []
    if not tests:
        return
    names = {called(call) for call, _ in script.calls}
    if "eval" not in names:
        changing = _changing(tests[0][0], script)
        if changing:
            yield remark("eval-missing-here", *tests[0], layers=" and ".join(changing))
        else:
            yield remark("eval-missing", *tests[0])
    if not names & _TESTING:
        yield remark("no-grad-missing", *tests[0])


def _tests(script: Script) -> Iterator[tuple[ast.For, int | None]]:
    """Give the loops that test: over the test set, or with no gradients."""
    without = {
        id(inner)
        for node, _ in script.nodes
        if isinstance(node, ast.With) and _TESTING & set(map(called, _opened(node)))
        for inner in ast.walk(node)
    }
    for loop, cell in script.loops:
        is_spelt_out = isinstance(loop.iter, ast.List | ast.Tuple)
        is_test = "test" in ast.unparse(loop.iter) or id(loop) in without
        if is_test and not is_spelt_out and not has_call(loop, "backward"):
            yield loop, cell


def _opened(node: ast.With) -> Iterator[ast.Call]:
    for item in node.items:
        if isinstance(item.context_expr, ast.Call):
            yield item.context_expr


def _changing(loop: ast.For, script: Script) -> list[str]:
    """Return the layers that do another thing in training, of the network that a loop runs.

    Of a network that came as an argument nothing is known but that the script has it.
    """
    run = names_in(loop) & script.instances.keys()
    profiles = [script.instances[name] for name in run or script.instances]
    layers = {layer for profile in profiles for layer in profile.layers}
    return sorted(layer for layer in layers if layer.startswith(("BatchNorm", "Dropout")))


def _optimizers(script: Script) -> Iterator[RemarkFact]:
    for call, cell in script.calls:
        if called(call) not in _OPTIMIZERS or not call.args:
            continue
        given = call.args[0]
        if isinstance(given, ast.Attribute) and given.attr == "parameters":
            yield remark("parameters-not-called", call, cell, given=ast.unparse(given))
        elif name_of(given) in script.objects:
            yield remark("optimizer-of-a-model", call, cell, name=name_of(given))
        elif isinstance(given, ast.Call) and called(given) == "parameters":
            owner = name_of(getattr(given.func, "value", None))
            trained = _stepped_for(call, script)
            if owner in script.objects and trained and owner not in trained:
                other = min(trained)
                yield remark("optimizer-of-another", call, cell, name=owner, other=other)


def _new_ones(script: Script) -> Iterator[RemarkFact]:
    """Find an optimizer of a network that a function makes, and lets go of."""
    functions = [(node, cell) for node, cell in script.nodes if isinstance(node, Function)]
    for function, cell in functions:
        made = {
            name_of(node.targets[0])
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and name_of(node.value.func) in {each.name for each in script.classes}
        } - {""}
        reads = Counter(node.id for node in ast.walk(function) if is_read(node))
        for call in ast.walk(function) if made else ():
            given = call.args[0] if isinstance(call, ast.Call) and call.args else None
            if not isinstance(call, ast.Call) or called(call) not in _OPTIMIZERS:
                continue
            owner = name_of(getattr(getattr(given, "func", None), "value", None))
            if owner in made and reads[owner] == 1:
                yield remark("optimizer-of-a-new-one", call, cell, name=owner)


def _stepped_for(optimizer: ast.Call, script: Script) -> set[str]:
    """Return the networks that run in the loops in which an optimizer steps."""
    names = {name for name, value in script.assigned.items() if value is optimizer}
    return {
        name_of(call.func)
        for loop, _ in script.loops
        if has_call(loop, "backward") and _is_innermost(loop)
        if not names or names & {name_of(step.func.value) for step in _calls(loop, "step")}  # type: ignore[attr-defined]
        for call in ast.walk(loop)
        if isinstance(call, ast.Call) and name_of(call.func) in script.objects
    }


def _counts(script: Script) -> Iterator[RemarkFact]:
    for node, cell in script.nodes:
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        for call in sides:
            is_argmax = isinstance(call, ast.Call) and called(call) in ("argmax", "max")
            if is_argmax and 0 in map(constant, [*call.args[-1:], keyword(call, "dim")]):  # type: ignore[attr-defined,arg-type]
                yield remark("argmax-over-the-batch", call, cell)
    functions = {id(call.func) for call, _ in script.calls}
    for node, cell in script.nodes:
        if isinstance(node, ast.Attribute) and node.attr in ("sum", "item", "mean"):
            is_tensor = isinstance(node.value, ast.Compare | ast.Call)
            if is_tensor and id(node) not in functions:
                yield remark("method-not-called", node, cell, name=node.attr)


def _sums(script: Script) -> Iterator[RemarkFact]:
    """Find sums that nobody looks at, and means over the wrong number."""
    for node, cell in script.nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            above, below = ast.unparse(node.left), ast.unparse(node.right)
            if "train" in above and "test" in below and "loss" in above:
                yield remark("wrong-count", node, cell, above=above, below=below)
    prints = [
        (call, cell, names_in(call)) for call, cell in script.calls if called(call) == "print"
    ][:_MAX_PRINTS]
    for loop, _ in script.loops:
        if not _is_innermost(loop):
            continue
        losses = {name_of(call.func.value) for call in _calls(loop, "backward")}  # type: ignore[attr-defined]
        reads = Counter(node.id for node in ast.walk(loop) if is_read(node))
        unread = {name for name in _added_up(loop) if reads[name] == script.reads[name]}
        for call, cell, names in prints if unread else ():
            shown = names & losses if call.lineno > last_line(loop) else set()
            for name in sorted(unread) if shown else ():
                yield remark("sum-never-read", call, cell, name=name, loss=min(shown))


def _added_up(loop: ast.For) -> set[str]:
    """Return the names that a loop adds to."""
    found = set()
    for node in ast.walk(loop):
        if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add):
            found.add(name_of(node.target))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            name = name_of(node.targets[0])
            if name_of(node.value.left) == name and isinstance(node.value.op, ast.Add):
                found.add(name)
    return {name for name in found - {""} if "loss" in name or "total" in name or "sum" in name}


def _weights(script: Script) -> Iterator[RemarkFact]:
    top = {id(node) for node, _ in script.top_level}
    for node, cell in script.nodes:
        if isinstance(node, ast.Assign) and last_name(_function_of(node)) == "load_state_dict":
            own = name_of(getattr(_function_of(node), "value", None))
            # In a function its note on the keys may be wanted, under another name.
            if id(node) in top or name_of(node.targets[0]) == own:
                yield remark("load-gives-no-model", node, cell, name=name_of(node.targets[0]))
    for node, cell in script.top_level:
        if not isinstance(node, ast.Call):
            continue
        owner = name_of(getattr(node.func, "value", None))
        if called(node) == "add_module" and owner:
            yield remark("added-outside-forward", node, cell, name=owner)
        if (
            ast.unparse(node.func) in ("torch.save", "save")
            and node.args
            and isinstance(node.args[0], ast.Name)
        ):
            yield remark("whole-model-saved", node, cell, name=node.args[0].id)
    for call, cell in script.calls:
        if keyword(call, "pretrained") is not None and called(call) in _PRETRAINED:
            yield remark("pretrained-is-old", call, cell, name=called(call))


def _loads(script: Script) -> Iterator[RemarkFact]:
    """Look at files that are read as a whole model; a `state_dict` goes into a network."""
    into_networks = {
        id(inner)
        for call, _ in script.calls
        if called(call) == "load_state_dict"
        for inner in ast.walk(call)
    }
    has_classes = bool(script.classes) or any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node, _ in script.nodes
    )
    for call, cell in script.calls:
        if ast.unparse(call.func) != "torch.load" or id(call) in into_networks:
            continue
        if keyword(call, "weights_only") is None:
            yield remark("load-without-weights-only", call, cell)
        if not has_classes:
            yield remark("class-not-here", call, cell)


def _both_trained(script: Script) -> Iterator[RemarkFact]:
    """Find `vgg16_false` that is trained all the same."""
    for node, cell in script.top_level:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            name, given = name_of(node.targets[0]), keyword(node.value, "pretrained")
            if "false" in name.lower() and constant(given) is True:
                yield remark("trained-all-the-same", node, cell, name=name)


def _function_of(node: ast.Assign) -> ast.AST:
    return node.value.func if isinstance(node.value, ast.Call) else node.value


def _devices(script: Script) -> Iterator[RemarkFact]:
    checks = any(last_name(node) == "is_available" for node, _ in script.nodes)
    if checks:
        return
    for call, cell in script.calls:
        device = constant(argument(call, 0, "device"))
        is_cuda = isinstance(device, str) and device.startswith("cuda")
        if (called(call) in ("device", "to") and is_cuda) or (
            called(call) == "cuda" and isinstance(call.func, ast.Attribute)
        ):
            yield remark("cuda-without-check", call, cell)
            return
