"""What a result depends on, as one digest: while it stays the same, no work is repeated."""

from __future__ import annotations

import functools
import hashlib
import platform
from importlib import metadata
from typing import NamedTuple

import msgspec

from grader.course.catalog import Course
from grader.course.fingerprint import suite_sha256
from grader.course.manifest import MANIFEST_NAME
from grader.course.models import Exercise
from grader.version import VERSION


class Conditions(NamedTuple):
    """What is the same for all submissions of a batch."""

    seed: int
    device: str
    """`auto`, `cpu`, `cuda` or `mps`."""
    sandbox: str
    """`strict`, `auto` or `off`; `podman` or `docker`."""


class Versions(NamedTuple):
    """The programs that a result depends on."""

    torchgrade: str
    python: str
    torch: str


def versions_here() -> Versions:
    """Give what is installed on this machine."""
    return Versions(VERSION, platform.python_version(), _torch_version())


def digest_of_exercise(course: Course, exercise: Exercise) -> str:
    """Digest the course's side: manifest, suite, pinned checks, solution, list of data sets."""
    digest = hashlib.sha256(suite_sha256(exercise).encode())
    data = sorted((course.root / "datasets").glob("*.sha256"))
    for path in (exercise.folder / MANIFEST_NAME, *data):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def key_of(submission_sha256: str, exercise_digest: str, conditions: Conditions) -> str:
    """Digest everything that decides a result, but the time."""
    parts = (*versions_here(), submission_sha256, exercise_digest, *conditions)
    return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


@functools.cache
def _torch_version() -> str:
    """Give the version that is installed: importing torch takes seconds.

    Once for a batch, since reading it takes the text of a package's description apart.
    """
    return metadata.version("torch")
