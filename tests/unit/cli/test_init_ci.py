from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.templates import PLACES

Grade = Callable[..., Any]


@pytest.mark.parametrize("place", PLACES)
def test_a_place_gets_its_files_and_a_second_time_changes_nothing(
    grade: Grade, tmp_path: Path, place: str
) -> None:
    out = tmp_path / "repository"
    written = [str(out / name) for name in PLACES[place].files]
    for _ in range(2):
        ended = grade("init-ci", place, "--out", out)
        assert (ended.code, ended.out.splitlines()) == (0, written)
    assert all(Path(name).stat().st_size > 0 for name in written)


def test_the_hook_can_be_started(grade: Grade, tmp_path: Path) -> None:
    grade("init-ci", "hook", "--out", tmp_path)
    assert (tmp_path / "post-receive").stat().st_mode & 0o777 == 0o755


def test_a_file_that_was_changed_is_kept_and_so_are_the_others(
    grade: Grade, tmp_path: Path
) -> None:
    changed = tmp_path / ".github/actions/grade/action.yml"
    changed.parent.mkdir(parents=True)
    changed.write_text("mine\n", encoding="utf-8")
    ended = grade("init-ci", "github", "--out", tmp_path)
    assert ended.code == 2
    assert "action.yml" in ended.err
    assert "`--force` replaces it" in ended.err
    assert not (tmp_path / ".github/workflows").exists()
    assert grade("init-ci", "github", "--out", tmp_path, "--force").code == 0
    assert "composite" in changed.read_text(encoding="utf-8")


def test_a_link_is_replaced_and_what_it_leads_to_kept(grade: Grade, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("mine\n", encoding="utf-8")
    (tmp_path / "Jenkinsfile").symlink_to(target)
    assert grade("init-ci", "jenkins", "--out", tmp_path).code == 2
    assert grade("init-ci", "jenkins", "--out", tmp_path, "--force").code == 0
    assert target.read_text(encoding="utf-8") == "mine\n"


def test_a_folder_that_cannot_be_made_is_told(grade: Grade, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ended = grade("init-ci", "gitlab", "--out", tmp_path / "file")
    assert ended.code == 5
    assert "could not be written" in ended.err


def test_a_place_that_is_unknown_is_answered_with_those_that_are(grade: Grade) -> None:
    ended = grade("init-ci", "bitbucket")
    assert ended.code == 2
    assert "'gitlab'" in ended.err
