"""Whose fault is it? What the examiner says when the course, not the student, is wrong."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from pathlib import Path

import msgspec
import pytest
from grading import MiniCourse

from grader import pipeline
from grader.course.catalog import find_course, load_exercise
from grader.errors import DeviceUnavailableError, SuiteError
from grader.pipeline import GradeRequest, collect_checks, grade_with
from grader.report.model import Report
from grader.session.client import start_examiner
from grader.session.run import derive_seed
from grader.submission import read_submission


def fault(report: Report) -> str:
    assert report.status == "grader_fault"
    assert report.score is None
    assert report.fault_of == "course"
    assert report.fault is not None
    return report.fault.en


def test_the_solution_gets_full_marks(mini: MiniCourse) -> None:
    report = mini.grade()
    assert report.status == "graded"
    assert report.score == report.max_score == 100


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_file_whose_name_is_no_text_is_graded_in_a_course_of_such_a_name(
    mini: MiniCourse,
) -> None:
    course = MiniCourse.copy_to(mini.root / os.fsdecode(b"course\xff"), mini.client)
    file = course.root / os.fsdecode(b"answer\xff.py")
    file.write_bytes(course.solution.read_bytes())
    report = course.grade(file)
    assert (report.score, report.submission.id) == (100, "answer?")


def test_a_check_that_vanished_is_the_courses_fault(mini: MiniCourse) -> None:
    mini.edit("test_hidden.py", "def test_total", "def helper_total")
    assert "total" in fault(mini.grade())


def test_a_check_that_nobody_pinned_is_the_courses_fault(mini: MiniCourse) -> None:
    mini.edit("test_visible.py", "def test_net_shape", "def test_net_size")
    text = fault(mini.grade())
    assert "net_size" in text
    assert "net_shape" in text


def test_points_that_differ_from_the_pinned_ones_are_the_courses_fault(mini: MiniCourse) -> None:
    mini.edit("test_visible.py", "points=10", "points=11")
    assert "double_example" in fault(mini.grade())


def test_a_test_without_the_marker_is_the_courses_fault(mini: MiniCourse) -> None:
    with (mini.suite / "test_visible.py").open("a", encoding="utf-8") as file:
        file.write("\n\ndef test_more(student):\n    pass\n")
    assert "no `@check(…)`" in fault(mini.grade())


def test_a_suite_that_cannot_be_imported_is_the_courses_fault(mini: MiniCourse) -> None:
    with (mini.suite / "test_hidden.py").open("a", encoding="utf-8") as file:
        file.write("\nimport no_such_module\n")
    assert "no_such_module" in fault(mini.grade())


def test_a_check_that_breaks_on_the_solution_too_is_the_courses_fault(mini: MiniCourse) -> None:
    mini.edit("test_hidden.py", "x = randn(7)", "x = randn(7).no_such_method()")
    text = fault(mini.grade())
    assert "total" in text
    assert "test_hidden.py:" in text


def test_a_misconception_that_the_manifest_does_not_explain_is_the_courses_fault(
    mini: MiniCourse, tmp_path: Path
) -> None:
    mini.edit("test_visible.py", '"squared"', '"cubed"')
    wrong = tmp_path / "ex90_mini.py"
    wrong.write_text("def double(x):\n    return x**2\n", encoding="utf-8")
    assert "cubed" in fault(mini.grade(wrong))


def test_a_broken_solution_is_the_courses_fault(mini: MiniCourse) -> None:
    right = mini.root / "right.py"
    right.write_bytes(mini.solution.read_bytes())
    mini.solution.write_text("raise RuntimeError('oh')\n", encoding="utf-8")
    assert "oh" in fault(mini.grade(right))


def test_a_skip_inside_a_check_scores_nothing(mini: MiniCourse) -> None:
    mini.edit(
        "test_hidden.py", "    x = randn(7)\n", '    pytest.skip("never")\n    x = randn(7)\n'
    )
    report = mini.grade()
    outcome = {check.id: check.outcome for task in report.tasks for check in task.checks}
    assert outcome["total"] == "not_run"
    assert report.score == 70


def test_what_stands_in_for_the_student_s_code_does_so_in_its_check_only(
    mini: MiniCourse, tmp_path: Path
) -> None:
    helpers = r"define('def double(x):\n    return 2 * x', stand_ins=['double'])"
    mini.edit(
        "test_visible.py",
        "def test_double_example(student):\n",
        f"def test_double_example(student, define):\n    {helpers}\n",
    )
    wrong = tmp_path / "ex90_mini.py"
    wrong.write_text("def double(x):\n    return 3 * x\n", encoding="utf-8")

    report = mini.grade(wrong)

    outcome = {check.id: check.outcome for task in report.tasks for check in task.checks}
    assert (outcome["double_example"], outcome["double_keeps_input"]) == ("passed", "failed")


def test_after_a_fault_the_next_submission_is_graded_as_ever(mini: MiniCourse) -> None:
    before = (mini.suite / "test_visible.py").read_text(encoding="utf-8")
    mini.edit("test_visible.py", "points=10", "points=11")
    assert fault(mini.grade())
    (mini.suite / "test_visible.py").write_text(before, encoding="utf-8")
    assert mini.grade().score == 100


def test_the_same_seed_gives_the_same_report_and_another_seed_other_inputs(
    mini: MiniCourse, tmp_path: Path
) -> None:
    wrong = tmp_path / "ex90_mini.py"
    wrong.write_text("def double(x):\n    return 3 * x\n", encoding="utf-8")

    def messages(seed: int) -> list[object]:
        report = mini.grade(wrong, seed=seed)
        return [check.message for task in report.tasks for check in task.checks]

    assert messages(5) == messages(5)
    assert messages(5) != messages(6)


def test_derived_seeds_differ_by_purpose_and_fit_a_generator() -> None:
    seeds = {derive_seed(1, purpose) for purpose in ("inputs:a", "inputs:b", "worker:a")}
    assert len(seeds) == 3
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_missing_device_is_an_error_and_no_report(mini: MiniCourse) -> None:
    exercise = load_exercise(find_course(mini.root), "ex90")
    request = GradeRequest(exercise=exercise, file=mini.solution, seed=1, device="mps")
    with pytest.raises(DeviceUnavailableError):
        grade_with(mini.client, request, read_submission(mini.solution))


def test_strict_grades_where_every_act_is_stopped(mini: MiniCourse) -> None:
    report = mini.grade(sandbox="strict")
    assert report.score == 100
    assert report.environment.trust == "isolated"


def test_off_says_so(mini: MiniCourse) -> None:
    report = mini.grade(sandbox="off")
    assert report.score == 100
    assert report.environment.trust == "local"
    assert "seccomp" not in report.environment.sandbox
    assert "seccomp" in report.environment.missing_layers


def test_collecting_gives_the_pinned_checks(mini: MiniCourse) -> None:
    exercise = load_exercise(find_course(mini.root), "ex90")
    assert collect_checks(exercise) == exercise.checks


def test_collecting_a_broken_suite_raises(
    mini: MiniCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "start_examiner", lambda _preload: nullcontext(mini.client))
    (mini.suite / "test_hidden.py").write_text("def broken(:\n", encoding="utf-8")
    exercise = load_exercise(find_course(mini.root), "ex90")
    with pytest.raises(SuiteError, match="test_hidden"):
        collect_checks(exercise)


@pytest.mark.slow
def test_fresh_interpreters_grade_alike(mini: MiniCourse) -> None:
    """Where forking is not safe: the same interface, the same report."""
    forked = mini.grade(seed=3)
    with start_examiner((), fork=False) as client:
        fresh = MiniCourse(mini.root, client).grade(seed=3)
    assert [msgspec.structs.replace(task, checks=()) for task in fresh.tasks] == [
        msgspec.structs.replace(task, checks=()) for task in forked.tasks
    ]
    assert fresh.score == 100


@pytest.mark.parametrize("enabled", [True, False])
def test_the_manifest_says_whether_both_sides_use_onednn(
    mini: MiniCourse, *, enabled: bool
) -> None:
    manifest = mini.root / "exercises" / "ex90_mini" / "exercise.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(f"onednn = {str(enabled).lower()}\n{text}", encoding="utf-8")
    flag = "torch.backends.mkldnn.enabled"
    with (mini.suite / "test_hidden.py").open("a", encoding="utf-8") as file:
        file.write("\nimport torch\n")
    mini.edit("test_hidden.py", "x = randn(7)", f"x = randn(7)\n    assert {flag} is {enabled}")
    answer = mini.root / "ex90_mini.py"
    right = mini.solution.read_text(encoding="utf-8")
    told = right.replace("return 2 * x", f"return 2 * x if {flag} is {enabled} else x")
    answer.write_text(told, encoding="utf-8")

    report = mini.grade(answer)

    assert report.score == 100
