from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.errors import ReportUnreadableError
from grader.language import Text
from grader.report.examination import CheckResult, Problem, Where
from grader.report.model import Report
from grader.report.read import parse_report, read_report
from grader.report.write import write_report

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]


@pytest.fixture
def full_report(make_report: MakeReport, missed: Missed) -> Report:
    where = Where("ex01_doubling.ipynb", 2, 3)
    problem = Problem(Text("a", "甲"), None, where, ("double",))
    return make_report(
        [missed("double_one", "failed", where=where, hint=Text("b", "乙"))],
        problems=(problem,),
        missing_layers={"seccomp": "not here"},
    )


def test_what_was_written_is_what_is_read(full_report: Report, tmp_path: Path) -> None:
    write_report(full_report, tmp_path / "r.json")
    assert read_report(tmp_path / "r.json") == full_report


def add_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: add_keys(part) for key, part in value.items()} | {"added_later": [{"a": 1}]}
    return [add_keys(part) for part in value] if isinstance(value, list) else value


def test_keys_that_a_later_version_added_are_passed_over(full_report: Report) -> None:
    data = json.loads(full_report.to_json())
    layers = data["environment"]["missing_layers"]
    data = add_keys(data) | {"schema_version": "1.7"}
    data["environment"]["missing_layers"] = layers
    assert parse_report(json.dumps(data).encode(), name="r.json") == full_report


@pytest.mark.parametrize("version", ["2.0", "10.0", "0.9", ""])
def test_another_major_version_is_refused_by_name(full_report: Report, version: str) -> None:
    data = json.loads(full_report.to_json()) | {"schema_version": version}
    with pytest.raises(ReportUnreadableError) as caught:
        parse_report(json.dumps(data).encode(), name="r.json")
    assert repr(version) in caught.value.message.en
    assert "r.json" in caught.value.message.zh
    assert caught.value.hint is not None
    assert "version" in caught.value.hint.en


def test_a_key_that_is_missing_or_wrong_is_an_error(full_report: Report) -> None:
    for change in ({"score": "100"}, {"tasks": None}, {"schema_version": 1}):
        data = json.loads(full_report.to_json()) | change
        with pytest.raises(ReportUnreadableError):
            parse_report(json.dumps(data).encode(), name="r.json")
    data = json.loads(full_report.to_json())
    del data["status"]
    with pytest.raises(ReportUnreadableError, match="status"):
        parse_report(json.dumps(data).encode(), name="r.json")


def test_every_part_of_a_report_is_an_error_and_no_crash(full_report: Report) -> None:
    content = full_report.to_json().rstrip()
    for end in range(0, len(content) - 1, 37):
        with pytest.raises(ReportUnreadableError):
            parse_report(content[:end], name="r.json")


def test_a_file_that_is_missing_or_far_too_large_is_an_error(
    full_report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "r.json"
    with pytest.raises(ReportUnreadableError, match="No such file"):
        read_report(path)
    write_report(full_report, path)
    monkeypatch.setattr("grader.report.read._MAX_BYTES", 100)
    with pytest.raises(ReportUnreadableError, match="too large"):
        read_report(path)
