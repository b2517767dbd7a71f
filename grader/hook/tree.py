"""Which files of a commit are answers to which exercise, and which of them a push has changed."""

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
from grader.hook.git import Entry, Repository
from grader.language import Text

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
    before = _files(repository, old, names) if old is not None else {}
    for exercise, files in sorted(_files(repository, new, names).items()):
        if _facts(files) != _facts(before.get(exercise, [])):
            full = next(one for one in exercises if one.id == exercise)
            yield _answer(repository, full, files, folder)


def _files(repository: Repository, commit: str, names: Exercises) -> dict[str, list[_File]]:
    found: dict[str, list[_File]] = {}
    for entry in repository.entries(commit):
        path = decode_name(entry.path)
        parts = path.split("/")
        if any(is_ignored_folder(part) for part in parts[:-1]):
            continue
        # A submodule has the name of a folder.
        name = f"{parts[-1]}.py" if entry.mode == _SUBMODULE else parts[-1]
        match = names.match(name) if is_source(name) else None
        if match is not None:
            found.setdefault(match.exercise, []).append(_File(entry, path, match))
    return found


def _facts(files: Sequence[_File]) -> set[tuple[str, str, str]]:
    return {(one.path, one.entry.mode, one.entry.object_id) for one in files}


def _answer(
    repository: Repository, exercise: Exercise, files: Sequence[_File], folder: Path
) -> Answer | Refusal:
    candidates: list[Candidate] = []
    refused: list[Text] = []
    for place, file in enumerate(files):
        content = _content(repository, file)
        if isinstance(content, Text):
            refused.append(content)
            continue
        path = folder / f"{exercise.id}-{place}" / _name_for(file, exercise)
        path.parent.mkdir()
        path.write_bytes(content)
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
    return Answer(exercise.id, best.path, remark, best.path in handouts)


def _content(repository: Repository, file: _File) -> bytes | Text:
    """Read a file, or say why it cannot be graded."""
    name = shown(file.path)
    if file.entry.mode == _LINK:
        return Text(
            en=f"{name} is a symbolic link; commit the file itself",
            zh=f"{name} 是符号链接；请提交文件本身",
        )
    if file.entry.mode == _SUBMODULE:
        return Text(
            en=f"{name} is a submodule, which is not read; commit the files themselves",
            zh=f"{name} 是子模块，不会被读取；请提交文件本身",
        )
    most = max_bytes_of(file.path)
    if file.entry.size > most:
        return Text(
            en=f"{name} has {file.entry.size} bytes; at most {most // _MIB} MB are read",
            zh=f"{name} 有 {file.entry.size} 字节；最多读取 {most // _MIB} MB",
        )
    content = repository.read(file.entry.object_id, most)
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
