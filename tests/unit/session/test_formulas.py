from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from grader.session.formulas import (
    batches,
    flat_size,
    layer_parameters,
    output_side,
    sum_behind_error,
)

SMALL = st.integers(1, 4)


@given(st.integers(13, 40), SMALL, SMALL, st.integers(0, 3), SMALL)
def test_a_side_is_what_torch_makes_and_its_formula_is_right(
    size: int, kernel: int, stride: int, padding: int, dilation: int
) -> None:
    conv = nn.Conv2d(1, 1, kernel, stride=stride, padding=padding, dilation=dilation)
    found = output_side(size, kernel, stride=stride, padding=padding, dilation=dilation)
    assert conv(torch.zeros(1, 1, size, size)).shape[-1] == found.value
    formula, _, value = found.text.rpartition(" = ")
    assert eval(formula, {"floor": int}) == int(value) == found.value  # noqa: S307 - our own text


def test_padding_by_name_is_what_torch_makes_of_it() -> None:
    assert output_side(32, 5, padding="same").value == 32
    assert output_side(32, 5, padding="valid").value == 28


@given(st.integers(1, 200), st.integers(1, 50), st.booleans())
def test_batches_are_counted_as_a_loader_does(samples: int, size: int, drop_last: bool) -> None:  # noqa: FBT001
    loader = torch.utils.data.DataLoader(range(samples), size, drop_last=drop_last)  # type: ignore[arg-type, var-annotated]
    assert batches(samples, size, drop_last=drop_last).value == len(loader)


def test_sums_are_written_as_on_paper() -> None:
    assert flat_size((16, 15, 15)).text == "16 * 15 * 15 = 3600"
    assert layer_parameters((6, 3, 3, 3), 6).text == "6 * 3 * 3 * 3 + 6 = 168"
    assert batches(10, 4).text == "ceil(10 / 4) = 3"
    assert batches(10, 4, drop_last=True).text == "floor(10 / 4) = 2"


def raised(net: nn.Module, *shape: int) -> str:
    with pytest.raises((RuntimeError, ValueError)) as caught:
        net(torch.zeros(shape))
    return str(caught.value)


@pytest.mark.parametrize(
    ("net", "shape", "said"),
    [
        (nn.Linear(4096, 10), (4, 3600), "16 * 15 * 15 = 3600 numbers"),
        (nn.Linear(77, 10), (4, 3600), "3600 numbers; the layer was made for 77"),
        (nn.Conv2d(3, 6, 3), (4, 1, 32, 32), "(4, 1, 32, 32): 1 stands where the channels are"),
        (nn.Conv2d(3, 6, 5), (4, 3, 2, 2), "Only 2 x 2 is left"),
        (nn.BatchNorm2d(64), (4, 32, 5, 5), "32 channels; the BatchNorm was made for 64"),
    ],
)
def test_an_error_of_torchs_is_told_with_its_numbers(
    net: nn.Module, shape: tuple[int, ...], said: str
) -> None:
    found = sum_behind_error(raised(net, *shape), "self.conv1 = nn.Conv2d(3, 16, 3)")
    assert found is not None
    assert said in found.en


def test_targets_are_counted_too() -> None:
    with pytest.raises(ValueError, match="batch_size") as caught:
        nn.CrossEntropyLoss()(torch.zeros(4, 10), torch.zeros(3, dtype=torch.long))
    found = sum_behind_error(str(caught.value), "")
    assert found is not None
    assert "answered for 4 samples; there are 3" in found.en


def test_other_errors_have_no_sum() -> None:
    assert sum_behind_error("name 'x' is not defined", "") is None
