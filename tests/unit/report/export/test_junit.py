from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from class_reports import make_check, make_fault, make_report
from hygiene_corpus import CORPUS

from grader.language import Text
from grader.report.examination import CheckResult, Where
from grader.report.export.junit import to_junit
from grader.report.model import Report

MakeReport = Callable[..., Report]
SAMPLE = """
import pytest

@pytest.fixture
def broken():
    raise OSError("set-up")

def test_good(record_testsuite_property):
    record_testsuite_property("points", "1/1")

def test_bad(): assert 1 == 2
def test_error(broken): pass
@pytest.mark.skip(reason="why")
def test_skipped(): pass
"""


def shape(root: ET.Element) -> dict[str, tuple[set[str], set[str]]]:
    """Give which attributes and which children each kind of element has."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for element in root.iter():
        attributes, children = found.setdefault(element.tag, (set(), set()))
        attributes |= set(element.attrib)
        children |= {child.tag for child in element}
    return found


def parsed(*reports: Report, language: str = "en") -> ET.Element:
    return ET.fromstring(to_junit(reports, language))  # type: ignore[arg-type] # noqa: S314 - ours


def test_it_has_the_shape_that_pytest_gives_to_xunit2(
    make_report: MakeReport, missed: Callable[..., CheckResult], tmp_path: Path
) -> None:
    (tmp_path / "test_sample.py").write_text(SAMPLE, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "--junitxml=out.xml", "-p", "no:cacheprovider"]
    command += ["-o", "junit_family=xunit2", "--rootdir=.", "test_sample.py"]
    subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, timeout=60)
    theirs = shape(ET.parse(tmp_path / "out.xml").getroot())  # noqa: S314 - pytest's own
    ours = shape(
        parsed(
            make_report([missed("double_one", "failed"), missed("double_many", "crashed")]),
            make_fault(),
            no_points(),
        )
    )
    for tag, (attributes, children) in ours.items():
        assert attributes <= theirs[tag][0], tag
        assert children <= theirs[tag][1], tag
    assert {"failure", "error", "skipped"} <= set(ours)


def no_points() -> Report:
    return make_report("ex02", (make_check("gpu", "not_run", 0.0), make_check("one", "passed")))


def test_counts_points_and_outcomes_are_told(
    make_report: MakeReport, missed: Callable[..., CheckResult]
) -> None:
    report = make_report([missed("double_one", "failed"), missed("double_many", "timeout")])
    suite = parsed(report)[0]
    assert (suite.get("failures"), suite.get("errors"), suite.get("tests")) == ("2", "1", "3")
    points = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert points["points.double.double_one"] == "0/20"
    assert (points["score"], points["max_score"]) == ("0", "100")
    said = {case.get("classname"): [end.get("message") for end in case] for case in suite}
    assert said["ex01.facts"] == ["not run (0/40)"]


def test_a_check_that_is_worth_nothing_may_be_skipped() -> None:
    suite = parsed(no_points())[0]
    assert (suite.get("skipped"), suite.get("failures")) == ("1", "0")


def test_place_and_hint_stand_below_the_message(
    make_report: MakeReport, missed: Callable[..., CheckResult]
) -> None:
    place = Where("ex01_doubling.ipynb", 3, 2)
    found = missed("double_one", "failed", hint=Text("look", "看"), where=place)
    name = place.file
    for language, lines in (
        ("en", ["double_one: got 3, expected 4", f"{name}, code cell 3, line 2", "hint: look"]),
        ("zh", ["double_one：得到 3，应为 4", f"{name} 第 3 个代码单元格第 2 行", "提示：看"]),
    ):  # fmt: skip
        failure = parsed(make_report([found]), language=language)[0].find("testcase/failure")
        assert failure is not None
        assert (failure.text or "").split("\n") == lines


def test_a_fault_of_ours_is_an_error_that_says_so() -> None:
    suite = parsed(make_fault())[0]
    assert (suite.get("errors"), suite.get("failures")) == ("1", "0")
    error = suite.find("testcase/error")
    assert error is not None
    assert "not your code" in (error.get("message") or "")
    assert error.text == "the worker was lost"


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_whatever_a_submission_says_the_document_can_be_read(
    make_report: MakeReport, missed: Callable[..., CheckResult], text: str
) -> None:
    found = missed("double_one", "failed", message=Text(text, text), where=Where(text, None, 1))
    root = parsed(make_report([found]))
    assert len(root) == 1
    assert len(root[0].findall("testcase")) == 3
