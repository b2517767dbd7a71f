"""Which tensors were created without a device: beside a GPU, they would lie on the CPU.

Where there is no GPU to try it on, the origin of a result tells whether it would follow its input.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

__all__ = ["FactoryWatch"]

_FACTORIES: Final = frozenset(
    {
        torch.arange,
        torch.as_tensor,
        torch.empty,
        torch.eye,
        torch.full,
        torch.linspace,
        torch.ones,
        torch.rand,
        torch.randn,
        torch.tensor,
        torch.zeros,
    }
)
_MOVES: Final = frozenset(
    {torch.Tensor.cuda, torch.Tensor.to, torch.Tensor.type, torch.Tensor.type_as}
)
"""They give back the very same tensor where it is already what was asked for."""
_storage_of = torch.Tensor.untyped_storage


class FactoryWatch(TorchFunctionMode):
    """Follows, while it is entered, what torch's factories make without a `device`."""

    def __init__(self) -> None:
        super().__init__()
        # Held, so that no storage is freed and its place taken by another.
        self._made: dict[int, torch.UntypedStorage] = {}

    def __torch_function__(
        self,
        function: Callable[..., Any],
        _types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - whatever the function gives
        """Call the function, and look at where its result comes from."""
        named = kwargs or {}
        result = function(*args, **named)
        if function in _FACTORIES:
            of_tensor = bool(args) and isinstance(args[0], torch.Tensor)
            if named.get("device") is None and not of_tensor:
                storage = _storage_of(result)
                self._made[storage.data_ptr()] = storage
        elif function in _MOVES and isinstance(result, torch.Tensor):
            self._made.pop(_storage_of(result).data_ptr(), None)
        return result

    def has_made(self, value: object) -> bool:
        """Say whether a value is such a tensor, or a view of one."""
        return isinstance(value, torch.Tensor) and _storage_of(value).data_ptr() in self._made
