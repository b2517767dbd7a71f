from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from grader.course.catalog import Course
from grader.progress import store
from grader.progress.model import Progress
from grader.progress.store import STATE_VARIABLE, note, read_progress, state_folder


@pytest.fixture(autouse=True)
def inside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(STATE_VARIABLE, raising=False)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    return Course(tmp_path)


def set_best(progress: Progress, score: float = 70) -> None:
    progress.entry("ex03").best = score


def count_up(root: str, times: int) -> None:
    def change(progress: Progress) -> None:
        hints = progress.entry("ex03").hints
        hints["conv_net"] = hints.get("conv_net", 0) + 1

    for _ in range(times):
        assert note(Course(Path(root)), change) is None


def test_what_was_noted_is_read_again(course: Course) -> None:
    assert read_progress(course) == (Progress(), None)
    assert note(course, set_best) is None
    assert read_progress(course).progress.of("ex03").best == 70
    document = json.loads((course.root / ".grade" / "state.json").read_bytes())
    assert document["exercises"]["ex03"] == {"best": 70.0}
    assert (course.root / ".grade" / ".gitignore").read_text(encoding="utf-8") == "*\n"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": 99, "exercises": {}}',
        b'{"format": 1, "exercises": {"ex03": {"best": "all"}}}',
        b"[" * 100_000,
        b" " * (2 << 20),
    ],
    ids=["empty", "cut", "list", "encoding", "newer", "type", "deep", "huge"],
)
def test_a_damaged_file_is_put_aside_in_a_sentence_and_begun_anew(
    course: Course, content: bytes
) -> None:
    path = course.root / ".grade" / "state.json"
    path.parent.mkdir()
    path.write_bytes(content)

    remark = note(course, set_best)

    assert remark is not None
    assert "state.damaged.json" in remark.en
    assert "state.damaged.json" in remark.zh
    assert path.with_name("state.damaged.json").read_bytes() == content
    assert read_progress(course).remark is None
    assert read_progress(course).progress.of("ex03").best == 70


def test_reading_a_damaged_file_says_so_once(course: Course) -> None:
    path = course.root / ".grade" / "state.json"
    path.parent.mkdir()
    path.write_bytes(b"{")
    assert read_progress(course).remark is not None
    assert read_progress(course) == (Progress(), None)


def test_processes_at_once_undo_nothing_of_each_other(course: Course) -> None:
    code = f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}]; import test_store as t; "
    code += f"t.count_up({str(course.root)!r}, 20)"
    command = [sys.executable, "-c", code]
    running = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0]
    assert read_progress(course).progress.of("ex03").hints == {"conv_net": 60}


def test_who_is_ended_while_noting_leaves_the_old_state(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(course, set_best)
    before = (course.root / ".grade" / "state.json").read_bytes()

    def end(progress: Progress) -> None:
        set_best(progress, 100)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        note(course, end)
    assert (course.root / ".grade" / "state.json").read_bytes() == before
    assert note(course, set_best) is None, "the lock is free again"


def test_a_course_that_may_not_be_written_to_is_remembered_at_home(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "state"
    monkeypatch.setenv("XDG_STATE_HOME", str(home))
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    folder = state_folder(course)
    assert folder.is_relative_to(home / "torchgrade")
    assert folder != state_folder(Course(tmp_path / "elsewhere" / tmp_path.name))
    assert note(course, set_best) is None
    assert (folder / "state.json").is_file()
    assert not (course.root / ".grade").exists()


def test_where_nothing_can_be_written_a_sentence_says_so(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    occupied = course.root / "file"
    occupied.write_bytes(b"")
    monkeypatch.setenv(STATE_VARIABLE, str(occupied / "folder"))
    remark = note(course, set_best)
    assert remark is not None
    assert remark.en.startswith("Your progress could not be noted: ")
    assert "GRADE_STATE" in remark.en
    assert str(occupied) in remark.en
    assert read_progress(course).progress == Progress()


def test_a_folder_of_a_user_who_is_not_there_is_told(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, "~nobody-is-called-so/state")
    remark = note(course, set_best)
    assert remark is not None
    assert "GRADE_STATE" in remark.en
    assert read_progress(course).progress == Progress()


def test_a_lock_that_stays_taken_is_not_waited_for_long(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    note(course, set_best)
    monkeypatch.setattr(store, "_LOCK_SECONDS", 0.05)
    with FileLock(course.root / ".grade" / "state.lock"):
        remark = note(course, set_best)
    assert remark is not None
    assert "state.lock" in remark.en
