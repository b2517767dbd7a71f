"""Comparisons for suites, in the order: type, size, finite, shape, dtype, device, values.

Each raises `CheckFailed` with a message for a beginner in both languages. Shapes are told before
values, and where the answer equals what a known mistake computes, the mistake is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NoReturn

import msgspec
import torch

from grader.errors import SuiteError
from grader.language import Text, text
from grader.session.describing import describe, describe_shape, describe_type, show, tell_apart
from grader.session.devices import Tolerance, tolerance
from grader.session.failures import Absent, CheckFailed, NotRefused, OtherError, StudentError
from grader.session.unequal import (
    DEVICE,
    DTYPE,
    KEYS,
    at,
    fail,
    fail_pair,
    fail_shape,
    items,
)

Misconceptions = Mapping[str, Callable[[], object]] | None
_MAX_MESSAGE: Final = 2_000
Wording = Text | Mapping[str, str] | str | None
_NO_GRADIENT: Final = Text(en="no gradient arrives, it is None", zh="没有梯度传到这里，是 None")


def absent(en: str, zh: str) -> NoReturn:
    """End the check: a part of the answer is not there.

    An exercise's file fails; a script of the learner's own has this still to do.

    Args:
        en: What is not there.
        zh: The same in Chinese.
    """
    raise Absent(Text(en=en, zh=zh))


def assert_true(
    condition: bool,  # noqa: FBT001 - the thing that is asserted
    en: str,
    zh: str,
    *,
    misconception: str | None = None,
) -> None:
    """Assert a plain condition, with a message for when it does not hold."""
    if condition is not True:
        fail(en, zh, misconception=misconception)


def assert_shape(
    actual: object, expected: tuple[int, ...], *, misconceptions: Misconceptions = None
) -> None:
    """Assert that a value is a tensor of a shape.

    Args:
        actual: What the student's code gave.
        expected: The shape wanted.
        misconceptions: Shapes that known mistakes give, by the mistake's id.
    """
    tensor = require_tensor(actual)
    if tuple(tensor.shape) == tuple(expected):
        return
    known = {} if misconceptions is None else misconceptions
    name = next((key for key, make in known.items() if make() == tuple(tensor.shape)), None)
    fail_shape(tensor.shape, expected, "", name)


def assert_close(  # noqa: PLR0913 - the options of torch.testing.assert_close
    actual: object,
    expected: object,
    *,
    misconceptions: Misconceptions = None,
    what: Wording = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Assert that a value equals another, within the tolerance of its dtype and device.

    Args:
        actual: What the student's code gave.
        expected: A tensor, or lists, tuples and dicts of tensors and plain values.
        misconceptions: Values that known mistakes give, by the mistake's id; each is computed
            only when the comparison has failed.
        what: What was compared, such as "`to_nchw(matrix)`".
        rtol: Relative tolerance instead of the dtype's own; say why on the line.
        atol: Absolute tolerance instead of the dtype's own.
    """
    given = None if rtol is None and atol is None else Tolerance(rtol or 0.0, atol or 0.0)
    try:
        _compare(actual, expected, "", given)
    except CheckFailed as failure:
        name = _recognise(actual, misconceptions, given) or failure.misconception
        if actual is None and name == "cuts-the-graph":
            failure = CheckFailed(_NO_GRADIENT)
        raise _about(what, failure, name) from None


def assert_equal(
    actual: object,
    expected: object,
    *,
    misconceptions: Misconceptions = None,
    what: Wording = None,
) -> None:
    """Assert that a value has exactly the type and the value of another.

    Args:
        actual: What the student's code gave.
        expected: Plain data, or a tensor, whose elements must then be equal to the last bit.
        misconceptions: Values that known mistakes give, by the mistake's id.
        what: What was compared, such as "`output_size(5, 3)`".
    """
    assert_close(actual, expected, misconceptions=misconceptions, what=what, rtol=0.0, atol=0.0)


def assert_raises(
    error: type[BaseException],
    function: Callable[..., object],
    *args: object,
    names: str | tuple[str, ...] = (),
    **kwargs: object,
) -> None:
    """Assert that a call raises an error of a builtin type, or of a subclass.

    Args:
        error: The type wanted, such as `ValueError`.
        function: What to call.
        args: Its positional arguments.
        names: The argument at fault, or several of which one will do: the message must hold it
            as a word, in upper or lower case; what is written in Chinese may stand anywhere.
        kwargs: Its keyword arguments.
    """
    try:
        value = function(*args, **kwargs)
    except StudentError as raised:
        if error.__name__ not in raised.raised.bases:
            raise OtherError(raised.raised, error.__name__) from None
        _require_word(raised.raised.message, error.__name__, names)
        return
    got = describe_type(value)
    raise NotRefused(
        Text(
            en=f"a {error.__name__} was expected, the call returned {got.en}",
            zh=f"应当抛出 {error.__name__}，但调用返回了{got.zh}",
        )
    )


def _require_word(message: str, error: str, names: str | tuple[str, ...]) -> None:
    wanted = (names,) if isinstance(names, str) else names
    # ASCII: in a Chinese sentence no space stands between the name and what is said of it.
    said = set(re.findall(r"\w+", message[:_MAX_MESSAGE].casefold(), re.ASCII))
    if not wanted or any(name.casefold() in said for name in wanted):
        return
    # Chinese has no spaces between its words.
    if any(not name.isascii() and name in message[:_MAX_MESSAGE] for name in wanted):
        return
    raise NotRefused(
        Text(
            en=f"the {error} is right; its message should name the argument `{wanted[0]}`",
            zh=f"{error} 是对的；但它的信息应当写出参数名 `{wanted[0]}`",
        )
    )


def _about(what: Wording, failure: CheckFailed, misconception: str | None) -> CheckFailed:
    """Say of a failure what was compared."""
    if what is None:
        return CheckFailed(failure.message, misconception=misconception, compared=failure.compared)
    subject = what if isinstance(what, Text) else _text_of(what)
    compared = failure.compared
    if compared is not None:
        path = "" if compared.what is None else compared.what.en
        whole = Text(en=f"{subject.en}{path}", zh=f"{subject.zh}{path}")
        compared = msgspec.structs.replace(compared, what=whole)
    message = Text(
        en=f"{subject.en}: {failure.message.en}", zh=f"{subject.zh}：{failure.message.zh}"
    )
    return CheckFailed(message, misconception=misconception, compared=compared)


def _text_of(wording: Mapping[str, str] | str) -> Text:
    if isinstance(wording, str):
        return Text(en=wording, zh=wording)
    return Text(en=wording["en"], zh=wording["zh"])


def _recognise(
    actual: object, misconceptions: Misconceptions, given: Tolerance | None
) -> str | None:
    for name, make in (misconceptions or {}).items():
        try:
            _compare(actual, make(), "", given)
        except CheckFailed:
            continue
        return name
    return None


def _compare(actual: Any, expected: Any, path: str, given: Tolerance | None) -> None:  # noqa: ANN401
    if isinstance(expected, torch.Tensor):
        _compare_tensors(require_tensor(actual, path), expected, path, given)
    elif isinstance(expected, dict):
        _require_type(actual, expected, path)
        _compare_mappings(actual, expected, path, given)
    elif isinstance(expected, list | tuple):
        _require_type(actual, expected, path)
        _compare_sequences(actual, expected, path, given)
    elif type(expected) is float:
        _compare_floats(actual, expected, path, given)
    else:
        _require_type(actual, expected, path)
        if actual != expected:
            fail_pair(show(actual), show(expected), path)


def _compare_mappings(
    actual: dict[Any, Any], expected: dict[Any, Any], path: str, given: Tolerance | None
) -> None:
    missing = [key for key in expected if key not in actual]
    surplus = [key for key in actual if key not in expected]
    if missing or surplus:
        fail_pair(show(list(actual)), show(list(expected)), path, of=KEYS)
    for key, value in expected.items():
        _compare(actual[key], value, f"{path}[{key!r}]", given)


def _compare_sequences(
    actual: Any,  # noqa: ANN401 - of the type of `expected`
    expected: list[Any] | tuple[Any, ...],
    path: str,
    given: Tolerance | None,
) -> None:
    if len(actual) != len(expected):
        fail_pair(items(len(actual)), items(len(expected)), path)
    for index, value in enumerate(expected):
        _compare(actual[index], value, f"{path}[{index}]", given)


def _compare_floats(actual: object, expected: float, path: str, given: Tolerance | None) -> None:
    _require_type(actual, expected, path)
    limit = given or tolerance(torch.float64, "cpu")
    assert isinstance(actual, float)  # noqa: S101 - just required
    # Infinities are equal to themselves; a NaN is equal to nothing, also where it is expected.
    if actual != expected and not abs(actual - expected) <= limit.atol + limit.rtol * abs(expected):
        got, want = tell_apart(actual, expected)
        fail_pair(text(got), text(want), path)


def require_tensor(actual: object, path: str = "") -> torch.Tensor:
    """Assert that a value is a plain tensor, and give it back.

    Args:
        actual: What the student's code gave.
        path: Where in a structure it stands.
    """
    if type(actual) not in (torch.Tensor, torch.nn.Parameter):
        _refuse(actual, path)
    assert isinstance(actual, torch.Tensor)  # noqa: S101 - just asked
    return actual


def _refuse(actual: object, path: str) -> NoReturn:
    if actual is None:
        fail(
            f"{at(path)}a tensor was expected, got None: is a `return` missing?",
            f"{at(path)}应当得到张量，却得到 None：是不是忘了写 `return`？",
            misconception="missing-return",
        )
    fail_pair(describe_type(actual), Text(en="a plain tensor", zh="普通张量"), path)


def _require_type(actual: object, expected: object, path: str) -> None:
    if type(actual) is type(expected) or (isinstance(actual, dict) and isinstance(expected, dict)):
        return
    got, want = describe_type(actual), describe_type(expected)
    hint = "missing-return" if actual is None else None
    fail_pair(got, want, path, misconception=hint)


def _compare_tensors(
    actual: torch.Tensor, expected: torch.Tensor, path: str, given: Tolerance | None
) -> None:
    if expected.numel() == 0:
        message = "a suite compares with a tensor without elements, which everything equals"
        raise SuiteError(message)
    _require_finite(actual, expected, path)
    if actual.shape != expected.shape:
        fail_shape(actual.shape, expected.shape, path, None)
    if actual.dtype != expected.dtype:
        fail_pair(text(str(actual.dtype)), text(str(expected.dtype)), path, of=DTYPE)
    if actual.device.type != expected.device.type:
        fail_pair(text(actual.device.type), text(expected.device.type), path, of=DEVICE)
    _compare_values(actual.detach().cpu(), expected.detach(), path, given)


def _require_finite(actual: torch.Tensor, expected: torch.Tensor, path: str) -> None:
    if not (actual.is_floating_point() or actual.is_complex()):
        return
    bad = ~torch.isfinite(actual.detach())
    if not bool(bad.any()):
        return
    # Where infinity is the right answer the values decide; a NaN never is.
    if not bool(torch.isnan(actual.detach()).any()) and bool(torch.isinf(expected).any()):
        return
    index = _first(bad.cpu())
    fail(
        f"{at(path)}the value at {index} is {_element(actual, index)}: "
        f"{int(bad.sum())} of {actual.numel()} values are not finite",
        f"{at(path)}下标 {index} 处的值是 {_element(actual, index)}："
        f"{actual.numel()} 个值中有 {int(bad.sum())} 个不是有限数",
    )


def _compare_values(
    actual: torch.Tensor, expected: torch.Tensor, path: str, given: Tolerance | None
) -> None:
    limit = given or tolerance(expected.dtype, expected.device.type)
    wanted = expected.cpu()
    if limit == (0.0, 0.0):
        wrong = ~(actual == wanted)
    else:
        close = (actual - wanted).abs() <= limit.atol + limit.rtol * wanted.abs()
        wrong = ~(close | (actual == wanted))
    if not bool(wrong.any()):
        return
    index = _first(wrong)
    bad, count, shape = int(wrong.sum()), wrong.numel(), describe_shape(wanted.shape)
    got, want = tell_apart(actual[index].item(), wanted[index].item())
    is_float32 = _looks_like_float32(actual, wanted)
    apart = f"{float(abs(actual[index] - wanted[index])):.1g}" if is_float32 else ""
    en, zh = f"at index {index}", f"下标 {index} 处"
    if apart:
        en, zh = f"{en}, {apart} apart", f"{zh}，相差 {apart}"
    note = Text(
        en=f"{en}; {bad} of {count} values differ, the shape {shape} is right",
        zh=f"{zh}；{count} 个值中有 {bad} 个不同，形状 {shape} 正确",
    )
    known = "float32-on-the-way" if is_float32 else None
    fail_pair(text(got), text(want), path, note=note, misconception=known)


def _looks_like_float32(actual: torch.Tensor, wanted: torch.Tensor) -> bool:
    """Say whether values in float64 are right as far as float32 goes, and no further."""
    if wanted.dtype != torch.float64:
        return False
    # Sums of larger numbers lose the digits of those.
    scale = wanted.abs() + wanted.abs().mean()
    if not bool(torch.isfinite(scale).all()):
        return False
    off = (actual - wanted).abs()
    return bool((off <= 1e-6 * scale).all()) and bool((off > 1e-9 * scale).any())


def _first(mask: torch.Tensor) -> tuple[int, ...]:
    """Give the index of the first true element."""
    flat = int(mask.reshape(-1).to(torch.uint8).argmax())
    index: list[int] = []
    for side in reversed(mask.shape):
        index.insert(0, flat % side)
        flat //= side
    return tuple(index)


def _element(tensor: torch.Tensor, index: tuple[int, ...]) -> str:
    return describe(tensor[index].item())


__all__ = [
    "absent",
    "assert_close",
    "assert_equal",
    "assert_raises",
    "assert_shape",
    "assert_true",
    "fail",
]
