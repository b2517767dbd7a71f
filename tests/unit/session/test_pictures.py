from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from grading import MiniCourse

from grader.course.catalog import find_course, load_exercise
from grader.errors import SuiteError
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import Report
from grader.report.pictures import Chart, Step, Tiles
from grader.report.read import parse_report
from grader.session.drawing import _broken_at
from grader.session.pictures import load_pictures
from grader.submission import read_submission

PICTURES = """
import torch
from grader.session import chart, compare_maps, curve, picture

TITLE = {"en": "a", "zh": "甲"}

@picture(task="double", title=TITLE)
def values(student, reference):
    x = torch.tensor([7.0, 8.0])
    return chart("x", "y", curve("f", "yours", x.tolist(), student.double(x)))

@picture(task="double", title=TITLE)
def maps(student, photos):
    image = photos(1)[0]
    return compare_maps(student.double(image), image)
"""
SPY = """
SEEN = []

def double(x):
    SEEN.append(x.flatten()[:2].clone())
    return SEEN[0] if len(SEEN) > 1 else 2 * x
"""


@pytest.fixture
def course(mini: MiniCourse) -> MiniCourse:
    (mini.suite / "pictures.py").write_text(PICTURES, encoding="utf-8")
    return mini


def take(course: MiniCourse, source: str, tmp_path: Path, *, pictures: bool = True) -> Report:
    file = tmp_path / "ex90_mini.py"
    file.write_text("import torch\n" + source, encoding="utf-8")
    request = GradeRequest(
        exercise=load_exercise(find_course(course.root), "ex90"), file=file, seed=1,
        device="cpu", pictures=pictures,
    )  # fmt: skip
    return grade_with(course.client, request, read_submission(file))


def test_pictures_are_taken_only_when_they_are_asked_for(
    course: MiniCourse, tmp_path: Path
) -> None:
    source = "def double(x):\n    return 2 * x\n"
    assert take(course, source, tmp_path, pictures=False).pictures == ()
    taken = take(course, source, tmp_path).pictures
    assert [type(picture) for picture in taken] == [Chart, Tiles]
    assert [picture.task for picture in taken] == ["double", "double"]


def test_a_picture_can_hold_nothing_that_a_check_handed_in(
    course: MiniCourse, tmp_path: Path
) -> None:
    chart = take(course, SPY, tmp_path).pictures[0]
    assert isinstance(chart, Chart)
    assert chart.curves[0].y == (14.0, 16.0)


@pytest.mark.parametrize(
    "body",
    ["raise ValueError", "return None", "return x[0]", "import os; os._exit(3)", "return [x] * 99"],
)
def test_a_picture_that_cannot_be_taken_costs_nothing(
    course: MiniCourse, tmp_path: Path, body: str
) -> None:
    source = f"def double(x):\n    {body}\n"
    with_pictures = take(course, source, tmp_path)
    without = take(course, source, tmp_path, pictures=False)
    assert with_pictures.pictures == ()
    assert with_pictures.score == without.score
    assert outcomes(with_pictures) == outcomes(without)


def outcomes(report: Report) -> list[str]:
    return [check.outcome for task in report.tasks for check in task.checks]


def test_numbers_that_are_not_finite_leave_a_gap_and_large_maps_are_cut(
    course: MiniCourse, tmp_path: Path
) -> None:
    source = (
        "def double(x):\n    if x.dim() == 1:\n        return x * float('nan')\n"
        "    return torch.full((20, 100, 100), float('inf'))\n"
    )
    chart, tiles = take(course, source, tmp_path).pictures
    assert isinstance(chart, Chart)
    assert isinstance(tiles, Tiles)
    assert chart.curves[0].y == (None, None)
    assert len(tiles.rows) == 8
    assert all(tile.height <= 64 for row in tiles.rows for tile in row.tiles)


def test_a_report_with_pictures_is_read_again(course: MiniCourse, tmp_path: Path) -> None:
    report = take(course, "def double(x):\n    return 2 * x\n", tmp_path)
    assert parse_report(report.to_json(), name="r") == report
    later = msgspec.json.decode(report.to_json())
    later["pictures"][0]["added"] = 1
    assert parse_report(msgspec.json.encode(later), name="r") == report


@pytest.mark.parametrize(
    ("old", "new"), [('task="double"', 'task="triple"'), ("import torch", "import nowhere")]
)
def test_what_is_wrong_with_the_file_is_the_authors_affair(
    course: MiniCourse, tmp_path: Path, old: str, new: str
) -> None:
    course.edit("pictures.py", old, new)
    exercise = load_exercise(find_course(course.root), "ex90")
    with pytest.raises(SuiteError, match=r"pictures\.py"):
        load_pictures(exercise)
    report = take(course, "def double(x):\n    return 2 * x\n", tmp_path)
    assert report.status == "graded"
    assert report.pictures == ()


def test_a_layer_more_that_changes_no_shape_breaks_nothing() -> None:
    conv = Step("Conv2d", (4, 6, 30, 30), "Conv2d", (4, 6, 30, 30))
    relu = Step("ReLU", (4, 6, 30, 30), "", None)
    wrong = Step("MaxPool2d", (4, 6, 29, 29), "MaxPool2d", (4, 6, 15, 15))
    missing = Step("", None, "Flatten", (4, 1350))
    assert _broken_at((conv, relu), (4, 3, 32, 32)) is None
    assert _broken_at((conv, relu, wrong, missing), (4, 3, 32, 32)) == 2
    assert _broken_at((conv, missing), (4, 3, 32, 32)) == 1
