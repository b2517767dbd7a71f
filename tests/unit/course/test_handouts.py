from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.catalog import Course, list_exercises, load_unpinned
from grader.course.handouts import make_handouts

ROOT = Path(__file__).parents[3]
COURSE = Course(ROOT)


@pytest.mark.parametrize("name", list_exercises(COURSE))
def test_the_committed_stub_and_notebook_are_the_generated_ones(name: str) -> None:
    for path, content in make_handouts(load_unpinned(COURSE, name)).items():
        assert path.read_bytes() == content, f"run `grade stub {name}`"
