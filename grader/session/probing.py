"""The worker's probes as suites call them: on the student's objects or on the reference's own.

Each takes stand-ins and asks in the worker, or plain objects and asks here, so that a suite gets
its expected values by the same call.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

import torch

from grader.language import Text
from grader.session.compare import assert_close, fail, require_tensor
from grader.session.failures import StudentError
from grader.session.remote import Link, RemoteObject, link_of, run_probe, wire_value_of
from grader.worker import wire
from grader.worker.probes import CLASSES, PROBES

Differentiated = tuple[torch.Tensor, list[torch.Tensor | None]]
"""An output, and the gradient for each floating-point argument."""


class Events(NamedTuple):
    """What a `SummaryWriter` wrote into a folder."""

    steps: dict[str, list[int]]
    """The steps per tag, in the order written."""
    images: dict[str, list[torch.Tensor]]
    """The pictures per tag: uint8, H×W×3."""
    has_graph: bool


def _link_in(values: tuple[object, ...]) -> Link | None:
    return next((link_of(value) for value in values if isinstance(value, RemoteObject)), None)


def _ask(name: str, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - a probe's value
    link = _link_in((*args, *kwargs.values()))
    if link is None:
        return PROBES[name](*args, **kwargs)
    return run_probe(link, name, *args, **kwargs)


def watched(function: Callable[..., Any], *args: object, **kwargs: object) -> tuple[Any, list[str]]:
    """Call a function and see what becomes of its tensor arguments.

    Returns:
        The function's value, and the position or name of each argument that it modified.
    """
    value, changed = _ask("call_watching_inputs", function, *args, **kwargs)
    return value, changed


def unchanged(function: Callable[..., Any], *args: object, **kwargs: object) -> Any:  # noqa: ANN401
    """Call a function and fail the check when it modifies one of its tensor arguments.

    Returns:
        The function's value.
    """
    value, changed = watched(function, *args, **kwargs)
    if changed:
        names = ", ".join(f"#{int(name) + 1}" if name.isdecimal() else name for name in changed)
        fail(
            f"the call modified its input tensor (argument {names}); work on a copy",
            f"调用修改了传入的张量（参数 {names}）；请不要改动输入，改用新的张量",
            misconception="modifies-input",
        )
    return value


def require_same_device(function: Callable[..., Any], *args: object, **kwargs: object) -> None:
    """Fail the check where a function's result would lie on the CPU, wherever its inputs lie.

    It is told from how the result was created, so that it needs no GPU.
    """
    if _ask("call_noting_origin", function, *args, **kwargs):
        fail(
            "the result was created without a `device`: it lies on the CPU, even where the input "
            "does not",
            "创建结果时没有写 `device`：即使输入不在 CPU 上，结果也总在 CPU 上",
            misconception="device-not-kept",
        )


def gradients(function: Callable[..., Any], *args: object, **kwargs: object) -> Differentiated:
    """Differentiate a fixed weighting of a function's output by its floating-point inputs.

    Returns:
        The output, and a gradient per floating-point tensor argument; None for one that the
        output does not depend on.
    """
    output, grads = _ask("gradients", function, *args, **kwargs)
    require_tensor(output)
    if grads is None:
        fail(
            "the result carries no gradient: `.item()`, `.data`, `.detach()`, numpy or a new "
            "`torch.tensor(…)` on the way cuts it off",
            "结果没有梯度：中途的 `.item()`、`.data`、`.detach()`、numpy 或新建的 "
            "`torch.tensor(…)` 会切断计算图",
            misconception="cuts-the-graph",
        )
    return output, grads


def assert_same_gradients(
    found: Differentiated, right: Differentiated, names: tuple[str, ...] = ()
) -> None:
    """Compare what `gradients` gave: values first, then the gradient for each argument.

    Args:
        found: Of the student's function.
        right: Of the one to compare with.
        names: What the arguments are called; without names there is one, the input.
    """
    assert_close(found[0], right[0])
    known = [f"`{name}`" for name in names]
    whole = Text(en="the gradient", zh="梯度")
    for name, grad, wanted in zip(known or [""], found[1], right[1], strict=True):
        if grad is None:
            _fail_without_gradient(name)
        what = Text(en=f"the gradient of {name}", zh=f"{name} 的梯度") if name else whole
        assert_close(grad, wanted, what=what)


def require_gradient(function: Callable[..., Any], x: torch.Tensor) -> torch.Tensor:
    """Fail the check where no gradient reaches a function's input, such as a network's.

    Returns:
        The function's output.
    """
    output, (grad,) = gradients(function, x)
    if grad is None:
        _fail_without_gradient()
    return output


def _fail_without_gradient(name: str = "") -> NoReturn:
    fail(
        f"no gradient reaches {name or 'the input'}.",
        f"梯度没有传到{f' {name}' if name else '输入'}。",
        misconception="cuts-the-graph",
    )


def layer_shapes(
    net: object, *inputs: torch.Tensor
) -> list[tuple[str, str, tuple[int, ...] | None]]:
    """Run a network and give name, class and output shape of each leaf layer, in call order."""
    shapes: list[tuple[str, str, tuple[int, ...] | None]] = _ask("layer_shapes", net, *inputs)
    return shapes


def parameters(net: object) -> dict[str, torch.Tensor]:
    """Give a network's parameters by dotted name, each shared one once."""
    found: dict[str, torch.Tensor] = _ask("parameters", net)
    return found


def buffers(net: object) -> dict[str, torch.Tensor]:
    """Give a network's buffers by dotted name."""
    found: dict[str, torch.Tensor] = _ask("buffers", net)
    return found


def is_instance(value: object, class_name: str) -> bool:
    """Say whether an object is an instance of a library's class, such as `torch.nn.Conv2d`."""
    known = wire_value_of(value)
    if isinstance(known, wire.HandleValue) and class_name in CLASSES:
        # It was said of the object when it came.
        return class_name in known.bases
    return _ask("is_instance", value, class_name) is True


def read_events(owner: RemoteObject | ModuleType, folder: str, *, pictures: bool = True) -> Events:
    """Read what a `SummaryWriter` wrote.

    Args:
        owner: `student` for a folder in the worker, `reference` for one of ours.
        folder: The folder with the event files.
        pictures: Whether the pictures are read as well; without them it takes half the time.
    """
    return Events(*_ask_where(owner, "read_events", str(folder), pictures=pictures))


def load_tensors(owner: RemoteObject | ModuleType, path: str) -> Any:  # noqa: ANN401
    """Read a file of tensors with `torch.load(path, weights_only=True)`.

    Args:
        owner: `student` for a file in the worker, `reference` for one of ours.
        path: The file.
    """
    try:
        return _ask_where(owner, "load_tensors", str(path))
    except StudentError as error:
        kind = error.raised.type_name
        if "FileNotFoundError" in error.raised.bases:
            fail("no file was written at `path`", "没有在 `path` 处写出文件")
        fail(
            f"`torch.load(path, weights_only=True)` cannot read the file ({kind})",
            f"`torch.load(path, weights_only=True)` 无法读取该文件（{kind}）",
            misconception="saves-more-than-tensors" if "Unpickling" in kind else None,
        )


def _ask_where(owner: RemoteObject | ModuleType, name: str, *args: object, **kwargs: object) -> Any:  # noqa: ANN401 - a probe's value
    if isinstance(owner, RemoteObject):
        return run_probe(link_of(owner), name, *args, **kwargs)
    return PROBES[name](*args, **kwargs)
