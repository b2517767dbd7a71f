"""Which files a kit holds, and what stands in them.

Everything is made anew from the course or named one by one here; nothing is copied because it
happens to lie there.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from grader.course.fingerprint import exercise_version
from grader.course.handouts import ORIGINALS, make_handouts
from grader.course.hints import HINTS_NAME
from grader.course.lock import LOCK_NAME, encode_lock
from grader.course.manifest import MANIFEST_NAME
from grader.course.models import Exercise
from grader.errors import CourseError
from grader.kit.identity import IDENTITY_NAME, Identity, encode_identity
from grader.kit.readme import make_readme
from grader.language import LANGUAGES, Language, Text
from grader.templates import Place, read_template
from grader.version import VERSION

__all__ = ["GIVEN_TEXTS", "Grader", "make_kit"]

Files = dict[str, bytes]
"""By path in the kit, with `/`."""

GIVEN_TEXTS: Final = (MANIFEST_NAME, HINTS_NAME, "README.md", "README.zh.md")
_PICTURES: Final = ("*.svg", "*.png")
_VISIBLE: Final = "test_visible.py"
_IGNORED: Final = b".venv/\n__pycache__/\n.ipynb_checkpoints/\n/runs/\n"
_READMES: Final[Mapping[Language, str]] = {"en": "README.md", "zh": "README.zh.md"}


class Grader(NamedTuple):
    """How students get the grader itself."""

    requirement: str
    """The line of requirements.txt."""
    files: Files
    """The wheel that it names; empty where the line names a package of a registry."""


def make_kit(
    exercises: Sequence[Exercise], grader: Grader, language: Language, places: Sequence[Place] = ()
) -> Files:
    """Make all files of a kit.

    Args:
        exercises: What students are to solve; with all their checks, and their solutions.
        grader: How students get the grader.
        language: The language of the notebooks' texts.
        places: Where pushes are to be graded; what `grade init-ci` writes for them is added.

    Raises:
        ManifestError: A solution or a text breaks a rule.
        CourseError: A text or a suite is missing.
    """
    files: Files = {
        ".gitignore": _IGNORED,
        "requirements.txt": f"{grader.requirement}\n".encode(),
        **grader.files,
    }
    for place in places:
        files |= {path: read_template(template) for path, template in place.files.items()}
    handouts: Files = {}
    for exercise in exercises:
        made = make_handouts(exercise, language)
        folder = f"exercises/{exercise.name}"
        handouts |= {f"{folder}/{path.name}": content for path, content in made.items()}
        # `grade reset` takes it from here, since students have no solution to make it from.
        script = f"{exercise.name}.py"
        files[f"{folder}/{ORIGINALS}/{script}"] = handouts[f"{folder}/{script}"]
        files.update(_given(exercise))
        files.update(_visible_suite(exercise))
    for one in LANGUAGES:
        files[_READMES[one]] = make_readme(exercises, one)
    identity = Identity(
        grader=VERSION,
        exercises={one.name: exercise_version(one) for one in exercises},
        handouts={path: hashlib.sha256(content).hexdigest() for path, content in handouts.items()},
    )
    return files | handouts | {IDENTITY_NAME: encode_identity(identity)}


def _given(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """Give the texts and pictures of an exercise."""
    paths = [exercise.folder / name for name in GIVEN_TEXTS]
    for pattern in _PICTURES:
        paths += sorted((exercise.folder / "pictures").glob(pattern))
    for path in paths:
        try:
            content = path.read_bytes()
        except OSError as error:
            raise _missing(path.name, exercise, error) from error
        yield f"exercises/{exercise.name}/{path.relative_to(exercise.folder).as_posix()}", content


def _visible_suite(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """Give the visible checks, and the list of them; of the others only how many points."""
    visible = [check for check in exercise.checks if check.visibility == "visible"]
    known = {check.id for check in visible}
    withheld = {
        task.id: math.fsum(
            check.points
            for check in exercise.checks
            if check.task == task.id and check.id not in known
        )
        for task in exercise.tasks
    }
    folder = f"tests/suites/{exercise.name}"
    try:
        yield f"{folder}/{_VISIBLE}", (exercise.suite / _VISIBLE).read_bytes()
    except OSError as error:
        raise _missing(_VISIBLE, exercise, error) from error
    # What a student cannot see cannot be looked at first.
    shown = [
        msgspec.structs.replace(check, needs=tuple(need for need in check.needs if need in known))
        for check in visible
    ]
    yield f"{folder}/{LOCK_NAME}", encode_lock(shown, withheld)


def _missing(name: str, exercise: Exercise, error: OSError) -> CourseError:
    return CourseError(
        Text(
            en=f"{exercise.name}: {name} cannot be read: {error.strerror or error}",
            zh=f"{exercise.name}：无法读取 {name}：{error.strerror or error}",
        ),
        hint=Text(
            en=f"`grade check {exercise.id}` lists what an exercise lacks.",
            zh=f"`grade check {exercise.id}` 会列出练习缺少的内容。",
        ),
    )
