"""Ends a check whose answer is not right: in a sentence, and with two values side by side."""

from __future__ import annotations

from typing import Final, NoReturn

import torch

from grader.language import Text, text
from grader.report.examination import Compared
from grader.session.describing import describe_shape, show
from grader.session.failures import CheckFailed

SHAPE: Final = Text(en="shape", zh="形状")
DTYPE: Final = Text(en="dtype", zh="dtype")
DEVICE: Final = Text(en="device", zh="设备")
KEYS: Final = Text(en="keys", zh="键")


def fail(
    en: str,
    zh: str,
    *,
    misconception: str | None = None,
    got: object = None,
    expected: object = None,
) -> NoReturn:
    """End the check: the answer is not right.

    Args:
        en: What was compared, got and expected.
        zh: The same in Chinese.
        misconception: The id of the known mistake that explains it.
        got: With `expected`, the value that the student's code gave, to be shown above it; the
            sentence then says why.
        expected: The value that was wanted.
    """
    compared = None
    if expected is not None:
        compared = Compared(show(got), show(expected), note=Text(en=en, zh=zh))
        en = f"got {compared.got.en}, expected {compared.expected.en}: {en}"
        zh = f"得到{_gap(compared.got)}，应为{_gap(compared.expected)}：{zh}"
    raise CheckFailed(Text(en=en, zh=zh), misconception=misconception, compared=compared)


def fail_shape(
    got: torch.Size, want: tuple[int, ...] | torch.Size, path: str, name: str | None
) -> NoReturn:
    """End the check: the shape is not right."""
    shapes = (text(describe_shape(got)), text(describe_shape(want)))
    fail_pair(*shapes, path, of=SHAPE, misconception=name)


def fail_pair(  # noqa: PLR0913 - the parts of one sentence
    got: Text,
    want: Text,
    path: str = "",
    *,
    of: Text | None = None,
    note: Text | None = None,
    misconception: str | None = None,
) -> NoReturn:
    """End the check with two values that should be equal.

    Args:
        got: What the student's code gave.
        want: What it should have given.
        path: Where in a structure they stand.
        of: Which of their properties is told, such as the shape.
        note: Where they differ.
        misconception: The id of the known mistake that explains it.
    """
    if of is not None:
        got, want = _property(of, got), _property(of, want)
    en, zh = f"got {got.en}, expected {want.en}", f"得到{_gap(got)}，应为{_gap(want)}"
    if note is not None:
        en, zh = f"{en} ({note.en})", f"{zh}（{note.zh}）"
    compared = Compared(got, want, note, text(path) if path else None)
    message = Text(en=f"{at(path)}{en}", zh=f"{at(path)}{zh}")
    raise CheckFailed(message, misconception=misconception, compared=compared)


def items(count: int) -> Text:
    """Word a number of items."""
    return Text(en=f"{count} items", zh=f"{count} 项")


def at(path: str) -> str:
    """Begin a sentence with the place in a structure that it is about."""
    return f"{path}: " if path else ""


def _property(of: Text, value: Text) -> Text:
    return Text(en=f"{of.en} {value.en}", zh=f"{of.zh} {value.zh}")


def _gap(said: Text) -> str:
    """Put a space between Chinese and what is not."""
    return f" {said.zh}" if said.zh[:1].isascii() else said.zh
