"""Questions that can only be asked where the student's objects live.

Each probe takes real objects, runs in the worker and returns plain values, or the objects which
become handles. A probe reports facts. The examiner compares them and decides.
"""

from __future__ import annotations

import builtins
import importlib
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NamedTuple

import torch
from torch import nn

from grader.worker.event_files import read_events
from grader.worker.factories import FactoryWatch
from grader.worker.held import buffers, layers_of, leaf_layers, parameters
from grader.worker.selftest import run_selftest
from grader.worker.undisturbed import Undisturbed

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

# Bound before any student code runs: an instance or a subclass cannot answer in their place.
_Tensor = torch.Tensor
_Sequential = nn.Sequential
_ModuleList = nn.ModuleList
_register_forward_hook = nn.Module.register_forward_hook
# The engine itself: what `torch.autograd.grad` calls on the way to it can be replaced.
_run_backward = torch.autograd.Variable._execution_engine.run_backward  # noqa: SLF001 - no public way
_load = torch.load
_arange = torch.arange
_clone = torch.Tensor.clone
_contiguous = torch.Tensor.contiguous
_cos = torch.Tensor.cos
_cpu = torch.Tensor.cpu
_detach = torch.Tensor.detach
_device: Any = torch._C.TensorBase.device  # noqa: SLF001 - no public way
_dtype: Any = torch._C.TensorBase.dtype  # noqa: SLF001 - no public way
_is_floating_point = torch.Tensor.is_floating_point
_numel = torch.Tensor.numel
_numpy = torch.Tensor.numpy
_requires_grad: Any = torch._C.TensorBase.requires_grad  # noqa: SLF001 - no public way
_requires_grad_ = torch.Tensor.requires_grad_
_reshape = torch.Tensor.reshape
_size = torch.Tensor.size
_to = torch.Tensor.to
_view = torch.Tensor.view
CLASSES: Final = {
    f"{module.__name__}.{name}": known
    for module in (nn, torch.optim, torch.optim.lr_scheduler, torch.utils.data)
    for name, known in vars(module).items()
    # Not what a module only imports: a class has one name here.
    if isinstance(known, type) and known.__module__.startswith(module.__name__)
}
"""Torch's classes as they were: a submission may put others in their place."""
_LAYERS: Final = {
    name.rpartition(".")[2]: known
    for name, known in CLASSES.items()
    if issubclass(known, nn.Module)
}

MAX_ITEMS: Final = 10_000


class _StudentCode:
    """The block in which a probe runs the student's code; its own operators stay outside."""

    context: Callable[[], AbstractContextManager[None]] = nullcontext


def watch_student_code(context: Callable[[], AbstractContextManager[None]]) -> None:
    """Have every probe enter a context while it runs the student's code."""
    _StudentCode.context = staticmethod(context)


def layer_shapes(
    module: nn.Module, *inputs: torch.Tensor
) -> list[tuple[str, str, tuple[int, ...] | None]]:
    """Run a module and note each submodule's output.

    Returns:
        Dotted name, class name and output shape per call of a leaf module, in the order of the
        calls; the shape is None where the output is no tensor.
    """
    seen: list[tuple[str, str, tuple[int, ...] | None]] = []
    hooks = []

    def note(name: str) -> Callable[..., None]:
        def hook(layer: nn.Module, _args: object, output: object) -> None:
            shape = tuple(_size(output)) if isinstance(output, _Tensor) else None
            seen.append((name, _layer_name(type(layer)), shape))

        return hook

    try:
        for name, layer in leaf_layers(module):
            hooks.append(_register_forward_hook(layer, note(name)))
        with torch.no_grad(), _StudentCode.context():
            module(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def _layer_name(kind: type) -> str:
    """Give the name of a layer's class; one that only has a name of torch's gets a prefix."""
    name = kind.__name__
    return name if _LAYERS.get(name, kind) is kind else f"submission.{name}"


class _Content(NamedTuple):
    """What a tensor holds; nothing that could be written to by whoever finds it."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    data: bytes


def _content(value: torch.Tensor) -> _Content:
    with Undisturbed():
        plain = _detach(value)
        flat = _reshape(_contiguous(_cpu(plain)), (-1,))
        data = bytes(memoryview(_numpy(_view(flat, torch.uint8)))) if _numel(plain) else b""  # type: ignore[arg-type]
        return _Content(tuple(_size(plain)), plain.dtype, data)


def call_watching_inputs(
    function: Callable[..., object], *args: object, **kwargs: object
) -> tuple[object, list[str]]:
    """Call a function and compare its tensor arguments with what they were before.

    Returns:
        The value, and the position or keyword of each argument that the call changed.
    """
    named = (*((str(index), value) for index, value in enumerate(args)), *kwargs.items())
    before = tuple(
        (name, value, _content(value)) for name, value in named if isinstance(value, _Tensor)
    )
    with _StudentCode.context():
        result = function(*args, **kwargs)
    return result, [name for name, value, content in before if _content(value) != content]


def call_noting_origin(function: Callable[..., object], *args: object, **kwargs: object) -> bool:
    """Call a function and say whether its result was created without a device."""
    made = FactoryWatch()
    with made, _StudentCode.context():
        result = function(*args, **kwargs)
    return made.has_made(result)


def gradients(
    function: Callable[..., object], *args: object, **kwargs: object
) -> tuple[object, list[torch.Tensor | None] | None]:
    """Call a function and differentiate a fixed weighting of its output by its inputs.

    The weights are cos(0), cos(1), … over the output's elements, so that no two outputs
    contribute alike and a mistake in one place cannot cancel another.

    Returns:
        The value, and a gradient per floating-point tensor argument (positional ones first),
        None for an argument that the output does not depend on. Instead of the list None where
        the output carries no graph at all.
    """
    leaves: list[torch.Tensor] = []

    def leaf(value: object) -> object:
        if isinstance(value, _Tensor) and _is_floating_point(value):
            leaves.append(_requires_grad_(_clone(_detach(value))))
            return leaves[-1]
        return value

    with Undisturbed():
        inputs = [leaf(value) for value in args]
        named = {name: leaf(value) for name, value in kwargs.items()}
    with _StudentCode.context():
        output = function(*inputs, **named)
    if not isinstance(output, _Tensor) or not _requires_grad.__get__(output):
        return output, None
    with Undisturbed():
        # Without inputs the engine would leave gradients in the student's parameters.
        grads = _differentiate(output, leaves) if leaves else ()
        return _detach(output), list(grads)


def _differentiate(
    output: torch.Tensor, leaves: list[torch.Tensor]
) -> tuple[torch.Tensor | None, ...]:
    steps = _arange(_numel(output), dtype=torch.float64, device=_device.__get__(output))
    weights = _reshape(_to(_cos(steps), _dtype.__get__(output)), _size(output))
    keep_graph = create_graph = False
    grads: tuple[torch.Tensor | None, ...] = _run_backward(
        (output,),
        (weights,),
        keep_graph,
        create_graph,
        tuple(leaves),
        allow_unreachable=True,
        accumulate_grad=False,
    )
    return grads


def is_instance(value: object, class_name: str) -> bool:
    """Say whether an object is an instance of a library's class, such as `torch.nn.Conv2d`."""
    module, _, name = class_name.rpartition(".")
    wanted = CLASSES.get(class_name) or getattr(importlib.import_module(module), name)
    # Not isinstance, which asks the object for its __class__.
    return issubclass(type(value), wanted)


def item(value: Any, key: Any) -> Any:  # noqa: ANN401 - whatever the student's object holds
    """Give `value[key]`; a slice of torch's lists of layers is one of torch's own."""
    layers = _layers_in(value)
    if layers is None:
        return value[key]
    if type(key) is not slice:
        return layers[key]
    part = layers[key]
    return _Sequential(*part) if issubclass(type(value), _Sequential) else _ModuleList(part)


def items(value: Iterable[object], limit: int = MAX_ITEMS) -> tuple[list[object], bool]:
    """Take up to `limit` items of an iterable.

    Returns:
        The items, and whether there were more.
    """
    layers = _layers_in(value)
    taken: list[object] = []
    with _StudentCode.context():
        for each in value if layers is None else layers:
            if len(taken) >= limit:
                return taken, True
            taken.append(each)
    return taken, False


def length(value: Any) -> int:  # noqa: ANN401 - whatever the student returned
    """Give `len(value)`."""
    layers = _layers_in(value)
    with _StudentCode.context():
        return len(value if layers is None else layers)


def _layers_in(value: object) -> list[Any] | None:
    """Give what one of torch's lists of layers holds, whatever its class says of it."""
    is_list = issubclass(type(value), (_Sequential, _ModuleList))
    return layers_of(value) if is_list else None


def make_folder(name: str) -> str:
    """Make an empty folder in the worker's own temporary folder, and give its path."""
    return tempfile.mkdtemp(prefix=f"{name}-")


def load_tensors(path: str) -> object:
    """Read a file of tensors; torch's safe unpickler refuses everything else."""
    return _load(path, weights_only=True)


PROBES: Final[dict[str, Callable[..., Any]]] = {
    probe.__name__: probe
    for probe in (
        parameters,
        buffers,
        layer_shapes,
        call_watching_inputs,
        call_noting_origin,
        gradients,
        is_instance,
        items,
        length,
        make_folder,
        load_tensors,
        read_events,
        run_selftest,
    )
}
