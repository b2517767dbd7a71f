from __future__ import annotations

import json
from collections.abc import Callable

import jsonschema
import msgspec
import pytest

from grader.course.fingerprint import suite_sha256
from grader.course.models import Exercise
from grader.language import Text
from grader.report.examination import (
    CheckResult,
    Output,
    Problem,
    SkippedStatement,
    Where,
)
from grader.report.model import Report
from grader.report.schema import SCHEMA_FILE, make_schema

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]


def test_the_committed_schema_is_the_generated_one() -> None:
    assert SCHEMA_FILE.read_bytes() == make_schema(), "run `python -m grader.report.schema`"


def test_every_key_of_the_schema_is_described() -> None:
    definitions = json.loads(make_schema())["$defs"]
    plain = {"Where", "CheckResult"}
    missing = [
        f"{name}.{field}"
        for name, definition in definitions.items()
        if name not in plain
        for field, described in definition["properties"].items()
        if "description" not in described
    ]
    allowed = {
        "Problem.message", "Problem.hint", "Problem.where",
        "SkippedStatement.where", "SkippedStatement.reason", "Output.stdout", "Output.stderr",
    }  # fmt: skip
    assert set(missing) <= allowed


def full_facts() -> dict[str, object]:
    text = Text("a", "甲")
    where = Where("f.ipynb", 2, 3)
    return {
        "problems": (Problem(text, text, where, ("double",)), Problem(text, None, None, ())),
        "skipped_statements": (SkippedStatement(where, "print(1)", text),),
        "output": Output("out", "err", 5),
        "layers": ("landlock",),
        "missing_layers": {"seccomp": "not on this system"},
        "torch": "2.14.0",
    }


@pytest.mark.parametrize("status", ["graded", "not_runnable", "grader_fault"])
def test_reports_fit_the_schema(make_report: MakeReport, missed: Missed, status: str) -> None:
    results = [
        missed("double_one", "failed", where=Where("f.py", None, 1), misconception="squares"),
        missed("double_many", "timeout"),
    ]
    fault = Text("broke", "出错") if status == "grader_fault" else None
    report = make_report(results, status=status, fault=fault, **full_facts())
    schema = json.loads(make_schema())
    for shown in (report, report.for_student()):
        document = json.loads(shown.to_json())
        jsonschema.validate(document, schema)
        for name in schema["$defs"]["Report"]["required"]:
            without = {key: value for key, value in document.items() if key != name}
            with pytest.raises(jsonschema.ValidationError, match=name):
                jsonschema.validate(without, schema)


def test_a_report_comes_back_from_json_as_it_was(make_report: MakeReport) -> None:
    report = make_report(**full_facts())
    assert msgspec.json.decode(report.to_json(), type=Report) == report


def test_a_fault_of_ours_gives_no_score_at_all(make_report: MakeReport) -> None:
    report = make_report((), status="grader_fault", fault=Text("broke", "出错"))
    assert (report.score, report.max_score, report.tasks) == (None, None, ())


def test_a_file_that_cannot_run_scores_nothing_of_the_maximum(make_report: MakeReport) -> None:
    report = make_report((), status="not_runnable")
    assert (report.score, report.max_score) == (0, 100)
    assert {check.outcome for task in report.tasks for check in task.checks} == {"not_run"}


@pytest.mark.parametrize(
    ("sandbox", "trust"), [("auto", "local"), ("off", "local"), ("strict", "isolated")]
)
def test_only_a_strict_sandbox_is_trusted(
    make_report: MakeReport, sandbox: str, trust: str
) -> None:
    report = make_report(sandbox=sandbox)
    assert report.trust == report.environment.trust == trust


def test_a_file_name_of_any_bytes_can_be_written(
    make_report: MakeReport, exercise: Exercise
) -> None:
    facts = {"id": "\udcff", "path": "/x/\udcff.py", "sha256": "0", "kind": "py", "notes": ()}
    handed = msgspec.defstruct("Handed", [(name, object) for name in facts])(**facts)
    assert make_report(submission=handed).to_json().count(b"/x/?.py") == 1


def test_the_hash_follows_everything_that_decides_an_outcome(exercise: Exercise) -> None:
    seen = {suite_sha256(exercise)}
    for path in (
        exercise.suite / "test_hidden.py",
        exercise.suite / "checks.lock.json",
        exercise.solution,
    ):
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        seen.add(suite_sha256(exercise))
    assert len(seen) == 4
