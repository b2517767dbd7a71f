"""Limits on source text that are checked before Python's own parser sees it.

The parser and the compiler are C code that recurses; what is nested too deeply costs seconds,
much memory or, in some versions of Python, the process. A lexer that understands no more than
strings, comments, numbers, names and brackets finds such text in one pass.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

MAX_CHARACTERS: Final = 2_100_000
MAX_TOKENS: Final = 30_000
"""Words and signs of a whole submission; the longest file of `torch.nn` has 26,000. Some forms take
the compiler quadratic time, and all take memory."""
MAX_LINES: Final = 50_000
"""Lines of a whole submission, empty ones included."""
MAX_NESTING: Final = 90
"""Open brackets within one another; Python itself stops at 200."""
MAX_NUMBER: Final = 4_300
"""Characters of one number, as `sys.get_int_max_str_digits` has it."""
MAX_PREFIXES: Final = 90
"""Unary operators in a row: each costs the parser several levels of its stack."""
MAX_OPERATORS: Final = 500
"""Operators, attributes and calls between two commas or lines: the tree gets as many levels, a long
pattern or comprehension takes quadratic time, and a long dotted name quadratic memory."""
MAX_COMPILED: Final = 500_000
"""Nodes of a statement's tree, those of a `finally` as often as the compiler repeats them: once for
each way out of its `try`, so that nested ones double the code at each level."""
MAX_BRANCHES: Final = 300
"""`elif`s of one indentation in a row: each lies within the one before."""

# What can be taken in without looking back is: a long string would fill the memory with ways back.
_TRIPLE = r"'''(?>[^\\']+|\\.|'(?!''))*+'''|\"\"\"(?>[^\\\"]+|\\.|\"(?!\"\"))*+\"\"\"|"
_PATTERN = (
    r"(?P<comment>\#[^\n]*)"
    r"|(?P<string>[A-Za-z]{0,3}(?:%s'(?>[^'\\\n]+|\\.)*+'?|\"(?>[^\"\\\n]+|\\.)*+\"?))"
    r"|(?P<number>\d[\w.]*)"
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
_OPERATOR_NAMES = frozenset({"and", "or", "not", "in", "is", "if", "for", "lambda", "await"})
_ENDS_BRANCHES = frozenset({"def", "class"})
_MAX_PREFIX = 4


class ExcessError(ValueError):
    """A text that is not given to the parser."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def tokens(text: str, start: int = 0) -> Iterator[re.Match[str]]:
    """Cut a text into strings, comments, names and signs; the kind is the match's last group."""
    for token in _TOKEN.finditer(text, start):
        yield token
        # A triple quote that nothing closes: to look for its end but once keeps the time linear,
        # and what follows may well be whole.
        if token.lastgroup == "string" and _is_unclosed(token, text):
            yield from _TOKEN_IN_LINE.finditer(text, token.end())
            return


def _is_unclosed(token: re.Match[str], text: str) -> bool:
    quotes = _UNCLOSED.fullmatch(token[0])
    return quotes is not None and text.startswith(quotes[1][0], token.end())


def check_text(text: str, max_tokens: int = MAX_TOKENS) -> int:
    """Count the words and signs of a text that the parser can take.

    Args:
        text: The text.
        max_tokens: What is left of the submission's share.

    Raises:
        ExcessError: It breaks a limit.
    """
    if len(text) > MAX_CHARACTERS:
        msg = f"more than {MAX_CHARACTERS} characters"
        raise ExcessError(msg, 1)
    # Empty lines in front are there to keep the numbers of lines.
    start = len(text) - len(text.lstrip("\n"))
    counts = _Counts(max_tokens)
    for token in tokens(text, start):
        excess = counts.take(token)
        if excess is not None:
            raise ExcessError(excess, text.count("\n", 0, token.start()) + 1)
    return counts.tokens


class _Counts:
    """What has been seen of a text so far."""

    def __init__(self, max_tokens: int) -> None:
        self._max_tokens = max_tokens
        self.tokens = 0
        self._prefixes = self._branches = 0
        self._operators = [0]
        """Since the last comma, of each open bracket."""

    def take(self, token: re.Match[str]) -> str | None:
        """Count one token, and say which limit it breaks."""
        kind, text = token.lastgroup, token[0]
        self.tokens += 1
        is_prefix = False
        if kind == "name":
            is_prefix = text in _PREFIX_NAMES
            if text in _OPERATOR_NAMES:
                self._operators[-1] += 1
            elif text == "elif":
                self._branches += 1
            elif text in _ENDS_BRANCHES:
                self._branches = 0
        elif kind == "string":
            self.tokens += _tokens_within(text)
        elif kind == "number":
            if len(text) > MAX_NUMBER:
                return f"more than {MAX_NUMBER} digits in one number"
        elif kind != "comment":
            is_prefix = text in _PREFIX_MARKS
            self._count_sign(kind, text)
        self._prefixes = self._prefixes + 1 if is_prefix else 0
        return self._excess()

    def _count_sign(self, kind: str | None, text: str) -> None:
        counts = self._operators
        if kind == "open":
            counts[-1] += 1
            counts.append(0)
        elif kind == "close":
            if len(counts) > 1:
                counts.pop()
        elif text in {",", ";"} or (kind == "line" and len(counts) == 1):
            counts[-1] = 0
        elif kind == "other":
            counts[-1] += 1

    def _excess(self) -> str | None:
        # One test for all of them, since it is made for each word of each file.
        if (
            self.tokens <= self._max_tokens
            and len(self._operators) - 1 <= MAX_NESTING
            and self._prefixes <= MAX_PREFIXES
            and self._operators[-1] <= MAX_OPERATORS
            and self._branches <= MAX_BRANCHES
        ):
            return None
        if self.tokens > self._max_tokens:
            return f"more than {MAX_TOKENS} words and signs"
        for count, limit, what in (
            (len(self._operators) - 1, MAX_NESTING, "brackets within one another"),
            (self._prefixes, MAX_PREFIXES, "operators in a row"),
            (self._operators[-1], MAX_OPERATORS, "operators in one expression"),
            (self._branches, MAX_BRANCHES, "branches of one `if`"),
        ):
            if count > limit:
                return f"more than {limit} {what}"
        return None


def _tokens_within(text: str) -> int:
    """Count what an f-string computes; prose before its first bracket does not count."""
    prefix = text[:_MAX_PREFIX].partition(text[-1:])[0]
    if "f" not in prefix.lower():
        return 0
    inner = text[len(prefix) :].strip(text[-1:])
    _, brace, computed = inner.partition("{")
    return sum(1 for _ in _TOKEN_IN_LINE.finditer(brace + computed))


def check_tree(statements: Iterable[ast.stmt]) -> None:
    """Do nothing for statements that the compiler can take.

    Raises:
        ExcessError: The code would be far longer than the text.
    """
    for statement in statements:
        if _weigh([statement]).nodes > MAX_COMPILED:
            msg = "`finally` blocks that repeat one another too often"
            raise ExcessError(msg, statement.lineno)


class _Weight(NamedTuple):
    """What statements come to when they are compiled."""

    nodes: int
    exits: int
    """Ways to leave the block at once."""


def _weigh(nodes: Iterable[ast.AST]) -> _Weight:
    total = leaving = 0
    for node in nodes:
        is_try = isinstance(node, ast.Try | ast.TryStar)
        last = node.finalbody if isinstance(node, ast.Try | ast.TryStar) else []
        inner = _weigh(child for child in ast.iter_child_nodes(node) if child not in last)
        final = _weigh(last)
        copies = inner.exits + 2 if is_try else 0
        total += 1 + inner.nodes + copies * final.nodes
        leaving += inner.exits + copies * final.exits
        leaving += isinstance(node, ast.Return | ast.Break | ast.Continue)
    return _Weight(total, leaving)
