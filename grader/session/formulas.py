"""The course's formulas with a learner's own numbers in them, as one would write them on paper.

Sources: the shape sections of torch's pages on `Conv2d`, `MaxPool2d`, `Flatten` and `DataLoader`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from grader.language import Text

__all__ = ["Sum", "batches", "flat_size", "layer_parameters", "output_side", "sum_behind_error"]


class Sum(NamedTuple):
    """A value, and where it comes from."""

    value: int
    text: str
    """The formula with its numbers and the value: `(32 - 4) / 2 = 14`; alike in all languages."""


def output_side(
    size: int, kernel: int, *, stride: int = 1, padding: int | str = 0, dilation: int = 1
) -> Sum:
    """Give the side of what a convolution or a pooling makes of an image.

    Args:
        size: The image's side.
        kernel: The window's side.
        stride: How far the window moves.
        padding: Rings of zeros; or `same` or `valid`, as `Conv2d` takes them.
        dilation: The distance between a window's elements.
    """
    if padding == "same":
        return Sum(size, f"{size} = {size}")
    rings = 0 if isinstance(padding, str) else padding
    value = (size + 2 * rings - dilation * (kernel - 1) - 1) // stride + 1
    inside = f"{size} + 2*{rings} - {dilation}*({kernel} - 1) - 1"
    return Sum(value, f"floor(({inside}) / {stride}) + 1 = {value}")


def flat_size(shape: Sequence[int]) -> Sum:
    """Give how many numbers an image is once it is flattened: channels, height, width."""
    value = math.prod(shape)
    return Sum(value, f"{' * '.join(map(str, shape))} = {value}")


def layer_parameters(weight: Sequence[int], biases: int) -> Sum:
    """Give how many parameters a layer has: the weight's shape, and one bias for each output."""
    value = math.prod(weight) + biases
    return Sum(value, f"{' * '.join(map(str, weight))} + {biases} = {value}")


def batches(samples: int, batch_size: int, *, drop_last: bool = False) -> Sum:
    """Give the number of batches: the quotient, rounded down where the short one is dropped."""
    value = samples // batch_size if drop_last else -(-samples // batch_size)
    rounding = "floor" if drop_last else "ceil"
    return Sum(value, f"{rounding}({samples} / {batch_size}) = {value}")


_OUT_CHANNELS: Final = re.compile(r"Conv2d\(\s*(?:\d+\s*,\s*|[^()]*?out_channels\s*=\s*)(\d{1,4})")


def sum_behind_error(message: str, source: str) -> Text | None:
    """Say what an error of torch's tells with the learner's numbers; None where it tells none.

    Args:
        message: torch's words, from the student's process.
        source: The submission, where numbers of channels are looked for.
    """
    for pattern, say in _ERRORS:
        if match := pattern.search(message[:1_000]):
            return say(match, source)
    return None


def _of_linear(match: re.Match[str], source: str) -> Text:
    got, wanted = int(match["got"]), int(match["wanted"])
    channels = [int(found) for found in _OUT_CHANNELS.findall(source)]
    ours, theirs = _factors((got, wanted), channels)
    return Text(
        en=f"Each row arrives with {ours} numbers; the layer was made for {theirs}.",
        zh=f"每一行有 {ours} 个数，而这一层是为 {theirs} 个数创建的。",
    )


def _factors(sizes: Sequence[int], channels: Iterable[int]) -> list[str]:
    """Write sizes as channels * side * side, where the file's own channels allow it for all."""
    for count in reversed(list(channels)):
        sides = [math.isqrt(size // count) if count else 0 for size in sizes]
        if count and all(count * s * s == n for s, n in zip(sides, sizes, strict=True)):
            return [f"{count} * {s} * {s} = {n}" for s, n in zip(sides, sizes, strict=True)]
    return [str(size) for size in sizes]


def _of_channels(match: re.Match[str], _source: str) -> Text:
    shape, wanted, got = match["shape"], match["wanted"], match["got"]
    return Text(
        en=f"The input has shape ({shape}): {got} stands where the channels are; the layer was "
        f"made for {wanted}.",
        zh=f"输入的形状是 ({shape})：通道的位置上是 {got}，而这一层是为 {wanted} 个通道创建的。",
    )


def _of_small_input(match: re.Match[str], _source: str) -> Text:
    return Text(
        en=f"Only {match['side']} x {match['other']} is left here, with its padding; the kernel "
        f"covers {match['kernel']}.",
        zh=f"到这里（含补零）只剩 {match['side']} x {match['other']}，"
        f"卷积核却要覆盖 {match['kernel']}。",
    )


def _of_norm(match: re.Match[str], _source: str) -> Text:
    return Text(
        en=f"The values have {match['got']} channels; the BatchNorm was made for "
        f"{match['wanted']}.",
        zh=f"数值有 {match['got']} 个通道，而 BatchNorm 是为 {match['wanted']} 个通道创建的。",
    )


def _of_batch(match: re.Match[str], _source: str) -> Text:
    return Text(
        en=f"The network answered for {match['got']} samples; there are {match['wanted']} targets.",
        zh=f"网络给出了 {match['got']} 个样本的结果，而标签有 {match['wanted']} 个。",
    )


_Say = Callable[[re.Match[str], str], Text]
_ERRORS: Final[tuple[tuple[re.Pattern[str], _Say], ...]] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (
            (
                r"mat1 and mat2 shapes cannot be multiplied "
                r"\(\d{1,9}x(?P<got>\d{1,9}) and (?P<wanted>\d{1,9})x"
            ),
            _of_linear,
        ),
        (
            (
                r"expected input\[(?P<shape>[\d, ]{1,60})\] to have (?P<wanted>\d{1,9}) channels?, "
                r"but got (?P<got>\d{1,9}) channels?"
            ),
            _of_channels,
        ),
        (
            (
                r"padded input size per channel: \((?P<side>\d{1,9}) x (?P<other>\d{1,9})\)\. "
                r"Kernel size: \((?P<kernel>\d{1,9} x \d{1,9})\)"
            ),
            _of_small_input,
        ),
        (
            r"running_mean should contain (?P<got>\d{1,9}) elements not (?P<wanted>\d{1,9})",
            _of_norm,
        ),
        (
            (
                r"Expected input batch_size \((?P<got>\d{1,9})\) to match target batch_size "
                r"\((?P<wanted>\d{1,9})\)"
            ),
            _of_batch,
        ),
    )
)
"""Texts of torch 2.14, which change between versions; one that none fits is shown as it is."""
