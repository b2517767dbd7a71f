"""Makes the archive that an instructor uploads: two scripts, the grader, one exercise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from typing import Final

from grader.course.catalog import Course
from grader.course.lock import LOCK_NAME
from grader.course.models import Exercise
from grader.course.sources import solution_source, suite_sources
from grader.errors import CourseError
from grader.gradescope.settings import SETTINGS_NAME, Settings, encode_settings
from grader.kit.archive import to_zip
from grader.language import Text
from grader.templates import read_template

__all__ = ["make_autograder"]

_PROGRAMS: Final = ("run_autograder", "setup.sh")
_DISTRIBUTION: Final = "torchgrade"
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")


def make_autograder(
    course: Course,
    exercise: Exercise,
    settings: Settings,
    wheel: tuple[str, bytes],
    index: str | None = None,
) -> bytes:
    """Make the archive; the same course, grader and settings give the same bytes.

    Args:
        course: Where the exercise belongs.
        exercise: What is graded, with all of its checks and its solution.
        settings: How it is graded there.
        wheel: The grader: the file's name and its content.
        index: The address of a package index that has torch for processors alone, where the
            default one is not to be used.

    Raises:
        CourseError: A file of the exercise cannot be read.
    """
    files = {
        SETTINGS_NAME: encode_settings(settings),
        "constraints.txt": "".join(f"{line}\n" for line in _pinned()).encode(),
        wheel[0]: wheel[1],
        "run_autograder": read_template("gradescope/run_autograder"),
        "setup.sh": _setup(wheel[0], index),
    }
    try:
        files |= {f"course/{name}": content for name, content in _course(course, exercise)}
    except OSError as error:
        cause = error.strerror or str(error)
        raise CourseError(
            Text(en=f"{error.filename}: {cause}", zh=f"{error.filename}：{cause}"),
            hint=Text(
                en="Export from the course with all suites and solutions.",
                zh="请在包含所有测试套件和参考答案的课程中导出。",
            ),
        ) from error
    return to_zip(files, programs=_PROGRAMS)


def _course(course: Course, exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    """Give what grading needs: the handout, the suite, the solution, the list of data sets."""
    for path in sorted(exercise.folder.iterdir()):
        if path.is_file() and path.suffix in {".toml", ".py", ".ipynb"}:
            yield f"exercises/{exercise.name}/{path.name}", path.read_bytes()
    for name, content in suite_sources(exercise).items():
        yield f"tests/suites/{exercise.name}/{name}", content
    lock = exercise.suite / LOCK_NAME
    yield f"tests/suites/{exercise.name}/{LOCK_NAME}", lock.read_bytes()
    yield f"solutions/{exercise.name}/{exercise.solution.name}", solution_source(exercise)
    for path in sorted((course.root / "datasets").glob("*.sha256")):
        yield f"datasets/{path.name}", path.read_bytes()


def _setup(wheel: str, index: str | None) -> bytes:
    script = read_template("gradescope/setup.sh").decode()
    option = "" if index is None else f"--extra-index-url {_quoted(index)} "
    return script.replace("@INDEX@", option).replace("@WHEEL@", wheel).encode()


def _quoted(text: str) -> str:
    """Write a text so that a shell reads it as one word, whatever is in it."""
    return "'" + text.replace("'", "'\\''") + "'"


def _pinned() -> Iterator[str]:
    """Pin what the grader needs to the versions that it runs with here."""
    for requirement in sorted(metadata.requires(_DISTRIBUTION) or []):
        match = _NAME.match(requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            # What stands behind a plus says how it was built, which an index does not list.
            version = metadata.version(match[0]).partition("+")[0]
        except metadata.PackageNotFoundError:
            continue
        yield f"{match[0]}=={version}"
