from __future__ import annotations

import contextlib
import errno
import functools
import json
import os
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from batch_of_minis import MiniBatch

from grader.batch.journal import Journal
from grader.batch.output import locked, report_path, sign_lock, workspace
from grader.batch.plan import Again
from grader.batch.task import Result
from grader.errors import ReportNotWrittenError, SandboxError, UsageError

WRONG = "def double(x):\n    return 3 * x\n"


@pytest.fixture
def right(batch: MiniBatch) -> str:
    return batch.mini.solution.read_text(encoding="utf-8")


def report_of(batch: MiniBatch, student: str) -> dict[str, object]:
    content: dict[str, object] = json.loads(report_path(batch.out, student, "ex90").read_bytes())
    return content


def test_every_submission_gets_a_report_under_its_owner(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.hand_in("李雷", WRONG)

    counts = batch.run()

    assert (counts.total, counts.graded, counts.kept) == (2, 2, 0)
    ada = report_of(batch, "ada")
    assert ada["score"] == 100
    assert ada["submission"] == {
        "id": "ada",
        "path": "ex90_mini.py",
        "sha256": ada["submission"]["sha256"],  # type: ignore[index]
        "kind": "py",
    }
    score = report_of(batch, "李雷")["score"]
    assert isinstance(score, int | float)
    assert 0 <= score < 100


def test_finished_work_is_not_repeated(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.hand_in("bob", WRONG)
    first = batch.run()
    before = report_path(batch.out, "bob", "ex90").read_bytes()

    second = batch.run()

    assert batch.graded == []
    assert batch.started == 1
    assert (second.kept, second.graded, second.seed) == (2, 0, first.seed)
    assert report_path(batch.out, "bob", "ex90").read_bytes() == before


def test_a_changed_submission_alone_is_graded_again(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.hand_in("bob", WRONG)
    batch.run()
    batch.hand_in("bob", right)

    batch.run()

    assert batch.graded == ["bob"]
    assert report_of(batch, "bob")["score"] == 100


@pytest.mark.parametrize("part", ["suite", "solution", "manifest"])
def test_what_rests_on_a_changed_course_is_graded_again(
    batch: MiniBatch, right: str, part: str
) -> None:
    batch.hand_in("ada", right)
    batch.run()
    path = {
        "suite": batch.mini.suite / "test_hidden.py",
        "solution": batch.mini.solution,
        "manifest": batch.mini.root / "exercises" / "ex90_mini" / "exercise.toml",
    }[part]
    path.write_text(path.read_text(encoding="utf-8") + "\n# edited\n", encoding="utf-8")

    batch.run()

    assert batch.graded == ["ada"]


def test_another_seed_grades_again_and_is_remembered(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.run(seed=7)

    batch.run(seed=8)
    assert batch.graded == ["ada"]
    batch.run()
    assert batch.graded == []
    assert report_of(batch, "ada")["environment"]["seed"] == 8  # type: ignore[index]


def test_a_folder_that_lost_its_journal_goes_on_with_its_seed(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.run(seed=7)
    for left in batch.out.glob("journal.sqlite*"):
        left.unlink()
    damaged = report_path(batch.out, "zoe", "ex90")
    damaged.parent.mkdir()
    damaged.write_text('{"environment": {"seed": -1}}', encoding="utf-8")
    batch.found = []
    batch.hand_in("bob", right)

    assert batch.run().seed == 7
    damaged.unlink()
    assert batch.run().kept == 1


@pytest.mark.parametrize("damage", ["gone", "truncated"])
def test_a_damaged_report_is_made_again(batch: MiniBatch, right: str, damage: str) -> None:
    batch.hand_in("ada", right)
    batch.run()
    path = report_path(batch.out, "ada", "ex90")
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:100])

    batch.run()

    assert batch.graded == ["ada"]
    assert report_of(batch, "ada")["score"] == 100


def test_what_is_below_full_marks_can_be_graded_again(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    batch.hand_in("bob", WRONG)
    batch.run()

    batch.run(again="failed")
    assert batch.graded == ["bob"]
    batch.run(again="all")
    assert sorted(batch.graded) == ["ada", "bob"]


def stop_after_one(batch: MiniBatch, again: Again) -> None:
    """Begin to grade again, and press Ctrl-C as soon as one is."""

    def press(result: Result) -> None:
        batch.graded.append(result.student)
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch, "finished", press)
        with pytest.raises(KeyboardInterrupt):
            batch.run(again=again)


@pytest.mark.parametrize("again", ["all", "failed"])
def test_to_grade_again_goes_on_after_a_stop_and_begins_anew_after_its_end(
    batch: MiniBatch, again: Again
) -> None:
    students = ["ada", "bob", "eve"]
    for student in students:
        batch.hand_in(student, WRONG)
    batch.run()
    stop_after_one(batch, again)
    done = list(batch.graded)

    assert batch.run(again=again).kept == 1
    assert sorted([*done, *batch.graded]) == students
    assert batch.run(again=again).kept == 0


def test_a_stop_while_all_is_graded_again_leaves_the_rest_to_any_run(
    batch: MiniBatch, right: str
) -> None:
    for student in ("ada", "bob", "eve"):
        batch.hand_in(student, right)
    batch.run()
    stop_after_one(batch, "all")
    (done,) = batch.graded
    everyone = batch.found

    # To grade all of another choice again is another run, whatever this one has done.
    batch.found = [one for one in everyone if one.student == done]
    assert batch.run(again="all").kept == 0
    batch.found = everyone
    assert batch.run().kept == 1
    assert batch.run(again="all").kept == 0


def test_faults_are_kept_until_they_are_to_be_retried(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    good = (batch.mini.suite / "test_visible.py").read_text(encoding="utf-8")
    batch.mini.edit("test_visible.py", "points=10", "points=11")
    faulty = batch.run()
    assert (faulty.course_faults, faulty.graded) == (1, 0)

    batch.run()
    assert batch.graded == []
    batch.run(again="faults")
    assert batch.graded == ["ada"]

    (batch.mini.suite / "test_visible.py").write_text(good, encoding="utf-8")
    assert batch.run().graded == 1


def test_a_file_that_cannot_be_read_costs_its_owner_only(batch: MiniBatch, right: str) -> None:
    path = batch.hand_in("ada", b"#" * (2 * 1024 * 1024 + 1))
    batch.hand_in("bob", right)

    counts = batch.run()

    assert (counts.graded, counts.not_runnable) == (2, 1)
    report = report_of(batch, "ada")
    assert (report["status"], report["score"]) == ("not_runnable", 0)
    assert "too large" in json.dumps(report)
    assert str(path.parent) not in json.dumps(report)
    assert report_of(batch, "bob")["score"] == 100
    assert batch.run().kept == 2


@pytest.mark.parametrize("why", ["gone", "forbidden", "moved"])
def test_a_file_that_the_machine_does_not_give_costs_nobody_points(
    batch: MiniBatch, right: str, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    path = batch.hand_in("ada", right)
    batch.hand_in("bob", right)
    elsewhere = batch.files.with_name("elsewhere")
    if why == "forbidden":
        is_open = os.open

        def refuse(name: object, *rest: Any, **more: Any) -> int:
            if name == path:
                raise PermissionError(errno.EACCES, "Permission denied", str(name))
            return is_open(name, *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "open", refuse)
    elif why == "gone":
        path.rename(path.with_name("aside.py"))
    else:
        batch.files.rename(elsewhere)

    counts = batch.run()

    assert (counts.grader_faults, counts.not_runnable) == (2 if why == "moved" else 1, 0)
    report = report_of(batch, "ada")
    assert (report["status"], report["score"], report["fault_of"]) == (
        "grader_fault",
        None,
        "grader",
    )
    fault = report["fault"]["en"]  # type: ignore[index]
    assert fault.startswith("ex90_mini.py may not be read" if why == "forbidden" else "there is no")
    assert "run the command again" in fault
    assert str(batch.files) not in fault

    monkeypatch.undo()
    if why == "moved":
        elsewhere.rename(batch.files)
    else:
        path.write_text(right, encoding="utf-8")
    assert batch.run().grader_faults == 0
    assert "ada" in batch.graded
    assert report_of(batch, "ada")["score"] == 100


def test_another_file_that_cannot_be_read_has_a_report_of_its_own(batch: MiniBatch) -> None:
    of_r = b'{"cells": [], "metadata": {"kernelspec": {"language": "R"}}, "nbformat": 4}'
    said = []
    for name, content in (("a.ipynb", b"no notebook"), ("a.ipynb", of_r), ("a.py", b"\0\xff" * 9)):
        batch.hand_in("ada", content, name)
        assert batch.run().not_runnable == 1
        assert batch.run().kept == 1
        said.append(json.dumps(report_of(batch, "ada")["problems"]))
        assert report_of(batch, "ada")["submission"]["path"] == name  # type: ignore[index]

    assert len(set(said)) == 3


def test_after_a_stop_the_rest_is_graded(batch: MiniBatch, right: str) -> None:
    for student in ("ada", "bob", "eve"):
        batch.hand_in(student, right)
    batch.fail_after = (2, SandboxError("a hole"))
    with pytest.raises(SandboxError):
        batch.run()
    done = list(batch.graded)

    batch.fail_after = None
    counts = batch.run()

    assert sorted([*done, *batch.graded]) == ["ada", "bob", "eve"]
    assert counts.kept == len(done)


def test_a_result_that_cannot_be_written_stops_the_batch_and_is_not_noted(
    batch: MiniBatch, right: str
) -> None:
    batch.hand_in("ada", right)
    (batch.out / "reports").write_text("in the way", encoding="utf-8")

    with pytest.raises(ReportNotWrittenError) as info:
        batch.run()
    assert "it goes on where it stopped" in str(info.value.hint and info.value.hint.en)
    (batch.out / "reports").unlink()
    batch.run()

    assert batch.graded == ["ada"]


def test_a_folder_that_is_moved_stops_the_batch_and_goes_on_where_it_lies(
    batch: MiniBatch, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for student in ("ada", "bob", "eve"):
        batch.hand_in(student, right)
    moved = batch.out.with_name("moved")
    with monkeypatch.context() as patch:
        patch.setattr(batch, "finished", lambda _: batch.out.rename(moved))
        with pytest.raises(ReportNotWrittenError, match="moved or deleted") as info:
            batch.run()
    assert "name its new place with --out" in str(info.value.hint and info.value.hint.en)
    assert not batch.out.exists()

    batch.out = moved
    assert batch.run().kept == 1


def test_a_foreign_journal_is_refused(batch: MiniBatch, right: str) -> None:
    batch.hand_in("ada", right)
    path = batch.out / "journal.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(UsageError, match="is no journal"):
        batch.run()
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE results (line TEXT)")
    with pytest.raises(UsageError, match="is no journal"):
        batch.run()


def test_a_refused_journal_is_left_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.sqlite"
    path.write_bytes(b"something else entirely" * 100)
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def keep(*given: Any, **named: Any) -> sqlite3.Connection:
        opened.append(connect(*given, **named))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", keep)
    with pytest.raises(UsageError, match="is no journal"):
        Journal(path)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_journal_that_another_program_writes_is_told_as_such(
    batch: MiniBatch, right: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch.hand_in("ada", right)
    batch.run()
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", functools.partial(connect, timeout=0.1))
    with contextlib.closing(connect(batch.out / "journal.sqlite")) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ReportNotWrittenError, match="locked") as info:
            batch.run(seed=9)
    assert info.value.hint is not None
    assert "Close the program" in info.value.hint.en


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is full")
def test_a_full_disk_leaves_a_lock_without_our_number(tmp_path: Path) -> None:
    with Path("/dev/full").open("a+", encoding="ascii") as lock:
        sign_lock(lock)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="is no folder"), locked(tmp_path / "out"):
        pass


def test_a_second_batch_on_one_folder_is_refused(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "out"),
        pytest.raises(UsageError, match="another batch"),
        locked(tmp_path / "out"),
    ):
        pass
    with locked(tmp_path / "out"):
        pass


IMPORTS = "import random\nfrom model import FACTS, Net, double, total\n"


def test_what_a_submission_imports_is_graded_with_it(batch: MiniBatch, right: str) -> None:
    for student in ("ada", "bob"):
        batch.hand_in(student, IMPORTS)
    batch.put_beside("ada", "model.py", right)
    batch.put_beside("ada", "random.py", "raise SystemExit")
    batch.put_beside("ada", "torch.py", "def relu(x): return x")

    batch.run()

    assert report_of(batch, "ada")["score"] == 100
    assert "model.py" in json.dumps(report_of(batch, "ada")["notes"])
    # Nobody else's file serves where one's own is missing.
    assert report_of(batch, "bob")["score"] == 0


def test_a_change_in_what_is_imported_alone_grades_its_owner_again(
    batch: MiniBatch, right: str
) -> None:
    for student in ("ada", "bob"):
        batch.hand_in(student, IMPORTS)
        batch.put_beside(student, "model.py", right)
        batch.put_beside(student, "other.py", "x = 1")
    batch.run()
    batch.put_beside("ada", "model.py", WRONG)
    batch.put_beside("bob", "other.py", "x = 2")

    batch.run()

    assert batch.graded == ["ada"]
    score = report_of(batch, "ada")["score"]
    assert isinstance(score, int | float)
    assert score < 100


@pytest.mark.parametrize(
    "content",
    [
        "import os\nos._exit(0)\ndef double(x): return 2 * x\n",
        "while True: pass\n",
        "def double(x): return 2 * x\nimport sys; sys.modules['torch'] = None\n",
        "\x00",
    ],
)
def test_a_hostile_file_beside_costs_its_owner_only(
    batch: MiniBatch, right: str, content: str
) -> None:
    batch.hand_in("ada", IMPORTS)
    batch.put_beside("ada", "model.py", content)
    batch.hand_in("bob", right)

    counts = batch.run()

    assert (counts.total, counts.grader_faults, counts.course_faults) == (2, 0, 0)
    assert report_of(batch, "bob")["score"] == 100


def test_an_interrupted_batch_leaves_what_it_has_unpacked_to_be_removed_behind_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    walked: list[Path] = []

    def remove(folder: Path, **_: object) -> None:
        walked.extend([folder] if folder.exists() else [])

    monkeypatch.setattr("shutil.rmtree", remove)
    with contextlib.suppress(KeyboardInterrupt), workspace(tmp_path) as folder:
        (folder / "submission.py").write_text("x = 1\n", encoding="utf-8")
        raise KeyboardInterrupt

    assert not folder.exists()
    assert not walked, "Ctrl-C waited for it"
    deadline = time.monotonic() + 10
    while list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not list(tmp_path.iterdir())


class PressedInADestructor:
    def __del__(self) -> None:
        signal.raise_signal(signal.SIGINT)


def test_a_ctrl_c_that_python_loses_in_a_destructor_ends_the_batch(
    batch: MiniBatch,
    right: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for student in ("ada", "bob", "eve"):
        batch.hand_in(student, right)
    finished = batch.finished

    def press(result: Result) -> None:
        finished(result)
        PressedInADestructor()

    monkeypatch.setattr(batch, "finished", press)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            batch.run()
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)

    assert batch.graded == ["ada"]
    assert "Traceback" not in capsys.readouterr().err
