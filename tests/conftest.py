"""What all tests share: one course, and one nursery with one examiner for the whole run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from grading import Grading, MiniCourse
from hypothesis import settings

from grader.batch.engine import preload_of
from grader.course.catalog import Course, find_course, list_exercises, load_exercise
from grader.progress.store import STATE_VARIABLE
from grader.session.client import ExaminerClient, start_examiner

ROOT = Path(__file__).parents[1]

# The commands that tests start leave no server behind; what is about the server starts its own.
os.environ["GRADE_NO_SERVER"] = "1"

# Several processes test at a time: threads of torch's would only wait for one another, and spin.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# How long an example takes is for the machine to say: a busy one made properties fail.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Run by `grade`; without a nursery behind them they could only fail.
collect_ignore = ["suites", "scenarios/learners"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write the reports of tests/scenarios as they are now",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long: at the end, the other processes would wait for it."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def no_progress_of_ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests grade out of the progress of whoever works in this folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(STATE_VARIABLE, str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(scope="session")
def course() -> Course:
    return find_course(ROOT)


@pytest.fixture(scope="session")
def grading(course: Course) -> Iterator[Grading]:
    exercises = [load_exercise(course, name) for name in list_exercises(course)]
    with start_examiner(preload_of(exercises)) as client:
        yield Grading(client, course)


@pytest.fixture(scope="session")
def mini_client() -> Iterator[ExaminerClient]:
    """Give an examiner that preloads nothing."""
    with start_examiner(()) as running:
        yield running


@pytest.fixture
def mini(tmp_path: Path, mini_client: ExaminerClient) -> MiniCourse:
    """Give a private copy of the miniature course."""
    return MiniCourse.copy_to(tmp_path / "course", mini_client)
