"""Whose a submission is, as far as a source says."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["Key", "KeyKind", "Owner"]

KeyKind = Literal["any", "name", "participant", "canvas", "email", "id", "login", "label"]
"""What a roster is asked for.

`any` stands for a name that the instructor chose, `label` for all of what messages call an owner.
"""


class Key(NamedTuple):
    """Something by which a roster may know a student."""

    kind: KeyKind
    value: str


class Owner(NamedTuple):
    """Whose a file is, as far as the source says."""

    label: str
    """What the student's id is made of if there is no roster; the same for all of their files."""
    keys: tuple[Key, ...]
    is_sure: bool = True
    """Whether the label names one student, so that a roster is not needed to settle it."""

    @property
    def all_keys(self) -> tuple[Key, ...]:
        """All by which a roster may know them: an instructor who reads the label can add it."""
        return (*self.keys, Key("label", self.label))
