"""`grade submit`: an archive, or a tag, that those who grade a class find."""

from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doubling import ANSWER
from rich.cells import cell_len

from grader.batch.discovery.discover import discover
from grader.course.catalog import Course

Grade = Callable[..., Any]


def test_what_is_packed_is_found_by_those_who_grade_a_class(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    inbox = tmp_path / "inbox" / "ada"
    inbox.mkdir(parents=True)
    monkeypatch.chdir(inbox)

    ended = grade("submit", "ex01")

    digest = hashlib.sha256(script.read_bytes()).hexdigest()
    assert ended.code == 0
    assert digest in ended.out
    assert all(cell_len(line) <= 80 for line in ended.out.splitlines())
    packed = inbox / "ex01_doubling.zip"
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == ["ex01_doubling.py", "submission.json"]
        description = json.loads(archive.read("submission.json"))
    assert description["sha256"] == digest
    assert description["exercise"] == "ex01"
    found = discover([inbox.parent], ["ex01_doubling"], workspace=tmp_path / "work")
    (one,) = found.found
    assert (one.student, one.exercise) == ("ada", "ex01")
    assert one.path.read_text(encoding="utf-8") == ANSWER
    assert not found.problems
    assert not found.warnings


def test_what_an_answer_imports_is_handed_in_with_it(
    grade: Grade, script: Path, repository: Path, tmp_path: Path
) -> None:
    folder = script.parent
    (folder / "parts").mkdir()
    (folder / "parts" / "layers.py").write_bytes("# 层\nX = 1\n".encode("gbk"))
    (folder / "unused.py").write_text("X = 2\n", encoding="utf-8")
    script.write_text(f"from parts.layers import X\n{ANSWER}", encoding="utf-8")

    grade("submit", "ex01", "--out", tmp_path / "out.zip")
    ended = grade("submit", "ex01", "--git")

    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist() == ["ex01_doubling.py", "parts/layers.py", "submission.json"]
        assert archive.read("parts/layers.py") == "# 层\nX = 1\n".encode("gbk")
    assert ended.code == 0
    tagged = git(repository, "ls-tree", "-r", "--name-only", "submit/ex01/1")
    assert "parts/layers.py" in tagged
    assert "unused.py" not in tagged


def test_the_same_file_gives_the_same_archive(grade: Grade, script: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one.zip", tmp_path / "other.zip"
    grade("submit", "ex01", "--out", one)
    grade("submit", "ex01", "--out", other)
    assert one.read_bytes() == other.read_bytes()


def test_another_file_is_packed_under_the_exercises_name(
    grade: Grade, script: Path, tmp_path: Path
) -> None:
    mine = tmp_path / "作业 1.ipynb"
    mine.write_bytes(script.with_suffix(".ipynb").read_bytes())
    grade("submit", "ex01", "--file", mine, "--out", tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        assert archive.namelist()[0] == "ex01_doubling.ipynb"


def test_submit_says_what_may_have_been_overlooked(
    grade: Grade, graded: Any, script: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.zip"
    assert "is still as it was handed out" in grade("submit", "ex01", "--out", out).err
    script.write_text(ANSWER, encoding="utf-8")
    assert "has not been graded as it is now" in grade("submit", "ex01", "--out", out).err


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words],  # noqa: S607 - whichever git there is
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(small_course: Course, script: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = small_course.root
    for variable in ("GIT_AUTHOR", "GIT_COMMITTER"):
        monkeypatch.setenv(f"{variable}_NAME", "Ada")
        monkeypatch.setenv(f"{variable}_EMAIL", "ada@example.org")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Begin")
    return root


def test_a_tag_is_what_an_instructor_fetches(grade: Grade, script: Path, repository: Path) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    (repository / "other.txt").write_text("staged", encoding="utf-8")
    git(repository, "add", "other.txt")

    ended = grade("submit", "ex01", "--git")

    assert ended.code == 0
    assert "git push origin HEAD submit/ex01/1" in ended.out
    assert (
        git(repository, "show", f"submit/ex01/1:{script.relative_to(repository).as_posix()}")
        == ANSWER.strip()
    )
    message = git(repository, "tag", "-l", "--format=%(contents)", "submit/ex01/1")
    assert json.loads(message)["sha256"] == hashlib.sha256(script.read_bytes()).hexdigest()
    assert git(repository, "status", "--porcelain", "other.txt") == "A  other.txt"
    assert "submit/ex01/2" in grade("submit", "ex01", "--git").out, "nothing new to commit"


def test_submit_by_git_needs_a_repository(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    ended = grade("submit", "ex01", "--git")
    assert ended.code == 2
    assert "git rev-parse failed" in ended.err
    assert "without `--git`" in ended.err
