"""`grade new` and `grade check`, as far as nothing has to be graded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from grading import MINI_COURSE

from grader.course.catalog import COURSE_VARIABLE

Grade = Callable[..., Any]


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, grade: Grade) -> Path:
    root = tmp_path / "mini"
    shutil.copytree(MINI_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv(COURSE_VARIABLE, str(root))
    return root


def files_of(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
    }


def test_new_writes_an_exercise_and_touches_nothing_else(grade: Grade, course: Path) -> None:
    before = files_of(course)

    ended = grade("new", "ex91_attention", "Attention, by hand", "手写注意力")

    assert ended.code == 0
    after = files_of(course)
    assert {name: after[name] for name in before} == before
    assert sorted(set(after) - set(before)) == [
        "exercises/ex91_attention/README.md",
        "exercises/ex91_attention/README.zh.md",
        "exercises/ex91_attention/exercise.toml",
        "exercises/ex91_attention/hints.toml",
        "solutions/ex91_attention/ex91_attention.py",
        "tests/suites/ex91_attention/test_hidden.py",
        "tests/suites/ex91_attention/test_visible.py",
    ]
    assert ended.out.startswith("exercises/ex91_attention/exercise.toml\n")
    assert "grade check ex91" in ended.out
    assert "ex91  Attention, by hand " in grade("list").out
    assert "ex91  手写注意力 " in grade("list", "--lang", "zh").out


def test_new_that_cannot_write_leaves_nothing_behind(grade: Grade, course: Path) -> None:
    suites = course / "tests" / "suites"
    shutil.rmtree(suites)
    suites.touch()
    before = files_of(course)

    ended = grade("new", "ex91_attention", "Attention, by hand")

    assert ended.code == 5
    assert "ex91_attention could not be written: Not a directory" in ended.err
    assert files_of(course) == before
    assert not (course / "solutions" / "ex91_attention").exists()


def test_check_of_a_new_exercise_lists_what_is_left(grade: Grade, course: Path) -> None:
    grade("new", "ex91_attention", 'A "quoted" title')

    ended = grade("check", "ex91")

    assert ended.code == 4
    lines = ended.out.splitlines()
    assert lines[0].startswith("✗ ex91_attention: ")
    said = " ".join(ended.out.split())
    for words in (
        "exercises/ex91_attention/exercise.toml:8 [unwritten] left to write: the tasks",
        "exercises/ex91_attention/README.zh.md:7 [unwritten]",
        "solutions/ex91_attention/ex91_attention.py:15 [unwritten] left to write: signature",
        "tests/suites/ex91_attention/test_hidden.py:12 [unwritten] left to write: what is checked",
        "checks.lock.json [missing-file] this file does not exist cure: grade lock ex91",
        "ex91_attention.ipynb [missing-file] this file does not exist cure: grade stub ex91",
        "solutions/ex91_attention/wrong [few-wrong-answers] 0 wrong answers",
    ):
        assert words in said
    assert all(len(line) <= 80 for line in lines)


def test_check_goes_on_after_a_broken_exercise(grade: Grade, course: Path) -> None:
    for name in ("ex91_one", "ex92_two"):
        grade("new", name, "A title")
    manifest = course / "exercises" / "ex91_one" / "exercise.toml"
    manifest.write_text("points = ", encoding="utf-8")
    out = course / "check.json"

    ended = grade("check", "ex91", "ex92", "--json", out)

    assert ended.code == 4
    broken, unwritten = json.loads(out.read_bytes())["exercises"]
    (fault,) = broken["result"]["faults"]
    assert fault["rule"] == "manifest"
    assert fault["file"] == "exercises/ex91_one/exercise.toml"
    assert len(unwritten["result"]["faults"]) > 10
    assert "ex92_two: looking at its files" in ended.err


def test_check_prints_json_alone_where_it_is_asked_for(grade: Grade, course: Path) -> None:
    grade("new", "ex91_one", "A title")

    document = json.loads(grade("check", "ex91", "--json", "-").out)

    assert document["sound"] is False


def test_check_of_the_course_finds_folders_of_no_exercise(grade: Grade, course: Path) -> None:
    shutil.rmtree(course / "exercises" / "ex90_mini")
    grade("new", "ex91_one", "A title")

    ended = grade("check")

    said = " ".join(ended.out.split())
    assert "solutions/ex90_mini [stray-file]" in said
    assert "tests/suites/ex90_mini [stray-file]" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ex9_one", "A title"), "needs a name such as ex09_attention"),
        (("ex91-one", "A title"), "needs a name such as ex09_attention"),
        (("ex91_One", "A title"), "needs a name such as ex09_attention"),
        (("../ex91_one", "A title"), "needs a name such as ex09_attention"),
        (("ex91_one", " "), "without a title"),
        (("ex90_other", "A title"), "is taken"),
        (("ex91_mini", "A title"), "is taken"),
    ],
)
def test_new_refuses_bad_and_taken_names(
    grade: Grade, course: Path, words: tuple[str, str], said: str
) -> None:
    before = files_of(course)

    ended = grade("new", *words)

    assert ended.code == 2
    assert said in ended.err
    assert files_of(course) == before


def test_check_of_an_unknown_exercise_is_wrong_use(grade: Grade, course: Path) -> None:
    assert grade("check", "ex55").code == 2
