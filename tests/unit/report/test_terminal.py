from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from rich.cells import cell_len

from grader.language import Language, Text
from grader.report.examination import CheckResult, Problem, SkippedStatement, Where
from grader.report.model import Report
from grader.report.sentences import FollowUp
from grader.report.terminal import print_report

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]
PLACE = Where("ex01_doubling.py", None, 12)


class Terminal(io.StringIO):
    """A terminal that keeps what it is sent."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def shown(report: Report, language: Language = "en", **options: Any) -> str:
    file = io.StringIO()
    print_report(report, language, file, **options)
    return file.getvalue()


def test_scores_come_first_then_what_failed_where_and_what_to_do(
    make_report: MakeReport, missed: Missed
) -> None:
    hint = Text("look at the sum", "看看求和处")
    text = shown(make_report([missed("double_one", "failed", where=PLACE, hint=hint)]))
    order = [
        "ex01  Doubling", "Score: 0 / 100", "Double a tensor", "0 / 60", "0 / 40",
        "failed: double_one works  (0/20)", "double_one: got 3, expected 4",
        "ex01_doubling.py, line 12", "hint: look at the sum",
    ]  # fmt: skip
    positions = [text.index(part) for part in order]
    assert positions == sorted(positions)


def test_chinese_is_chinese_and_keeps_the_width(make_report: MakeReport, missed: Missed) -> None:
    long = Text("a", "结果不对。" * 40)
    report = make_report([missed("double_one", "failed", where=PLACE, hint=long)])
    text = shown(report, "zh")
    for part in ("得分：0 / 100", "未通过：", "第 12 行", "提示：", "把张量加倍"):
        assert part in text
    assert max(cell_len(line) for line in text.splitlines()) <= 80


def test_full_marks_celebrate_briefly_and_name_what_comes_next(make_report: MakeReport) -> None:
    lines = shown(make_report(), follow_up=FollowUp("ex02", Text("Halving", "减半"))).splitlines()
    assert lines[1] == "Score: 100 / 100"
    assert lines[5:] == [
        "",
        "  Full marks, well done! Next: ex02, Halving.",
        "  `grade show ex02` says what it asks for.",
    ]
    assert "last exercise" in shown(make_report())


def test_without_colour_there_is_no_escape_sequence(
    make_report: MakeReport, missed: Missed, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = make_report([missed("double_one", "failed")])
    coloured, plain = Terminal(), Terminal()
    print_report(report, "en", coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    print_report(report, "en", plain)
    assert "\x1b[31m" in coloured.getvalue()
    assert "\x1b[3" not in plain.getvalue()


def test_untrusted_text_is_neither_obeyed_nor_read_as_markup(
    make_report: MakeReport, missed: Missed
) -> None:
    bad = "[bold]Score: 100[/bold] :smile: \x1b]0;x\x07\x1b[2Jend"
    text = shown(make_report([missed("double_one", "failed", message=Text(bad, bad))]))
    assert "[bold]Score: 100[/bold] :smile: end" in text
    assert "\x1b" not in text


def test_a_long_message_is_cut(make_report: MakeReport, missed: Missed) -> None:
    long = "\n".join(f"line {number}" for number in range(100))
    text = shown(make_report([missed("double_one", "failed", message=Text(long, long))]))
    assert "line 19" in text
    assert "line 20" not in text
    assert "… 80 more lines" in text


def test_checks_that_failed_for_one_reason_share_its_explanation(
    make_report: MakeReport, missed: Missed
) -> None:
    reason = Text("the same", "相同")
    results = [missed(name, "failed", message=reason) for name in ("double_one", "double_many")]
    text = shown(make_report(results), show_all=True)
    assert text.count("the same") == 1
    assert text.count("failed: ") + text.count("failed (hidden check): ") == 2
    assert "1 more of its checks end the same way" in shown(make_report(results))


def test_work_that_has_not_begun_is_named_once(make_report: MakeReport, missed: Missed) -> None:
    todo = Text("not written yet: TODO: double it", "尚未完成：加倍")
    less = Text("not written yet", "尚未完成")
    results = [
        missed(name, "failed", message=said, misconception="not-written-yet", where=PLACE)
        for name, said in (("double_one", todo), ("double_many", less))
    ]
    text = shown(make_report(results))
    assert text.count("not written yet: TODO: double it  (60 points)") == 1
    assert "double_many works" not in text


def test_a_part_that_does_not_load_is_looked_at_first(make_report: MakeReport) -> None:
    problem = Problem(
        Text("SyntaxError: '(' was never closed", "语法错误"),
        Text("Close it.", "补上括号。"),
        Where("ex01.ipynb", 3, 2, "f(", 2),
        ("double",),
    )
    text = shown(make_report((), status="not_runnable", problems=(problem,)))
    order = [
        "Look here first", "ex01.ipynb, code cell 3, line 2", "2 | f(\n         |  ^",
        "was never closed", "Not defined because of it: double", "hint: Close it.",
    ]  # fmt: skip
    positions = [text.index(part) for part in order]
    assert positions == sorted(positions)
    assert "After that" not in text


def test_where_nothing_loads_the_problem_is_told_once(
    make_report: MakeReport, missed: Missed
) -> None:
    problem = Problem(Text("SyntaxError", "SyntaxError"), None, None, ())
    report = make_report(
        [missed("double_one", "error")], status="not_runnable", problems=(problem,)
    )
    assert shown(report).count("SyntaxError") == 1
    assert "hidden check" not in shown(report)


def test_skipped_statements_are_one_line_and_unused_imports_none(
    make_report: MakeReport,
) -> None:
    skipped = [
        SkippedStatement(Where("f.py", None, line), code, Text("a", "b"))
        for line, code in ((1, "import os"), (3, "a = 1"), (4, "b = 2"), (9, "print(a)"))
    ]
    text = shown(make_report(skipped_statements=tuple(skipped)))
    assert "line 3-4, 9." in text
    of_no_concern = ("import os", "%load_ext grader", "%grade ex03 --lang zh")
    unremarkable = tuple(msgspec.structs.replace(skipped[0], code=code) for code in of_no_concern)
    assert "--run-all" not in shown(make_report(skipped_statements=unremarkable))


def test_notes_are_shown(make_report: MakeReport) -> None:
    report = make_report()
    noted = type(report)(**{
        name: getattr(report, name) for name in report.__struct_fields__ if name != "notes"
    }, notes=(Text("read as GB18030", "按 GB18030 读取"),))  # fmt: skip
    assert "read as GB18030" in shown(noted)


def test_a_fault_of_ours_says_that_it_costs_nothing(make_report: MakeReport) -> None:
    text = shown(make_report((), status="grader_fault", fault=Text("it broke", "出错")))
    assert "costs you nothing" in text
    assert "it broke" in text
    assert "Score" not in text


def test_a_terminal_without_the_signs_gets_ascii(make_report: MakeReport, missed: Missed) -> None:
    file = Terminal("gbk")
    print_report(make_report([missed("double_one", "failed")]), "zh", file)
    text = file.getvalue()
    assert text.encode("gbk").decode("gbk") == text
    assert "得分" in text


def test_no_line_ends_in_spaces(make_report: MakeReport, missed: Missed) -> None:
    text = shown(make_report([missed("double_one", "failed")]))
    assert [line for line in text.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("en", ["Score: visible 100 / 100", "65 more points are graded after submission."]),
        ("zh", ["得分：可见部分 100 / 100", "另有 65 分在提交后评定。"]),
    ],
)
def test_the_score_of_visible_checks_alone_is_marked_as_such(
    make_report: MakeReport, language: Language, lines: list[str]
) -> None:
    shown = io.StringIO()
    report = msgspec.structs.replace(make_report(), withheld_points=65.0)
    print_report(report, language, shown)
    assert shown.getvalue().splitlines()[1:3] == lines
