"""Values in a learner's message: short, exact, and never longer than a few lines."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import torch

from grader.language import Language, Text
from grader.session.remote import wire_value_of
from grader.worker import wire

_MAX_SHOWN_ELEMENTS: Final = 16
_MAX_TEXT: Final = 160
_MAX_ITEMS: Final = 8
_MAX_BITS: Final = 256
_MAX_DEPTH: Final = 2

_KINDS: Final[dict[type, Text]] = {
    type(None): Text(en="None", zh=" None"),
    bool: Text(en="a bool", zh="布尔值 bool"),
    int: Text(en="an int", zh="整数 int"),
    float: Text(en="a float", zh="浮点数 float"),
    str: Text(en="a str", zh="字符串 str"),
    bytes: Text(en="bytes", zh="字节串 bytes"),
    list: Text(en="a list", zh="列表 list"),
    tuple: Text(en="a tuple", zh="元组 tuple"),
    dict: Text(en="a dict", zh="字典 dict"),
    torch.Tensor: Text(en="a tensor", zh="张量"),
    torch.nn.Parameter: Text(en="a parameter", zh="参数张量 Parameter"),
}


def describe_type(value: object) -> Text:
    """Name the type of a value, as a learner would."""
    handle = wire_value_of(value)
    if isinstance(handle, wire.NameValue):
        return Text(en=f"`{handle.name}` itself", zh=f"`{handle.name}` 本身")
    if handle is not None:
        detail = f" ({handle.summary})" if handle.summary else ""
        return Text(
            en=f"an object of type {handle.type_name}{detail}",
            zh=f"类型为 {handle.type_name} 的对象{detail}",
        )
    name = type(value).__name__
    article = "an" if name[0] in "aeiouAEIOU" else "a"
    return _KINDS.get(type(value), Text(en=f"{article} {name}", zh=name))


def show(value: object) -> Text:
    """Show a value in both languages: small ones whole, large tensors by shape and dtype."""
    return Text(en=describe(value), zh=describe(value, "zh"))


def describe(value: object, language: Language = "en", depth: int = 0) -> str:
    """Show a value in one language, as `show` does in both."""
    if isinstance(value, torch.Tensor):
        return _describe_tensor(value, language)
    if type(value) is float:
        return f"{value:.6g}"
    if type(value) is int and value.bit_length() > _MAX_BITS:
        bits = value.bit_length()
        return Text(en=f"an integer of {bits} bits", zh=f"{bits} 位的整数").to(language)
    if isinstance(value, list | tuple | set | frozenset | dict):
        return _describe_container(value, language, depth)
    return _shorten(repr(value))


def tell_apart(got: object, want: object) -> tuple[str, str]:
    """Show two numbers, with as many digits as they need to look different."""
    shown = describe(got), describe(want)
    if type(got) is not float or type(want) is not float or shown[0] != shown[1]:
        return shown
    pairs = ((f"{got:.{digits}g}", f"{want:.{digits}g}") for digits in range(7, 18))
    return next((pair for pair in pairs if pair[0] != pair[1]), shown)


def _describe_container(value: Collection[object], language: Language, depth: int) -> str:
    # Never the `repr` of the whole first: that may take minutes.
    if len(value) > _MAX_ITEMS or depth > _MAX_DEPTH:
        kind, count = describe_type(value), len(value)
        return Text(en=f"{kind.en} of {count} items", zh=f"{count} 项的{kind.zh}").to(language)

    def shown(item: object) -> str:
        return describe(item, language, depth + 1)

    if isinstance(value, dict):
        pairs = (f"{shown(key)}: {shown(item)}" for key, item in value.items())
        return "{" + _shorten(", ".join(pairs)) + "}"
    inner = _shorten(", ".join(map(shown, value)))
    if isinstance(value, list):
        return f"[{inner}]"
    if isinstance(value, tuple):
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    return "{" + inner + "}" if value else "set()"


def describe_shape(shape: torch.Size | tuple[int, ...]) -> str:
    """Show a shape as Python writes a tuple."""
    return str(tuple(shape))


def _describe_tensor(value: torch.Tensor, language: Language) -> str:
    dtype = str(value.dtype).removeprefix("torch.")
    if value.numel() > _MAX_SHOWN_ELEMENTS:
        shape = describe_shape(value.shape)
        return Text(en=f"tensor {shape} {dtype}", zh=f"张量 {shape} {dtype}").to(language)
    return f"{_numbers(value.tolist())} ({dtype})"


def _numbers(value: object) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_numbers(item) for item in value) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _shorten(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
