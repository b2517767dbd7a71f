"""A miniature course, for what needs one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from grader.course.catalog import COURSE_VARIABLE, Course
from grader.course.models import Check
from grader.language import Text
from grader.progress.store import STATE_VARIABLE

MANIFEST = """\
format = 1
id = "ex01"
slug = "doubling"
title = { en = "Doubling", zh = "加倍" }
preload = ["torch.utils.data"]

[limits]
call_seconds = 2

[[tasks]]
id = "double"
points = 60
names = ["double"]
title = { en = "Double a tensor", zh = "把张量加倍" }
forbidden = ["torch.add"]

[[tasks]]
id = "facts"
points = 40
names = ["FACTS"]
title = { en = "Facts", zh = "事实" }

[misconceptions.squares]
en = "You squared."
zh = "你做了平方。"
"""

SOLUTION = '''\
"""Doubling 加倍."""

import torch

FACTS = {
    "two": 2,  ### BLANK
    "given": 1,
}


def double(x: torch.Tensor) -> torch.Tensor:
    """Double x."""
    ### BEGIN SOLUTION return twice x | 返回 x 的两倍
    return 2 * x
    ### END SOLUTION
'''

HINTS = "".join(
    f'[[{task}]]\nen = "Hint {number} for {task}."\nzh = "{task} 的提示 {number}。"\n'
    for task in ("double", "facts")
    for number in (1, 2, 3)
)

README = """\
# Doubling

## The function `double` (60 points)

Double it.

## `FACTS` (40 points)

Fill in.
"""


def make_check(check_id: str, task: str, points: float, visibility: str = "hidden") -> Check:
    title = Text(f"{check_id} works", f"{check_id} 正确")
    return msgspec.convert(
        {"id": check_id, "task": task, "points": points, "visibility": visibility, "title": title},
        Check,
    )


@pytest.fixture
def checks() -> tuple[Check, ...]:
    return (
        make_check("double_one", "double", 20, "visible"),
        make_check("double_many", "double", 40),
        make_check("facts[two]", "facts", 40),
    )


@pytest.fixture
def small_course(
    tmp_path: Path, checks: tuple[Check, ...], monkeypatch: pytest.MonkeyPatch
) -> Course:
    made = Course(tmp_path / "course")
    files = {
        made.exercises / "ex01_doubling" / "exercise.toml": MANIFEST,
        made.exercises / "ex01_doubling" / "hints.toml": HINTS,
        made.exercises / "ex01_doubling" / "README.md": README,
        made.exercises / "ex01_doubling" / "README.zh.md": README.replace("Double it", "加倍"),
        made.solutions / "ex01_doubling" / "ex01_doubling.py": SOLUTION,
        made.suites / "ex01_doubling" / "test_hidden.py": "# empty\n",
        made.suites / "ex01_doubling" / "checks.lock.json": msgspec.json.encode(
            {"format": 1, "checks": checks}
        ).decode(),
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    monkeypatch.setenv(COURSE_VARIABLE, str(made.root))
    monkeypatch.delenv(STATE_VARIABLE)
    return made
