"""`grade hint`: one more each time, for the task that is meant."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doubling import all_marks, remember

from grader.course.catalog import Course
from grader.progress.model import TaskScore

Grade = Callable[..., Any]


def test_hints_come_one_more_each_time_and_are_remembered(grade: Grade, script: Path) -> None:
    first, second, third, again = (grade("hint", "ex01").out for _ in range(4))
    assert "Hint 1 for double." in first
    assert "Hint 2" not in first
    assert "Hint 1 for double." in second
    assert "Hint 2 for double." in second
    assert "hint 3 of 3" in third
    assert "`grade solution ex01 --give-up` shows" in third
    assert again == third
    assert "Hint 1 for facts." in grade("hint", "ex01", "facts").out


@pytest.mark.parametrize(
    ("command", "shown"), [("hint", "ex01 double, hint 1"), ("show", "Double it.")]
)
def test_without_an_exercise_the_next_one_is_meant(
    grade: Grade, script: Path, small_course: Course, command: str, shown: str
) -> None:
    ended = grade(command)
    assert ended.code == 0
    assert shown in ended.out
    all_marks(small_course)
    ended = grade(command)
    assert ended.code == 2
    assert f"`grade {command} ex01`" in ended.err


def test_every_refusal_names_the_cure(grade: Grade, script: Path) -> None:
    assert "Did you mean `grade hint`?" in grade("hnt").err
    assert "`grade list`" in grade("ex77").err
    assert "Did you mean `grade ex02`?" in grade("ex01", "ex02").err
    for words in (("reset",), ("ex01", "--nothing"), ("list", "--nothing")):
        ended = grade(*words)
        assert ended.code == 2
        assert f"hint: `grade {words[0]} --help` says how it is used." in ended.err
    assert "提示：`grade reset --help` 显示用法。" in grade("reset", "--lang", "zh").err
    script.unlink()
    script.with_suffix(".ipynb").unlink()
    for command in ("ex01", "open"):
        assert "`grade reset ex01` brings them back" in grade(*command.split()).err


def test_hints_are_for_the_first_task_that_lacks_points(
    grade: Grade, script: Path, small_course: Course
) -> None:
    remember(small_course, best=60, max_score=100, tasks={"double": TaskScore(60, 60)})
    assert "facts 的提示 1。" in grade("hint", "ex01", "--lang", "zh").out
    all_marks(small_course)
    ended = grade("hint", "ex01")
    assert ended.code == 2
    assert "there is nothing to hint at" in ended.err


def test_hints_can_be_read_again_without_a_new_one(grade: Grade, script: Path) -> None:
    assert "no hint of 3 seen yet" in grade("hint", "ex01", "--again").out
    grade("hint", "ex01")
    assert "hint 1 of 3" in grade("hint", "ex01", "--again").out
    assert "hint 1 of 3" in grade("hint", "ex01", "--again").out


@pytest.mark.parametrize("name", ["double", "1", "DOUBLE"])
def test_a_task_goes_by_id_number_or_name(grade: Grade, script: Path, name: str) -> None:
    assert "ex01 double, hint 1 of 3" in grade("hint", "ex01", name).out


def test_an_unknown_task_lists_those_there_are(grade: Grade, script: Path) -> None:
    ended = grade("hint", "ex01", "conv")
    assert ended.code == 2
    assert "Its tasks are double, facts." in ended.err
