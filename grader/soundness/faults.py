"""What `grade check` has to say: a rule that is broken, where, and how it is mended."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from grader.errors import CourseError, GraderError, GraderFault
from grader.language import Text, text

__all__ = ["Fault", "MutantFact", "Result", "fault_of_error"]

_MEND: Final = Text(en="Mend what the message names.", zh="请按提示修改。")


class Fault(msgspec.Struct, frozen=True):
    """One broken rule."""

    rule: str
    """The rule's id, such as `stray-file`; docs/authors.md lists them."""
    message: Text
    """What is wrong, in a sentence."""
    cure: Text
    """What to do about it: a command or an edit."""
    file: Path | None = None
    """Where; None where no file is to blame."""
    line: int | None = None
    """The line in the file, from 1; None where it concerns all of it."""
    ours: bool = False
    """Whether this program, rather than the course, is at fault."""


class MutantFact(msgspec.Struct, frozen=True):
    """A mutant that full marks were given to."""

    file: Path
    line: int
    scope: str
    """The function or class that it is in, with dots."""
    was: str
    """The line of the solution."""
    becomes: str
    """The line of the mutant."""
    nth: int = 1
    """Which one it is of those in the scope that read the same."""
    why: str | None = None
    """Why it is equivalent, where the author says so; None for a survivor."""


class Result(msgspec.Struct, frozen=True):
    """What the check of one exercise found."""

    exercise: str
    """The full name, such as `ex03_conv_layer`."""
    faults: tuple[Fault, ...]
    gradings: int
    """How many submissions were graded."""
    duration_s: float
    """Seconds of wall time."""
    mutants: int | None = None
    """How many mutants were graded; None where none were asked for."""
    survivors: tuple[MutantFact, ...] = ()
    """Mutants with full marks that nobody has justified."""
    justified: tuple[MutantFact, ...] = ()
    """Mutants with full marks that the author has justified as equivalent."""

    @property
    def survival(self) -> float:
        """The share of survivors among the mutants that are not equivalent; 0 without mutants."""
        counted = (self.mutants or 0) - len(self.justified)
        return len(self.survivors) / counted if counted else 0.0

    @property
    def exit_code(self) -> int:
        """0 where the exercise is sound, else the code of whoever is at fault."""
        if any(fault.ours for fault in self.faults):
            return GraderFault.exit_code
        return CourseError.exit_code if self.faults else 0


def fault_of_error(
    error: GraderError, rule: str, file: Path | None = None, cure: Text | str | None = None
) -> Fault:
    """Give an error, raised while an exercise was checked, as a fault of it."""
    return Fault(
        rule=rule,
        message=error.message,
        cure=text(cure) if cure is not None else error.hint or _MEND,
        file=file,
        ours=isinstance(error, GraderFault),
    )
