"""Whole runs against golden reports: a folder a case, with the submission and its report.

`python -m pytest tests/scenarios --update-goldens` writes what the grader says now; look at the
difference before committing it.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from grading import MINI_COURSE, MiniCourse
from rich.cells import cell_len

from grader.language import LANGUAGES, Language
from grader.report.model import Report
from grader.report.terminal import print_report
from grader.session.client import ExaminerClient

HERE = Path(__file__).parent
CASES = sorted(path.name for path in (HERE / "cases").iterdir())
READ = (
    "empty",
    "endless_loop",
    "exception",
    "forbidden_by_alias",
    "no_return",
    "notebook",
    "nothing_parses",
    "right",
    "syntax_error_in_one_function",
    "wrong_shape",
    "wrong_value_with_a_known_cause",
)
"""Cases whose report is also kept as a student reads it."""
TORCH_SOURCE = re.compile(r"(\.cpp):\d+")
VOLATILE = ("environment", "started_at", "duration_s", "submission")


@pytest.fixture(scope="module")
def mini_course(mini_client: ExaminerClient) -> MiniCourse:
    return MiniCourse(MINI_COURSE, mini_client)


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
    # What only a learner's own script has.
    for key in ("matches", "advice", "present"):
        if not data[key]:
            del data[key]
    # How much of an endless stream arrives before the end is chance.
    data["output"].pop("truncated_bytes")
    # A warning of torch's names a line of its own source, which every release moves.
    data["output"]["stderr"] = TORCH_SOURCE.sub(r"\1", data["output"]["stderr"])
    return data


def shown(report: Report, language: Language, monkeypatch: pytest.MonkeyPatch) -> str:
    """Show what a student reads on a terminal of 80 columns without colour."""
    monkeypatch.setenv("COLUMNS", "80")
    file = io.StringIO()
    print_report(report.for_student(), language, file)
    return file.getvalue()


@pytest.mark.parametrize("case", CASES)
def test_report_is_the_golden_one(
    case: str,
    mini_course: MiniCourse,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = HERE / "cases" / case
    (file,) = folder.glob("ex90_mini.*")
    report = mini_course.grade(file, seed=7)
    found = stable(report)
    golden = folder / "report.json"
    if request.config.getoption("--update-goldens"):
        text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
        golden.write_text(text, encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))
    for language in LANGUAGES:
        text = shown(report, language, monkeypatch)
        assert max(map(cell_len, text.splitlines())) <= 80
        assert "\x1b" not in text
        if case in READ:
            page = folder / f"report.{language}.txt"
            if request.config.getoption("--update-goldens"):
                page.write_text(text, encoding="utf-8")
            assert text == page.read_text(encoding="utf-8")


def test_each_case_loses_at_most_the_task_that_it_breaks() -> None:
    """The rule over all goldens: whoever breaks one task keeps the others."""
    whole_file = {"empty", "nothing_parses", "wrong_facts"}
    for case in set(CASES) - whole_file:
        golden = json.loads((HERE / "cases" / case / "report.json").read_text(encoding="utf-8"))
        broken = [task["id"] for task in golden["tasks"] if task["score"] < task["max_score"]]
        assert len(broken) == (
            0 if case.startswith(("right", "prints_a_lot", "name_misspelt")) else 1
        ), case
