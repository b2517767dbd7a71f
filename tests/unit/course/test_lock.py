from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from grader.course.catalog import Course, load_exercise, load_unpinned
from grader.course.lock import LOCK_NAME, encode_lock, read_lock, write_lock
from grader.course.models import Check
from grader.errors import ManifestError
from grader.language import Text

Checks = tuple[Check, ...]


def test_what_is_written_is_read(small_course: Course, checks: Checks) -> None:
    exercise = load_unpinned(small_course, "ex01")
    path = write_lock(exercise.suite, checks, exercise.tasks)
    assert path == exercise.suite / LOCK_NAME
    assert read_lock(exercise.suite, exercise.tasks).checks == checks
    assert path.read_text(encoding="utf-8").count("\n") > 10, "a diff should show single checks"


def with_first(**changes: object) -> Callable[[Checks], Checks]:
    return lambda checks: (msgspec.structs.replace(checks[0], **changes), *checks[1:])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (with_first(task="triple"), "one of the tasks double, facts, found 'triple'"),
        (with_first(points=21), "double: expected checks worth the task's 60 points, found 61"),
        (with_first(id="double_many"), "double_many: expected each id once"),
        (with_first(points=-1), "points of 0, or from 0.01, found -1"),
        (with_first(points=float("nan")), "found nan"),
        (with_first(points=0.001), "points of 0, or from 0.01"),
        (with_first(needs=("tripled",)), "name checks of this exercise, found 'tripled'"),
        (with_first(needs=("double_many",)), "a visible check to need visible ones only"),
        (with_first(needs=("double_one",)), "no circle of `needs`, found double_one → double_one"),
        (with_first(title=Text("a", " ")), "title and hint in both languages"),
        (with_first(hint=Text("", "b")), "title and hint in both languages"),
        (lambda checks: checks[:-1], "facts: expected checks worth the task's 40 points, found 0"),
        (
            lambda checks: (
                checks[0],
                *(msgspec.structs.replace(check, visibility="visible") for check in checks[1:]),
            ),
            "at least 60 of 100 points in hidden checks, found 0",
        ),
    ],
)
def test_checks_that_do_not_fit_their_exercise_are_refused(
    small_course: Course, checks: Checks, change: Callable[[Checks], Checks], said: str
) -> None:
    exercise = load_unpinned(small_course, "ex01")
    before = (exercise.suite / LOCK_NAME).read_bytes()
    with pytest.raises(ManifestError) as caught:
        write_lock(exercise.suite, change(checks), exercise.tasks)
    assert said in caught.value.message.en
    assert (exercise.suite / LOCK_NAME).read_bytes() == before


def test_checks_without_points_are_allowed(small_course: Course, checks: Checks) -> None:
    exercise = load_unpinned(small_course, "ex01")
    on_gpu = msgspec.structs.replace(checks[0], id="on_gpu", points=0)
    write_lock(exercise.suite, (*checks, on_gpu), exercise.tasks)
    assert read_lock(exercise.suite, exercise.tasks).checks[-1].points == 0


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": 1}', b'{"format": 2, "checks": []}', b"\xff"]
)
def test_a_broken_list_is_named(small_course: Course, content: bytes) -> None:
    exercise = load_unpinned(small_course, "ex01")
    (exercise.suite / LOCK_NAME).write_bytes(content)
    with pytest.raises(ManifestError, match=r"checks\.lock\.json: the file: expected"):
        read_lock(exercise.suite, exercise.tasks)


def test_checks_that_are_left_out_count_with_their_points(
    small_course: Course, checks: Checks
) -> None:
    exercise = load_unpinned(small_course, "ex01")
    path = exercise.suite / LOCK_NAME
    path.write_bytes(encode_lock(checks[:1], {"double": 40.0, "facts": 40.0}))
    kit = load_exercise(small_course, "ex01")
    assert kit.checks == checks[:1]
    assert [kit.max_score_of(task) for task in kit.tasks] == [20, 0]
    assert kit.max_score == 20
    assert not kit.is_complete
    path.write_bytes(encode_lock(checks[:1], {"double": 39.0, "facts": 40.0}))
    with pytest.raises(ManifestError, match="worth the task's 60 points"):
        load_exercise(small_course, "ex01")
