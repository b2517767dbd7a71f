"""Everything that decides a result is part of its key, and nothing else is."""

from __future__ import annotations

import pytest
from grading import MiniCourse

from grader.batch import keys
from grader.batch.keys import Conditions, digest_of_exercise, key_of
from grader.course.catalog import find_course, load_exercise

CONDITIONS = Conditions(seed=1, device="cpu", sandbox="strict")
KEY = key_of("file", "course", CONDITIONS)


@pytest.mark.parametrize(
    "other",
    [
        ("another file", "course", CONDITIONS),
        ("file", "another course", CONDITIONS),
        ("file", "course", CONDITIONS._replace(seed=2)),
        ("file", "course", CONDITIONS._replace(device="cuda")),
        ("file", "course", CONDITIONS._replace(sandbox="auto")),
    ],
)
def test_each_part_changes_the_key(other: tuple[str, str, Conditions]) -> None:
    assert key_of(*other) != KEY
    assert key_of("file", "course", CONDITIONS) == KEY


def test_another_version_of_the_grader_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "VERSION", "0.0.0")
    assert key_of("file", "course", CONDITIONS) != KEY


@pytest.mark.parametrize(
    ("place", "counts"),
    [
        ("tests/suites/ex90_mini/test_hidden.py", True),
        ("solutions/ex90_mini/ex90_mini.py", True),
        ("exercises/ex90_mini/exercise.toml", True),
        ("datasets/images.sha256", True),
        ("exercises/ex90_mini/README.md", False),
        ("tests/suites/ex91_other/test_hidden.py", False),
    ],
)
def test_of_a_course_what_an_exercise_rests_on_counts(
    mini: MiniCourse, place: str, *, counts: bool
) -> None:
    course = find_course(mini.root)
    before = digest_of_exercise(course, load_exercise(course, "ex90"))
    path = mini.root / place
    path.parent.mkdir(parents=True, exist_ok=True)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{old}\n# edited\n", encoding="utf-8")
    after = digest_of_exercise(course, load_exercise(course, "ex90"))
    assert (after != before) == counts
