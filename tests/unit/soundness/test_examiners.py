from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from grader.errors import WorkerUnavailableError
from grader.session.scratch import scratch_folder
from grader.soundness import examiners
from grader.soundness.examiners import Attempt, ExaminersFor, script
from grader.soundness.run import check_exercise


class Stand:
    """Stands in for a running examiner."""

    def __init__(self, preload: Sequence[str]) -> None:
        self.preload = preload
        self.running = True

    def ask(self, _request: object) -> Any:
        msg = "gone"
        raise WorkerUnavailableError(msg)

    def scratch(self) -> AbstractContextManager[Path]:
        return scratch_folder()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Stand]:
    made: list[Stand] = []

    @contextlib.contextmanager
    def start(preload: Sequence[str]) -> Iterator[Stand]:
        made.append(Stand(preload))
        yield made[-1]
        made.remove(next(stand for stand in made if stand.preload == preload))

    monkeypatch.setattr(examiners, "start_examiner", start)
    monkeypatch.setattr(examiners, "count_cores", lambda: 2)
    return made


def test_examiners_are_kept_for_exercises_that_preload_the_same(started: list[Stand]) -> None:
    with ExaminersFor() as start:
        first = start(("torch.nn",))
        assert start(("torch.nn",)) is first
        assert len(started) == 2

        assert start(()) is not first
        # No module is there that the exercise does not name.
        assert [stand.preload for stand in started] == [(), ()]
    assert started == []


def test_examiners_that_broke_are_replaced(started: list[Stand], sound: Any) -> None:
    exercise = sound.subject.exercise
    attempt = Attempt(exercise, script("", sound.solution), 1)
    with ExaminersFor() as start:
        first = start(())
        with pytest.raises(WorkerUnavailableError):
            list(first.grade([attempt]))

        assert start(()) is not first
        assert len(started) == 2


def test_an_exercise_that_cannot_be_graded_is_our_fault_and_stops_nothing(
    started: list[Stand], sound: Any
) -> None:
    with ExaminersFor() as start:
        result = check_exercise(sound.course, "ex90_mini", start)

    assert [fault.rule for fault in result.faults if fault.ours] == ["grading"]
    assert result.exit_code == 5


def test_reports_come_in_the_order_of_the_submissions(sound: Any) -> None:
    names = ("squared", "no_bias", "cat")
    exercise = sound.subject.exercise
    attempts = [Attempt.at_file(exercise, sound.wrong / f"{name}.py", 1) for name in names]

    reports = list(sound.examiners.grade(attempts))

    assert [report.submission.id for report in reports] == list(names)
