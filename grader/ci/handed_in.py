"""A file of a commit, and what it imports, as a submission; without a copy on the disk."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from grader.ci.repository import Entry, Repository
from grader.errors import SubmissionError
from grader.language import Text
from grader.submission import Submission, decode_submission, max_bytes_of
from grader.submission.file import too_large
from grader.submission.siblings import with_files

__all__ = ["HandedIn", "read_handed_in"]


class HandedIn(NamedTuple):
    """What a commit has at a path."""

    path: str
    content: bytes
    """Empty where it cannot be read."""
    submission: Submission | SubmissionError
    """The error where it is none: a link, another repository, too large, another kind."""

    @property
    def sha256(self) -> str:
        """Tells it from others, those that cannot be read included."""
        if isinstance(self.submission, Submission):
            return self.submission.content_sha256
        return hashlib.sha256(self.submission.message.en.encode(errors="replace")).hexdigest()


def read_handed_in(repository: Repository, commit: str, path: str) -> HandedIn:
    """Read a file of a commit; whatever is wrong with it is its author's to mend."""
    try:
        files = repository.files(commit)
        content = _content(repository, path, files.get(path))
        submission = decode_submission(content, Path(path))
    except SubmissionError as error:
        return HandedIn(path, b"", error)
    submission = with_files(
        submission, _files_beside(files, path), lambda pair: _content(repository, *pair)
    )
    return HandedIn(path, content, msgspec.structs.replace(submission, path=path))


def _files_beside(files: Mapping[str, Entry], path: str) -> dict[str, tuple[str, Entry]]:
    """Give the scripts in a file's folder and below, by the way from there."""
    folder = path[: path.rfind("/") + 1]
    return {
        other[len(folder) :]: (other, entry)
        for other, entry in files.items()
        if other.startswith(folder) and other.endswith(".py") and other != path
    }


def _content(repository: Repository, path: str, entry: Entry | None) -> bytes:
    limit = max_bytes_of(Path(path))
    if entry is None or not entry.is_file:
        raise SubmissionError(
            Text(
                en=f"{path} is a link or another repository, not a file",
                zh=f"{path} 是链接或另一个仓库，而不是文件",
            ),
            hint=Text(
                en="Commit the file itself: `git rm` the link, then add the file.",
                zh="请提交文件本身：先用 `git rm` 删除链接，再添加文件。",
            ),
        )
    if entry.size > limit:
        raise too_large(Path(path), entry.size, limit)
    return repository.content(entry)
