"""The course proves itself: what is right gets 100, what is wrong loses what it breaks.

The rules are those of `grade check`; here each file has a test of its own. `solutions/*/wrong`
holds named mistakes; the first two lines of each say which checks it fails and which known
mistake the report must name. `right` holds answers in other styles, in the shapes in which
learners' files come.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from grader.course.catalog import Course, load_exercise
from grader.course.stub import stub_of
from grader.report.model import Report
from grader.session.client import ExaminerClient
from grader.soundness import files, graded, texts
from grader.soundness.examiners import Attempt, Examiners
from grader.soundness.faults import Fault
from grader.soundness.graded import not_passed
from grader.soundness.mistakes import read_mistake
from grader.soundness.readmes import ExampleRun, readme_faults
from grader.soundness.run import collect_with
from grader.soundness.student_view import student_view_faults, what_students_have
from grader.soundness.subject import Subject

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
EXERCISES = sorted(path.parent.name for path in ROOT.glob("exercises/*/exercise.toml"))
RIGHT = sorted(ROOT.glob("tests/course/right/*/*.*"))
WRONG = sorted(ROOT.glob("solutions/*/wrong/*.py"))
SAMPLES = sorted(ROOT.glob("samples/*.py"))


class Grading(Protocol):
    """The session's fixture, as far as it is used here."""

    client: ExaminerClient

    def grade(self, exercise_id: str, file: Path, seed: int = 1) -> Report:
        """Grade one file."""
        ...


@cache
def subject_of(name: str) -> Subject:
    return Subject(COURSE, load_exercise(COURSE, name))


def name_of(file: Path) -> str:
    return f"{file.relative_to(ROOT).parts[-2 if 'right' in file.parts else 1]}-{file.stem}"


def said(faults: list[Fault]) -> list[str]:
    return [f"{fault.file}:{fault.line} {fault.message.en}" for fault in faults]


@pytest.mark.parametrize("file", RIGHT, ids=name_of)
def test_right_answer_in_another_style_gets_100(grading: Grading, file: Path) -> None:
    report = grading.grade(file.parent.name, file)

    assert [(check.id, check.message) for check in not_passed(report)] == []
    assert report.score == 100


@pytest.mark.parametrize("file", WRONG, ids=name_of)
def test_wrong_answer_loses_what_it_breaks_and_is_explained(grading: Grading, file: Path) -> None:
    """It fails its checks and no other, its mistake is named, and nothing hidden shows."""
    subject, mistake = subject_of(file.parts[-3]), read_mistake(file)

    report = grading.grade(file.parts[-3], file)

    assert said([*graded.wrong_answer_faults(mistake, report)]) == []
    assert said([*graded.hint_faults(subject, mistake, report)]) == []
    known = what_students_have(subject)
    assert said([*student_view_faults(subject, known, file, report.for_student())]) == []
    assert report.score == 100 - sum(check.max_score for check in not_passed(report))


@pytest.fixture(scope="session")
def grade_solution(grading: Grading) -> Callable[[str, int], Report]:
    """Grade a solution under a seed, each one once for all tests about it."""
    return cache(lambda name, seed: grading.grade(name, subject_of(name).exercise.solution, seed))


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("seed", graded.SEEDS)
def test_solution_gets_100_for_any_seed(
    grade_solution: Callable[[str, int], Report], exercise: str, seed: int
) -> None:
    report = grade_solution(exercise, seed)

    assert said([*graded.solution_faults(subject_of(exercise), report)]) == []
    assert report.score == 100


@pytest.mark.parametrize("exercise", EXERCISES)
def test_solution_does_the_same_again_with_a_quarter_of_each_limit(
    grading: Grading, grade_solution: Callable[[str, int], Report], exercise: str
) -> None:
    subject, seed = subject_of(exercise), graded.SEEDS[0]
    quarter = graded.with_quarter_limits(subject.exercise)
    attempt = Attempt.at_file(quarter, subject.exercise.solution, seed)

    (report,) = Examiners([grading.client]).grade([attempt])

    assert said([*graded.limit_faults(subject, report)]) == []
    first = grade_solution(exercise, seed)
    assert said([*graded.repeat_faults(subject, first, report)]) == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_same_seed_gives_the_same_report_on_a_wrong_answer(grading: Grading, exercise: str) -> None:
    subject = subject_of(exercise)

    first, second = (grading.grade(exercise, subject.wrong_answers[0], seed=7) for _ in range(2))

    assert said([*graded.repeat_faults(subject, first, second)]) == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_stub_scores_nothing_and_says_what_is_missing(
    grading: Grading, tmp_path: Path, exercise: str
) -> None:
    subject = subject_of(exercise)
    stub = tmp_path / f"{exercise}.py"
    stub.write_text(stub_of(subject.exercise), encoding="utf-8")

    report = grading.grade(exercise, stub)

    assert report.score == 0
    assert said([*graded.stub_faults(subject, report)]) == []


@pytest.mark.parametrize("exercise", EXERCISES)
def test_files_and_texts_are_sound(grading: Grading, exercise: str) -> None:
    subject = subject_of(exercise)
    faults: list[Fault] = []

    mistakes = texts.read_mistakes(subject, faults)
    faults += texts.coverage_faults(subject, mistakes)
    faults += texts.language_faults(subject)
    faults += texts.check_faults(subject)
    faults += texts.lock_faults(subject, collect_with(grading.client, subject.exercise))
    faults += files.stray_faults(subject)
    faults += files.handout_faults(subject)
    faults += files.unwritten_faults(subject)
    faults += readme_faults(subject)

    assert said(faults) == []
    assert subject.exercise.max_score == 100


def test_figures_of_the_texts_are_what_torch_computes() -> None:
    assert said([*ExampleRun(*map(subject_of, EXERCISES)).faults()]) == []


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_sample_of_a_learner_is_half_right(grading: Grading, file: Path) -> None:
    report = grading.grade(file.name[:4], file)

    assert report.score is not None
    assert 40 <= report.score <= 90
    assert all(check.outcome == "failed" for check in not_passed(report))
    assert any(check.misconception for check in not_passed(report))
