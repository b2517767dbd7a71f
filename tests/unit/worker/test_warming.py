"""What a nursery does before it forks for many."""

from __future__ import annotations

import linecache
import os
import sys
import threading

from torch.utils._python_dispatch import TorchDispatchMode

from grader.worker import large_pages
from grader.worker.places import MODULE_NAME, PSEUDO_FILE
from grader.worker.warming import warm_up


class _Operators(TorchDispatchMode):  # type: ignore[no-untyped-call]
    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.seen: list[str] = []

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        return False

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN204
        self.seen.append(str(func))
        return func(*args, **(kwargs or {}))


def test_warming_runs_no_operator_and_leaves_nothing_behind() -> None:
    import torch.utils.tensorboard  # noqa: PLC0415 - what it warms where it is loaded

    threads, arguments = threading.active_count(), list(sys.argv)
    state = torch.random.get_rng_state()
    with _Operators() as operators:
        warm_up()
    assert operators.seen == []
    assert threading.active_count() == threads
    assert sys.argv == arguments
    assert MODULE_NAME not in sys.modules
    assert PSEUDO_FILE not in linecache.cache
    assert torch.equal(torch.random.get_rng_state(), state)


def test_memory_in_large_pages_holds_what_it_held() -> None:
    before = bytearray(os.urandom(8 * 1024 * 1024))
    copy = bytes(before)
    large_pages.use_large_pages()
    assert before == copy
