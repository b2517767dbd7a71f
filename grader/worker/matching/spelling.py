"""Names that are nearly the same: another case, a letter or two, singular for plural."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_LONG: Final = 8
_SHORT: Final = 5
_FAR: Final = 9
_MOST: Final = 2


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the one name that comes nearest, if it is near at all and no other is as near."""
    allowed = _allowed(name)
    measured = sorted((_distance(name, other), other) for other in known)
    found = [(distance, other) for distance, other in measured if distance <= allowed]
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    return found[0][1]


def is_near(name: str, other: str) -> bool:
    """Whether one name is the other, misspelt."""
    return nearest(name, [other]) is not None


def is_variation(name: str, other: str) -> bool:
    """Whether one name is the other with something put before or behind it, a plural `s` aside.

    Who writes `ConvNet2`, `MyNet` or `relu_` means another thing; it is no slip.
    """
    short, long = sorted((name.casefold(), other.casefold()), key=len)
    return short != long and short in long and (long != f"{short}s") and short == name.casefold()


def _allowed(name: str) -> int:
    letters = len(_folded(name))
    if letters < _SHORT:
        return 0
    return _MOST if letters >= _LONG else 1


def _folded(name: str) -> str:
    return name.casefold().replace("_", "")


def _may_share_number(left: str, right: str) -> bool:
    """Whether `conv1` may be meant by the other name: by `conv`, and never by `conv2`."""
    digits = ["".join(filter(str.isdigit, name)) for name in (left, right)]
    return digits[0] == digits[1] or not all(digits)


def _distance(name: str, other: str) -> int:
    """Count the letters that are wrong, missing, too many, or two in the wrong order."""
    left, right = _folded(name), _folded(other)
    if abs(len(left) - len(right)) > _MOST or not _may_share_number(left, right):
        return _FAR
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        older, before, row = before, row, [i]
        for j, wanted in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            is_swap = i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == wanted
            row.append(min(cost, older[j - 2] + 1) if is_swap else cost)
    return row[-1]
