"""What a script's author should know, told by the text of the script alone.

Nothing here decides about a point. Each part looks for the mistakes of one subject, and names what
it sees with the learner's own names and numbers; the sentences are on the trusted side.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.remarks import (
    data,
    display,
    experiments,
    imports,
    matrices,
    networks,
    sizes,
    skeleton,
    training,
    unbound,
)
from grader.worker.remarks.script import Script

__all__ = ["Script", "find_remarks"]

_PARTS: Final = (
    skeleton.find,
    networks.find,
    sizes.find,
    data.find,
    display.find,
    matrices.find,
    experiments.find,
    training.find,
    imports.find,
    unbound.find,
)
_MAX_REMARKS: Final = 60


def find_remarks(script: Script) -> tuple[RemarkFact, ...]:
    """Look for everything that can be told; each once a line."""
    found = itertools.chain.from_iterable(_found_by(part, script) for part in _PARTS)
    unique = {(fact.id, fact.line, fact.cell): fact for fact in found}
    ordered = sorted(unique.values(), key=lambda fact: (fact.cell or 0, fact.line))
    return tuple(ordered[:_MAX_REMARKS])


def _found_by(
    part: Callable[[Script], Iterator[RemarkFact]], script: Script
) -> Iterator[RemarkFact]:
    """Give what a part finds; a text of a shape that it was not made for has nothing to tell."""
    with contextlib.suppress(Exception):
        yield from part(script)
