from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.language import Text
from grader.report.examination import CheckResult, Where
from grader.report.model import CheckReport, Report

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]

VALUES = "tensor([[0.7071, 3.14]])"
MESSAGE = Text(f"got {VALUES}", f"得到 {VALUES}")
PLACE = Where("ex01_doubling.py", None, 12)


def checks_of(report: Report) -> dict[str, CheckReport]:
    return {check.id: check for task in report.tasks for check in task.checks}


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("failed", None),
        ("error", "your code raised an exception"),
        ("crashed", "your code ended the process that it ran in"),
    ],
)
def test_a_hidden_check_keeps_title_outcome_hint_and_line_but_no_values(
    make_report: MakeReport, missed: Missed, outcome: str, said: str | None
) -> None:
    hint = Text("look at the sum", "看看求和处")
    found = missed("double_many", outcome, message=MESSAGE, hint=hint, where=PLACE)
    report = make_report([found])
    shown = checks_of(report.for_student())["double_many"]
    assert (shown.outcome, shown.hint, shown.where) == (outcome, hint, PLACE)
    assert shown.title.en == "double_many works"
    assert (shown.message and shown.message.en) == said
    assert VALUES.encode() in report.to_json()
    assert VALUES.encode() not in report.for_student().to_json()


@pytest.mark.parametrize("outcome", ["timeout", "memory", "forbidden"])
def test_what_the_grader_itself_said_about_a_hidden_check_is_kept(
    make_report: MakeReport, missed: Missed, outcome: str
) -> None:
    said = Text("your code did not finish within 5 s", "你的代码没有在 5 秒内完成")
    report = make_report([missed("double_many", outcome, message=said)])
    assert checks_of(report.for_student())["double_many"].message == said


def test_a_visible_check_is_shown_as_it_is(make_report: MakeReport, missed: Missed) -> None:
    report = make_report([missed("double_one", "failed", message=MESSAGE)])
    assert checks_of(report.for_student())["double_one"] == checks_of(report)["double_one"]


def test_a_name_that_is_missing_may_be_named(make_report: MakeReport, missed: Missed) -> None:
    said = Text("your file does not define `double`", "你的文件没有定义 `double`")
    report = make_report(
        [missed("double_many", "failed", message=said, misconception="name-missing")]
    )
    assert checks_of(report.for_student())["double_many"].message == said


def test_the_words_of_an_unwritten_hole_stay_hidden(
    make_report: MakeReport, missed: Missed
) -> None:
    report = make_report(
        [missed("double_many", "failed", message=MESSAGE, misconception="not-written-yet")]
    )
    message = checks_of(report.for_student())["double_many"].message
    assert message == Text("not written yet", "尚未完成")


def test_seed_prints_and_folders_are_left_out(make_report: MakeReport) -> None:
    shown = make_report().for_student()
    assert shown.environment.seed is None
    assert shown.output.stdout == ""
    assert shown.submission.path == "ex01_doubling.py"
    assert shown.score == 100
