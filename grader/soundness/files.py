"""Rules on files: none is missing, none is left over, none is unfinished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from grader.course.handouts import make_handouts
from grader.course.hints import HINTS_NAME
from grader.course.lock import LOCK_NAME
from grader.course.manifest import MANIFEST_NAME
from grader.course.scaffold import UNWRITTEN
from grader.course.sources import PICTURES_NAME, SUITE_FILES
from grader.errors import ManifestError
from grader.language import Text, text
from grader.soundness.equivalents import EQUIVALENTS_NAME
from grader.soundness.faults import Fault, fault_of_error
from grader.soundness.subject import Subject

__all__ = ["handout_faults", "stray_faults", "unwritten_faults"]

_LEFT_BEHIND: Final = frozenset({"__pycache__", ".ipynb_checkpoints"})
"""Folders that running an exercise leaves behind; git ignores them too."""
_END_OF_WORDS: Final = re.compile(r'["|]')
_TEXTS: Final = frozenset({".py", ".md", ".toml"})


def stray_faults(subject: Subject) -> Iterator[Fault]:
    """Find files that belong to no part of the exercise, and parts that are missing."""
    for folder, names in _parts(subject).items():
        for name in sorted(names):
            if not (folder / name).is_file():
                yield _missing(subject, folder / name)
        known = {*names, *_optional(subject, folder)}
        for path in _files(folder):
            if path.relative_to(folder).as_posix() not in known:
                yield Fault(
                    "stray-file",
                    Text(
                        en="this file belongs to no part of the exercise",
                        zh="这个文件不属于练习的任何部分",
                    ),
                    Text(
                        en="Remove it. A picture belongs here once a README names it.",
                        zh="请删除它。图片只有被 README 引用时才属于这里。",
                    ),
                    path,
                )


def unwritten_faults(subject: Subject) -> Iterator[Fault]:
    """Find what `grade new` has left to the author."""
    exercise = subject.exercise
    made = exercise.folder / f"{exercise.name}.py"
    for folder in (exercise.folder, exercise.solution.parent, exercise.suite):
        for path in _files(folder):
            if path.suffix in _TEXTS and path != made:
                yield from _unwritten_in(path)


def handout_faults(subject: Subject) -> Iterator[Fault]:
    """Hold stub and notebook against what the solution and the texts generate."""
    try:
        wanted = make_handouts(subject.exercise)
    except ManifestError as error:
        yield fault_of_error(error, "handouts", subject.exercise.solution)
        return
    for path, content in wanted.items():
        if path.is_file() and path.read_bytes() != content:
            yield Fault(
                "handouts",
                Text(
                    en="this is not what the solution and the texts generate",
                    zh="它与由参考答案和说明文字生成的内容不一致",
                ),
                text(f"grade stub {subject.exercise.id}"),
                path,
                _first_difference(path.read_bytes(), content),
            )


def _parts(subject: Subject) -> dict[Path, tuple[str, ...]]:
    """Name the files that an exercise must have, by folder."""
    name = subject.exercise.name
    readmes = tuple(path.name for path in subject.readmes)
    return {
        subject.exercise.folder: (
            MANIFEST_NAME,
            HINTS_NAME,
            *readmes,
            f"{name}.py",
            f"{name}.ipynb",
        ),
        subject.exercise.solution.parent: (f"{name}.py",),
        subject.exercise.suite: (*SUITE_FILES, LOCK_NAME),
    }


def _optional(subject: Subject, folder: Path) -> Iterator[str]:
    if folder == subject.exercise.suite:
        yield PICTURES_NAME
    if folder == subject.exercise.solution.parent:
        yield EQUIVALENTS_NAME
        yield from (f"wrong/{path.name}" for path in subject.wrong_answers)
    if folder == subject.exercise.folder:
        said = "".join(
            path.read_text(encoding="utf-8") for path in subject.readmes if path.exists()
        )
        names = (path.relative_to(folder).as_posix() for path in _files(folder))
        yield from (name for name in names if not name.endswith(tuple(_TEXTS)) and name in said)


def _files(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not _LEFT_BEHIND.intersection(path.relative_to(folder).parts)
    )


def _missing(subject: Subject, path: Path) -> Fault:
    exercise = subject.exercise
    cures: dict[str, Text | str] = {
        LOCK_NAME: f"grade lock {exercise.id}",
        f"{exercise.name}.ipynb": f"grade stub {exercise.id}",
    }
    if path.parent == exercise.folder:
        cures[f"{exercise.name}.py"] = f"grade stub {exercise.id}"
    written = Text(
        en="Write it; docs/authors.md says what it holds.", zh="请编写；内容见 docs/authors.md。"
    )
    return Fault(
        "missing-file",
        Text(en="this file does not exist", zh="这个文件不存在"),
        text(cures.get(path.name, written)),
        path,
    )


def _unwritten_in(path: Path) -> Iterator[Fault]:
    for number, line in enumerate(_lines_of(path), 1):
        _, mark, words = line.partition(UNWRITTEN)
        if mark:
            what = _END_OF_WORDS.split(words)[0].strip(":：。 -") or path.name
            yield Fault(
                "unwritten",
                Text(en=f"left to write: {what}", zh=f"尚未编写：{what}"),
                Text(
                    en=f"Write it and remove `{UNWRITTEN}`.",
                    zh=f"写好之后删除 `{UNWRITTEN}`。",
                ),
                path,
                number,
            )


def _lines_of(path: Path) -> list[str]:
    # Another encoding is for other rules to find; it must not end the check.
    return path.read_text(encoding="utf-8", errors="replace").splitlines()


def _first_difference(found: bytes, wanted: bytes) -> int:
    pairs = zip(found.splitlines(), wanted.splitlines(), strict=False)
    for number, (one, other) in enumerate(pairs, 1):
        if one != other:
            return number
    return min(len(found.splitlines()), len(wanted.splitlines())) + 1
