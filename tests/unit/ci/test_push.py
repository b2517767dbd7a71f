from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from student_repository import ZEROS, StudentRepository

from grader.ci.push import Push, find_push
from grader.ci.repository import Repository
from grader.errors import UsageError


def push(
    student: StudentRepository, base: str | None = None, head: str = "HEAD", **variables: str
) -> Push:
    return find_push(Repository(student.folder), head, base, variables)


@pytest.fixture
def three(student: StudentRepository) -> list[str]:
    return [student.commit(f"{n}", **{"file.txt": f"{n}"}) for n in range(3)]


def event(tmp_path: Path, content: Any) -> str:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_without_more_the_parent_is_the_base(student: StudentRepository, three: list[str]) -> None:
    assert push(student) == Push(three[2], three[1])
    assert push(student, head=three[1]) == Push(three[1], three[0])
    first = push(student, head=three[0])
    assert (first.base, first.note is not None) == (None, True)


def test_a_base_may_be_named_in_any_way(student: StudentRepository, three: list[str]) -> None:
    assert push(student, base="HEAD~2").base == three[0]
    assert push(student, base=three[0][:10]).base == three[0]
    assert push(student, base=ZEROS).base is None


def test_each_place_names_the_base_in_its_own_way(
    student: StudentRepository, three: list[str], tmp_path: Path
) -> None:
    before = event(tmp_path, {"before": three[0], "ref": "refs/heads/main"})
    assert push(student, GITHUB_EVENT_PATH=before).base == three[0]
    assert push(student, CI_COMMIT_BEFORE_SHA=three[0]).base == three[0]
    assert push(student, GIT_PREVIOUS_COMMIT=three[0]).base == three[0]
    both = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": three[1], "CI_COMMIT_BEFORE_SHA": ZEROS}
    assert push(student, **both).base == three[1]


def test_a_pull_request_is_compared_with_where_it_began(
    student: StudentRepository, three: list[str], tmp_path: Path
) -> None:
    student.git("checkout", "-q", "-b", "target", three[0])
    target = student.commit("elsewhere", **{"other.txt": "1"})
    student.git("checkout", "-q", "main")
    request = event(tmp_path, {"pull_request": {"base": {"sha": target}}})
    assert push(student, GITHUB_EVENT_PATH=request).base == three[0]


def test_a_first_push_has_no_base(
    student: StudentRepository, three: list[str], tmp_path: Path
) -> None:
    new = push(student, GITHUB_EVENT_PATH=event(tmp_path, {"before": ZEROS}))
    assert new.base is None
    assert new.note is not None
    assert "first push" in new.note.en


def test_after_a_forced_push_the_base_may_be_gone(
    student: StudentRepository, three: list[str]
) -> None:
    gone = push(student, CI_COMMIT_BEFORE_SHA="ab" * 20)
    assert gone.base is None
    assert gone.note is not None
    assert "forced push" in gone.note.en
    assert push(student, base="ab" * 20).base is None


def test_a_shallow_clone_has_no_parent(
    student: StudentRepository, three: list[str], tmp_path: Path
) -> None:
    clone = StudentRepository(tmp_path / "clone")
    clone.git("fetch", "-q", "--depth=1", f"file://{student.folder}", "main")
    clone.git("checkout", "-q", "FETCH_HEAD")
    assert push(clone) == Push(three[2], None, push(clone).note)
    assert push(clone, CI_COMMIT_BEFORE_SHA=three[1]).base is None


@pytest.mark.parametrize(
    "content", [[], {"before": 7}, {"before": "--output=x"}, {"pull_request": {"base": None}}, "x"]
)
def test_an_event_that_says_nothing_is_passed_over(
    student: StudentRepository, three: list[str], tmp_path: Path, content: Any
) -> None:
    assert push(student, GITHUB_EVENT_PATH=event(tmp_path, content)).base == three[1]
    assert push(student, GITHUB_EVENT_PATH=str(tmp_path / "none")).base == three[1]


@pytest.mark.parametrize("name", ["nonsense", "--help", "--output=x", "", "HEAD:file.txt", "a\0b"])
def test_a_name_that_is_no_commit_is_refused_and_is_never_an_option(
    student: StudentRepository, three: list[str], name: str
) -> None:
    with pytest.raises(UsageError, match="there is no commit"):
        push(student, base=name)
    with pytest.raises(UsageError, match="there is no commit"):
        push(student, head=name)
    assert sorted(path.name for path in student.folder.iterdir()) == [".git", "file.txt"]


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no git repository"):
        Repository(tmp_path)
    with pytest.raises(UsageError, match="is no git repository"):
        Repository(tmp_path / "missing")
