from __future__ import annotations

from pathlib import Path

import pytest
from git_server import Student, git

from grader.hook import git as plumbing
from grader.hook.git import GitError, Repository


def test_the_files_of_a_commit_are_listed_with_any_name(ada: Student) -> None:
    names = ["plain.py", "with space.py", "多.py", "line\nfeed.py", "deep/er/x.py", '"quoted".py']
    ada.commit(dict.fromkeys(names, "x = 1\n"))
    ada.push()
    entries = Repository(ada.bare).entries(ada.head())
    assert {entry.path.decode() for entry in entries} == set(names)
    assert {(entry.mode, entry.size) for entry in entries} == {("100644", 6)}


def test_a_blob_is_read_no_further_than_asked(ada: Student) -> None:
    ada.commit({"a.py": "x" * 100_000})
    ada.push()
    repository = Repository(ada.bare)
    (entry,) = repository.entries(ada.head())
    assert repository.read(entry.object_id, 10) == b"x" * 11
    assert len(repository.read(entry.object_id, 10**6)) == 100_000


@pytest.mark.parametrize("commit", ["f" * 40, "--help", "main", "HEAD;id", ""])
def test_what_is_no_commit_there_is_refused(ada: Student, commit: str) -> None:
    with pytest.raises(GitError):
        Repository(ada.bare).entries(commit)


def test_a_commit_with_too_many_files_is_refused(
    ada: Student, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plumbing, "MAX_ENTRIES", 3)
    ada.commit({f"{number}.txt": "x" for number in range(4)})
    ada.push()
    with pytest.raises(GitError, match="more than 3 files"):
        Repository(ada.bare).entries(ada.head())


def test_an_object_cannot_be_replaced_by_a_push(ada: Student) -> None:
    ada.commit({"a.py": "honest\n"})
    honest = git(ada.clone, "rev-parse", "HEAD:a.py").strip()
    forged = git(ada.clone, "hash-object", "-w", "--stdin", given=b"forged\n").strip()
    git(ada.clone, "update-ref", f"refs/replace/{honest}", forged)
    ada.push()
    ada.push(f"refs/replace/{honest}:refs/replace/{honest}")
    assert "forged" in git(ada.bare, "cat-file", "blob", honest)
    assert Repository(ada.bare).read(honest, 100) == b"honest\n"


def test_filters_and_attributes_of_a_push_do_not_count(ada: Student) -> None:
    ada.commit({"a.py": "# $Id$\n", ".gitattributes": "*.py ident eol=crlf filter=evil\n"})
    ada.push()
    repository = Repository(ada.bare)
    entry = next(one for one in repository.entries(ada.head()) if one.path == b"a.py")
    assert repository.read(entry.object_id, 100) == b"# $Id$\n"


def test_a_folder_without_a_repository_is_told(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    assert repository.default_branch() is None
    with pytest.raises(GitError, match="fails in"):
        repository.entries("a" * 40)
