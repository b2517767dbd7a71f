"""Runs what every worker runs first, in the process that workers are forked from.

Python speeds its code up as it runs, and writes what it finds beside the code: a worker that does
so itself is slow at first and copies each page that it writes to. No operator of torch's may run
in a nursery. So this reads a text as if it were a submission, sends messages to itself, and where
TensorBoard is loaded writes and reads some pictures, which it takes as numpy's arrays.
"""

from __future__ import annotations

import contextlib
import importlib
import linecache
import numbers
import sys
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from tempfile import TemporaryDirectory
from typing import Final

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.worker import framing, loading, wire
from grader.worker.event_files import read_events, write_events_in_thread
from grader.worker.places import MODULE_NAME, PSEUDO_FILE
from grader.worker.values import Decoder, Encoder

_LATE_IMPORTS: Final = ("torch.utils.serialization.config",)
"""What functions of torch's import at their first call: `torch.save`."""
_ROUNDS: Final = 10
"""Python looks at code anew after eight calls."""

_SAMPLE: Final = '''"""A text with some of all that submissions hold."""
import math
from math import sqrt as root
SIZES: dict[str, list] = {"one": [1, 2.0, None], "two": [(3, 4)]}
SIZES["three"] = []
class Shape:
    """A class."""
    def __init__(self, side: int = 3, *, name: str = "square") -> None:
        self.side, self.name = side, name
    def area(self, scale=1.0):
        for index in range(self.side):
            if index % 2 == 0 and not self.name:
                raise ValueError(f"{index} is not right")
        return [root(scale) * each for each in SIZES.values() if each] or self.side ** 2
def total(*shapes, **options):
    """A function."""
    result = 0
    while shapes:
        result += math.floor(shapes[0].side)
        shapes = shapes[1:]
    try:
        return result / options.get("parts", 1)
    except ZeroDivisionError:
        return None
if __name__ == "__main__":
    print(total(Shape(), Shape(2)))
'''


def warm_up() -> None:
    """Run a worker's own code often enough for Python to know it."""
    for name in _LATE_IMPORTS:
        # Another release of torch may do without it.
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    for _ in range(_ROUNDS):
        _load_sample()
        _send_values()
        _use_layers()
    _ask_for_kinds()
    if "torch.utils.tensorboard" in sys.modules:
        _write_pictures()


def _load_sample() -> None:
    arguments = sys.argv
    request = wire.Load(
        cells=(wire.CellSource(None, _SAMPLE),),
        filename="sample.py",
        required=("Shape", "total"),
        run_all=False,
        device="cpu",
    )
    _module, report = loading.load(request)
    wire.encode(report)
    sys.argv = arguments
    sys.modules.pop(MODULE_NAME, None)
    linecache.cache.pop(PSEUDO_FILE, None)


def _send_values() -> None:
    values = [None, True, 1, 2.5, "text", [1, (2, 3)], {"name": {"key": [4.5, None]}}]
    encoder = Encoder(lambda _: None)
    call = wire.Call(1, tuple(encoder.encode(value) for value in values), {})
    (frame,) = wire.encode(call)
    request = wire.decode_request(frame[framing.PREFIX.size :])
    assert isinstance(request, wire.Call)  # noqa: S101 - what was encoded
    decoder = Decoder(b"", lambda _: None, restore=True)
    for value in request.args:
        decoder.decode(value)
    wire.encode(wire.Returned(encoder.encode(values), ()))


def _use_layers() -> None:
    """Make layers without tensors, and call them with what is none."""
    net = nn.Sequential(nn.Identity(), nn.Sequential(nn.Identity()))
    net.last = nn.Identity()
    nn.ZeroPad2d(1)
    net(1)
    net.train(mode=False)
    list(net.named_modules())
    list(net.named_parameters())
    net.state_dict()
    issubclass(type(net), nn.Module)


def _ask_for_kinds() -> None:
    """Ask what torch and numpy ask of most values; the first answer takes longest."""
    for abstract in (Iterable, Mapping, MutableMapping, Sequence, numbers.Number):
        for kind in (torch.Tensor, nn.Parameter, bool, int, float, str, list, tuple, dict):
            issubclass(kind, abstract)
    DataLoader(object.__new__(TensorDataset))


def _write_pictures() -> None:
    import numpy as np  # noqa: PLC0415 - only where it is loaded already
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415

    write_events_in_thread()
    images = np.zeros((3, 3, 4, 5), dtype=np.float32)
    with TemporaryDirectory() as folder:
        for step in range(_ROUNDS):
            with SummaryWriter(f"{folder}/{step}") as writer:
                writer.add_images("pictures", images, step)
            read_events(f"{folder}/{step}", pictures=False)
