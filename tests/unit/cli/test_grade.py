from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import Course, load_unpinned
from grader.course.handouts import make_handouts
from grader.errors import DeviceUnavailableError, GraderFault, SubmissionError, SuiteError

Grade = Callable[..., Any]


@pytest.fixture
def answer(small_course: Course) -> Path:
    """Write a student's file where it is looked for."""
    path = small_course.exercises / "ex01_doubling" / "ex01_doubling.py"
    path.write_text("FACTS = {}\n", encoding="utf-8")
    return path


def test_full_marks_end_with_0_and_the_score_is_shown(
    grade: Grade, graded: Any, answer: Path
) -> None:
    ended = grade("ex01")
    assert ended.code == 0
    assert "Score: 100 / 100" in ended.out
    assert ended.err == ""
    assert graded.requests[0].file == answer


def test_below_full_marks_ends_with_1(grade: Grade, graded: Any, answer: Path) -> None:
    graded.passed = ["double_one", "double_many"]
    assert grade("ex01").code == 1


@pytest.mark.parametrize(("wanted", "code"), [("60", 0), ("60.5", 1), ("0", 0)])
def test_min_score_says_what_is_enough(
    grade: Grade, graded: Any, answer: Path, wanted: str, code: int
) -> None:
    graded.passed = ["double_one", "double_many"]
    assert grade("ex01", "--min-score", wanted).code == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DeviceUnavailableError("no cuda here", hint="use cpu"), 2),
        (SubmissionError("cannot be read", hint="save it"), 3),
        (SuiteError("the suite broke", hint="ask the author"), 4),
        (GraderFault("no fork", hint="again"), 5),
        (KeyboardInterrupt(), 130),
    ],
)
def test_each_error_has_its_code_and_is_said_once_with_its_hint(
    grade: Grade, graded: Any, answer: Path, error: BaseException, code: int
) -> None:
    graded.error = error
    ended = grade("ex01")
    assert ended.code == code
    assert ended.out == ""
    if not isinstance(error, KeyboardInterrupt):
        assert ended.err == f"{error}\n\nhint: {error.hint.en}\n"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (["my.py"], "grade ex01 --file my.py"),
        (["my answer.ipynb", "--seed", "3"], "grade ex01 --file 'my answer.ipynb'"),
        (["ex02", "ex03"], "grade ex02"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_second_word_is_refused_with_what_was_meant(
    grade: Grade, graded: Any, answer: Path, words: list[str], cure: str, language: str
) -> None:
    ended = grade("ex01", *words, "--lang", language)
    assert ended.code == 2
    assert ended.out == ""
    assert f"`{cure}`" in ended.err
    assert not graded.requests


def test_a_bug_of_ours_ends_with_5_and_its_traceback(
    grade: Grade, graded: Any, answer: Path
) -> None:
    graded.error = ZeroDivisionError("oops")
    ended = grade("ex01")
    assert ended.code == 5
    assert "ZeroDivisionError: oops" in ended.err
    assert "says nothing about your code" in ended.err


def test_a_file_that_may_not_be_read_is_left_to_who_grades_it(
    grade: Grade, graded: Any, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = Path.read_text

    def refuse(path: Path, *args: Any, **options: Any) -> str:
        if path == script:
            raise PermissionError
        return read(path, *args, **options)

    monkeypatch.setattr(Path, "read_text", refuse)
    assert grade("ex01").code == 0
    assert graded.requests[0].file == script


def test_a_fault_in_the_report_ends_with_5(grade: Grade, graded: Any, answer: Path) -> None:
    graded.status = "grader_fault"
    assert grade("ex01").code == 5


def test_json_holds_the_full_report(
    grade: Grade, graded: Any, answer: Path, tmp_path: Path
) -> None:
    assert grade("ex01", "--json", tmp_path / "r.json", "--seed", "42").code == 0
    report = json.loads((tmp_path / "r.json").read_bytes())
    assert report["environment"]["seed"] == 42
    assert report["submission"]["path"] == str(answer)


def test_json_on_stdout_is_nothing_but_json(grade: Grade, graded: Any, answer: Path) -> None:
    ended = grade("ex01", "--json", "-")
    assert json.loads(ended.out)["score"] == 100
    assert ended.err == ""


@pytest.mark.parametrize("option", ["--json", "--html"])
def test_a_report_that_cannot_be_written_is_an_error_and_is_shown_all_the_same(
    grade: Grade, graded: Any, answer: Path, tmp_path: Path, option: str
) -> None:
    ended = grade("ex01", option, tmp_path / "none" / "report")
    assert ended.code == 5
    assert "could not be written" in ended.err
    assert "Score: 100 / 100" in ended.out


def test_the_options_reach_the_grading(grade: Grade, graded: Any, tmp_path: Path) -> None:
    file = tmp_path / "other.py"
    file.touch()
    grade("1", "--file", file, "--seed", "5", "--device", "cpu", "--sandbox", "strict", "--run-all")
    request = graded.requests[0]
    assert request.file == file
    assert (request.seed, request.device, request.sandbox) == (5, "cpu", "strict")
    assert request.run_all


@pytest.mark.parametrize(
    ("variables", "options", "used"),
    [
        ({}, [], True),
        ({}, ["--no-server"], False),
        ({"GRADE_NO_SERVER": "1"}, [], False),
        ({"CI": "true"}, [], False),
    ],
)
def test_the_server_is_used_unless_someone_says_otherwise(
    grade: Grade,
    graded: Any,
    answer: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    options: list[str],
    *,
    used: bool,
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("GRADE_NO_SERVER", "CI"):
        monkeypatch.setenv(name, variables.get(name, ""))
    grade("ex01", *options)
    assert graded.requests[0].use_server is used


def test_without_a_seed_each_run_has_another(grade: Grade, graded: Any, answer: Path) -> None:
    grade("ex01")
    grade("ex01")
    first, second = (request.seed for request in graded.requests)
    assert first != second


@pytest.mark.parametrize(
    "arguments",
    [
        ["ex99"], ["ex01", "--seed", "-1"], ["ex01", "--device", "tpu"], ["--nonsense"],
        ["ex01", "--lang", "fr"], ["ex01", "--nonsense"], ["ex01", "more"], ["reset"],
        ["ex01", "--min-score", "x"],
    ],
)  # fmt: skip
def test_wrong_use_ends_with_2(grade: Grade, graded: Any, arguments: list[str]) -> None:
    ended = grade(*arguments)
    assert ended.code == 2
    assert ended.err
    assert graded.requests == []


def test_a_missing_answer_ends_with_3(grade: Grade, graded: Any) -> None:
    ended = grade("ex01")
    assert ended.code == 3
    assert "--file" in ended.err


def test_the_language_is_an_option_or_the_environments(
    grade: Grade, graded: Any, answer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "得分" in grade("ex01", "--lang", "zh").out
    assert "得分" in grade("--lang=zh", "ex01").out
    for value in ("zh_CN", "cn", "中文"):
        monkeypatch.setenv("GRADE_LANG", value)
        assert "得分" in grade("ex01").out
    assert "Score" in grade("ex01", "--lang", "en").out


def handed_out(course: Course) -> list[Path]:
    exercise = load_unpinned(course, "ex01")
    handouts = make_handouts(exercise)
    for path, content in handouts.items():
        path.write_bytes(content)
    return list(handouts)


@pytest.mark.parametrize("changed", [0, 1])
def test_of_script_and_notebook_the_changed_one_is_graded(
    grade: Grade, graded: Any, small_course: Course, changed: int
) -> None:
    paths = handed_out(small_course)
    paths[changed].write_text(
        paths[changed].read_text(encoding="utf-8").replace("None", "2"), encoding="utf-8"
    )
    os.utime(paths[changed], (1, 1))
    ended = grade("ex01")
    assert graded.requests[0].file == paths[changed]
    assert ended.err == ""


@pytest.mark.parametrize("newer", [0, 1])
def test_if_both_were_changed_the_newer_one_is_graded_and_that_is_said(
    grade: Grade, graded: Any, small_course: Course, newer: int
) -> None:
    paths = handed_out(small_course)
    for path in paths:
        path.write_text(path.read_text(encoding="utf-8").replace("None", "2"), encoding="utf-8")
        os.utime(path, (1, 1))
    os.utime(paths[newer], (2, 2))
    ended = grade("ex01")
    assert graded.requests[0].file == paths[newer]
    assert f"the newer one, {paths[newer].name}" in ended.err


def test_if_neither_was_changed_the_script_is_graded(
    grade: Grade, graded: Any, small_course: Course
) -> None:
    paths = handed_out(small_course)
    grade("ex01")
    assert graded.requests[0].file == paths[0]


def test_a_notebook_that_is_rewritten_by_an_editor_counts_as_unchanged(
    grade: Grade, graded: Any, small_course: Course
) -> None:
    script, notebook = handed_out(small_course)
    content = json.loads(notebook.read_bytes())
    for cell in content["cells"]:
        cell["metadata"] = {"collapsed": True}
    notebook.write_text(json.dumps(content), encoding="utf-8")
    grade("ex01")
    assert graded.requests[0].file == script


def test_ctrl_c_waits_for_no_import(answer: Path) -> None:
    code = """
import threading
from grader import pipeline
from grader.cli import grade, main
grade.import_module = lambda name: threading.Event().wait()
def interrupted(*_):
    raise KeyboardInterrupt
pipeline.grade_submission = interrupted
main(["ex01", "--no-server"])
"""
    command = [sys.executable, "-c", code]
    finished = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (finished.returncode, finished.stderr) == (130, b"\n")
