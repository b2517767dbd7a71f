"""The trusted side: the examiner, and what hidden suites import.

Names are loaded when they are asked for, so that the command line, which starts the nursery from
this package, imports neither torch nor pytest.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from grader.session.checks import check
    from grader.session.compare import (
        absent,
        assert_close,
        assert_equal,
        assert_raises,
        assert_shape,
        assert_true,
        fail,
    )
    from grader.session.drawing import chart, compare_maps, curve, draw_flow, photo
    from grader.session.formulas import batches, flat_size, layer_parameters, output_side
    from grader.session.pictures import picture
    from grader.session.probing import (
        Events,
        assert_same_gradients,
        buffers,
        gradients,
        is_instance,
        layer_shapes,
        load_tensors,
        parameters,
        read_events,
        require_gradient,
        require_same_device,
        unchanged,
        watched,
    )

_HOMES: Final = {
    "chart": "drawing",
    "compare_maps": "drawing",
    "curve": "drawing",
    "draw_flow": "drawing",
    "photo": "drawing",
    "picture": "pictures",
    "batches": "formulas",
    "flat_size": "formulas",
    "layer_parameters": "formulas",
    "output_side": "formulas",
    "check": "checks",
    "absent": "compare",
    "assert_close": "compare",
    "assert_equal": "compare",
    "assert_raises": "compare",
    "assert_shape": "compare",
    "assert_true": "compare",
    "fail": "compare",
    "Events": "probing",
    "assert_same_gradients": "probing",
    "buffers": "probing",
    "gradients": "probing",
    "is_instance": "probing",
    "layer_shapes": "probing",
    "load_tensors": "probing",
    "parameters": "probing",
    "read_events": "probing",
    "require_gradient": "probing",
    "require_same_device": "probing",
    "unchanged": "probing",
    "watched": "probing",
}

__all__ = [
    "Events",
    "absent",
    "assert_close",
    "assert_equal",
    "assert_raises",
    "assert_same_gradients",
    "assert_shape",
    "assert_true",
    "batches",
    "buffers",
    "chart",
    "check",
    "compare_maps",
    "curve",
    "draw_flow",
    "fail",
    "flat_size",
    "gradients",
    "is_instance",
    "layer_parameters",
    "layer_shapes",
    "load_tensors",
    "output_side",
    "parameters",
    "photo",
    "picture",
    "read_events",
    "require_gradient",
    "require_same_device",
    "unchanged",
    "watched",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function or a class
    """Import a suite's name from the module where it lives."""
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
