"""What a network holds, read where torch keeps it: its class's methods are not asked.

Torch's own functions ask it: `nn.Module.named_parameters` calls `self._named_members`, and that
`self.named_modules`, either of which a submission can define.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator
from typing import Any, Final, Literal

import torch
from torch import nn

from grader.worker.places import type_name
from grader.worker.undisturbed import Undisturbed

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

_Kind = Literal["_parameters", "_buffers", "_modules"]

# Bound before any student code runs: an instance or a subclass cannot answer in their place.
_Module = nn.Module
_attributes_of: Final = vars(nn.Module)["__dict__"].__get__
_Tensor = torch.Tensor
_Parameter = nn.Parameter
_detach = torch.Tensor.detach


def parameters(module: nn.Module) -> dict[str, torch.Tensor]:
    """Give the parameters of a module by dotted name, each shared one once.

    Raises:
        TypeError: It is no module, or holds other things than tensors.
        ValueError: Two parameters have the same name.
    """
    return _members(module, "_parameters")


def buffers(module: nn.Module) -> dict[str, torch.Tensor]:
    """Give the buffers of a module by dotted name, as `parameters` does."""
    return _members(module, "_buffers")


def layers_of(module: object) -> list[Any]:
    """Give the layers that a module holds itself, None where one was taken out."""
    return [layer for _, layer in _held(module, "_modules")]


def leaf_layers(module: nn.Module) -> Iterator[tuple[str, Any]]:
    """Give the layers that hold no others, each with its dotted name."""
    for name, layer in _walk(module):
        if all(inner is None for inner in layers_of(layer)):
            yield name, layer


def _members(module: nn.Module, kind: _Kind) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    seen: set[int] = set()
    for prefix, layer in _walk(module):
        for last, value in _held(layer, kind):
            if value is None or id(value) in seen:
                continue
            seen.add(id(value))
            name = _joined(prefix, last)
            if name in found:
                # Torch's own ways to add one allow no dots in names.
                msg = f"two of them are called {name!r}"
                raise ValueError(msg)
            found[name] = _as_tensor(value, name)
    return found


def _walk(module: Any, name: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    """Give a module and all within, each once, in the order of torch's `named_modules`."""
    seen = set() if seen is None else seen
    if id(module) in seen:
        return
    seen.add(id(module))
    yield name, module
    for last, layer in _held(module, "_modules"):
        if layer is not None:
            yield from _walk(layer, _joined(name, last), seen)


def _held(module: object, kind: _Kind) -> list[tuple[str, Any]]:
    if not issubclass(type(module), _Module):
        # In Python's own form, by which the hint for it is found.
        msg = f"'{type_name(type(module))}' object is not an nn.Module"
        raise TypeError(msg)
    held: Any = dict.get(_attributes_of(module), kind)
    if not issubclass(type(held), dict):
        msg = f"the `{kind}` of a '{type_name(type(module))}' object are no dict"
        raise TypeError(msg)
    return list(dict.items(held))


def _joined(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


def _as_tensor(value: Any, name: str) -> torch.Tensor:  # noqa: ANN401
    """Give a plain tensor: one of a class of the student's would speak for itself."""
    if type(value) is _Tensor or type(value) is _Parameter:
        return value
    if issubclass(type(value), _Tensor):
        with Undisturbed():
            value = _detach(value)
    if type(value) is not _Tensor:
        msg = f"{name!r} is no tensor"
        raise TypeError(msg)
    return value
