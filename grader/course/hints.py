"""Reads an exercise's `hints.toml`: what helps with each task, a little more each time.

A table for each step, under the id of its task, in the order in which a student gets them::

    [[add_one]]
    en = "..."
    zh = "..."

The first says where to look, the last is nearly the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.course.manifest import manifest_error, read_toml
from grader.course.models import Task
from grader.language import LANGUAGES, Text

__all__ = ["FEWEST_HINTS", "HINTS_NAME", "Hints", "read_hints"]

HINTS_NAME: Final = "hints.toml"
FEWEST_HINTS: Final = 3

Hints = dict[str, tuple[Text, ...]]
"""The hints of each task, by its id, in their order."""


def read_hints(path: Path, tasks: Sequence[Task]) -> Hints:
    """Read the hints of an exercise and hold them against all rules.

    Args:
        path: The file.
        tasks: The tasks of the exercise; each needs its hints.

    Raises:
        ManifestError: The file is missing or breaks a rule; the author's fault.
    """
    content = read_toml(path)
    known = [task.id for task in tasks]
    for name in content:
        if name not in known:
            expected = Text(en="ids of the exercise's tasks", zh="练习中任务的 id")
            raise manifest_error(path, "top level", expected=expected, found=repr(name))
    return {name: _steps(path, name, content.get(name, [])) for name in known}


def _steps(path: Path, task: str, value: object) -> tuple[Text, ...]:
    try:
        steps = msgspec.convert(value, tuple[Text, ...])
    except msgspec.ValidationError as error:
        expected = Text(en="tables with `en` and `zh`", zh="含有 `en` 和 `zh` 的表")
        raise manifest_error(path, task, expected=expected, found=str(error)) from error
    if len(steps) < FEWEST_HINTS:
        expected = Text(en=f"{FEWEST_HINTS} or more hints", zh=f"至少 {FEWEST_HINTS} 条提示")
        raise manifest_error(path, task, expected=expected, found=str(len(steps)))
    for number, step in enumerate(steps, 1):
        for language in LANGUAGES:
            if not step.to(language).strip():
                place = f"{task}, {number}, {language}"
                raise manifest_error(path, place, expected=Text(en="a text", zh="文字"), found="''")
    return steps
