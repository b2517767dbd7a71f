"""Does the sums of a text again: `(64 + 2*3 - 7) / 2 + 1 = 32.5` in a sentence must be true.

A result may be rounded to the digits that it shows. Formulas with letters are for the examples;
code and formulas between dollar signs are left alone.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

__all__ = ["Sum", "wrong_sums"]

_SUM: Final = re.compile(
    r"(?P<sum>(?:floor|ceil)?[\d(\-](?:[\d\s.+\-*/()]|floor|ceil)*)=\s*(?P<result>-?\d+(?:\.\d+)?)"
    # Not the first part of a longer sum: `= 2 * 3` or `= 3, 4` in brackets.
    r"(?![\d.]*\s*[*/+(]|\d|\.\d)"
)
_SKIPPED: Final = re.compile(
    r"^```.*?^```|\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`", re.DOTALL | re.MULTILINE
)
_SAME: Final = str.maketrans({"·": "*", "×": "*", "−": "-", "\\": "", "（": "(", "）": ")"})
_OPERATIONS: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class Sum(NamedTuple):
    """A sum that does not come out as the text says."""

    line: int
    """Where it ends, from 1."""
    said: str
    result: float


def wrong_sums(text: str) -> Iterator[Sum]:
    """Find the sums of a text that are wrong."""
    plain = _SKIPPED.sub(lambda match: re.sub(r"[^\n]", ";", match[0]), text).translate(_SAME)
    for match in _SUM.finditer(plain):
        words = _balanced(match["sum"].strip())
        result = _compute(words)
        if result is not None and not _is_rounded(match["result"], result):
            line = plain.count("\n", 0, match.end()) + 1
            yield Sum(line, f"{words} = {match['result']}", result)


def _balanced(words: str) -> str:
    """Drop brackets that were opened before the sum, as in `(size 5 - 3 + 1 = 3)`."""
    while words.count("(") > words.count(")") and words.startswith("("):
        words = words[1:].strip()
    return words


def _compute(words: str) -> float | None:
    try:
        node = ast.parse(" ".join(words.split()), mode="eval").body
        # A number alone is no sum.
        return None if isinstance(node, ast.Constant | ast.UnaryOp) else _value(node)
    except (SyntaxError, ValueError, ZeroDivisionError):
        return None


def _value(node: ast.expr) -> float:
    """Compute a tree of numbers. Raises ValueError for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        whole = {"floor": math.floor, "ceil": math.ceil}.get(node.func.id)
        if whole is not None:
            return float(whole(_value(node.args[0])))
    raise ValueError(ast.dump(node))


def _is_rounded(said: str, result: float) -> bool:
    digits = len(said.partition(".")[2])
    # Inputs may be rounded themselves: the last digit that is shown may be one off.
    slack = 10.0**-digits if digits else 1e-9
    return abs(float(said) - result) <= slack
