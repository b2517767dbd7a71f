"""The hints against errors that the installed torch really raises."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torchvision.datasets import MNIST

from grader.session.error_hints import HINTS, find_hint


class NoSuper(nn.Module):
    def __init__(self) -> None:
        self.conv = nn.Conv2d(1, 1, 1)


class NoSuperNoLayer(nn.Module):
    def __init__(self) -> None:
        pass

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + 1


class Forword(nn.Module):
    def forword(self, x: torch.Tensor) -> torch.Tensor:
        return x


class NoSelf(nn.Module):
    def forward(x: torch.Tensor) -> torch.Tensor:  # type: ignore[misc]  # noqa: N805
        return x


class NoBrackets(nn.Module):
    def __init__(self) -> None:
        super.__init__()  # type: ignore[call-overload]  # noqa: PLW0245 - the mistake


def in_place() -> None:
    x = torch.ones(2, requires_grad=True)
    x += 1


IMAGES = torch.zeros(2, 3, 8, 8)
CASES: dict[str, tuple[str, Callable[[], object]]] = {
    "no super, a layer": ("super-init-missing", NoSuper),
    "no super, no layer": ("super-init-missing", lambda: NoSuperNoLayer()(IMAGES)),
    "super without brackets": ("super-without-brackets", NoBrackets),
    "forword": ("forward-misspelt", lambda: Forword()(IMAGES)),
    "no self": ("self-missing", lambda: NoSelf()(IMAGES)),
    "flat size": ("wrong-flat-size", lambda: nn.Linear(5, 2)(torch.zeros(3, 4))),
    "channels": ("wrong-channels", lambda: nn.Conv2d(1, 2, 3)(IMAGES)),
    "2-D image": ("wrong-dimensions", lambda: nn.Conv2d(1, 2, 3)(torch.zeros(8, 8))),
    "dtypes": ("mixed-dtypes", lambda: F.conv2d(IMAGES, torch.ones(1, 3, 3, 3).long())),
    "too small": ("output-too-small", lambda: nn.Conv2d(3, 2, 9)(IMAGES)),
    "no such file": ("file-missing", lambda: torch.load("never_saved.pt")),
    "no data": ("data-set-missing", lambda: MNIST("nowhere")),
    "in place": ("in-place-on-leaf", in_place),
    "BatchNorm of another width": ("batchnorm-width", lambda: nn.BatchNorm2d(64)(IMAGES)),
    "BatchNorm after Flatten": ("batchnorm-input", lambda: nn.BatchNorm2d(3)(torch.zeros(2, 3))),
    "BatchNorm of one": ("batch-of-one", lambda: nn.BatchNorm1d(3)(torch.zeros(1, 3))),
    "a single target": (
        "target-shape",
        lambda: nn.CrossEntropyLoss()(torch.zeros(1, 3), torch.tensor(1.0)),
    ),
    "images for targets": (
        "target-shape",
        lambda: nn.CrossEntropyLoss()(torch.zeros(2, 3), IMAGES),
    ),
    "whole targets": (
        "target-dtype",
        lambda: nn.CrossEntropyLoss()(torch.zeros(1, 3), torch.tensor([1.0])),
    ),
    "target out of range": (
        "target-out-of-range",
        lambda: nn.CrossEntropyLoss()(torch.zeros(1, 3), torch.tensor([3])),
    ),
    "loss of integers": (
        "loss-of-integers",
        lambda: nn.L1Loss()(torch.tensor([1, 2]), torch.tensor([1, 5])),
    ),
    "SGD(model.parameters)": (
        "parameters-not-called",
        lambda: torch.optim.SGD(nn.Linear(1, 1).parameters),  # type: ignore[arg-type]
    ),
    "SGD(model)": ("not-iterable", lambda: torch.optim.SGD(nn.Linear(1, 1))),  # type: ignore[arg-type]
    "SGD of nothing": ("optimizer-without-parameters", lambda: torch.optim.SGD([])),
    "kernal_size": ("keyword-unknown", lambda: nn.Conv2d(3, 6, kernal_size=3)),  # type: ignore[call-arg]
    "Sequential of a class": (
        "sequential-by-position",
        lambda: nn.Sequential(nn.ReLU),  # type: ignore[call-overload]
    ),
    "none": ("missing-return", lambda: None.shape),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", CASES)
def test_what_torch_raises_leads_to_the_cause(name: str) -> None:
    identifier, provoke = CASES[name]
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the hint is what is tested
        provoke()
    hint = find_hint(type(caught.value).__name__, str(caught.value))
    assert hint is not None, str(caught.value)
    assert hint.id == identifier


def test_an_unknown_error_gets_no_hint() -> None:
    assert find_hint("KeyError", "'spam'") is None


def test_a_long_text_is_searched_in_bounded_time() -> None:
    assert find_hint("ValueError", "expected input[" * 1_000_000) is None


def test_ids_are_unique_and_both_languages_are_there() -> None:
    assert len({hint.id for hint in HINTS}) == len(HINTS)
    assert all(hint.text.en and hint.text.zh for hint in HINTS)
