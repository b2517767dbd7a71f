"""The pinned list of an exercise's checks, `checks.lock.json`.

A point needs a check that is pinned here and that passed: a check that vanishes from a suite is
missed rather than forgotten. `grade lock` writes the list.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import msgspec

from grader.atomic import write_atomically
from grader.course.dependencies import find_cycle
from grader.course.manifest import manifest_error
from grader.course.models import Check, Task
from grader.errors import ManifestError
from grader.language import LANGUAGES, Text

__all__ = [
    "LOCK_NAME",
    "Lock",
    "decode_lock",
    "encode_lock",
    "read_lock",
    "validate_checks",
    "write_lock",
]

LOCK_NAME: Final = "checks.lock.json"
FORMAT: Final = 1
HIDDEN_SHARE: Final = 0.6
"""The share of the points that students must not be able to test for themselves."""
_SMALLEST_POINTS: Final = 0.01
"""Scores are rounded to this; a smaller loss would not show."""
_A_LIST: Final = Text(en="a list of checks", zh="检查项列表")


class Lock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The content of the file."""

    format: int
    checks: tuple[Check, ...]
    withheld: dict[str, float] = {}
    """By task, the points of checks that this list leaves out, since they are not here."""


def read_lock(suite: Path, tasks: Sequence[Task]) -> Lock:
    """Read the pinned checks of a suite's folder.

    Raises:
        ManifestError: There is no list, or it breaks a rule; the author's fault.
    """
    path = suite / LOCK_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _no_list(path) from error
    except OSError as error:
        raise _broken(path, _A_LIST, str(error)) from error
    return decode_lock(content, path, tasks)


def decode_lock(content: bytes, path: Path, tasks: Sequence[Task]) -> Lock:
    """Read pinned checks that are in memory already.

    Args:
        content: What the file holds.
        path: What to call it in an error's message.
        tasks: The tasks whose points the checks hand out.

    Raises:
        ManifestError: It is no list, or breaks a rule; the author's fault.
    """
    try:
        lock = msgspec.json.decode(content, type=Lock)
    except msgspec.DecodeError as error:
        raise _broken(path, _A_LIST, str(error)) from error
    if lock.format != FORMAT:
        raise _broken(path, str(FORMAT), str(lock.format))
    validate_checks(path, lock.checks, tasks, lock.withheld)
    return lock


def encode_lock(checks: Sequence[Check], withheld: Mapping[str, float]) -> bytes:
    """Write pinned checks as people can read them."""
    content = msgspec.json.encode(Lock(FORMAT, tuple(checks), dict(withheld)))
    return msgspec.json.format(content, indent=2) + b"\n"


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
    write_atomically(path, encode_lock(checks, {}))
    return path


def validate_checks(
    path: Path,
    checks: Sequence[Check],
    tasks: Sequence[Task],
    withheld: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Hold checks against the tasks whose points they hand out.

    Args:
        path: Where they stand.
        checks: The pinned checks.
        tasks: The exercise's tasks.
        withheld: By task, the points of hidden checks that are left out.

    Raises:
        ManifestError: They do not fit together.
    """
    if violation := next(_violations(checks, tasks, withheld), None):
        raise manifest_error(
            path, violation.key, expected=violation.expected, found=violation.found
        )


class _Violation(NamedTuple):
    """A rule that a list of checks breaks."""

    key: str
    expected: Text
    found: str


def _violations(
    checks: Sequence[Check], tasks: Sequence[Task], withheld: Mapping[str, float]
) -> Iterator[_Violation]:
    known = {task.id for task in tasks}
    seen: set[str] = set()
    for check in checks:
        if check.task not in known:
            yield _Violation(check.id, _one_of(known), repr(check.task))
        if check.id in seen:
            yield _Violation(check.id, Text(en="each id once", zh="每个 id 只出现一次"), "2×")
        seen.add(check.id)
        yield from _one_check(check)
    yield from _needs(checks)
    for task in tasks:
        yield from _points_of(task, checks, withheld.get(task.id, 0.0))
    yield from _hidden_share(checks, math.fsum(withheld.values()))


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


def _needs(checks: Sequence[Check]) -> Iterator[_Violation]:
    known = {check.id: check for check in checks}
    for check in checks:
        for need in check.needs:
            if need not in known:
                expected = Text(
                    en="`needs` to name checks of this exercise", zh="`needs` 只列出本练习的检查"
                )
                yield _Violation(check.id, expected, repr(need))
            elif check.visibility == "visible" != known[need].visibility:
                # Where students have the visible checks only, the other one is not there.
                expected = Text(
                    en="a visible check to need visible ones only", zh="可见检查只依赖可见检查"
                )
                yield _Violation(check.id, expected, repr(need))
    if cycle := find_cycle({check.id: check.needs for check in checks}):
        expected = Text(en="no circle of `needs`", zh="`needs` 不能循环")
        yield _Violation(cycle[0], expected, " → ".join(cycle))


def _points_of(task: Task, checks: Sequence[Check], withheld: float) -> Iterator[_Violation]:
    total = math.fsum([withheld, *(check.points for check in checks if check.task == task.id)])
    if not math.isclose(total, task.points, abs_tol=1e-6):
        expected = Text(
            en=f"checks worth the task's {task.points:g} points",
            zh=f"各检查项合计为该任务的 {task.points:g} 分",
        )
        yield _Violation(task.id, expected, f"{total:g}")


def _hidden_share(checks: Sequence[Check], withheld: float) -> Iterator[_Violation]:
    total = math.fsum([withheld, *(check.points for check in checks)])
    hidden = math.fsum(
        [withheld, *(check.points for check in checks if check.visibility != "visible")]
    )
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
