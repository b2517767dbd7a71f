"""How files are named to a person."""

from __future__ import annotations

from pathlib import Path

__all__ = ["from_here"]


def from_here(path: Path) -> str:
    """Give the shortest way to a file that can be typed, or clicked on."""
    try:
        return str(path.relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)
