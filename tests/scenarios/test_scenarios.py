"""Whole runs against golden reports: a folder a case, with the submission and its report.

`python -m pytest tests/scenarios --update-goldens` writes what the grader says now; look at the
difference before committing it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from grader.course.catalog import Course, find_course, load_exercise
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.session.client import ExaminerClient, start_examiner
from grader.submission import read_submission

HERE = Path(__file__).parent
CASES = sorted(path.name for path in (HERE / "cases").iterdir())
VOLATILE = ("environment", "started_at", "duration_s", "submission")


@pytest.fixture(scope="module")
def mini_course() -> Course:
    return find_course(HERE / "course")


@pytest.fixture(scope="module")
def examiner() -> Iterator[ExaminerClient]:
    with start_examiner(()) as client:
        yield client


def grade(client: ExaminerClient, course: Course, file: Path) -> Report:
    request = GradeRequest(exercise=load_exercise(course, "ex90"), file=file, seed=7, device="cpu")
    return grade_with(client, request, read_submission(file))


def stable(report: Report) -> dict[str, Any]:
    """Leave out what differs between two runs or two machines."""
    data: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(report))
    for key in VOLATILE:
        del data[key]
    for task in data["tasks"]:
        for check in task["checks"]:
            del check["duration_s"]
            # What a check is called is the suite's affair.
            del check["title"]
        del task["title"]
    del data["title"]
    # How much of an endless stream arrives before the end is chance.
    data["output"].pop("truncated_bytes")
    return data


@pytest.mark.parametrize("case", CASES)
def test_report_is_the_golden_one(
    case: str, examiner: ExaminerClient, mini_course: Course, request: pytest.FixtureRequest
) -> None:
    folder = HERE / "cases" / case
    (file,) = folder.glob("ex90_mini.*")
    found = stable(grade(examiner, mini_course, file))
    golden = folder / "report.json"
    if request.config.getoption("--update-goldens"):
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        golden.write_text(text, encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def test_each_case_loses_at_most_the_task_that_it_breaks() -> None:
    """The rule over all goldens: whoever breaks one task keeps the others."""
    whole_file = {"empty", "nothing_parses", "wrong_facts"}
    for case in set(CASES) - whole_file:
        golden = json.loads((HERE / "cases" / case / "report.json").read_text(encoding="utf-8"))
        broken = [task["id"] for task in golden["tasks"] if task["score"] < task["max_score"]]
        assert len(broken) == (0 if case.startswith(("right", "prints_a_lot")) else 1), case
