"""Annotations, SARIF and summary: what is shown at the lines of a file, and on a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from class_reports import make_check, make_fault, make_report
from hygiene_corpus import CORPUS
from markdown_it import MarkdownIt

from grader.language import Language, Text
from grader.report.examination import CheckResult, Problem, Where
from grader.report.export.annotations import to_annotations
from grader.report.export.located import Located
from grader.report.export.sarif import to_sarif
from grader.report.export.summary import Row, to_summary
from grader.report.model import CheckReport, Report

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]
PATH = "deep, er/ex01:doubling%.py"
COMMAND = re.compile(r"::(error|warning) file=([^:]*),line=(\d+),title=([^:,]*)::([^\r\n]*)")


def decoded(text: str) -> str:
    for code, sign in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def annotated(*located: Located, language: Language = "en") -> list[tuple[str, ...]]:
    lines = to_annotations(located, language).decode().split("\n")
    assert lines.pop() == ""
    found = []
    for line in lines:
        match = COMMAND.fullmatch(line)
        assert match, line
        found.append(tuple(decoded(part) for part in match.groups()))
    return found


def failed(name: str, line: int, *, hidden: bool = False, message: str = "got 3") -> CheckReport:
    check = make_check(name, "failed", 1.0, visibility="hidden" if hidden else "visible")
    place = Where("ex01_doubling.py", None, line)
    return msgspec.structs.replace(check, message=Text(message, message), where=place)


def test_an_annotation_stands_at_the_students_own_line() -> None:
    report = make_report("ex01", (failed("one", 7), make_check("two", "passed")))
    (found,) = annotated(Located(report, PATH))
    assert found[:3] == ("error", PATH, "7")
    assert found[3] == "ex01 The work: one works"
    assert found[4] == "got 3\nex01_doubling.py, line 7"


def test_hidden_checks_are_warnings_without_details(
    make_report: MakeReport, missed: Missed
) -> None:
    seen = make_report([missed("double_many", "failed")]).for_student()
    found = annotated(Located(seen, PATH))
    (hidden,) = [one for one in found if "double_many" in one[3]]
    assert hidden[0] == "warning"
    assert hidden[4] == "failed"


def test_of_a_kind_there_are_ten_and_the_last_says_how_many_more() -> None:
    checks = [failed(f"v{n}", n, message=f"{n}") for n in range(1, 15)]
    checks += [failed(f"h{n}", n, hidden=True, message=f"{n}") for n in range(1, 12)]
    found = annotated(Located(make_report("ex01", tuple(checks)), PATH))
    kinds = [one[0] for one in found]
    assert (kinds.count("error"), kinds.count("warning")) == (10, 10)
    assert found[9][3] == "5 more like this one stand in the summary of this run"
    chinese = annotated(Located(make_report("ex01", tuple(checks)), PATH), language="zh")
    assert "另有 5 条" in chinese[9][3]


def test_what_is_said_twice_of_a_line_is_said_once() -> None:
    checks = (failed("one", 7), failed("two", 7), failed("three", 8))
    found = annotated(Located(make_report("ex01", checks), PATH))
    assert [(one[2], one[3]) for one in found] == [
        ("7", "ex01 The work: one works (+1 more)"), ("8", "ex01 The work: three works"),
    ]  # fmt: skip


def test_a_line_of_a_notebook_is_that_of_the_file() -> None:
    check = msgspec.structs.replace(failed("one", 2), where=Where("a.ipynb", 3, 2))
    report = make_report("ex01", (check,))
    assert annotated(Located(report, "a.ipynb", {(3, 2): 41}))[0][2] == "41"
    assert annotated(Located(report, "a.ipynb"))[0][2] == "1"


def test_a_file_that_cannot_be_run_has_its_problems_only() -> None:
    problem = Problem(
        Text("invalid syntax", "语法错误"), Text("a colon", "冒号"), Where("a", None, 3), ()
    )
    report = make_report("ex01", (make_check("one", "error"),), status="not_runnable",
                         problems=(problem,))  # fmt: skip
    assert [one[2:] for one in annotated(Located(report, PATH))] == [
        ("3", "ex01 invalid syntax", "invalid syntax\na colon")
    ]


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_whatever_a_submission_says_an_annotation_is_one_line(text: str) -> None:
    report = make_report("ex01", (failed("one", 7, message=text),))
    (found,) = annotated(Located(report, PATH))
    assert found[:3] == ("error", PATH, "7")


# -- SARIF


def sarif(*located: Located, language: Language = "en") -> dict[str, Any]:
    document: dict[str, Any] = json.loads(to_sarif(located, language))
    return document


def test_sarif_has_what_the_standard_asks_for() -> None:
    checks = (failed("one", 7), failed("two", 9, hidden=True), make_check("three", "passed"))
    document = sarif(Located(make_report("ex01", checks), "a b/é.py"))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["ex01/one", "ex01/two"]
    assert [result["level"] for result in run["results"]] == ["error", "warning"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "a%20b/%C3%A9.py"
        assert place["region"]["startLine"] >= 1
        assert re.fullmatch(r"[0-9a-f]{64}", result["partialFingerprints"]["checkId/v1"])


def test_a_finding_is_the_same_when_its_line_moves() -> None:
    prints = [
        sarif(Located(make_report("ex01", (failed("one", line),)), PATH))["runs"][0]["results"][0]
        for line in (7, 70)
    ]
    assert prints[0]["partialFingerprints"] == prints[1]["partialFingerprints"]


def test_without_findings_sarif_is_an_empty_run() -> None:
    assert sarif()["runs"][0]["results"] == []
    assert sarif(Located(make_fault(), PATH))["runs"][0]["results"] == []


# -- summary


def page(*rows: Row, language: Language = "en", notes: tuple[Text, ...] = ()) -> str:
    return to_summary(rows, notes, language).decode()


def row(report: Report | None, before: Report | None = None) -> Row:
    return Row("ex01", report, before, ())


def test_the_page_tells_scores_tasks_and_what_was_not_passed() -> None:
    now = make_report("ex01", (failed("one", 7), make_check("two", "passed", 50.0)))
    shown = page(row(now, make_report("ex01")))
    assert "| 50 / 100 | 100 / 100 |" in shown
    assert "The work&#58; " not in shown.split("### ex01")[0]
    assert "- 🟡 The work: 50 / 100" in shown
    assert "one works (0/1)" in shown
    assert "two works" not in shown


def test_the_page_exists_in_chinese() -> None:
    shown = page(row(make_report("ex01", (failed("one", 7),))), language="zh")
    assert "## 评分结果" in shown
    assert "one 正确" in shown
    assert page(language="zh").endswith("本次推送没有改动任何练习，因此没有可评分的内容。\n")


def test_a_fault_of_ours_is_no_score() -> None:
    shown = page(row(make_fault()))
    assert "| not graded |" in shown
    assert "not your code" in shown


def test_the_page_stays_below_what_github_shows() -> None:
    long = failed("one", 7, message="x" * 200_000)
    rows = [row(make_report("ex01", (long,))) for _ in range(9)]
    content = to_summary(rows, (), "en")
    assert len(content) < 2**20
    assert b"The page was cut here" in content


@pytest.mark.parametrize("text", CORPUS.values(), ids=CORPUS)
def test_whatever_a_submission_says_the_page_keeps_its_shape(text: str) -> None:
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table"])
    shapes = []
    for said in ("tame", f"x{text}"):
        report = make_report("ex01", (failed("one", 7, message=said),))
        shown = markdown.parse(page(row(report), notes=(Text(said, said),)))
        shapes.append([token.type for token in shown])
    assert shapes[0] == shapes[1]
