"""Which files of a commit are answers to which exercise, and which of them a push has changed.

An answer has changed, too, if a file of the same commit has that it imports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from grader.batch.discovery.choice import Candidate, Handouts, choose
from grader.batch.discovery.identity import decode_name, safe_id, shown
from grader.batch.discovery.limits import max_bytes_of
from grader.batch.discovery.names import (
    Exercises,
    Match,
    is_ignored_folder,
    is_source,
)
from grader.course.models import Exercise
from grader.errors import SubmissionError
from grader.hook.git import Entry, Repository
from grader.language import Text
from grader.submission import decode_submission
from grader.submission.siblings import with_files

__all__ = ["Answer", "Refusal", "answers_of"]

_LINK: Final = "120000"
_SUBMODULE: Final = "160000"
_LFS: Final = b"version https://git-lfs.github.com/spec/"
_MIB: Final = 2**20


class _File(NamedTuple):
    """A file that belongs to an exercise by its name."""

    entry: Entry
    path: str
    match: Match


class Answer(NamedTuple):
    """The file that is graded for an exercise."""

    exercise: str
    path: Path
    """Where its bytes lie now."""
    remark: Text | None
    """What to say if there were several."""
    is_handout: bool
    """Whether nobody has written anything into it yet."""
    beside: dict[str, Path]
    """Where the files that it imports lie now, by the way from its own folder."""


class Refusal(NamedTuple):
    """A file that cannot be graded."""

    exercise: str
    message: Text


def answers_of(
    repository: Repository,
    old: str | None,
    new: str,
    exercises: Sequence[Exercise],
    folder: Path,
) -> Iterator[Answer | Refusal]:
    """Find what a push has changed, and put it on the disk under names of ours.

    Args:
        repository: Where it was pushed to.
        old: The commit to compare with; None compares with nothing.
        new: The commit that was pushed.
        exercises: Those of the course.
        folder: An empty folder for the files.

    Yields:
        For each exercise with a file that was added or changed, in order, the file or why not.

    Raises:
        GitError: The repository does not give the commit.
    """
    names = Exercises([exercise.name for exercise in exercises])
    before = None if old is None else _Commit(repository, old, names)
    after = _Commit(repository, new, names)
    for exercise in sorted(after.answers):
        if before is None or after.differs(before, exercise):
            full = next(one for one in exercises if one.id == exercise)
            yield _answer(after, full, folder)


class _Commit:
    """The files of a commit that can be answers, and those that an answer can import."""

    def __init__(self, repository: Repository, commit: str, names: Exercises) -> None:
        self._repository = repository
        self._scripts: dict[str, Entry] = {}
        self.answers: dict[str, list[_File]] = {}
        """By the exercise's id."""
        for entry in repository.entries(commit):
            self._add(entry, decode_name(entry.path), names)

    def _add(self, entry: Entry, path: str, names: Exercises) -> None:
        parts = path.split("/")
        if any(is_ignored_folder(part) for part in parts[:-1]):
            return
        # A submodule has the name of a folder.
        name = f"{parts[-1]}.py" if entry.mode == _SUBMODULE else parts[-1]
        match = names.match(name) if is_source(name) else None
        if match is not None:
            self.answers.setdefault(match.exercise, []).append(_File(entry, path, match))
        if path.endswith(".py"):
            self._scripts[path] = entry

    def differs(self, before: _Commit, exercise: str) -> bool:
        """Tell whether an exercise's files are others than before, or what they import."""
        files = self.answers[exercise]
        if _facts(files) != _facts(before.answers.get(exercise, [])):
            return True
        return any(
            self._beside(file.path) != before._beside(file.path)
            and self.imported(file) != before.imported(file)
            for file in files
        )

    def imported(self, file: _File) -> dict[str, bytes]:
        """Read the files that an answer imports, and those that they import.

        Returns:
            Their contents, by the way from the answer's folder, such as `nets/blocks.py`.
        """
        content = self.content(file.entry, file.path)
        if isinstance(content, Text):
            return {}
        beside = self._beside(file.path)
        found: dict[str, bytes] = {}

        def read(way: str) -> bytes:
            read = self.content(beside[way], way)
            if isinstance(read, Text):
                raise SubmissionError(read)
            found[way] = read
            return read

        try:
            submission = decode_submission(content, Path(file.path))
        except SubmissionError:
            return {}
        with_files(submission, dict(zip(beside, beside, strict=True)), read)
        return found

    def content(self, entry: Entry, path: str) -> bytes | Text:
        """Read a file, or say why it cannot be graded."""
        return _content(self._repository, entry, path)

    def _beside(self, path: str) -> dict[str, Entry]:
        folder = path[: path.rfind("/") + 1]
        return {
            other[len(folder) :]: entry
            for other, entry in self._scripts.items()
            if other.startswith(folder) and other != path
        }


def _facts(files: Sequence[_File]) -> set[tuple[str, str, str]]:
    return {(one.path, one.entry.mode, one.entry.object_id) for one in files}


def _answer(commit: _Commit, exercise: Exercise, folder: Path) -> Answer | Refusal:
    files: dict[Path, _File] = {}
    candidates: list[Candidate] = []
    refused: list[Text] = []
    for place, file in enumerate(commit.answers[exercise.id]):
        content = commit.content(file.entry, file.path)
        if isinstance(content, Text):
            refused.append(content)
            continue
        path = _write(folder / f"{exercise.id}-{place}" / _name_for(file, exercise), content)
        files[path] = file
        parts = tuple(file.path.split("/"))
        candidates.append(
            Candidate(
                path, parts, file.path, file.match, source=0, late=False, order=0, place=place
            )
        )
    if not candidates:
        return Refusal(exercise.id, refused[0])
    handouts = Handouts(
        exercise.folder / f"{exercise.name}{suffix}" for suffix in (".py", ".ipynb")
    )
    best, remark = choose(candidates, handouts)
    beside = {
        way: _write(folder / f"{exercise.id}-beside" / f"{place}.py", content)
        for place, (way, content) in enumerate(commit.imported(files[best.path]).items())
    }
    return Answer(exercise.id, best.path, remark, best.path in handouts, beside)


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


def _content(repository: Repository, entry: Entry, path: str) -> bytes | Text:
    name = shown(path)
    if entry.mode == _LINK:
        return Text(
            en=f"{name} is a symbolic link; commit the file itself",
            zh=f"{name} 是符号链接；请提交文件本身",
        )
    if entry.mode == _SUBMODULE:
        return Text(
            en=f"{name} is a submodule, which is not read; commit the files themselves",
            zh=f"{name} 是子模块，不会被读取；请提交文件本身",
        )
    most = max_bytes_of(path)
    if entry.size > most:
        return Text(
            en=f"{name} has {entry.size} bytes; at most {most // _MIB} MB are read",
            zh=f"{name} 有 {entry.size} 字节；最多读取 {most // _MIB} MB",
        )
    content = repository.read(entry.object_id, most)
    if content.startswith(_LFS):
        return Text(
            en=f"{name} is stored in Git LFS, of which only a pointer is here; "
            f"run `git lfs untrack` and `git lfs migrate export`, and push again",
            zh=f"{name} 存放在 Git LFS 中，这里只有指针；"
            f"请运行 `git lfs untrack` 和 `git lfs migrate export` 后重新推送",
        )
    return content


def _name_for(file: _File, exercise: Exercise) -> str:
    """Give the student's own name for the file where it is harmless."""
    name = file.path.rpartition("/")[2]
    if safe_id(name) == name:
        return name
    return exercise.name + PurePosixPath(name).suffix.lower()
