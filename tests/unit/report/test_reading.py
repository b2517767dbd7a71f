from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.language import Text
from grader.report.examination import CheckResult, Problem, Where
from grader.report.model import Report
from grader.report.reading import UNWRITTEN, is_untouched, read_in_order

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]
TODO = Text("not written yet: double it", "尚未完成：加倍")


@pytest.fixture
def exercise(small_course: Course) -> Exercise:
    """Give the exercise of the other tests, with a check that needs another one."""
    known = load_exercise(small_course, "ex01")
    checks = [
        msgspec.structs.replace(check, needs=("double_one",))
        if check.id == "double_many"
        else check
        for check in known.checks
    ]
    return msgspec.structs.replace(known, checks=tuple(checks))


def first_of(report: Report) -> str:
    first = read_in_order(report).first
    assert first is not None
    return first.check.id


def test_what_unlocks_most_comes_first_and_those_that_wait_are_no_reading(
    make_report: MakeReport, missed: Missed
) -> None:
    names = ("double_many", "double_one", "facts[two]")
    reading = read_in_order(make_report([missed(name, "failed") for name in names]))
    assert reading.first is not None
    assert reading.first.check.id == "double_one"
    assert [check.id for check in reading.first.waiting] == ["double_many"]
    assert reading.first.points == 60
    assert [finding.check.id for finding in reading.later] == ["facts[two]"]


def test_dependencies_never_change_a_score(
    make_report: MakeReport, missed: Missed, exercise: Exercise
) -> None:
    report = make_report([missed("double_one", "failed"), CheckResult("double_many", "passed")])
    many = report.tasks[0].checks[1]
    assert (many.score, many.blocked_by) == (40, ())
    assert report.score == 40


def test_a_check_whose_needs_passed_is_read_for_itself(
    make_report: MakeReport, missed: Missed
) -> None:
    results = [CheckResult("double_one", "passed"), missed("double_many", "failed")]
    assert first_of(make_report(results)) == "double_many"


def test_a_mistake_comes_before_what_is_not_written_yet(
    make_report: MakeReport, missed: Missed
) -> None:
    unwritten = [
        missed(name, "failed", message=TODO, misconception=UNWRITTEN)
        for name in ("double_one", "double_many")
    ]
    assert first_of(make_report([*unwritten, missed("facts[two]", "failed")])) == "facts[two]"


def test_a_file_that_was_not_begun_is_told_from_a_wrong_one(
    make_report: MakeReport, missed: Missed
) -> None:
    names = ("double_one", "double_many", "facts[two]")
    unwritten = [missed(name, "failed", message=TODO, misconception=UNWRITTEN) for name in names]
    assert is_untouched(make_report(unwritten))
    assert not is_untouched(make_report([*unwritten[:2], missed("facts[two]", "failed")]))
    assert not is_untouched(make_report())


def test_a_part_that_does_not_load_is_first_and_its_echo_is_not_told_again(
    make_report: MakeReport, missed: Missed
) -> None:
    place = Where("a.py", None, 3)
    problem = Problem(Text("SyntaxError", "SyntaxError"), None, place, ("double",))
    results = [missed("double_one", "error", where=place), missed("facts[two]", "failed")]
    reading = read_in_order(make_report(results, problems=(problem,)))
    assert reading.problem is problem
    assert reading.first is None
    assert "facts[two]" in [finding.check.id for finding in reading.later]
    assert "double_one" not in [finding.check.id for finding in reading.later]


def test_a_loose_statement_that_fails_is_no_reason_to_look_there_first(
    make_report: MakeReport, missed: Missed
) -> None:
    harmless = Problem(Text("ImportError", "ImportError"), None, None, ())
    reading = read_in_order(make_report([missed("double_one", "failed")], problems=(harmless,)))
    assert reading.problem is None
    assert reading.later_problems == (harmless,)
