"""The part of a report that a gradebook is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from grader.errors import ReportUnreadableError
from grader.report.grades import Grades, read_grades
from grader.report.model import Report

MakeReport = Callable[..., Report]


def test_grades_are_those_of_the_report(make_report: MakeReport, tmp_path: Path) -> None:
    path = tmp_path / "ex01.json"
    report = make_report()
    path.write_bytes(report.to_json())
    assert read_grades(path) == msgspec.convert(msgspec.to_builtins(report), Grades)


def test_grades_of_a_later_minor_version_are_read(make_report: MakeReport, tmp_path: Path) -> None:
    path = tmp_path / "ex01.json"
    report = make_report()
    path.write_bytes(report.to_json().replace(b'"1.0"', b'"1.7"', 1))
    assert read_grades(path).score == report.score


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema_version": "1.0"}', b"\xff"])
def test_what_is_no_report_has_no_grades(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "ex01.json"
    path.write_bytes(content)
    with pytest.raises(ReportUnreadableError, match=r"ex01\.json"):
        read_grades(path)
