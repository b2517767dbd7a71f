"""Limits on source text that are checked before Python's own parser sees it.

The parser and the compiler are C code that recurses; what is nested too deeply costs seconds,
much memory or, in some versions of Python, the process. A lexer that understands no more than
strings, comments, numbers, names and brackets finds such text in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

MAX_CHARACTERS: Final = 2_100_000
MAX_TOKENS: Final = 250_000
MAX_NESTING: Final = 90
"""Open brackets within one another; Python itself stops at 200."""
MAX_NUMBER: Final = 4_300
"""Characters of one number, as `sys.get_int_max_str_digits` has it."""
MAX_PREFIXES: Final = 90
"""Unary operators in a row: each costs the parser several levels of its stack."""

_TRIPLE = r"'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|"
_PATTERN = (
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>[A-Za-z]{0,3}(?:%s'(?:[^'\\\n]|\\.)*'?|\"(?:[^\"\\\n]|\\.)*\"?))"
    r"|(?P<number>\d\w*)"
    r"|(?P<name>\w+)"
    r"|(?P<open>[(\[{])"
    r"|(?P<close>[)\]}])"
    r"|(?P<line>\n)"
    r"|(?P<other>[^\s\w])"
)
_TOKEN = re.compile(_PATTERN % _TRIPLE, re.DOTALL)
_TOKEN_IN_LINE = re.compile(_PATTERN % "", re.DOTALL)
_UNCLOSED = re.compile(r"[A-Za-z]*(''|\"\")")
_PREFIX_NAMES = frozenset({"not", "lambda", "await"})
_PREFIX_MARKS = frozenset("-+~:*")


class ExcessError(ValueError):
    """A text that is not given to the parser."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def tokens(text: str) -> Iterator[re.Match[str]]:
    """Cut a text into strings, comments, names and signs; the kind is the match's last group."""
    for token in _TOKEN.finditer(text):
        yield token
        # A triple quote that nothing closes: to look for its end but once keeps the time linear,
        # and what follows may well be whole.
        if token.lastgroup == "string" and _is_unclosed(token, text):
            yield from _TOKEN_IN_LINE.finditer(text, token.end())
            return


def _is_unclosed(token: re.Match[str], text: str) -> bool:
    quotes = _UNCLOSED.fullmatch(token[0])
    return quotes is not None and text.startswith(quotes[1][0], token.end())


def check_text(text: str) -> None:
    """Do nothing for a text that the parser can take.

    Raises:
        ExcessError: It breaks a limit.
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"more than {MAX_CHARACTERS} characters"
        raise ExcessError(msg, 1)
    # Empty lines in front are there to keep the numbers of lines.
    start = len(text) - len(text.lstrip("\n"))
    for message, position in _excesses(text[start:]):
        raise ExcessError(message, text.count("\n", 0, start + position) + 1)


def _excesses(text: str) -> Iterator[tuple[str, int]]:
    depth = prefixes = 0
    for count, token in enumerate(tokens(text)):
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
