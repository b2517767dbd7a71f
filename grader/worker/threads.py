"""Makes each thread that a submission starts run within a context of ours.

Torch's modes are those of one thread. Python has several names for what starts one, newer releases
have more of them, and a module that is made anew has them as they were.
"""

from __future__ import annotations

import _imp
import _thread
import builtins
import sys
import threading
import types
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib.machinery import ModuleSpec
from typing import Any, Final

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

Context = Callable[[], AbstractContextManager[object]]

_STARTS: Final = "start_"
"""How the functions of `_thread` begin that start one."""
_FOREIGN: Final = frozenset(
    {"pthread_create", "thrd_create", "clone", "clone3", "PyThread_start_new_thread"}
)
"""What starts one behind Python's back, as `ctypes` looks it up."""


def follow_threads(context: Context) -> None:
    """Have all threads that are started from now on run within `context()`, for good.

    Those of Python are followed, under each name; others cannot be started by name.
    """
    followed = {}
    for name in dir(_thread):
        if name.startswith(_STARTS):
            start = getattr(_thread, name)
            followed[start] = _followed(start, context)
            setattr(_thread, name, followed[start])
    for name, value in list(vars(threading).items()):
        if isinstance(value, types.BuiltinFunctionType) and value in followed:
            setattr(threading, name, followed[value])
    _keep_modules("_thread", "_imp")
    sys.addaudithook(_refuse_foreign)


def _followed(start: Callable[..., Any], context: Context) -> Callable[..., Any]:
    def start_followed(function: Callable[..., object], *rest: object, **named: object) -> object:
        def run(*values: object, **keywords: object) -> None:
            with context():
                function(*values, **keywords)

        return start(run, *rest, **named)

    return start_followed


def _keep_modules(*names: str) -> None:
    """Give these modules as they are to whoever has them made anew."""
    create = _imp.create_builtin
    known = {name: sys.modules[name] for name in names}

    def create_builtin(spec: Any) -> types.ModuleType:  # noqa: ANN401 - whatever has a name
        # Read once: it could be another the next time.
        name = spec.name
        if type(name) is not str:
            msg = f"the name of a module is a str, not {type(name).__name__}"
            raise TypeError(msg)
        made: types.ModuleType = known.get(name) or create(ModuleSpec(name, None))
        return made

    _imp.create_builtin = create_builtin


def _refuse_foreign(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("ctypes.dlsym", "ctypes.dlsym/handle") and str(arguments[1]) in _FOREIGN:
        msg = "a thread is started with `threading`"
        raise RuntimeError(msg)
