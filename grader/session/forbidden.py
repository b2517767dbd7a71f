"""Operators that a task forbids: found among those that ran, or in names that hide them."""

from __future__ import annotations

import fnmatch
import functools
import re
from collections.abc import Sequence
from typing import Final

import torch

from grader.report.examination import Where
from grader.session.diagnosis import of_forbidden
from grader.session.finding import Finding
from grader.session.places import place_of, where
from grader.session.student import Student
from grader.worker.guards import tokens
from grader.worker.wire import TOO_MANY

_EVASIONS: Final = re.compile(
    r"\b(_disable_current_modes|_?DisableTorch\w*|handle_torch_function|_python_dispatch|"
    r"__torch_(?:dispatch|function)__|Torch(?:Dispatch|Function)Mode|_make_(?:wrapper_)?subclass|"
    r"_dispatch_tls\w*|_jit_to_static\w*|torch\.library|"
    r"_\w*(?:dispatch|function)_mode\w*|_getframe|_current_frames|currentframe|tb_frame|"
    r"(?:gi|cr|ag)_frame|f_back|f_locals|f_globals|get_objects|get_referrers|get_referents|"
    r"__globals__|__closure__|cell_contents|__subclasses__|settrace|setprofile|grader\.worker)\b"
)
_CONTINUED: Final = "\\\n"


def find_evasion(student: Student) -> Finding | None:
    """Find names that are of use only to hide from the watch, by the text alone.

    It keeps honest people honest: a name can be put together from pieces that no search knows.
    """
    for cell in student.submission.cells:
        text = _without_comments(cell.text)
        # Where a line goes on, a name within a string may be cut in two.
        for pieces in ([text], text.split(_CONTINUED)):
            match = _EVASIONS.search("".join(pieces))
            if match is not None:
                line = _line_at(pieces, match.start())
                return of_forbidden((match[0],), where(student, line, cell.index))
    return None


def _line_at(pieces: Sequence[str], offset: int) -> int:
    """Give the line of a place in pieces of a text that are put together, a line feed cut out."""
    line = 1
    for piece in pieces:
        if offset < len(piece):
            return line + piece.count("\n", 0, offset)
        offset -= len(piece)
        line += piece.count("\n") + 1
    return line


def _without_comments(text: str) -> str:
    """Leave out comments; a `#` within a string begins none."""
    kept = []
    end = 0
    for token in tokens(text):
        if token.lastgroup == "comment":
            kept.append(text[end : token.start()])
            end = token.end()
    return "".join((*kept, text[end:]))


def find_forbidden(student: Student, patterns: tuple[str, ...]) -> Finding | None:
    """Find what ran during this check and is forbidden.

    Args:
        student: The submission, with the operators that were noted.
        patterns: Names of operators, as `fnmatch` knows them.
    """
    known = (*patterns, TOO_MANY)
    hits = [each for each in student.operators if _matching(known).match(each.name)]
    if not hits:
        return None
    place = next((operator.place for operator in hits if operator.place), None)
    names = tuple(dict.fromkeys(_public_name(operator.name, known) for operator in hits))
    return of_forbidden(names, place_of(place, student) or _place_in_source(student, patterns))


@functools.cache
def _matching(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(fnmatch.translate, patterns)))


def _place_in_source(student: Student, patterns: tuple[str, ...]) -> Where | None:
    for use in student.facts.used:
        if _matching(patterns).match(use.name.rpartition(".")[2].lower()):
            return where(student, use.line, use.cell)
    return None


def _public_name(name: str, patterns: tuple[str, ...]) -> str:
    """Name an operator as torch does, or else the pattern: the worker may call it anything."""
    owners = (torch, torch.Tensor, torch.nn.functional, torch.ops.aten)
    if name.isidentifier() and any(hasattr(owner, name) for owner in owners):
        return name
    return next(pattern for pattern in patterns if fnmatch.fnmatchcase(name, pattern))
