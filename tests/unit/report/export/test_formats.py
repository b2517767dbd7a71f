from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from class_reports import make_check, make_report
from export_cases import CASES, PRINTED, SECRET, half
from export_layouts import LAYOUTS

from grader.errors import CourseError, GraderFault, UsageError
from grader.language import Text
from grader.report.export.formats import FORMATS, convert
from grader.report.export.prairielearn import MAX_BYTES
from grader.report.model import Report

GOLDEN = Path(__file__).parent / "golden"
MINE = (
    "gradescope", "classroom", "classroom50", "exercism", "prairielearn", "check50", "autolab",
    "vpl", "codequality",
)  # fmt: skip
RUNNER = {
    "CLASSROOM": "torch",
    "ASSIGNMENT": "ex01",
    "SUBMISSION_TAG": "submit/2026-01-02T00-00-00Z-abc",
    "COMMIT_URL": "https://example.org/commit/abc",
    "RELEASE_URL": "https://example.org/releases/abc",
}
SCORELESS = ("classroom50", "autolab")
"""Formats that have no word for a fault of ours."""


def written(report: Report, name: str, language: Any = "en") -> bytes:
    return convert([report], name, language, RUNNER)


def parsed(report: Report, name: str, language: Any = "en") -> Any:
    content = written(report, name, language)
    return json.loads(base64.b64decode(content) if name == "classroom" else content)


def cases(names: tuple[str, ...]) -> list[tuple[str, str]]:
    return [
        (name, case)
        for name in names
        for case in CASES
        if not (case == "fault" and name in SCORELESS)
    ]


@pytest.mark.parametrize(("name", "case"), cases(MINE))
def test_the_document_is_the_golden_one(
    name: str, case: str, request: pytest.FixtureRequest
) -> None:
    found = written(CASES[case], name)
    if name == "classroom":
        found = json.dumps(json.loads(base64.b64decode(found)), indent=2).encode() + b"\n"
    golden = GOLDEN / f"{name}.{case}"
    if request.config.getoption("--update-goldens"):
        golden.write_bytes(found)
    assert found == golden.read_bytes()


def test_every_golden_document_belongs_to_a_case() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{n}.{c}" for n, c in cases(MINE)}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(("name", "case"), cases(tuple(LAYOUTS)))
def test_the_reader_accepts_the_document(name: str, case: str, language: str) -> None:
    document = parsed(CASES[case], name, language)
    jsonschema.validate(document, LAYOUTS[name])
    with pytest.raises(jsonschema.ValidationError):
        # An object where a list is read, and the other way round.
        jsonschema.validate({} if isinstance(document, list) else [document], LAYOUTS[name])


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"gradescope"}))
def test_nothing_hidden_is_written(name: str) -> None:
    content = written(half(), name)
    text = base64.b64decode(content) if name == "classroom" else content
    assert SECRET.encode() not in text
    assert PRINTED.encode() not in text


def test_gradescope_keeps_back_what_is_written_for_later_and_gets_nothing_hidden() -> None:
    tests = {test["extra_data"]["check"]: test for test in parsed(half(), "gradescope")["tests"]}
    visibilities = {check: test["visibility"] for check, test in tests.items()}
    assert visibilities == {
        "shown": "visible",
        "wrong": "visible",
        "secret": "hidden",
        "later": "after_due_date",
        "last": "after_published",
    }
    assert SECRET in tests["later"]["output"]
    assert tests["secret"]["output"] == "failed\nex01.py, line 12\nhint: you squared"
    assert [tests[one]["number"] for one in ("shown", "last")] == ["1.1", "1.5"]


@pytest.mark.parametrize("name", SCORELESS)
@pytest.mark.parametrize(("whose", "kind"), [("course", CourseError), ("grader", GraderFault)])
def test_a_format_without_a_word_for_a_fault_gets_no_document(
    name: str, whose: str, kind: type[Exception]
) -> None:
    fault = make_report(status="grader_fault", score=None, max_score=None, tasks=(), fault_of=whose)
    with pytest.raises(kind, match="a 0 would be wrong"):
        written(fault, name)


def test_a_fault_is_no_zero_anywhere() -> None:
    fault = CASES["fault"]
    gradescope = parsed(fault, "gradescope")
    assert "score" not in gradescope
    assert [sorted(test) for test in gradescope["tests"]] == [
        ["name", "output", "status", "visibility"]
    ]
    assert "costs you nothing" in gradescope["output"]
    classroom = parsed(fault, "classroom")
    # Its reporter leaves out what has no maximum, and prints that it errored.
    assert (classroom["status"], classroom["max_score"]) == ("error", 0)
    assert parsed(fault, "prairielearn")["gradable"] is False
    assert "results" not in parsed(fault, "check50")
    assert b"Grade :=>>" not in written(fault, "vpl")
    assert parsed(fault, "exercism")["status"] == "error"
    assert parsed(fault, "codequality") == []


def test_the_sum_that_the_reporter_of_classroom_makes_is_the_score() -> None:
    for case in ("full", "half", "fractions", "not_runnable"):
        result = parsed(CASES[case], "classroom")
        assert sum(test["score"] for test in result["tests"]) == CASES[case].score
        assert result["max_score"] == CASES[case].max_score


def test_points_of_classroom50_are_integers_that_add_up() -> None:
    for case, expected in (("half", (40, 100)), ("fractions", (3333, 10000))):
        result = parsed(CASES[case], "classroom50")
        tests = result["tests"]
        assert (result["score"], result["max-score"]) == expected
        assert sum(test["score"] for test in tests) == expected[0]
        assert sum(test["max-score"] for test in tests) == expected[1]


def test_classroom50_names_the_variables_that_are_missing() -> None:
    with pytest.raises(UsageError, match="COMMIT_URL, RELEASE_URL"):
        convert([half()], "classroom50", "en", {**RUNNER, "COMMIT_URL": "", "RELEASE_URL": ""})


def test_a_log_of_ci_is_not_commanded() -> None:
    messages = [test["message"] for test in parsed(half(), "classroom")["tests"]]
    assert not any(line.startswith("::") for text in messages for line in text.split("\n"))


def test_vpl_obeys_nothing_but_the_grade_at_the_end() -> None:
    lines = written(half(), "vpl").decode().splitlines()
    assert lines[0] == "<|--"
    assert lines[-2:] == ["--|>", "Grade :=>> 40"]
    for line in lines[1:-2]:
        assert line.startswith((">", "-"))
        assert not any(word in line for word in ("--|>", "<|--", ":=>>"))


def test_the_last_line_for_autolab_is_ours() -> None:
    last = written(half(), "autolab").decode().splitlines()[-1]
    assert json.loads(last) == {"scores": {"work": 40.0}, "scoreboard": [40.0]}


def test_prairielearn_gets_no_more_than_it_accepts() -> None:
    long = tuple(make_check(f"c{number}", "failed", 0.5) for number in range(200))
    said = Text("x" * 60_000, "长" * 60_000)
    checks = tuple(msgspec.structs.replace(check, message=said) for check in long)
    content = written(make_report(checks=checks), "prairielearn")
    assert len(content) <= MAX_BYTES
    assert json.loads(content)["tests"][0]["message"].endswith("…")


def test_formats_about_one_submission_refuse_two() -> None:
    with pytest.raises(UsageError, match="one submission"):
        convert([half(), half()], "gradescope", "en", {})
    issues = json.loads(convert([half(), half()], "codequality", "en", {}))
    assert {issue["check_name"] for issue in issues} == {"ex01/wrong", "ex01/secret", "ex01/later"}


def test_every_format_has_its_words_in_chinese() -> None:
    for name in MINE:
        content = written(half(), name, "zh")
        text = (base64.b64decode(content) if name == "classroom" else content).decode()
        assert "正确" in text, name
