"""The pictures of the course: all of them can be taken of the solutions, and show no difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading import Grading

from grader.course.catalog import list_exercises, load_exercise
from grader.report.pictures import Chart, Flow, Tiles
from grader.session.pictures import load_pictures

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.parent.name for path in (ROOT / "tests" / "suites").glob("*/pictures.py"))


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_is_shown_as_expected(name: str, grading: Grading) -> None:
    solution = ROOT / "solutions" / name / f"{name}.py"
    report = grading.grade(name, solution, pictures=True)
    declared = load_pictures(load_exercise(grading.course, name))
    assert declared
    assert [picture.title for picture in report.pictures] == [each.title for each in declared]
    for picture in report.pictures:
        match picture:
            case Flow():
                assert picture.broken_at is None
                assert picture.error is None
            case Chart():
                mine, right = (
                    next(curve.y for curve in picture.curves if curve.role == role)
                    for role in ("yours", "expected")
                )
                assert mine == pytest.approx(right, rel=1e-4, abs=1e-6)
            case Tiles():
                tiles = [tile for row in picture.rows for tile in row.tiles]
                differences = [tile for tile in tiles if tile.kind == "difference"]
                assert differences
                assert {byte for tile in differences for byte in tile.pixels} <= {127, 128}


def test_exercises_where_one_would_rather_look_have_pictures(grading: Grading) -> None:
    assert set(NAMES) <= set(list_exercises(grading.course))
    assert {name[:4] for name in NAMES} >= {"ex01", "ex02", "ex03", "ex04", "ex05", "ex07", "ex08"}
