"""The course proves itself: what is right gets 100, what is wrong loses what it breaks.

`solutions/*/wrong` holds named mistakes; the first two lines of each say which checks it fails
and which known mistake the report must name. `right` holds answers in other styles, in the shapes
in which learners' files come.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from grader.course.catalog import Course, load_exercise
from grader.course.stub import stub_of
from grader.report.model import CheckReport, Report

ROOT = Path(__file__).parents[2]
EXERCISES = sorted(path.parent.name for path in ROOT.glob("exercises/*/exercise.toml"))
RIGHT = sorted(ROOT.glob("tests/course/right/*/*.*"))
WRONG = sorted(ROOT.glob("solutions/*/wrong/*.py"))
SAMPLES = sorted(ROOT.glob("samples/*.py"))
SEEDS = (1, 2, 3)


class Grading(Protocol):
    """The session's fixture, as far as it is used here."""

    def grade(self, exercise_id: str, file: Path, seed: int = 1) -> Report:
        """Grade one file."""
        ...


class Mistake(NamedTuple):
    """What the head of a wrong answer says about it."""

    fails: set[str]
    misconception: str | None


def read_mistake(file: Path) -> Mistake:
    fails, misconception = file.read_text(encoding="utf-8").splitlines()[:2]
    name = misconception.removeprefix("# misconception:").strip()
    return Mistake(
        fails={check.strip() for check in fails.removeprefix("# fails:").split(",")},
        misconception=None if name == "-" else name,
    )


def name_of(file: Path) -> str:
    return f"{file.relative_to(ROOT).parts[-2 if 'right' in file.parts else 1]}-{file.stem}"


def solution_of(name: str) -> Path:
    return ROOT / "solutions" / name / f"{name}.py"


def not_passed(report: Report) -> list[CheckReport]:
    checks = [check for task in report.tasks for check in task.checks]
    return [check for check in checks if check.outcome != "passed"]


def findings(report: Report) -> list[tuple[object, ...]]:
    """Give what a report says, without the times."""
    return [
        (check.id, check.outcome, check.score, check.message, check.hint, check.misconception)
        for task in report.tasks
        for check in task.checks
    ]


@pytest.mark.parametrize("file", RIGHT, ids=name_of)
def test_right_answer_in_another_style_gets_100(grading: Grading, file: Path) -> None:
    report = grading.grade(file.parent.name, file)

    assert [(check.id, check.message) for check in not_passed(report)] == []
    assert report.score == 100


@pytest.fixture(scope="session")
def grade_wrong(grading: Grading) -> Callable[[Path], Report]:
    """Grade a wrong answer, each one once for all tests about it."""
    return cache(lambda file: grading.grade(file.parts[-3], file))


@pytest.mark.parametrize("file", WRONG, ids=name_of)
def test_wrong_answer_loses_what_it_breaks(
    grade_wrong: Callable[[Path], Report], file: Path
) -> None:
    mistake = read_mistake(file)

    report = grade_wrong(file)

    assert {check.id for check in not_passed(report)} == mistake.fails
    broken = [task.id for task in report.tasks if task.score < task.max_score]
    assert len(broken) == 1, "one mistake costs points of one task"
    assert report.score == 100 - sum(check.max_score for check in not_passed(report))


@pytest.mark.parametrize(
    "file", [file for file in WRONG if read_mistake(file).misconception], ids=name_of
)
def test_known_mistake_is_named_with_a_hint(
    grade_wrong: Callable[[Path], Report], file: Path
) -> None:
    name = read_mistake(file).misconception

    report = grade_wrong(file)

    named = [check for check in not_passed(report) if check.misconception == name]
    assert named
    assert all(check.hint for check in named)


@pytest.mark.parametrize("exercise", EXERCISES)
@pytest.mark.parametrize("seed", SEEDS)
def test_solution_gets_100_for_any_seed(grading: Grading, exercise: str, seed: int) -> None:
    assert grading.grade(exercise, solution_of(exercise), seed=seed).score == 100


@pytest.mark.parametrize("exercise", EXERCISES)
def test_same_seed_gives_the_same_report(grading: Grading, exercise: str) -> None:
    for file in (solution_of(exercise), next(iter(_wrong_answers(exercise)))):
        first, second = (grading.grade(exercise, file, seed=7) for _ in range(2))

        assert findings(first) == findings(second)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_stub_scores_nothing_and_says_what_is_missing(
    grading: Grading, course: Course, tmp_path: Path, exercise: str
) -> None:
    stub = tmp_path / f"{exercise}.py"
    stub.write_text(stub_of(load_exercise(course, exercise)), encoding="utf-8")

    report = grading.grade(exercise, stub)

    assert report.score == 0
    for task in report.tasks:
        for check in task.checks:
            assert check.outcome == "failed", check.id
            assert check.message is not None
            assert check.message.en.startswith("not written yet:"), check.id
            assert check.message.zh.startswith("尚未完成："), check.id


@pytest.mark.parametrize("exercise", EXERCISES)
def test_points_and_texts_are_sound(course: Course, exercise: str) -> None:
    facts = load_exercise(course, exercise)
    hidden = sum(check.points for check in facts.checks if check.visibility == "hidden")

    assert facts.max_score == 100
    assert hidden >= 60
    for task in facts.tasks:
        checks = [check for check in facts.checks if check.task == task.id]
        assert sum(check.points for check in checks) == task.points
        assert any(check.visibility == "visible" for check in checks)
    assert all(check.hint is None or check.hint.en != check.hint.zh for check in facts.checks)
    assert len(list(_wrong_answers(exercise))) >= 8


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_sample_of_a_learner_is_half_right(grading: Grading, file: Path) -> None:
    report = grading.grade(file.name[:4], file)

    assert report.score is not None
    assert 40 <= report.score <= 90
    assert all(check.outcome == "failed" for check in not_passed(report))
    assert any(check.misconception for check in not_passed(report))


def _wrong_answers(exercise: str) -> list[Path]:
    return [file for file in WRONG if file.parts[-3] == exercise]
