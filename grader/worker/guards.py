"""Limits on source text that are checked before Python's own parser sees it.

The parser and the compiler are C code that recurses; what is nested too deeply costs seconds,
much memory or, in some versions of Python, the process. A lexer that understands no more than
strings, comments, numbers, names and brackets finds such text in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

MAX_CHARACTERS: Final = 2_100_000
MAX_TOKENS: Final = 250_000
MAX_NESTING: Final = 90
"""Open brackets within one another; Python itself stops at 200."""
MAX_NUMBER: Final = 4_300
"""Characters of one number, as `sys.get_int_max_str_digits` has it."""
MAX_PREFIXES: Final = 90
"""Unary operators in a row: each costs the parser several levels of its stack."""

TOKEN: Final = re.compile(
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>[A-Za-z]{0,3}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\""
    r"|'(?:[^'\\\n]|\\.)*'?|\"(?:[^\"\\\n]|\\.)*\"?))"
    r"|(?P<number>\d\w*)"
    r"|(?P<name>\w+)"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
    r"|(?P<line>\n)"
    r"|(?P<other>[^\s\w])",
    re.DOTALL,
)
_PREFIX_NAMES = frozenset({"not", "lambda", "await"})
_PREFIX_MARKS = frozenset("-+~:*")


class TooComplex(NamedTuple):
    """Why a text is not given to the parser."""

    message: str
    line: int


def find_excess(text: str) -> TooComplex | None:
    """Return the first limit that a text breaks, or None."""
    if len(text) > MAX_CHARACTERS:
        return TooComplex(f"more than {MAX_CHARACTERS} characters", 1)
    for message, position in _excesses(text):
        return TooComplex(message, text.count("\n", 0, position) + 1)
    return None


def _excesses(text: str) -> Iterator[tuple[str, int]]:
    depth = prefixes = 0
    for count, token in enumerate(TOKEN.finditer(text)):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        prefixes = prefixes + 1 if _is_prefix(kind, token) else 0
        if depth > MAX_NESTING:
            yield f"more than {MAX_NESTING} brackets within one another", token.start()
        if prefixes > MAX_PREFIXES:
            yield f"more than {MAX_PREFIXES} operators in a row", token.start()
        if kind == "number" and token.end() - token.start() > MAX_NUMBER:
            yield f"a number of more than {MAX_NUMBER} digits", token.start()
        if count > MAX_TOKENS:
            yield f"more than {MAX_TOKENS} words and signs", token.start()


def _is_prefix(kind: str | None, token: re.Match[str]) -> bool:
    if kind == "name":
        return token[0] in _PREFIX_NAMES
    return kind == "other" and token[0] in _PREFIX_MARKS
