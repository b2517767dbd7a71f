"""A sentence about something that was noticed."""

from __future__ import annotations

from typing import Literal, NamedTuple

from grader.language import Text


class Saying(NamedTuple):
    """What is said; names in braces are the learner's own names and numbers."""

    kind: Literal["mistake", "lesson"]
    text: Text


def mistake(en: str, zh: str) -> Saying:
    """Word something that is wrong."""
    return Saying("mistake", Text(en=en, zh=zh))


def lesson(en: str, zh: str) -> Saying:
    """Word something that works, and that there is more to learn about."""
    return Saying("lesson", Text(en=en, zh=zh))
