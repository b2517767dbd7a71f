"""Notes which operators run while the student's code is at work.

Two of torch's own modes see everything, however a function was reached: a function mode sees
calls of the Python API (`F.conv2d` under any alias, a layer's forward), a dispatch mode sees
the `aten` operators beneath them (a tensor method, `torch.ops`, a scripted function).
"""

from __future__ import annotations

import builtins
import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import torch
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode

from grader.worker.places import current_place
from grader.worker.wire import MAX_OPERATORS, TOO_MANY, Operator, Place

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

_FunctionSchema = torch._C.FunctionSchema  # noqa: SLF001 - it has no public name
_find_overload = torch._C._get_operation_overload  # noqa: SLF001 - nor has this


class Watch:
    """Collects the names of operators, each with the line of its first call."""

    def __init__(self) -> None:
        self._seen: dict[str, Place | None] = {}
        self._told = 0
        self.active = False

    def note(self, name: str) -> None:
        """Remember one operator."""
        if not self.active or name in self._seen:
            return
        if len(self._seen) >= MAX_OPERATORS:
            name = TOO_MANY
        self._seen[name] = current_place()

    def reset(self, *, active: bool) -> None:
        """Forget what was seen, and watch from now on or not."""
        self._seen.clear()
        self._told = 0
        self.active = active

    def news(self) -> tuple[Operator, ...]:
        """Give the operators seen since the last time."""
        fresh = list(self._seen.items())[self._told :]
        self._told = len(self._seen)
        return tuple(Operator(name, place) for name, place in fresh)

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Watch the body, if active."""
        if not self.active:
            yield
            return
        with _FunctionWatch(self), _DispatchWatch(self):
            yield

    @contextlib.contextmanager
    def watching_thread(self) -> Iterator[None]:
        """Watch a thread, also while nothing is watched: it may live until something is."""
        with _FunctionWatch(self), _DispatchWatch(self):
            yield


class _FunctionWatch(TorchFunctionMode):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - torch's own signature
        self._watch.note(str(getattr(func, "__name__", func)))
        return func(*args, **(kwargs or {}))


class _DispatchWatch(TorchDispatchMode):  # type: ignore[no-untyped-call]
    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        # Torch's own answer wraps the method below so that the first operator imports
        # torch._dynamo, 900 modules and two seconds; nothing is compiled here.
        return False

    def __init__(self, watch: Watch) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._watch = watch

    def __torch_dispatch__(
        self,
        func: torch._ops.OpOverload,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401 - torch's own signature
        name, operator = _named(func)
        self._watch.note(name)
        return operator(*args, **(kwargs or {}))


def _named(func: torch._ops.OpOverload) -> tuple[str, Callable[..., Any]]:
    """Give an operator's name, and what runs under that name: its object may say any other."""
    schema = getattr(func, "_schema", None)
    if type(schema) is not _FunctionSchema:
        # One of torch's few that are written in Python, such as `cond`.
        return str(func.__name__), func
    return _find_operator(schema.name, schema.overload_name)


@functools.cache
def _find_operator(name: str, overload: str) -> tuple[str, Callable[..., Any]]:
    operator, *_ = _find_overload(name, overload)
    return name.rpartition("::")[2], operator
