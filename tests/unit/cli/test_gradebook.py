from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from class_reports import listed, make_report, small_class, store

from grader.batch.gradebook import write_gradebook

Grade = Callable[..., Any]


def test_both_files_are_made_anew_and_named(grade: Grade, tmp_path: Path) -> None:
    out = small_class(tmp_path / "out")
    first = write_gradebook(listed(out, ["ex01", "ex02"], ["zoe"], {("ada", "ex01")}))
    written = first.gradebook.read_bytes(), first.checks.read_bytes()
    for path in (first.gradebook, first.checks):
        path.unlink()
    ended = grade("gradebook", out)
    assert ended.code == 0
    assert ended.out.splitlines() == [str(out / "gradebook.csv"), str(out / "checks.csv")]
    assert (first.gradebook.read_bytes(), first.checks.read_bytes()) == written


def test_what_has_no_score_is_told_apart_from_the_result(grade: Grade, tmp_path: Path) -> None:
    out = small_class(tmp_path / "out")
    lines = grade("gradebook", out).err.splitlines()
    assert lines[0].startswith("reports/王小明/ex02.json is no report that can be read")
    assert lines[1:] == ["bob, jr. ex03: no score, the fault is ours"]
    assert "没有得分" in grade("gradebook", out, "--lang", "zh").err


def test_the_summary_is_shown_when_asked_for(grade: Grade, tmp_path: Path) -> None:
    out = store(tmp_path / "out", {("ada", "ex01"): make_report()})
    ended = grade("gradebook", out, "--summary")
    assert "Students: 1, reports: 1, late: 0" in ended.out
    assert ended.err == ""


@pytest.mark.parametrize(
    ("name", "said"), [("none", "there is no folder"), ("empty", "there are no reports")]
)
def test_a_folder_without_reports_is_refused_and_left_alone(
    name: str, said: str, grade: Grade, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / name
    ended = grade("gradebook", out)
    assert ended.code == 2
    assert said in ended.err
    assert "hint: " in ended.err
    assert not (tmp_path / "none").exists()
    assert list((tmp_path / "empty").iterdir()) == []
