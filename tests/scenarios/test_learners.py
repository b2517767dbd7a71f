"""Learners' own scripts are graded as they are: the files under learners/, one by one."""

from __future__ import annotations

import pytest
from grading import Grading
from learners_corpus import CORPUS, Expected, examine, read_expected

from grader.course.catalog import Course, list_exercises, load_exercise
from grader.course.models import Exercise

SCRIPTS = read_expected()


@pytest.fixture(scope="module")
def exercises(course: Course) -> list[Exercise]:
    return [load_exercise(course, name) for name in list_exercises(course)]


@pytest.mark.parametrize("name", SCRIPTS)
def test_script_is_graded_as_it_is(name: str, grading: Grading, exercises: list[Exercise]) -> None:
    expected = SCRIPTS[name]
    found = examine(grading.client, name, exercises)
    assert found.points == expected.points
    assert found.serves == expected.serves
    assert set(expected.lessons) <= set(found.lessons)
    assert set(expected.untold).isdisjoint(found.lessons)
    assert expected.lines.items() <= found.lines.items()
    # Nobody is told of a mistake that is none, and what is right costs nothing.
    assert set(found.mistakes) == set(expected.mistakes)
    assert expected.mistakes or (found.lost, found.problems) == (0, expected.problems)


def test_every_script_is_expected_to_be_something() -> None:
    """No file of the corpus is forgotten, and there are as many as were asked for."""
    helpers = {"settings.py", "tools.py", "random.py", "printing.py"}
    files = {path.relative_to(CORPUS).as_posix() for path in CORPUS.rglob("*.py")}
    scripts = {name for name in files if name.rpartition("/")[2] not in helpers}
    assert scripts == set(SCRIPTS)
    assert len(scripts) >= 80


def test_the_corpus_holds_right_scripts_and_wrong_ones() -> None:
    wrong = [one for one in SCRIPTS.values() if one.mistakes]
    assert len(wrong) >= 30
    assert len(SCRIPTS) - len(wrong) >= 30
    assert all(isinstance(one, Expected) for one in SCRIPTS.values())
