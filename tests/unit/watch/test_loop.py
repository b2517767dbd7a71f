from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.course.models import Exercise, Limits
from grader.errors import GraderFault, SubmissionError, WorkerUnavailableError
from grader.language import Text
from grader.watch import grading
from grader.watch.events import Events, Graded, Lost, Pressed, Saved
from grader.watch.grading import BackgroundGrader, KeptExaminer
from grader.watch.loop import Loop

QUIT = Pressed("q")


def make_exercise(folder: Path, exercise_id: str, preload: tuple[str, ...] = ()) -> Exercise:
    file = folder / f"{exercise_id}_one" / f"{exercise_id}_one.py"
    file.parent.mkdir()
    file.write_text("x = 1\n", encoding="utf-8")
    return Exercise(
        id=exercise_id,
        slug="one",
        title=Text("One", "一"),
        tasks=(),
        limits=Limits(),
        preload=preload,
        misconceptions={},
        signs=(),
        checks=(),
        folder=file.parent,
        solution=file,
        suite=folder,
    )


class Recorder:
    """Stands in for the course, what is shown and what grades; keeps what happened."""

    def __init__(self, exercises: Sequence[Exercise]) -> None:
        self.exercises_known = {one.name: one for one in exercises}
        self.said: list[Any] = []

    def exercise_of(self, file: Path) -> Exercise | None:
        return self.exercises_known.get(file.stem)

    def file_of(self, exercise: Exercise) -> Path:
        return exercise.folder / f"{exercise.name}.py"

    def after(self, exercise: Exercise) -> Exercise | None:
        names = [*self.exercises_known, None]
        following = names[names.index(exercise.name) + 1]
        return self.exercises_known[following] if following else None

    def grade(self, exercise: Exercise, file: Path) -> None:
        self.said.append(("grade", exercise.id, file.name))

    def grading(self, exercise: Exercise, file: Path) -> None:
        pass

    def graded(self, result: Graded, *, is_current: bool) -> None:
        self.said.append(("graded", result.exercise.id, is_current))

    def hint(self, exercise: Exercise) -> None:
        self.said.append(("hint", exercise.id))

    def exercises(self) -> None:
        self.said.append("list")

    def nothing_next(self) -> None:
        self.said.append("nothing next")

    def lost(self, reason: str) -> None:
        self.said.append(("lost", reason))

    def tick(self) -> None:
        self.said.append("tick")


@pytest.fixture
def two(tmp_path: Path) -> list[Exercise]:
    return [make_exercise(tmp_path, "ex01"), make_exercise(tmp_path, "ex02")]


def run(two: list[Exercise], *happened: Any, follows: bool = True) -> list[Any]:
    """Let a loop take some events, and give what it did after the first grading."""
    recorder, events = Recorder(two), Events()
    for event in (*happened, QUIT):
        events.put(event)
    loop = Loop(recorder, recorder, recorder, two[0], follows=follows)  # type: ignore[arg-type]
    loop.run(events)
    assert recorder.said[0] == ("grade", "ex01", "ex01_one.py")
    return recorder.said[1:]


def saved(exercise: Exercise, text: str = "x = 2\n", suffix: str = ".py") -> Saved:
    file = exercise.folder / f"{exercise.name}{suffix}"
    file.write_text(text, encoding="utf-8")
    return Saved(file)


def test_a_save_is_graded_and_one_without_a_change_is_not(two: list[Exercise]) -> None:
    before = Saved(two[0].folder / "ex01_one.py")
    assert run(two, before) == []
    assert run(two, saved(two[0], suffix=".ipynb")) == [("grade", "ex01", "ex01_one.ipynb")]


def test_the_same_save_told_twice_is_graded_once(two: list[Exercise]) -> None:
    event = saved(two[1])
    assert run(two, event, event) == [("grade", "ex02", "ex02_one.py")]


def test_an_exercise_that_was_named_is_the_only_one(two: list[Exercise]) -> None:
    assert run(two, saved(two[1]), follows=False) == []


def test_what_is_no_exercise_is_passed_over(two: list[Exercise], tmp_path: Path) -> None:
    assert run(two, Saved(tmp_path / "other.py"), Saved(tmp_path / "ex02_one.py")) == []


def test_a_module_beside_the_answer_grades_the_answer_anew(two: list[Exercise]) -> None:
    beside = two[0].folder / "model.py"
    beside.write_text("size = 3\n", encoding="utf-8")
    elsewhere = two[1].folder / "model.py"
    elsewhere.write_text("size = 3\n", encoding="utf-8")
    assert run(two, Saved(elsewhere), Saved(beside), Saved(beside)) == [
        ("grade", "ex01", "ex01_one.py")
    ]


def test_keys_do_what_they_say(two: list[Exercise]) -> None:
    keys = [Pressed(key) for key in "hLzrnhn"]
    assert run(two, *keys) == [
        ("hint", "ex01"),
        "list",
        ("grade", "ex01", "ex01_one.py"),
        ("grade", "ex02", "ex02_one.py"),
        ("hint", "ex02"),
        "nothing next",
    ]


def test_a_result_for_an_exercise_that_was_left_is_not_shown(two: list[Exercise]) -> None:
    late = Graded(two[0], Path("a"), None, None)
    assert run(two, late, Pressed("n"), late)[::2] == [
        ("graded", "ex01", True),
        ("graded", "ex01", False),
    ]


def test_who_no_longer_hears_of_saves_says_so(two: list[Exercise]) -> None:
    assert run(two, Lost("too many watches")) == [("lost", "too many watches")]


class Starter:
    """Stands in for what starts examiners."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.started: list[tuple[str, ...]] = []
        self.running = 0
        self.lost = 0
        self.settled = 0
        self.fault: Exception | None = None
        self.request: Any = None
        self.submission: Any = None
        monkeypatch.setattr(grading, "grade_with", self._grade)

    @contextlib.contextmanager
    def __call__(self, preload: Sequence[str]) -> Iterator[Any]:
        self.started.append(tuple(preload))
        self.running += 1
        yield self
        self.running -= 1

    def settle(self) -> None:
        self.settled += 1
        if self.lost:
            raise WorkerUnavailableError(Text("gone", "没了"))

    def _grade(self, _client: Any, request: Any, submission: Any) -> Any:
        self.request, self.submission = request, submission
        if self.fault is not None:
            raise self.fault
        if self.lost:
            self.lost -= 1
            raise WorkerUnavailableError(Text("gone", "没了"))
        return request.exercise.id


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch) -> Starter:
    return Starter(monkeypatch)


def grade_with(examiner: KeptExaminer, exercise: Exercise) -> Any:
    return examiner.grade(exercise, exercise.folder / f"{exercise.name}.py")


def test_one_examiner_serves_all_gradings(two: list[Exercise], starter: Starter) -> None:
    examiner = KeptExaminer(starter)
    assert [grade_with(examiner, one) for one in (*two, *two)] == ["ex01", "ex02"] * 2
    assert starter.started == [()]
    examiner.end()
    assert starter.running == 0


def test_a_save_is_graded_like_any_file_and_another_will_follow(
    two: list[Exercise], starter: Starter
) -> None:
    (two[0].folder / "ex01_one.py").write_text("import helpers\n", encoding="utf-8")
    (two[0].folder / "helpers.py").write_text("y = 2\n", encoding="utf-8")
    grade_with(KeptExaminer(starter), two[0])
    assert [sibling.module for sibling in starter.submission.siblings] == ["helpers"]
    assert starter.request.again


def test_a_lost_examiner_is_replaced_once(two: list[Exercise], starter: Starter) -> None:
    examiner = KeptExaminer(starter)
    starter.lost = 1
    assert grade_with(examiner, two[0]) == "ex01"
    assert len(starter.started) == 2
    starter.lost = 2
    with pytest.raises(WorkerUnavailableError):
        grade_with(examiner, two[0])
    assert starter.running == 1


def test_an_examiner_settles_once(two: list[Exercise], starter: Starter) -> None:
    examiner = KeptExaminer(starter)
    examiner.settle()
    assert starter.settled == 0
    for _ in range(2):
        grade_with(examiner, two[0])
        examiner.settle()
    assert starter.settled == 1
    # One that took the place of a lost one does so, too; what is lost then is for the next grading.
    starter.lost = 1
    grade_with(examiner, two[0])
    starter.lost = 1
    examiner.settle()
    assert starter.settled == 2


def test_an_exercise_with_modules_of_its_own_gets_another_examiner(
    two: list[Exercise], starter: Starter, tmp_path: Path
) -> None:
    third = make_exercise(tmp_path, "ex03", ("torch.optim",))
    examiner = KeptExaminer(starter)
    for one in (two[0], third, two[0], third):
        grade_with(examiner, one)
    assert starter.started == [(), ("torch.optim",)]
    assert starter.running == 1


def test_no_examiner_is_started_after_the_end(two: list[Exercise], starter: Starter) -> None:
    examiner = KeptExaminer(starter)
    examiner.end()
    with pytest.raises(WorkerUnavailableError, match="grading was stopped"):
        grade_with(examiner, two[0])
    assert starter.started == []


def test_a_fault_of_ours_is_told_and_the_next_save_is_graded(
    two: list[Exercise], starter: Starter
) -> None:
    events = Events()
    background = BackgroundGrader(KeptExaminer(starter), events)
    file = two[0].folder / "ex01_one.py"
    starter.fault = ZeroDivisionError("of ours")
    background.grade(two[0], file)
    told = events.get(timeout=10)
    assert isinstance(told, Graded)
    assert isinstance(told.error, GraderFault)
    assert "ZeroDivisionError: of ours" in told.error.message.zh
    starter.fault = None
    background.grade(two[0], file)
    assert events.get(timeout=10) == Graded(two[0], file, "ex01", None)  # type: ignore[arg-type]
    assert len(starter.started) == 2, "one that may be in the middle of something is not kept"


def test_results_and_refusals_come_back_as_events(two: list[Exercise], starter: Starter) -> None:
    events = Events()
    background = BackgroundGrader(KeptExaminer(starter), events)
    missing = two[0].folder / "gone.py"
    background.grade(two[0], missing)
    first = events.get(timeout=10)
    assert isinstance(first, Graded)
    assert isinstance(first.error, SubmissionError)
    background.grade(two[1], two[1].folder / "ex02_one.py")
    assert events.get(timeout=10) == Graded(two[1], two[1].folder / "ex02_one.py", "ex02", None)  # type: ignore[arg-type]
