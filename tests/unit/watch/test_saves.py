from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from queue import Empty

import pytest

from grader.watch.events import Events, Lost, Saved
from grader.watch.saves import hear_saves

SECONDS = 10


def write(file: Path) -> None:
    file.write_text("new\n", encoding="utf-8")


def rename(file: Path) -> None:
    new = file.with_name(f".{file.name}.swp")
    new.write_text("renamed\n", encoding="utf-8")
    new.replace(file)


def rename_with_backup(file: Path) -> None:
    file.rename(file.with_name(f"{file.name}~"))
    file.write_text("again\n", encoding="utf-8")


def delete_first(file: Path) -> None:
    file.unlink()
    file.write_text("deleted before\n", encoding="utf-8")


@pytest.mark.parametrize("polling", [False, True], ids=["told", "polling"])
@pytest.mark.parametrize("save", [write, rename, rename_with_backup, delete_first])
def test_however_an_editor_saves_it_is_heard(
    tmp_path: Path, save: Callable[[Path], None], *, polling: bool
) -> None:
    file = tmp_path / "ex01_one" / "ex01_one.py"
    file.parent.mkdir()
    file.write_text("old\n", encoding="utf-8")
    events = Events()
    with hear_saves(tmp_path, events, polling=polling):
        heard = None
        # The listener needs a moment to begin, of which there is no telling.
        for attempt in range(SECONDS * 2):
            file.write_text(f"old {attempt}\n", encoding="utf-8")
            save(file)
            try:
                heard = events.get(timeout=0.5)
            except Empty:
                continue
            break
    assert heard == Saved(file)


def test_other_files_are_passed_over(tmp_path: Path) -> None:
    events = Events()
    with hear_saves(tmp_path, events, polling=False):
        for number in range(SECONDS * 2):
            (tmp_path / "notes.txt").write_text(str(number), encoding="utf-8")
            (tmp_path / "ex01.py").write_text(str(number), encoding="utf-8")
            try:
                assert events.get(timeout=0.5) == Saved(tmp_path / "ex01.py")
            except Empty:
                continue
            return
    pytest.fail("nothing was heard")


def test_a_folder_that_cannot_be_watched_is_told(tmp_path: Path) -> None:
    events = Events()
    with hear_saves(tmp_path / "missing", events, polling=False):
        assert isinstance(events.get(timeout=SECONDS), Lost)
