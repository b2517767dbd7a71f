"""No wrong answer of the course gains anything by what is looked for in place of a name."""

from __future__ import annotations

import pytest

from grader.course.catalog import Course, list_exercises, load_exercise
from grader.session.matching import matching_of
from grader.submission import read_submission
from grader.worker import facts
from grader.worker.matching.plan import make_plan
from grader.worker.parsing import parse_cells
from grader.worker.wire import Load

EXERCISES = [f"ex0{number}" for number in range(1, 9)]


def test_every_exercise_is_looked_at(course: Course) -> None:
    assert [load_exercise(course, name).id for name in list_exercises(course)] == EXERCISES


@pytest.mark.parametrize("exercise_id", EXERCISES)
def test_nothing_serves_in_a_wrong_answer(exercise_id: str, course: Course) -> None:
    exercise = load_exercise(course, exercise_id)
    matching = matching_of(exercise, "auto")
    files = sorted((exercise.solution.parent / "wrong").glob("*.py"))
    assert files
    for file in files:
        cells = read_submission(file).cells
        request = Load(
            cells, file.name, exercise.names, run_all=False, device="cpu", match=matching.level,
            likenesses=matching.likenesses, exact_names=matching.exact_names,
        )  # fmt: skip
        statements = parse_cells(cells).statements
        defined = facts.find_names(statements)
        plan = make_plan(request, statements, defined, {fact.name for fact in defined})
        assert not plan.is_script, file.name
        assert not plan.near, file.name
