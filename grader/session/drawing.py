"""What `pictures.py` of a suite makes its pictures with; who shows the report draws them.

Tensors of a submission may be of any size and hold anything: each function takes no more than a
page can show, and numbers that are not finite leave a gap.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
import torch

from grader.language import Text, text
from grader.report.pictures import Chart, Curve, Flow, Role, Step, Tile, TileRow, Tiles
from grader.session.compare import require_tensor
from grader.session.describing import describe_shape
from grader.session.remote import RemoteObject, link_of
from grader.worker import wire

__all__ = ["chart", "compare_maps", "curve", "draw_flow", "photo"]

_MAX_SIDE: Final = 64
_MAX_CHANNELS: Final = 8
_MAX_POINTS: Final = 400
_MAX_STEPS: Final = 40
_MAX_NAME: Final = 40
_BYTE: Final = 255
_NOTHING: Final = Text(en="", zh="")
_TRACE: Final = """
import torch

def trace_layers(net, x):
    '''Give kind and shape of each leaf layer that was reached, in order, and the error.'''
    seen, hooks = [], []

    def enter(layer, _args):
        seen.append([type(layer).__name__, None])

    def leave(_layer, _args, output):
        if isinstance(output, torch.Tensor):
            seen[-1][1] = [int(side) for side in output.shape]

    for layer in net.modules():
        if not list(layer.children()):
            hooks.append(layer.register_forward_pre_hook(enter))
            hooks.append(layer.register_forward_hook(leave))
    try:
        with torch.no_grad():
            net(x)
    except Exception as error:
        return seen, f"{type(error).__name__}: {error}"
    finally:
        for hook in hooks:
            hook.remove()
    return seen, ""
"""
_YOURS: Final = Text(en="yours", zh="你的")
_EXPECTED: Final = Text(en="expected", zh="应为")
_NO_DIFFERENCE: Final = Text(en="no difference", zh="没有差别")


def photo(image: torch.Tensor, label: Mapping[str, str]) -> TileRow:
    """Show an image in colour.

    Args:
        image: Shape (3, H, W), in [0, 1].
        label: What it is, `en` and `zh`.
    """
    pixels = (image.detach().cpu().clamp(0, 1) * _BYTE).round().to(torch.uint8)
    height, width = pixels.shape[1:]
    data = pixels.permute(1, 2, 0).contiguous().numpy().tobytes()
    said = msgspec.convert(label, Text)
    return TileRow(said, (Tile(_NOTHING, "colour", height, width, 0.0, 1.0, data),))


def compare_maps(actual: object, expected: torch.Tensor, *, above: Sequence[TileRow] = ()) -> Tiles:
    """Show feature maps beside those that were expected, and their difference.

    Args:
        actual: What the student's code gave for one image, shape (C, H, W).
        expected: The same of the reference.
        above: Rows in front of them, such as the image itself.

    Raises:
        CheckFailed: It gave no tensor.
    """
    mine = _maps(require_tensor(actual))
    right = _maps(expected)
    both = torch.cat([each.flatten()[torch.isfinite(each.flatten())] for each in (mine, right)])
    low, high = float(both.min()), float(both.max())
    rows = list(above)
    for channel in range(max(len(mine), len(right))):
        tiles = []
        if channel < len(mine):
            tiles.append(_map(mine[channel], _with_size(_YOURS, mine[channel]), low, high))
        if channel < len(right):
            tiles.append(_map(right[channel], _with_size(_EXPECTED, right[channel]), low, high))
        if mine.shape[1:] == right.shape[1:] and channel < min(len(mine), len(right)):
            tiles.append(_difference(mine[channel] - right[channel]))
        label = Text(en=f"channel {channel}", zh=f"通道 {channel}")
        rows.append(TileRow(label, tuple(tiles)))
    return Tiles("", _NOTHING, None, tuple(rows))


def _maps(values: torch.Tensor) -> torch.Tensor:
    """Take what can be shown: at most some channels of a square or so."""
    maps = values.detach().cpu().double()
    if maps.dim() != 3:  # noqa: PLR2004 - (C, H, W)
        msg = f"{describe_shape(maps.shape)} is no stack of maps"
        raise ValueError(msg)
    return maps[:_MAX_CHANNELS, :_MAX_SIDE, :_MAX_SIDE]


def _with_size(said: Text, values: torch.Tensor) -> Text:
    size = f"{values.shape[0]}×{values.shape[1]}"
    return Text(en=f"{said.en} {size}", zh=f"{said.zh} {size}")


def _difference(values: torch.Tensor) -> Tile:
    """Show a difference so that none at all looks like none, however small the largest is."""
    finite = values[torch.isfinite(values)].abs()
    largest = float(finite.max()) if finite.numel() else 0.0
    # Rounding is no difference that anybody should look at.
    reach = max(largest, 1e-4)
    caption = _NO_DIFFERENCE
    if largest:
        caption = Text(en=f"difference ≤ {largest:.2g}", zh=f"差值 ≤ {largest:.2g}")
    return _map(values, caption, -reach, reach, kind="difference")


def _map(
    values: torch.Tensor,
    caption: Text,
    low: float,
    high: float,
    *,
    kind: Literal["map", "difference"] = "map",
) -> Tile:
    spread = high - low or 1.0
    scaled = ((values - low) / spread * _BYTE).nan_to_num(0.0).clamp(0, _BYTE)
    data = scaled.round().to(torch.uint8).contiguous().numpy().tobytes()
    return Tile(caption, kind, values.shape[0], values.shape[1], low, high, data)


def curve(label: Mapping[str, str] | str, role: Role, x: Sequence[float], y: object) -> Curve:
    """Make a line of a chart.

    Args:
        label: Its name in the legend, `en` and `zh`, or code.
        role: Whose values they are.
        x: Where they are; finite.
        y: As many values: a tensor of one dimension, or a list.

    Raises:
        ValueError: There are not as many values as places, or no numbers.
    """
    values = y.detach().double().cpu().tolist() if isinstance(y, torch.Tensor) else y
    if not isinstance(values, list) or len(values) != len(x):
        msg = "a curve needs one value for each place"
        raise ValueError(msg)
    said = text(label) if isinstance(label, str) else msgspec.convert(label, Text)
    shown = [float(each) if math.isfinite(each) else None for each in values[:_MAX_POINTS]]
    return Curve(said, role, tuple(float(each) for each in x[:_MAX_POINTS]), tuple(shown))


def chart(
    x_label: Mapping[str, str] | str, y_label: Mapping[str, str] | str, *curves: Curve
) -> Chart:
    """Put lines over a common axis."""
    said = [
        text(each) if isinstance(each, str) else msgspec.convert(each, Text)
        for each in (x_label, y_label)
    ]
    return Chart("", _NOTHING, None, said[0], said[1], curves)


def draw_flow(net: RemoteObject, reference: torch.nn.Module, x: torch.Tensor) -> Flow:
    """Show the shapes on the way through a network, and where they first go wrong.

    Args:
        net: The student's network, in the worker.
        reference: The solution's.
        x: What goes in.
    """
    there = link_of(net).ask(lambda _: wire.Define(_TRACE))
    mine, error = there.trace_layers(net, x)
    here: dict[str, Any] = {}
    exec(_TRACE, here)  # noqa: S102 - the text above, which runs in the worker as well
    right, _ = here["trace_layers"](reference, x)
    steps = tuple(_aligned(_plain(mine), _plain(right)))[:_MAX_STEPS]
    said = text(str(error)[:400]) if error else None
    shape = tuple(x.shape)
    return Flow("", _NOTHING, None, shape, steps, _broken_at(steps, shape), said)


_Layer = tuple[str, tuple[int, ...] | None]


def _plain(rows: Any) -> list[_Layer]:  # noqa: ANN401 - what a worker sent
    """Take names and shapes, whatever else came."""
    found: list[_Layer] = []
    for row in rows[: 2 * _MAX_STEPS] if isinstance(rows, list | tuple) else ():
        kind, shape = row
        sides = None if shape is None else tuple(int(side) for side in shape)[:6]
        found.append((str(kind)[:_MAX_NAME], sides))
    return found


def _aligned(mine: Sequence[_Layer], right: Sequence[_Layer]) -> Iterator[Step]:
    """Put layers of the same class beside each other."""
    kinds, wanted_kinds = [kind for kind, _ in mine], [kind for kind, _ in right]
    matcher = difflib.SequenceMatcher(None, kinds, wanted_kinds, autojunk=False)
    for _, start, end, first, last in matcher.get_opcodes():
        for offset in range(max(end - start, last - first)):
            ours, theirs = start + offset, first + offset
            kind, shape = mine[ours] if ours < end else ("", None)
            wanted, expected = right[theirs] if theirs < last else ("", None)
            yield Step(kind, shape, wanted, expected)


def _broken_at(steps: Sequence[Step], shape: tuple[int, ...]) -> int | None:
    """Find the first step that is not as expected; a layer more that changes no shape may be."""
    for number, step in enumerate(steps):
        is_harmless = not step.expected_kind and step.shape == shape
        is_right = step.kind == step.expected_kind and step.shape == step.expected
        if not (is_harmless or is_right):
            return number
        shape = step.shape or shape
    return None
