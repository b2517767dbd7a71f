from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.session.describing import describe, describe_type


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "None"),
        (0.1 + 0.2, "0.3"),
        ((64, 3), "(64, 3)"),
        ((1,), "(1,)"),
        ([1.0, "a"], "[1, 'a']"),
        (torch.Size([2, 3]), "(2, 3)"),
        (torch.tensor([[1.5, 2.0]]), "[[1.5, 2]] (float32)"),
        (torch.zeros(4, 5), "tensor (4, 5) float32"),
        (torch.tensor(True), "True (bool)"),  # noqa: FBT003 - the value
    ],
)
def test_values_are_shown_as_a_beginner_would_write_them(value: object, shown: str) -> None:
    assert describe(value) == shown


@given(st.text() | st.lists(st.integers()) | st.binary())
def test_no_value_fills_the_screen(value: object) -> None:
    assert len(describe(value)) <= 200


def test_types_are_named_in_both_languages() -> None:
    assert describe_type(3).en == "an int"
    assert describe_type(3).zh == "整数 int"
    assert describe_type(torch.zeros(1)).en == "a tensor"
    assert describe_type(3j).en == "a complex"
