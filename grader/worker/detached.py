"""Functions that student code may hold without reaching what they were made in."""

from __future__ import annotations

import builtins
import types
from typing import Final

_BUILTINS: Final = dict(vars(builtins))


def detached(function: types.FunctionType) -> types.FunctionType:
    """Give a function that has no module: from its own one, all of the worker is a step away.

    Args:
        function: Uses Python's builtins and its closure, and no name of its module. What its
            closure holds can be reached.
    """
    scope: dict[str, object] = {"__builtins__": dict(_BUILTINS)}
    return types.FunctionType(
        function.__code__, scope, function.__name__, function.__defaults__, function.__closure__
    )
