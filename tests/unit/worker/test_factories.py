"""A result's origin tells whether it follows its input to another device, without one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from grader.worker.factories import FactoryWatch

X = torch.rand(2, 3)


def filled(out: torch.Tensor) -> torch.Tensor:
    out[0] = X[0] * 2
    return out


def under_a_device() -> torch.Tensor:
    with torch.device(X.device):
        return filled(torch.zeros(2, 3))


STAYS: dict[str, Callable[[], object]] = {
    "a buffer": lambda: filled(torch.zeros(2, 3)),
    "no device": lambda: filled(torch.empty(2, 3, dtype=X.dtype, device=None)),
    "a view of it": lambda: filled(torch.zeros(2, 3)).reshape(3, 2)[1:],
    "numbers": lambda: torch.tensor(X.tolist()),
    "a list": lambda: torch.as_tensor([1.0, 2.0]),
}
FOLLOWS: dict[str, Callable[[], object]] = {
    "the device given": lambda: filled(torch.zeros(2, 3, device=X.device)),
    "a device around it": under_a_device,
    "as the input is": lambda: filled(X.new_zeros(2, 3)),
    "like the input": lambda: filled(torch.empty_like(X)),
    "sent there": lambda: filled(torch.zeros(2, 3)).to(X.device),
    "sent to the input": lambda: filled(torch.zeros(2, 3)).to(X),
    "of its type": lambda: filled(torch.zeros(2, 3)).type_as(X),
    "one number with it": lambda: torch.maximum(X, torch.tensor(0.5)),
    "rows picked": lambda: X[torch.arange(1)],
    "stacked": lambda: torch.stack([row.max() for row in X]),
    "the input": lambda: torch.as_tensor(X),
    "no tensor": lambda: 3,
}


@pytest.mark.parametrize("name", STAYS)
def test_what_was_created_without_a_device_is_told(name: str) -> None:
    with FactoryWatch() as made:
        value = STAYS[name]()

    assert made.has_made(value)


@pytest.mark.parametrize("name", FOLLOWS)
def test_what_follows_its_input_is_not(name: str) -> None:
    with FactoryWatch() as made:
        value = FOLLOWS[name]()

    assert not made.has_made(value)
