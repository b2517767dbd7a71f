from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SuiteError
from grader.language import Text
from grader.session import (
    assert_close,
    assert_equal,
    assert_raises,
    assert_shape,
    assert_true,
    fail,
)
from grader.session.failures import CheckFailed, OtherError, StudentError
from grader.worker import wire

ONES = torch.ones(2, 3)


def failure(actual: object, expected: object, **options: object) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        assert_close(actual, expected, **options)  # type: ignore[arg-type]
    return caught.value


def test_equal_values_pass() -> None:
    assert_close([ONES, {"a": 1.0}], [ONES.clone(), {"a": 1.0}])
    assert_equal(("conv1", (64, 3)), ("conv1", (64, 3)))


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        (None, "`return`"),
        (1.0, "a float"),
        (torch.full((2, 3), math.nan), "not finite"),
        (torch.full((2, 3), math.inf), "not finite"),
        (torch.ones(6), "shape (6,)"),
        (torch.ones(1, 1), "shape (1, 1)"),
        (torch.tensor(1.0), "shape ()"),
        (ONES.double(), "float64"),
        (ONES + 1, "index (0, 0)"),
    ],
    ids=["none", "float", "nan", "inf", "flat", "broadcast", "scalar", "dtype", "value"],
)
def test_each_way_to_be_wrong_is_named(actual: object, said: str) -> None:
    assert said in failure(actual, ONES).message.en


def test_a_nan_never_equals_anything() -> None:
    nan = torch.tensor([math.nan])
    assert "not finite" in failure(nan, nan).message.en
    assert "nan" in failure(math.nan, math.nan).message.en


def test_infinity_may_be_the_right_answer() -> None:
    assert_close(torch.tensor([math.inf, 1.0]), torch.tensor([math.inf, 1.0]))
    assert_close((0.0, math.inf), (0.0, math.inf))


def test_the_first_difference_is_shown_with_both_values() -> None:
    wrong = ONES.clone()
    wrong[1, 2] = 7
    message = failure(wrong, ONES).message
    assert message.en == (
        "got 7, expected 1 (at index (1, 2); 1 of 6 values differ, the shape (2, 3) is right)"
    )
    assert "(1, 2)" in message.zh


def test_values_that_look_alike_are_shown_with_the_digits_that_differ() -> None:
    assert failure(1.1721704, 1.17217).message.en == "got 1.1721704, expected 1.17217"
    wrong = ONES.double()
    wrong[1, 2] = 1 + 3e-7
    found = failure(wrong, ONES.double())
    assert found.message.en.startswith("got 1.0000003, expected 1 (at index (1, 2), 3e-07 apart; ")
    assert "相差 3e-07" in found.message.zh
    assert found.misconception == "float32-on-the-way"


@pytest.mark.parametrize("off", [1e-12, 1e-4, 1.0])
def test_other_differences_are_not_blamed_on_float32(off: float) -> None:
    for right in (ONES.double(), torch.tensor([math.inf, 1.0], dtype=torch.float64)):
        assert failure(right + off, right, rtol=0.0, atol=0.0).misconception is None


def test_a_gradient_that_does_not_arrive_is_not_a_missing_return() -> None:
    found = failure(None, ONES, misconceptions={"cuts-the-graph": lambda: None}, what="x's")
    assert found.message.en == "x's: no gradient arrives, it is None"
    assert found.misconception == "cuts-the-graph"


def test_two_values_are_also_given_apart_to_be_read_one_above_the_other() -> None:
    compared = failure({"a": ONES[:1]}, {"a": ONES}, what="`f(x)`").compared
    assert compared is not None
    assert (compared.got.en, compared.expected.zh) == ("shape (1, 3)", "形状 (2, 3)")
    assert compared.what == Text("`f(x)`['a']", "`f(x)`['a']")


def test_a_comparison_with_nothing_is_the_suites_fault() -> None:
    with pytest.raises(SuiteError, match="without elements"):
        assert_close(torch.empty(0), torch.empty(0))


def test_a_known_mistake_is_named() -> None:
    found = failure(
        ONES * 3,
        ONES,
        misconceptions={"halved": lambda: ONES / 2, "tripled": lambda: ONES * 3},
    )
    assert found.misconception == "tripled"


def test_a_known_mistake_in_the_shape_is_named() -> None:
    with pytest.raises(CheckFailed) as caught:
        assert_shape(ONES, (3, 2), misconceptions={"transposed": lambda: (2, 3)})
    assert caught.value.misconception == "transposed"
    assert "(2, 3)" in caught.value.message.en


def test_what_was_compared_comes_first_in_both_languages() -> None:
    found = failure(1, 2, what={"en": "output_size(5, 3)", "zh": "output_size(5, 3) 的值"})
    assert found.message.en.startswith("output_size(5, 3): ")
    assert found.message.zh.startswith("output_size(5, 3) 的值：")


@pytest.mark.parametrize("actual", [True, 1.0, "1"])
def test_types_are_exact(actual: object) -> None:
    assert "expected an int" in failure(actual, 1).message.en


def test_keys_lengths_and_places_inside_structures_are_named() -> None:
    assert "keys" in failure({"a": 1}, {"b": 1}).message.en
    assert "2 items, expected 1" in failure([1, 2], [1]).message.en
    assert failure({"a": [1, 2]}, {"a": [1, 3]}).message.en.startswith("['a'][1]: ")


@given(st.floats(-1e6, 1e6), st.sampled_from([torch.float32, torch.float64]))
def test_the_tolerance_is_that_of_the_dtype(value: float, dtype: torch.dtype) -> None:
    expected = torch.tensor([value], dtype=torch.float64).to(dtype)
    rtol, atol = (1.3e-6, 1e-5) if dtype is torch.float32 else (1e-7, 1e-7)
    margin = atol + rtol * expected.abs().double()
    assert_close((expected.double() + 0.5 * margin).to(dtype), expected)
    far = (expected.double() + 3 * margin).to(dtype)
    assert "differ" in failure(far, expected).message.en


def test_integers_have_no_tolerance() -> None:
    found = failure(torch.tensor([10**9 + 1]), torch.tensor([10**9]))
    assert "got 1000000001, expected 1000000000" in found.message.en


def raises(bases: tuple[str, ...], message: str) -> None:
    raise StudentError(
        wire.Raised(
            type_name=bases[0],
            bases=bases,
            message=message,
            place=None,
            out_of_memory=None,
            operators=(),
        )
    )


def test_a_subclass_of_the_error_will_do() -> None:
    bases = ("MyError", "ValueError", "Exception")
    assert_raises(ValueError, raises, bases, "size must be positive", names="size")


def test_another_error_is_the_students() -> None:
    with pytest.raises(OtherError, match="AssertionError: size") as caught:
        assert_raises(ValueError, raises, ("AssertionError", "Exception"), "size")
    assert caught.value.wanted == "ValueError"


def test_no_error_and_an_error_without_the_arguments_name_are_failures() -> None:
    with pytest.raises(CheckFailed, match="the call returned an int"):
        assert_raises(ValueError, lambda: 3)
    with pytest.raises(CheckFailed, match="should name the argument `size`"):
        assert_raises(ValueError, raises, ("ValueError",), "wrong", names="size")


@pytest.mark.parametrize(
    "message",
    ["size must be positive", "Size: 0", "size必须大于0", "`size`=0", "kernel_size, size"],
)
def test_the_arguments_name_is_found_as_a_word(message: str) -> None:
    assert_raises(ValueError, raises, ("ValueError",), message, names="size")


@pytest.mark.parametrize("message", ["kernel_size is too large", "resize", "大小"])
def test_a_longer_word_is_not_the_arguments_name(message: str) -> None:
    with pytest.raises(CheckFailed, match="should name"):
        assert_raises(ValueError, raises, ("ValueError",), message, names="size")


def test_one_of_several_names_will_do() -> None:
    assert_raises(
        ValueError, raises, ("ValueError",), "kernel is big", names=("kernel_size", "kernel")
    )
    assert_raises(ValueError, raises, ("ValueError",), "通道数不对", names=("features", "通道"))


def test_plain_conditions() -> None:
    assert_true(condition=True, en="", zh="")
    with pytest.raises(CheckFailed, match="no good") as caught:
        assert_true(condition=False, en="no good", zh="不行", misconception="bad")
    assert caught.value.misconception == "bad"
    with pytest.raises(CheckFailed, match="never"):
        fail("never", "绝不")
