"""What one batch after the other says about a class; only its answers are made up."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from class_reports import make_report
from grading import MINI_COURSE

from grader.batch.discovery.discover import discover
from grader.batch.discovery.roster import read_roster
from grader.batch.engine import Engine
from grader.batch.found import Discovery
from grader.batch.plan import BatchRequest
from grader.batch.run import run_batch
from grader.batch.task import Result, decode_task, encode, result_of
from grader.course.catalog import find_course, load_exercise
from grader.errors import UsageError

DAMAGED = b"no zip at all"
EXERCISE = "ex90"


class Term:
    """A term in which batch after batch is graded into one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.out = root / "out"
        self.notes: tuple[str, ...] = ()

    def hand_in(self, name: str, content: bytes = b"def double(x): return 2 * x\n") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def roster(self, name: str, *students: str) -> str:
        (self.root / name).write_text("\n".join(["student", *students]), encoding="utf-8")
        return name

    def grade(self, *sources: str, roster: str | None = None) -> dict[str, str]:
        """Grade what lies there; give the notes in the gradebook."""
        course = find_course(MINI_COURSE)
        request = BatchRequest(
            course=course,
            exercises=(load_exercise(course, EXERCISE),),
            out=self.out,
            seed=1,
            sources=tuple(self.root / source for source in sources),
            roster=None if roster is None else self.root / roster,
        )
        known = None if request.roster is None else read_roster(request.roster)
        look = partial(_discover, request.sources, known)
        gradebook = run_batch(request, look, _engine, self).gradebook.gradebook
        with gradebook.open(encoding="utf-8-sig", newline="") as file:
            return {row["student"]: row["notes"] for row in csv.DictReader(file)}

    def discovered(self, discovery: Discovery) -> None:
        self.notes = tuple(note.en for note in discovery.notes)

    def planned(self, total: int, kept: int) -> None:
        pass

    def finished(self, result: Result) -> None:
        pass


def _discover(sources: tuple[Path, ...], roster: object, workspace: Path) -> Discovery:
    return discover(sources, ["ex90_mini"], workspace=workspace, roster=roster)  # type: ignore[arg-type]


@contextlib.contextmanager
def _engine() -> Iterator[Engine]:
    def grade(message: bytes) -> bytes:
        task = decode_task(message)
        return encode(result_of(make_report(task.exercise), task.student, task.key))

    with ThreadPoolExecutor(1) as executor:
        yield Engine(executor, grade, lambda: 1)


@pytest.fixture
def term(tmp_path: Path) -> Term:
    return Term(tmp_path)


def test_a_batch_of_another_section_leaves_the_first_as_it_was(term: Term) -> None:
    term.hand_in("A/ada/ex90_mini.py")
    term.hand_in("A/amy.zip", DAMAGED)
    term.hand_in("B/bob/ex90_mini.py")
    section_a = {"abe": "missing: ex90", "ada": "", "amy": "not_graded: ex90"}

    list_a, list_b = term.roster("A.csv", "ada", "amy", "abe"), term.roster("B.csv", "bob", "ben")

    assert term.grade("A", roster=list_a) == section_a
    both = term.grade("B", roster=list_b)

    assert both == section_a | {"bob": "", "ben": "missing: ex90"}
    term.out = term.root / "in-another-order"
    term.grade("B", roster=list_b)
    assert term.grade("A", roster=list_a) == both


def test_a_resubmission_alone_changes_only_what_is_said_of_it(term: Term) -> None:
    term.hand_in("canvas/ada_LATE_1201_88001_ex90.py")
    term.hand_in("canvas/bob_LATE_1202_88002_ex90.py")
    term.hand_in("canvas/eve_1203_88003_ex90.zip", DAMAGED)
    before = term.grade("canvas")
    assert before == {
        "ada_1201": "late: ex90", "bob_1202": "late: ex90", "eve_1203": "not_graded: ex90",
    }  # fmt: skip

    term.hand_in("again/bob_1202_88009_ex90.py")

    assert term.grade("again") == before | {"bob_1202": ""}


def test_a_submission_that_could_not_be_graded_is_forgotten_with_its_cause(term: Term) -> None:
    term.hand_in("A/ada/ex90_mini.py")
    term.hand_in("B/bob/ex90_mini.py")
    amy, eve = term.hand_in("A/amy.zip", DAMAGED), term.hand_in("A/eve.zip", DAMAGED)
    roster = term.roster("class.csv", "ada", "amy", "bob", "eve")
    kept = {"ada": "", "amy": "not_graded: ex90", "eve": "not_graded: ex90"}
    assert term.grade("A", roster=roster) == kept | {"bob": "missing: ex90"}
    # It says nothing about what A holds.
    assert term.grade("B", roster=roster) == kept | {"bob": ""}

    term.hand_in("C/amy/ex90_mini.py")
    assert term.grade("C", roster=roster)["amy"] == ""
    for path in (amy, eve):
        path.unlink()
    said = term.grade("A", "B", roster=roster)

    assert said == {"ada": "", "amy": "", "bob": "", "eve": "missing: ex90"}


def test_who_withdraws_what_came_late_keeps_report_and_mark(term: Term) -> None:
    late = term.hand_in("canvas/ada_LATE_1201_88001_ex90.py")
    term.hand_in("canvas/bob_1202_88002_ex90.py")
    before = term.grade("canvas")
    late.unlink()

    assert term.grade("canvas") == before == {"ada_1201": "late: ex90", "bob_1202": ""}


def test_a_corrected_roster_takes_the_place_of_the_former_one(term: Term) -> None:
    term.hand_in("A/ada/ex90_mini.py")
    term.grade("A", roster=term.roster("class.csv", "ada", "zeo"))

    assert term.grade("A", roster=term.roster("class.csv", "ada", "zoe")) == {
        "ada": "", "zoe": "missing: ex90",
    }  # fmt: skip
    assert not [note for note in term.notes if "roster" in note]


def test_who_stands_in_another_roster_alone_is_named_with_the_way_out(term: Term) -> None:
    term.hand_in("A/ada/ex90_mini.py")
    term.grade("A", roster=term.roster("old.csv", "ada", *(f"s{number}" for number in range(9))))

    said = term.grade("A", roster=term.roster("new.csv", "ada", "zoe"))

    assert len(said) == 11
    (note,) = (note for note in term.notes if "roster" in note)
    assert "from other rosters: 9 (s0, s1, s2, s3, s4, …)" in note
    assert f"delete its entry in class.json: {term.root / 'old.csv'}" in note
    term.grade("A", roster=term.roster("new.csv", "ada", *(f"s{number}" for number in range(9))))
    assert not [note for note in term.notes if "roster" in note]


@pytest.mark.parametrize("content", [b'{"late": [', b'{"students": ["ada"]}'])
def test_a_list_that_cannot_be_read_is_refused_before_anything_is_graded(
    term: Term, content: bytes
) -> None:
    term.hand_in("A/ada/ex90_mini.py")
    term.hand_in("out/class.json", content)

    with pytest.raises(UsageError, match=r"class\.json"):
        term.grade("A")

    assert not (term.out / "reports").exists()
    assert (term.out / "class.json").read_bytes() == content
