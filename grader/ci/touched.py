"""Which exercises a push touches, and which file counts for each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

from grader.ci.handed_in import read_handed_in
from grader.ci.push import Push
from grader.ci.repository import Change, Entry, Repository
from grader.course.fingerprint import exercise_version
from grader.course.models import Exercise
from grader.errors import UsageError
from grader.kit.identity import IDENTITY_NAME, Identity, decode_identity
from grader.language import Text

__all__ = ["Touched", "find_touched"]

_SUFFIXES: Final = (".py", ".ipynb")
_MAX_IDENTITY_BYTES: Final = 2**20


class Touched(NamedTuple):
    """An exercise that a push touches."""

    exercise: Exercise
    path: str | None
    """The file that counts, from the repository's top on, with `/`; None where none is left."""
    base_path: str | None
    """Where the file was before; None where it is new, or there is no earlier state."""
    notes: tuple[Text, ...] = ()
    """What its author should know about the choice."""


def find_touched(
    repository: Repository, push: Push, exercises: Sequence[Exercise], known: Collection[str]
) -> list[Touched]:
    """Find the exercises, in the order of the course.

    With an earlier state, those whose files differ from it, or what they import; without, those
    whose files are not as they were handed out.

    Args:
        repository: Where it was pushed to.
        push: The two states.
        exercises: The exercises to look for.
        known: The names of all exercises that could be graded here.

    Raises:
        UsageError: The exercises are others than those that the student was given.
    """
    files = repository.files(push.head)
    identity = _identity(repository, files)
    handed_out = frozenset(identity.handouts.values()) if identity else frozenset()

    def is_original(path: str) -> bool:
        return _is_original(repository, files[path], handed_out)

    if push.base is None:
        changes = [Change(None, path) for path in files if _stem(path) and not is_original(path)]
    else:
        changes = repository.changes(push.base, push.head)
    imports = _Imports(repository, push, changes)
    found = (
        _touched(exercise, changes, files, is_original) or imports.touched(exercise)
        for exercise in exercises
    )
    touched = [one for one in found if one is not None]
    _require_same_course(identity, changes, touched, known)
    return touched


def _require_same_course(
    identity: Identity | None,
    changes: Iterable[Change],
    touched: Iterable[Touched],
    known: Collection[str],
) -> None:
    """Hold the exercises against those that the kit was made of.

    Raises:
        UsageError: One of those that the push touches is another here, or missing.
    """
    if identity is None:
        return
    others = [
        one.exercise.name
        for one in touched
        if identity.exercises.get(one.exercise.name, "") not in ("", exercise_version(one.exercise))
    ]
    pushed = {_stem(change.new or "") for change in changes}
    others += sorted((pushed & set(identity.exercises)) - set(known))
    if others:
        raise _another_course(others)


def _touched(
    exercise: Exercise,
    changes: Iterable[Change],
    files: Mapping[str, Entry],
    is_original: Callable[[str], bool],
) -> Touched | None:
    own = [
        change
        for change in changes
        if exercise.name in (_stem(change.old or ""), _stem(change.new or ""))
    ]
    if not own:
        return None
    now = [change for change in own if _stem(change.new or "") == exercise.name]
    if len(now) > 1:
        # Of script and notebook, the one that nobody has worked on does not count.
        now = [change for change in now if change.new and not is_original(change.new)] or now
    moved = [change for change in own if change.new is not None and _is_answer(change.new)]
    candidates = now or moved
    if not candidates:
        return _left_over(exercise, files)
    chosen = min(candidates, key=lambda change: _rank(change.new or "", exercise))
    notes = []
    if not now and chosen.new is not None:
        notes.append(_renamed(chosen.new, exercise))
    if len(now) > 1 and chosen.new is not None:
        notes.append(_several(chosen.new))
    return Touched(exercise, chosen.new, chosen.old, tuple(notes))


class _Imports:
    """Finds exercises whose own file is as it was, while one that it imports is not."""

    def __init__(self, repository: Repository, push: Push, changes: Iterable[Change]) -> None:
        self._repository = repository
        self._push = push
        names = (name for change in changes for name in (change.old, change.new) if name)
        self._changed = [name for name in names if name.endswith(".py")]

    def touched(self, exercise: Exercise) -> Touched | None:
        base, head = self._push.base, self._push.head
        if base is None or not self._changed:
            return None
        path = _left_over(exercise, self._repository.files(head)).path
        if path is None or path not in self._repository.files(base):
            return None
        folder = path[: path.rfind("/") + 1]
        if not any(name.startswith(folder) for name in self._changed):
            return None
        states = {read_handed_in(self._repository, one, path).sha256 for one in (base, head)}
        return Touched(exercise, path, path) if len(states) > 1 else None


def _left_over(exercise: Exercise, files: Mapping[str, Entry]) -> Touched:
    """Choose where the file that changed is gone: another of that name, if there is one."""
    left = [path for path in files if _stem(path) == exercise.name]
    if not left:
        return Touched(exercise, None, None, (_removed(exercise),))
    path = min(left, key=lambda one: _rank(one, exercise))
    return Touched(exercise, path, path)


def _stem(path: str) -> str:
    """Give the name that tells the exercise; nothing for what cannot be an answer.

    What lies in a folder with a dot in front, such as the copy that `grade reset` takes, is none.
    """
    parts = PurePosixPath(path)
    if any(part.startswith(".") for part in parts.parts) or not _is_answer(path):
        return ""
    return parts.stem.lower()


def _is_answer(path: str) -> bool:
    return path.lower().endswith(_SUFFIXES)


def _rank(path: str, exercise: Exercise) -> tuple[bool, bool, str]:
    """Order candidates: the kit's own place, then scripts, then by name."""
    at_home = path.startswith(f"exercises/{exercise.name}/")
    return not at_home, not path.lower().endswith(".py"), path


def _identity(repository: Repository, files: Mapping[str, Entry]) -> Identity | None:
    """Read what the kit says of itself; None where it says nothing, or was tampered with."""
    entry = files.get(IDENTITY_NAME)
    if entry is None or not entry.is_file or entry.size > _MAX_IDENTITY_BYTES:
        return None
    try:
        return decode_identity(repository.content(entry))
    except UsageError:
        return None


def _is_original(repository: Repository, entry: Entry, handed_out: frozenset[str]) -> bool:
    # A file that is far larger than any that was handed out is not one of them.
    if not handed_out or not entry.is_file or entry.size > _MAX_IDENTITY_BYTES:
        return False
    return hashlib.sha256(repository.content(entry)).hexdigest() in handed_out


def _renamed(path: str, exercise: Exercise) -> Text:
    return Text(
        en=f"The file was renamed to {path}. Give it back its name, {exercise.name}, or the next "
        "push will not find it.",
        zh=f"文件被改名为 {path}。请改回 {exercise.name}，否则下次推送将找不到它。",
    )


def _several(path: str) -> Text:
    return Text(
        en=f"Several files of this exercise were changed; what counts is {path}. Push one at a "
        "time to have the other graded.",
        zh=f"该练习有多个文件被修改；以 {path} 为准。如需评另一个，请单独推送。",
    )


def _removed(exercise: Exercise) -> Text:
    return Text(
        en=f"The push removes {exercise.name}; there is nothing left to grade.",
        zh=f"本次推送删除了 {exercise.name}，没有可评分的内容。",
    )


def _another_course(names: Sequence[str]) -> UsageError:
    listed = ", ".join(names)
    return UsageError(
        Text(
            en=f"these exercises are not the ones that the student was given: {listed}",
            zh=f"这些练习与发给学生的版本不一致：{listed}",
        ),
        hint=Text(
            en="Grade with the course that the kit was made from: seal that one "
            "(`grade seal --out FILE`), or hand out the new kit.",
            zh="请用生成学习包的那一版课程评分：重新封装该版本（`grade seal --out 文件`），"
            "或发放新的学习包。",
        ),
    )
