"""Reports of a class, as a batch leaves them behind."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from grader.batch.class_list import ClassList, merge_class_list, write_class_list
from grader.batch.found import Discovery, Found
from grader.course.models import Visibility
from grader.language import Text
from grader.report.examination import Outcome, Output
from grader.report.model import (
    CheckReport,
    Environment,
    Report,
    SubmissionFacts,
    TaskReport,
)

PASSED: tuple[Outcome, ...] = ("passed", "passed")


def make_check(
    check_id: str,
    outcome: Outcome,
    points: float = 50.0,
    *,
    visibility: Visibility = "visible",
    misconception: str | None = None,
) -> CheckReport:
    return CheckReport(
        id=check_id,
        title=Text(f"{check_id} works", f"{check_id} 正确"),
        outcome=outcome,
        score=points if outcome == "passed" else 0.0,
        max_score=points,
        visibility=visibility,
        message=None,
        hint=None,
        misconception=misconception,
        where=None,
        duration_s=0.25,
    )


def make_report(
    exercise: str = "ex01", checks: tuple[CheckReport, ...] | None = None, **facts: Any
) -> Report:
    """Make a report of one task; its score is what the checks give, unless it is among `facts`."""
    if checks is None:
        checks = (make_check("one", "passed"), make_check("two", "passed", visibility="hidden"))
    score = sum(check.score for check in checks)
    task = TaskReport("work", Text("The work", "任务"), score, 100.0, checks)
    given: dict[str, Any] = {
        "schema_version": "1.0",
        "exercise": exercise,
        "title": Text(f"Exercise {exercise}", f"练习 {exercise}"),
        "status": "graded",
        "submission": SubmissionFacts("ada", f"{exercise}.py", "0" * 64, "py"),
        "score": score,
        "max_score": 100.0,
        "tasks": (task,),
        "problems": (),
        "notes": (),
        "skipped_statements": (),
        "output": Output(),
        "fault": None,
        "fault_of": None,
        "environment": Environment(
            grader="1", suite_sha256="0", python="3", torch="2", platform="Linux", device="cpu",
            threads=1, seed=7, trust="isolated", sandbox=("landlock",), missing_layers={},
        ),
        "started_at": "2026-01-02T00:00:00.000+00:00",
        "duration_s": 1.5,
    }  # fmt: skip
    return Report(**(given | facts))


def make_fault(exercise: str = "ex01", message: str = "the worker was lost") -> Report:
    return make_report(
        exercise,
        status="grader_fault",
        score=None,
        max_score=None,
        tasks=(),
        fault=Text(message, f"故障：{message}"),
        fault_of="grader",
    )


def make_unrunnable(exercise: str = "ex01") -> Report:
    checks = (make_check("one", "not_run"), make_check("two", "not_run", visibility="hidden"))
    return make_report(exercise, checks, status="not_runnable")


def store(out: Path, reports: Mapping[tuple[str, str], Report | bytes]) -> Path:
    """Write reports, or what is none, by student and exercise."""
    for (student, exercise), report in reports.items():
        path = out / "reports" / student / f"{exercise}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(report if isinstance(report, bytes) else report.to_json())
    return out


def listed(
    out: Path,
    exercises: Sequence[str],
    students: Sequence[str] = (),
    late: Collection[tuple[str, str]] = (),
    not_graded: Collection[tuple[str, str]] = (),
) -> Path:
    """Write what is known beyond the reports, as a batch does before it writes the gradebook."""
    discovery = Discovery(
        found=tuple(Found(*pair, path=out, origin="", late=True) for pair in sorted(late)),
        problems=(),
        warnings=(),
        missing=(),
        not_graded=tuple(not_graded),
        roster=tuple(students),
    )
    known = merge_class_list(ClassList(), exercises, discovery, roster=Path("class.csv"))
    write_class_list(out, known)
    return out


def small_class(out: Path) -> Path:
    """Write a class in which everything occurs that a gradebook marks."""
    squared = make_check("two", "failed", 33.335, visibility="hidden", misconception="squares")
    half = (make_check("one", "passed", 66.665), squared)
    return store(
        out,
        {
            ("ada", "ex01"): make_report("ex01"),
            ("ada", "ex02"): make_report("ex02", half, score=66.67),
            ("bob, jr.", "ex01"): make_report("ex01", half, score=66.67),
            ("bob, jr.", "ex03"): make_fault("ex03"),
            ("=1+1", "ex02"): make_unrunnable("ex02"),
            ("王小明", "ex01"): make_report("ex01", half, score=87.5),
            ("王小明", "ex02"): b'{"schema_version": "1.0", "exer',
        },
    )


def with_times(report: Report, seconds: float) -> Report:
    """Give the same report of a run that took another time."""
    tasks = tuple(
        msgspec.structs.replace(
            task,
            checks=tuple(
                msgspec.structs.replace(check, duration_s=seconds) for check in task.checks
            ),
        )
        for task in report.tasks
    )
    return msgspec.structs.replace(
        report, tasks=tasks, duration_s=seconds, started_at="2027-01-01T00:00:00.000+00:00"
    )
