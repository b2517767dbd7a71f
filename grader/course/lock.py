"""The pinned list of an exercise's checks, `checks.lock.json`.

A point needs a check that is pinned here and that passed: a check that vanishes from a suite is
missed rather than forgotten. `grade lock` writes the list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from grader.atomic import write_atomically
from grader.course.manifest import manifest_error
from grader.course.models import Check, Task
from grader.errors import ManifestError
from grader.language import LANGUAGES, Text

__all__ = ["LOCK_NAME", "read_lock", "validate_checks", "write_lock"]

LOCK_NAME: Final = "checks.lock.json"
FORMAT: Final = 1
HIDDEN_SHARE: Final = 0.6
"""The share of the points that students must not be able to test for themselves."""
_SMALLEST_POINTS: Final = 0.01
"""Scores are rounded to this; a smaller loss would not show."""


class _Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file."""

    format: int
    checks: tuple[Check, ...]


def read_lock(suite: Path, tasks: Sequence[Task]) -> tuple[Check, ...]:
    """Read the pinned checks of a suite's folder.

    Raises:
        ManifestError: There is no list, or it breaks a rule; the author's fault.
    """
    path = suite / LOCK_NAME
    try:
        lock = msgspec.json.decode(path.read_bytes(), type=_Lock)
    except FileNotFoundError as error:
        raise _no_list(path) from error
    except (OSError, msgspec.DecodeError) as error:
        raise _broken(path, Text(en="a list of checks", zh="检查项列表"), str(error)) from error
    if lock.format != FORMAT:
        raise _broken(path, str(FORMAT), str(lock.format))
    validate_checks(path, lock.checks, tasks)
    return lock.checks


def write_lock(suite: Path, checks: Sequence[Check], tasks: Sequence[Task]) -> Path:
    """Write the pinned checks beside the suite, if they keep the rules.

    Returns:
        The file that was written.

    Raises:
        ManifestError: The checks break a rule; the author's fault.
        ReportNotWrittenError: The file could not be written.
    """
    path = suite / LOCK_NAME
    validate_checks(path, checks, tasks)
    content = msgspec.json.encode(_Lock(FORMAT, tuple(checks)))
    write_atomically(path, msgspec.json.format(content, indent=2) + b"\n")
    return path


def validate_checks(path: Path, checks: Sequence[Check], tasks: Sequence[Task]) -> None:
    """Hold checks against the tasks whose points they hand out.

    Raises:
        ManifestError: They do not fit together.
    """
    if violation := next(_violations(checks, tasks), None):
        raise manifest_error(
            path, violation.key, expected=violation.expected, found=violation.found
        )


class _Violation(NamedTuple):
    """A rule that a list of checks breaks."""

    key: str
    expected: Text
    found: str


def _violations(checks: Sequence[Check], tasks: Sequence[Task]) -> Iterator[_Violation]:
    known = {task.id for task in tasks}
    seen: set[str] = set()
    for check in checks:
        if check.task not in known:
            yield _Violation(check.id, _one_of(known), repr(check.task))
        if check.id in seen:
            yield _Violation(check.id, Text(en="each id once", zh="每个 id 只出现一次"), "2×")
        seen.add(check.id)
        yield from _one_check(check)
    for task in tasks:
        yield from _points_of(task, checks)
    yield from _hidden_share(checks)


def _one_check(check: Check) -> Iterator[_Violation]:
    # No points at all is allowed: a check that needs a GPU must not cost those who have none.
    if check.points != 0 and not _SMALLEST_POINTS <= check.points < math.inf:
        expected = Text(
            en=f"points of 0, or from {_SMALLEST_POINTS}", zh=f"0 分或不少于 {_SMALLEST_POINTS} 分"
        )
        yield _Violation(check.id, expected, f"{check.points:g}")
    for said in (check.title, check.hint):
        if said is not None and not all(said.to(language).strip() for language in LANGUAGES):
            expected = Text(en="title and hint in both languages", zh="标题和提示的中英文文字")
            yield _Violation(check.id, expected, repr((said.en, said.zh)))


def _points_of(task: Task, checks: Sequence[Check]) -> Iterator[_Violation]:
    total = math.fsum(check.points for check in checks if check.task == task.id)
    if not math.isclose(total, task.points, abs_tol=1e-6):
        expected = Text(
            en=f"checks worth the task's {task.points:g} points",
            zh=f"各检查项合计为该任务的 {task.points:g} 分",
        )
        yield _Violation(task.id, expected, f"{total:g}")


def _hidden_share(checks: Sequence[Check]) -> Iterator[_Violation]:
    total = math.fsum(check.points for check in checks)
    hidden = math.fsum(check.points for check in checks if check.visibility != "visible")
    # The slack is for points such as 35/6, which binary fractions do not hit.
    if hidden < HIDDEN_SHARE * total - 1e-6:
        expected = Text(
            en=f"at least {HIDDEN_SHARE * total:g} of {total:g} points in hidden checks",
            zh=f"{total:g} 分中至少 {HIDDEN_SHARE * total:g} 分属于隐藏检查",
        )
        yield _Violation("visibility", expected, f"{hidden:g}")


def _one_of(known: set[str]) -> Text:
    names = ", ".join(sorted(known))
    return Text(en=f"one of the tasks {names}", zh=f"任务之一（{names}）")


def _no_list(path: Path) -> ManifestError:
    name = path.parent.name.partition("_")[0]
    return ManifestError(
        Text(en=f"{path} does not exist", zh=f"{path} 不存在"),
        hint=Text(
            en=f"Run `grade lock {name}` to write it.", zh=f"运行 `grade lock {name}` 生成它。"
        ),
    )


def _broken(path: Path, expected: Text | str, found: str) -> ManifestError:
    return manifest_error(path, Text(en="the file", zh="文件"), expected=expected, found=found)
