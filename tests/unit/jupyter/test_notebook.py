from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
from grading import MINI_COURSE

from grader.jupyter.notebook import Executions, current_notebook, is_of_another_exercise


def save(path: Path, *sources: str) -> Path:
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} for source in sources
    ]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(content), encoding="utf-8")
    # Saved a while ago: what runs from now on is later.
    os.utime(path, (time.time() - 60, time.time() - 60))
    return path


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    return save(tmp_path / "mine.ipynb", "x = 1")


def test_jupyter_tells_the_notebooks_path(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for told in (str(notebook), f"RTC:{notebook}", "folder/of/the/server/mine.ipynb"):
        monkeypatch.setenv("JPY_SESSION_NAME", told)
        assert current_notebook({}) == notebook


def test_visual_studio_code_tells_it_by_a_name(notebook: Path) -> None:
    assert current_notebook({"__vsc_ipynb_file__": str(notebook)}) == notebook


@pytest.mark.parametrize("told", [None, 5, "", "gone.ipynb", "script.py"])
def test_where_nobody_tells_no_file_is_taken_for_the_notebook(
    notebook: Path, tmp_path: Path, told: object
) -> None:
    (tmp_path / "script.py").touch()
    assert current_notebook({"__vsc_ipynb_file__": told}) is None


@pytest.mark.parametrize(
    ("name", "other"), [("ex90_mini.ipynb", False), ("ex91_more.ipynb", True), ("my.ipynb", False)]
)
def test_a_notebook_of_another_exercise_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, other: bool
) -> None:
    course = tmp_path / "course"
    for exercise in ("ex90_mini", "ex91_more"):
        folder = course / "exercises" / exercise
        folder.mkdir(parents=True)
        manifest = MINI_COURSE / "exercises" / "ex90_mini" / "exercise.toml"
        (folder / "exercise.toml").write_bytes(manifest.read_bytes())
    (course / "solutions").mkdir()
    monkeypatch.setenv("GRADE_COURSE", str(course))
    assert is_of_another_exercise(Path(name), "ex90") is other


def test_what_was_run_and_stands_in_the_file_is_saved(notebook: Path) -> None:
    ran = Executions()
    ran.note("x = 1  \n", "cell-1")
    ran.note("%grade ex90", "cell-2")
    ran.note("# setup\n%load_ext grader", None)
    assert ran.are_saved(notebook)


def test_what_was_run_and_does_not_stand_in_the_file_is_not(notebook: Path) -> None:
    ran = Executions()
    ran.note("x = 2", None)
    assert not ran.are_saved(notebook)


def test_only_the_last_run_of_a_cell_counts(notebook: Path) -> None:
    ran = Executions()
    ran.note("x = 2", "cell-1")
    ran.note("x = 1", "cell-1")
    assert ran.are_saved(notebook)


def test_what_was_run_before_the_last_save_may_have_been_changed_since(notebook: Path) -> None:
    ran = Executions()
    ran.note("x = 2", "cell-1")
    save(notebook, "x = 3")
    os.utime(notebook)
    assert ran.are_saved(notebook)


def test_a_file_that_cannot_be_read_is_for_the_command_line_to_complain_of(
    notebook: Path,
) -> None:
    ran = Executions()
    ran.note("x = 2", None)
    notebook.write_bytes(b"\xff")
    os.utime(notebook, (0, 0))
    assert ran.are_saved(notebook)
    assert ran.are_saved(notebook.with_name("gone.ipynb"))
