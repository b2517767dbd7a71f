"""What Gradescope says about a submission, in `submission_metadata.json`.

It is shown, and changes no score: Gradescope has rules of its own for what comes late. Whatever is
missing or strange in the file is left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from grader.language import Language, Text
from grader.report.neutralise import for_terminal
from grader.report.words import points_words

__all__ = ["Metadata", "facts_of", "read_metadata", "remarks_on"]

_MAX_BYTES: Final = 16 * 2**20
_MAX_NAMES: Final = 20
_MAX_NAME: Final = 100
_DAY_HOURS: Final = 24


class Metadata(NamedTuple):
    """What there is to say."""

    late_by: timedelta | None = None
    """How long after the due date it came; None where it was in time."""
    is_too_late: bool = False
    """Whether it came after the late due date, too."""
    number: int = 1
    """Which submission of this student or group it is, from 1."""
    best_before: float | None = None
    """The best score of the earlier ones."""
    group: tuple[str, ...] = ()
    """The names of a group's members, made harmless; empty for a single student."""


def read_metadata(content: bytes) -> Metadata:
    """Read the file's content."""
    try:
        data = msgspec.json.decode(content[:_MAX_BYTES])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Metadata()
    assignment = _part(data, "assignment")
    created = _instant(data, "created_at")
    due, late_due = _instant(assignment, "due_date"), _instant(assignment, "late_due_date")
    earlier = _items(data, "previous_submissions")
    scores = [score for one in earlier if (score := _score(one)) is not None]
    names = [name for user in _items(data, "users") if (name := _name(user))]
    return Metadata(
        late_by=created - due if created and due and created > due else None,
        is_too_late=bool(created and late_due and created > late_due),
        number=len(earlier) + 1,
        best_before=max(scores, default=None),
        group=tuple(names[:_MAX_NAMES]) if len(names) > 1 else (),
    )


def remarks_on(metadata: Metadata, language: Language) -> Iterator[str]:
    """Say what a student should know."""
    if metadata.late_by is not None:
        by = _duration(metadata.late_by)
        yield Text(
            en=f"Handed in {by.en} after the due date.", zh=f"在截止时间之后 {by.zh} 提交。"
        ).to(language)
    if metadata.is_too_late:
        yield Text(
            en="The time for late submissions is over, too.", zh="补交的截止时间也已经过了。"
        ).to(language)
    if metadata.number > 1:
        best = metadata.best_before
        so_far = "" if best is None else points_words(best)
        en, zh = f"Submission {metadata.number}.", f"第 {metadata.number} 次提交。"
        if so_far:
            en, zh = f"{en} Best score before: {so_far}.", f"{zh}此前最高分：{so_far}。"
        yield Text(en=en, zh=zh).to(language)
    if metadata.group:
        names = ", ".join(metadata.group)
        yield Text(en=f"Group: {names}.", zh=f"小组：{names}。").to(language)


def facts_of(metadata: Metadata) -> dict[str, Any]:
    """Give the same as data."""
    late_by = metadata.late_by
    return {
        "late": late_by is not None,
        "late_by_s": None if late_by is None else round(late_by.total_seconds()),
        "submission_number": metadata.number,
        "group_size": max(len(metadata.group), 1),
    }


def _part(data: object, key: str) -> object:
    return data.get(key) if isinstance(data, dict) else None


def _items(data: object, key: str) -> list[object]:
    value = _part(data, key)
    return value if isinstance(value, list) else []


def _instant(data: object, key: str) -> datetime | None:
    value = _part(data, key)
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    # A time without a zone cannot be compared with one that has it.
    return read if read is not None and read.tzinfo is not None else None


def _score(submission: object) -> float | None:
    value = _part(submission, "score")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        score = float(value)
    except (ValueError, OverflowError):
        return None
    return score if 0 <= score < math.inf else None


def _name(user: object) -> str:
    value = _part(user, "name") or _part(user, "email")
    return " ".join(for_terminal(value).split())[:_MAX_NAME] if isinstance(value, str) else ""


def _duration(time: timedelta) -> Text:
    minutes = max(round(time.total_seconds() / 60), 1)
    hours, rest = divmod(minutes, 60)
    days, hours = divmod(hours, _DAY_HOURS)
    if days:
        return Text(en=f"{days} d {hours} h", zh=f"{days} 天 {hours} 小时")
    if hours:
        return Text(en=f"{hours} h {rest} min", zh=f"{hours} 小时 {rest} 分钟")
    return Text(en=f"{rest} min", zh=f"{rest} 分钟")
