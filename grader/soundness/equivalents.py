"""The mutants that an author has justified.

They stand in `equivalent_mutants.toml` beside the solution::

[[mutant]]
scope = "output_size"
was = "if value < least:"
becomes = "if value <= least - 1:"
why = "Sizes are whole numbers: below 1 and at most 0 is the same."
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from grader.course.manifest import manifest_error
from grader.language import Text

__all__ = ["EQUIVALENTS_NAME", "Equivalent", "read_equivalents"]

EQUIVALENTS_NAME: Final = "equivalent_mutants.toml"


class Equivalent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mutant that does what the solution does, as far as the exercise asks."""

    scope: str
    """The function or class that it is in, with dots; empty for the top of the file."""
    was: str
    """The line of the solution, without indentation."""
    becomes: str
    """The line of the mutant."""
    why: str
    """Why no check can tell them apart, or none should."""
    nth: int = 1
    """Which one it is of those in the scope that read the same."""


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file."""

    mutant: tuple[Equivalent, ...] = ()


def read_equivalents(solution: Path) -> tuple[Equivalent, ...]:
    """Read what stands beside a solution; nothing where there is no such file.

    Raises:
        ManifestError: It breaks its layout; the author's fault.
    """
    path = solution.with_name(EQUIVALENTS_NAME)
    try:
        content = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), _File)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _broken(path, str(error)) from error
    if silent := [mutant for mutant in content.mutant if not mutant.why.strip()]:
        raise _broken(path, f"{silent[0].becomes!r} without `why`")
    return content.mutant


def _broken(path: Path, found: str) -> Exception:
    expected = Text(
        en="[[mutant]] entries with scope, was, becomes and why",
        zh="含 scope、was、becomes、why 的 [[mutant]] 条目",
    )
    return manifest_error(path, Text(en="the file", zh="文件"), expected=expected, found=found)
