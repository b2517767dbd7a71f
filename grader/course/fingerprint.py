"""Digests that tell one state of a course from another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import msgspec

from grader.course.lock import LOCK_NAME
from grader.course.models import Exercise
from grader.course.sources import SUITE_FILES

__all__ = ["exercise_version", "suite_sha256"]

_VERSION_DIGITS: Final = 16


def suite_sha256(exercise: Exercise) -> str:
    """Hash everything that decides an outcome: the suite, its pinned checks, the solution."""
    digest = hashlib.sha256()
    for name, content in _deciding(exercise):
        digest.update(name.encode() + b"\0")
        digest.update(hashlib.sha256(content).digest())
    return digest.hexdigest()


def _deciding(exercise: Exercise) -> Iterator[tuple[str, bytes]]:
    if exercise.sources:
        last = exercise.solution.name
        yield from sorted(exercise.sources.items(), key=lambda item: (item[0] == last, item[0]))
        return
    # Not what else lies there, such as pictures, which decide nothing.
    suite = [exercise.suite / name for name in sorted((LOCK_NAME, *SUITE_FILES))]
    for path in (*suite, exercise.solution):
        if path.is_file():
            yield path.name, path.read_bytes()


def exercise_version(exercise: Exercise) -> str:
    """Hash what students were asked for: tasks, names, points, what is forbidden.

    Suites, solutions, texts and how scripts are recognised do not count: a mistake in them can be
    mended after the exercise was handed out, while another task of the same name would grade work
    that nobody asked for.
    """
    tasks = [(task.id, task.points, task.names, task.forbidden) for task in exercise.tasks]
    content = msgspec.json.encode((exercise.id, exercise.slug, tasks))
    return hashlib.sha256(content).hexdigest()[:_VERSION_DIGITS]
