"""Draws the pictures of the exercises' texts; with `--check` only says which are out of date.

Each is an SVG file in the folder `pictures` of its exercise. All numbers in them are torch's own.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pictures import curves, flows, grids
from pictures.svg import Picture

ROOT = Path(__file__).resolve().parents[1]

PICTURES: dict[str, Callable[[], Picture]] = {
    "ex01_nn_module/pictures/small_network.svg": flows.small_network,
    "ex02_convolution/pictures/sliding.svg": grids.convolution,
    "ex03_conv_layer/pictures/dilation.svg": grids.dilation,
    "ex03_conv_layer/pictures/rgb_batch.svg": grids.rgb_batch,
    "ex04_max_pool/pictures/ceil_mode.svg": grids.pooling,
    "ex04_max_pool/pictures/last_window.svg": grids.last_window,
    "ex05_activation/pictures/curves.svg": curves.activations,
    "ex06_linear/pictures/flatten.svg": grids.flattening,
    "ex07_sequential/pictures/shapes.svg": flows.sequential,
}
"""What draws a picture, by the picture's path under `exercises/`."""


def main() -> int:
    """Draw all pictures; return non-zero if one differs that was only to be checked."""
    only_check = sys.argv[1:] == ["--check"]
    changed = []
    for name, draw in PICTURES.items():
        path, content = ROOT / "exercises" / name, draw().render().encode()
        if path.is_file() and path.read_bytes() == content:
            continue
        changed.append(path)
        if not only_check:
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
    for path in changed:
        print(path)
    return 1 if only_check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
