"""Questions that can only be asked where the student's objects live.

Each probe takes real objects, runs in the worker and returns plain values, or the objects which
become handles. A probe reports facts. The examiner compares them and decides.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

import torch
from torch import nn

from grader.worker.selftest import run_selftest

# Bound before any student code runs: an instance or a subclass cannot answer in their place.
_named_parameters = nn.Module.named_parameters
_named_buffers = nn.Module.named_buffers
_named_modules = nn.Module.named_modules
_equal = torch.equal
_clone = torch.Tensor.clone
_autograd_grad = torch.autograd.grad
_load = torch.load

MAX_ITEMS: Final = 10_000


class _StudentCode:
    """The block in which a probe runs the student's code; its own operators stay outside."""

    context: Callable[[], AbstractContextManager[None]] = nullcontext


def watch_student_code(context: Callable[[], AbstractContextManager[None]]) -> None:
    """Have every probe enter a context while it runs the student's code."""
    _StudentCode.context = staticmethod(context)


def parameters(module: nn.Module) -> dict[str, torch.Tensor]:
    """Give the parameters of a module by dotted name, each shared one once."""
    return dict(_named_parameters(module))


def buffers(module: nn.Module) -> dict[str, torch.Tensor]:
    """Give the buffers of a module by dotted name."""
    return dict(_named_buffers(module))


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
            shape = tuple(output.shape) if isinstance(output, torch.Tensor) else None
            seen.append((name, type(layer).__name__, shape))

        return hook

    try:
        for name, layer in _named_modules(module):
            if not list(layer.children()):
                hooks.append(layer.register_forward_hook(note(name)))
        with torch.no_grad(), _StudentCode.context():
            module(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return seen


def call_watching_inputs(
    function: Callable[..., object], *args: object, **kwargs: object
) -> tuple[object, list[str]]:
    """Call a function and compare its tensor arguments with copies made before.

    Returns:
        The value, and the position or keyword of each argument that the call changed.
    """
    named = {str(index): value for index, value in enumerate(args)} | kwargs
    before = {
        name: (_clone(value.detach()), tuple(value.shape), value.dtype)
        for name, value in named.items()
        if isinstance(value, torch.Tensor)
    }
    with _StudentCode.context():
        result = function(*args, **kwargs)
    changed = []
    for name, (copy, shape, dtype) in before.items():
        now = named[name]
        assert isinstance(now, torch.Tensor)  # noqa: S101 - only tensors were copied
        if tuple(now.shape) != shape or now.dtype != dtype or not _same(now.detach(), copy):
            changed.append(name)
    return result, changed


def _same(left: torch.Tensor, right: torch.Tensor) -> bool:
    """Compare element by element, a NaN being the same as a NaN."""
    if left.is_floating_point() or left.is_complex():
        return _equal(left.nan_to_num(nan=0.0), right.nan_to_num(nan=0.0)) and _equal(
            left.isnan(), right.isnan()
        )
    return _equal(left, right)


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
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            leaves.append(value.detach().clone().requires_grad_())
            return leaves[-1]
        return value

    inputs = [leaf(value) for value in args]
    named = {name: leaf(value) for name, value in kwargs.items()}
    with _StudentCode.context():
        output = function(*inputs, **named)
    if not isinstance(output, torch.Tensor) or not output.requires_grad:
        return output, None
    steps = torch.arange(output.numel(), dtype=torch.float64, device=output.device)
    weights = steps.cos().to(output.dtype).reshape(output.shape)
    # Handing the weights to `grad` instead imports sympy, 500 modules and most of a second.
    grads = _autograd_grad((output * weights).sum(), leaves, allow_unused=True)
    return output.detach(), list(grads)


def is_instance(value: object, class_name: str) -> bool:
    """Say whether an object is an instance of a library's class, such as `torch.nn.Conv2d`."""
    module, _, name = class_name.rpartition(".")
    return isinstance(value, getattr(importlib.import_module(module), name))


def items(value: Iterable[object], limit: int = MAX_ITEMS) -> tuple[list[object], bool]:
    """Take up to `limit` items of an iterable.

    Returns:
        The items, and whether there were more.
    """
    taken: list[object] = []
    for item in value:
        if len(taken) >= limit:
            return taken, True
        taken.append(item)
    return taken, False


def length(value: Any) -> int:  # noqa: ANN401 - whatever the student returned
    """Give `len(value)`."""
    return len(value)


def make_folder(name: str) -> str:
    """Make an empty folder in the worker's own temporary folder, and give its path."""
    return tempfile.mkdtemp(prefix=f"{name}-")


def load_tensors(path: str) -> object:
    """Read a file of tensors; torch's safe unpickler refuses everything else."""
    return _load(path, weights_only=True)


def read_events(
    log_dir: str,
) -> tuple[dict[str, list[int]], dict[str, list[torch.Tensor]], bool]:
    """Read the images that a `SummaryWriter` wrote.

    Args:
        log_dir: Folder of the event files; nothing was written where there is none.

    Returns:
        Steps per tag in the order written; images per tag as uint8 tensors H×W×3; and whether a
        graph was written.
    """
    from PIL import Image  # noqa: PLC0415 - heavy, and few exercises write events
    from tensorboard.backend.event_processing import (  # noqa: PLC0415
        event_accumulator,
    )

    if not os.path.isdir(log_dir):
        return {}, {}, False
    guidance = {event_accumulator.IMAGES: 0, event_accumulator.GRAPH: 1}
    accumulator = event_accumulator.EventAccumulator(log_dir, size_guidance=guidance)
    accumulator.Reload()
    tags = accumulator.Tags()
    steps: dict[str, list[int]] = {}
    pictures: dict[str, list[torch.Tensor]] = {}
    for tag in tags["images"]:
        # A folder may hold several files, one for each writer, and they are read by name.
        events = sorted(accumulator.Images(tag), key=lambda event: event.wall_time)
        steps[tag] = [int(event.step) for event in events]
        pictures[tag] = [_decode_image(Image, event.encoded_image_string) for event in events]
    return steps, pictures, bool(tags["graph"])


def _decode_image(image: Any, encoded: bytes) -> torch.Tensor:  # noqa: ANN401 - PIL's module
    import io  # noqa: PLC0415

    picture = image.open(io.BytesIO(encoded)).convert("RGB")
    flat = torch.frombuffer(bytearray(picture.tobytes()), dtype=torch.uint8)
    return flat.reshape(picture.height, picture.width, 3)


PROBES: Final[dict[str, Callable[..., Any]]] = {
    probe.__name__: probe
    for probe in (
        parameters,
        buffers,
        layer_shapes,
        call_watching_inputs,
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
