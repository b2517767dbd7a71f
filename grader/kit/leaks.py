"""The last look at a kit before it leaves the house: no line of a secret file is in it.

`grade check` holds visible suites against hidden ones as well, by their constants. Here whole lines
are looked for, in every file and in the wheel, so that a mistake in what makes a kit is found too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import grader
from grader.course.models import Exercise
from grader.course.stub import stub_of
from grader.errors import CourseError
from grader.kit.contents import GIVEN_TEXTS
from grader.language import Text

__all__ = ["require_no_leak"]

_SHORTEST: Final = 22
"""Shorter lines stand everywhere and tell nothing; the longest such is `with torch.no_grad():`."""


_SIGNATURES: Final = ("def ", "class ", "from ", "import ")
"""What is asked for is no secret, also where a wrong answer spells it in another way."""


class _Secret(NamedTuple):
    """A line that no student may have, and where it stands."""

    path: Path
    line: int


def require_no_leak(files: Mapping[str, bytes], exercises: Sequence[Exercise]) -> None:
    """Look for lines of solutions, wrong answers and hidden suites in the files of a kit.

    What a stub, a text or the grader itself says too is no secret; nor is a line of a hidden suite
    that a visible one has as well, such as an import.

    Raises:
        CourseError: There is one; the error names both places.
    """
    opened = {name: _text_lines(content) for name, content in _opened(files)}
    # From where they are made, not out of the kit, or else a leak would excuse itself.
    public = _lines(_public_texts(exercises))
    shown = public | _lines(
        (exercise.suite / "test_visible.py").read_bytes() for exercise in exercises
    )
    for exercise in exercises:
        secrets = _secrets_of(exercise, public, shown)
        for name, lines in opened.items():
            for number, line in enumerate(lines, 1):
                if line in secrets:
                    raise _leak(secrets[line], name, number, line)


def _opened(files: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Give all files, and those within the wheel."""
    for name, content in files.items():
        yield name, content
        if name.endswith(".whl"):
            with zipfile.ZipFile(io.BytesIO(content)) as wheel:
                for member in wheel.namelist():
                    yield f"{name}!{member}", wheel.read(member)


def _public_texts(exercises: Iterable[Exercise]) -> Iterator[bytes]:
    for exercise in exercises:
        yield stub_of(exercise).encode()
        for name in GIVEN_TEXTS:
            yield (exercise.folder / name).read_bytes()
    for path in Path(grader.__file__).parent.rglob("*.py"):
        yield path.read_bytes()


def _secrets_of(exercise: Exercise, public: set[str], shown: set[str]) -> dict[str, _Secret]:
    hidden = exercise.suite / "test_hidden.py"
    secrets: dict[str, _Secret] = {}
    for path in (hidden, exercise.solution, *sorted(exercise.solution.parent.glob("wrong/*.py"))):
        known = shown if path == hidden else public
        for number, line in enumerate(_text_lines(path.read_bytes()), 1):
            is_told = line in known or (path != hidden and line.startswith(_SIGNATURES))
            if len(line) >= _SHORTEST and not is_told:
                secrets.setdefault(line, _Secret(path, number))
    return secrets


def _lines(contents: Iterable[bytes]) -> set[str]:
    return {line for content in contents for line in _text_lines(content)}


def _text_lines(content: bytes) -> list[str]:
    return [line.strip() for line in content.decode(errors="replace").splitlines()]


def _leak(secret: _Secret, name: str, number: int, line: str) -> CourseError:
    place = f"{name}:{number}"
    return CourseError(
        Text(
            en=f"{place} would give away a line of {secret.path}:{secret.line}: {line}",
            zh=f"{place} 会泄露 {secret.path}:{secret.line} 中的一行：{line}",
        ),
        hint=Text(
            en="Reword the public file: students must not get a line of a solution, a wrong "
            "answer or a hidden check. Nothing was written.",
            zh="请改写公开的文件：学生不能得到参考答案、错误答案或隐藏检查中的任何一行。"
            "没有写出任何文件。",
        ),
    )
