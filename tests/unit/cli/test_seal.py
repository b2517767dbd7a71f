from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import Course, load_exercise
from grader.seal.keys import KEY_VARIABLE, read_key
from grader.seal.package import open_sealed, read_sealed

Grade = Callable[..., Any]


def test_the_command_makes_keys_and_seals(
    grade: Grade, small_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exercise = load_exercise(small_course, "ex01")
    (exercise.suite / "test_visible.py").touch()
    file, out = tmp_path / "key.txt", tmp_path / "suites.sealed"
    assert grade("seal", "--new-key", file).out == f"{file}\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    again = grade("seal", "--new-key", file)
    assert again.code == 2
    assert "no key was written" in again.err
    assert grade("seal", "--out", out, "--key-file", file).out == f"{out}\n"
    assert open_sealed(read_sealed(out), read_key(file), out)
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    for wrong in (["seal"], ["seal", "--out", out]):
        ended = grade(*wrong)
        assert ended.code == 2
        assert "hint: " in ended.err
    exercise.solution.unlink()
    kit = grade("seal", "--out", out, "--key-file", file)
    assert kit.code == 4
    assert "Seal a whole course" in kit.err
