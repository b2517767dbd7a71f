"""A `DataLoader` as it is here: it loads in this process, and loops over it come to an end."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Iterator
from typing import Any, Final

from torch.utils.data import DataLoader
from torch.utils.data import dataloader as implementation

from grader.worker.places import current_place
from grader.worker.wire import Place

MOST_BATCHES: Final = 1_000
"""Batches that all loops over data may take together while a file is loaded: learners take 20
epochs of 10,000 batches of one image, and what is graded does not depend on it."""


class Bound:
    """How much of its loops over data a file has left while it is loaded."""

    def __init__(self) -> None:
        self.batches_left = MOST_BATCHES
        self.cut_at: Place | None = None
        """Where a loop ended that would have gone on."""


_bounds: list[Bound] = []
"""The bound that holds now, if any."""


@contextlib.contextmanager
def bounded_loops() -> Iterator[Bound]:
    """Let loops over data end early in this block, once they have taken enough batches."""
    bound = Bound()
    _bounds.append(bound)
    try:
        yield bound
    finally:
        _bounds.clear()


def load_data_in_process() -> None:
    """Let every `DataLoader` load in this process, whatever its `num_workers` says.

    Every tutorial sets `num_workers=2`, no process may be started here, and what is graded does
    not depend on it: the batches are the same, in the same order. The attribute stays as it was
    set; `worker_init_fn`, which prepares a process, is not called.
    """

    def make_iterator(loader: DataLoader[Any]) -> Any:  # noqa: ANN401 - torch's own
        batches = implementation._SingleProcessDataLoaderIter(_without_workers(loader))  # noqa: SLF001
        return _BoundedBatches(batches, _bounds[-1]) if _bounds else batches

    def say_nothing(_loader: DataLoader[Any]) -> None:
        """Nothing is to be said of processes that are not started."""

    DataLoader._get_iterator = make_iterator  # type: ignore[assignment,method-assign]  # noqa: SLF001
    # It warns of more processes than there are processors for this one.
    DataLoader.check_worker_number_rationality = say_nothing  # type: ignore[assignment,method-assign]


class _BoundedBatches:
    """The batches of a loader, as far as the bound goes; one at least, for the names it binds."""

    def __init__(self, batches: Any, bound: Bound) -> None:  # noqa: ANN401 - torch's own
        self._batches = batches
        self._bound = bound
        self._has_given = False

    def __iter__(self) -> _BoundedBatches:
        return self

    def __next__(self) -> Any:  # noqa: ANN401 - whatever the data set has
        batch = next(self._batches)
        if self._bound.batches_left <= 0 and self._has_given:
            self._bound.cut_at = self._bound.cut_at or current_place()
            raise StopIteration
        self._bound.batches_left -= 1
        self._has_given = True
        return batch

    def __len__(self) -> int:
        return len(self._batches)


def _without_workers(loader: DataLoader[Any]) -> DataLoader[Any]:
    if loader.num_workers == 0:
        return loader
    alone = copy.copy(loader)
    # Not by assignment, which an old torch guards.
    vars(alone).update(num_workers=0, timeout=0)
    return alone
