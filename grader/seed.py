"""The seed of a run, from which all of its random inputs come."""

from __future__ import annotations

import secrets
from typing import Final

MAX_SEED: Final = 2**53 - 1
"""As far as numbers in JSON are exact. A worker is given seeds that are derived from this one; it
must not be found by trying all there are, which takes minutes for 32 bits."""


def draw_seed() -> int:
    """Choose a seed that nobody can foresee."""
    return secrets.randbelow(MAX_SEED + 1)
