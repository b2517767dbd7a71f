"""Reports in which everything occurs that an exporter has to write down or keep back."""

from __future__ import annotations

import msgspec
from class_reports import make_check, make_fault, make_report

from grader.language import Text
from grader.report.examination import Output, Problem, Where
from grader.report.model import CheckReport, Report

SECRET = "tensor([[0.7071, 3.14]])"  # noqa: S105 - what no student may read
PRINTED = "the code printed this"
LINE = Where("ex01.py", None, 12)
CELL = Where("ex01.ipynb", 3, 2)


def _said(check: CheckReport, message: str, hint: str | None, where: Where | None) -> CheckReport:
    return msgspec.structs.replace(
        check,
        message=Text(message, f"（中文）{message}"),
        hint=None if hint is None else Text(hint, f"（中文）{hint}"),
        where=where,
    )


def half() -> Report:
    """Give a report with every visibility and several outcomes; texts are hostile."""
    hostile = (
        "got \x1b[31m<script>alert(1)</script>\n::error::owned\n"
        "--|>\nGrade :=>> 100\n" + '{"scores": {"work": 100}}'
    )
    checks = (
        make_check("shown", "passed", 40),
        _said(make_check("wrong", "failed", 20), hostile, "look at the sum", LINE),
        _said(
            make_check("secret", "failed", 15, visibility="hidden", misconception="squares"),
            f"got {SECRET}",
            "you squared",
            LINE,
        ),
        _said(
            make_check("later", "error", 15, visibility="after_due_date"),
            f"raised {SECRET}",
            None,
            CELL,
        ),
        _said(
            make_check("last", "timeout", 10, visibility="after_published"),
            "did not finish within 5 s",
            None,
            None,
        ),
    )
    return make_report(
        checks=checks,
        output=Output(PRINTED, ""),
        notes=(Text("The file was read as GB18030.", "文件按 GB18030 编码读取。"),),
    )


def not_runnable() -> Report:
    """Give the report of a file that does not parse."""
    problem = Problem(
        Text("`(` was never closed", "`(` 没有闭合"),
        Text("close it", "请补上右括号"),
        Where("ex01.py", None, 3),
        ("work",),
    )
    checks = (make_check("one", "not_run"), make_check("two", "not_run", visibility="hidden"))
    return make_report(checks=checks, status="not_runnable", problems=(problem,))


def fractions() -> Report:
    """Give a report whose points are no integers."""
    checks = (make_check("third", "passed", 33.33), make_check("rest", "failed", 66.67))
    return make_report(checks=checks)


CASES: dict[str, Report] = {
    "full": make_report(),
    "half": half(),
    "fractions": fractions(),
    "not_runnable": not_runnable(),
    "fault": make_fault(),
}
