from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grade = Callable[..., Any]


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "torchgrade-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("empty", "")
    return path


@pytest.mark.usefixtures("small_course")
def test_the_archive_is_written_and_not_replaced_unasked(
    grade: Grade, tmp_path: Path, wheel: Path
) -> None:
    out = tmp_path / "autograder.zip"
    words = ("export", "gradescope", "--exercise", "ex01", "--out", out, "--wheel", wheel)
    ended = grade(*words, "--seed", "7", "--lang", "zh")
    assert (ended.code, ended.out) == (0, f"{out}\n")
    first = out.read_bytes()
    settings = zipfile.ZipFile(out).read("autograder.json").decode()
    assert '"language": "zh"' in settings
    assert grade(*words).code == 2
    assert out.read_bytes() == first
    assert grade(*words, "--seed", "7", "--lang", "zh", "--force").code == 0
    assert out.read_bytes() == first, "the same course and seed give the same bytes"


@pytest.mark.usefixtures("small_course")
def test_what_is_no_wheel_is_refused_in_words(grade: Grade, tmp_path: Path) -> None:
    wheel = tmp_path / "empty.whl"
    wheel.touch()
    out = tmp_path / "autograder.zip"
    ended = grade("export", "gradescope", "--exercise", "ex01", "--out", out, "--wheel", wheel)
    assert ended.code == 2
    assert "it is no wheel" in ended.err
    assert not out.exists()


@pytest.mark.usefixtures("small_course")
def test_an_exercise_that_is_unknown_is_refused(grade: Grade, tmp_path: Path, wheel: Path) -> None:
    words = ("export", "gradescope", "--exercise", "ex77", "--out", tmp_path / "a.zip")
    ended = grade(*words, "--wheel", wheel)
    assert ended.code == 2
    assert "there is no exercise 'ex77'" in ended.err
