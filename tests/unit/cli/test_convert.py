from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from class_reports import make_fault, make_report

Grade = Callable[..., Any]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.json"
    path.write_bytes(make_report().to_json())
    return path


def test_a_report_is_printed_or_written_in_the_form_that_is_asked_for(
    grade: Grade, report: Path, tmp_path: Path
) -> None:
    printed = grade("convert", report, "--to", "gradescope")
    assert printed.code == 0
    assert json.loads(printed.out)["score"] == 100
    out = tmp_path / "results.json"
    assert grade("convert", report, "--to", "gradescope", "--out", out).out == ""
    assert out.read_text(encoding="utf-8") == printed.out


def test_a_fault_that_the_format_cannot_say_leaves_nothing_behind(
    grade: Grade, report: Path, tmp_path: Path
) -> None:
    report.write_bytes(make_fault().to_json())
    out = tmp_path / "feedback.txt"
    ended = grade("convert", report, "--to", "autolab", "--out", out)
    assert (ended.code, ended.out, out.exists()) == (5, "", False)
    assert "a 0 would be wrong: the worker was lost" in ended.err
    assert "hint: Grade the submission again" in ended.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[]", b'{"schema_version": "9.0"}'])
def test_what_is_no_report_is_refused_in_words(grade: Grade, report: Path, content: bytes) -> None:
    report.write_bytes(content)
    ended = grade("convert", report, "--to", "vpl")
    assert ended.code == 2
    assert "hint: " in ended.err
    assert "Traceback" not in ended.err


def test_a_report_that_is_not_there_is_no_damaged_one(grade: Grade, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "gone.json"):
        assert "hint: Name a file that" in grade("convert", path, "--to", "vpl").err


def test_a_format_that_is_unknown_is_answered_with_those_that_are(
    grade: Grade, report: Path
) -> None:
    ended = grade("convert", report, "--to", "canvas")
    assert ended.code == 2
    assert "'gradescope'" in ended.err
