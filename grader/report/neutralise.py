"""Makes untrusted text harmless, for the medium that it is shown in.

What a submission prints, names and raises can hold anything: sequences that recolour or
overwrite what the grader says, change the window's title or the clipboard, or reverse the
reading order; and what looks like a formula to a spreadsheet.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["for_spreadsheet", "for_terminal"]

# Alternatives are tried in this order at each ESC or C1 control, so the longest form goes first.
_ESCAPE_SEQUENCES: Final = re.compile(
    r"""
    (?: \x1b[PX^_\]] | [\x90\x98\x9d\x9e\x9f] )     # a string: DCS, SOS, PM, APC, OSC
        [^\x07\x1b\x9c\n]* (?: \x07 | \x1b\\ | \x9c )?
  | (?: \x1b\[ | \x9b ) [0-?]* [ -/]* [@-~]?        # CSI: colours, cursor, screen
  | \x1b [ -/]* [0-~]?                              # all other forms
    """,
    re.VERBOSE,
)
_LINE_ENDS: Final = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # controls; tab and line feed stay
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reading order
    "\ufeff\U000e0000-\U000e007f]"  # byte order mark, tags
)
# What a program may skip at the start of a cell, then what begins a formula: also in full and
# small width, which spreadsheets in Chinese and Japanese read alike.
_FORMULA: Final = re.compile(
    "['\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
    "|'*[\t\r\n]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


def for_terminal(text: str) -> str:
    """Remove whatever a terminal would obey rather than show.

    Escape sequences go as a whole. A carriage return becomes a line feed, so that nothing that
    was printed before it is hidden. What cannot be encoded is shown as a replacement character.
    """
    text = _ESCAPE_SEQUENCES.sub("", text)
    text = _LINE_ENDS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    return _SURROGATES.sub("\ufffd", text)


def for_spreadsheet(text: str) -> str:
    """Keep a spreadsheet from taking a cell's text for a formula.

    Such a text gets an apostrophe in front; all other text stays as it is. What looks like a
    formula behind apostrophes gets one more, so that two texts that differ still do.
    """
    return f"'{text}" if _FORMULA.match(text) else text
