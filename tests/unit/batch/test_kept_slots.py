"""Slots that wait for tasks end without work, and with the batch."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from grader.batch import kept_slots
from grader.batch.kept_slots import KeptSlots
from grader.errors import WorkerUnavailableError


class Pool:
    """Stands in for a nursery."""

    started = ended = 0

    def __init__(self, preload: Sequence[str]) -> None:
        Pool.started += 1

    def examiner(self) -> object:
        return self

    def close(self) -> None:
        Pool.ended += 1


@pytest.fixture(autouse=True)
def pools(monkeypatch: pytest.MonkeyPatch) -> None:
    Pool.started = Pool.ended = 0
    monkeypatch.setattr(kept_slots, "ExaminerPool", Pool)


def test_a_slot_is_kept_for_the_next_task_and_belongs_to_one_at_a_time() -> None:
    slots = KeptSlots({}, idle_seconds=60)
    with slots.slot() as first, slots.slot() as second:
        assert first is not second
    with slots.slot() as again:
        assert again in (first, second)
    slots.close()


def test_what_has_no_work_for_a_while_ends_and_starts_anew_with_the_next_task() -> None:
    slots = KeptSlots({}, idle_seconds=0.01)
    for number in (1, 2):
        with slots.slot():
            slots._examiner()
            time.sleep(0.03)
            assert (Pool.started, Pool.ended) == (number, number - 1), "a task runs"
        deadline = time.monotonic() + 10
        while Pool.ended < number and time.monotonic() < deadline:
            time.sleep(0.005)
        assert Pool.ended == number


def test_nothing_is_started_any_more_once_the_batch_has_ended() -> None:
    slots = KeptSlots({}, idle_seconds=60)
    with slots.slot():
        slots._examiner()
        slots.close()
        assert Pool.ended == 1
        with pytest.raises(WorkerUnavailableError):
            slots._examiner()
