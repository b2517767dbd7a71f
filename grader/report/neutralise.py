"""Makes untrusted text harmless, for the medium that it is shown in.

What a submission prints, names and raises can hold anything: sequences that recolour or
overwrite what the grader says, change the window's title or the clipboard, or reverse the
reading order; what looks like a formula to a spreadsheet; a script to a browser; a link, a picture
or a mention to who renders Markdown; and a command to the machine that runs CI.

What is made for one medium is not harmless in another: each text is passed through the function of
the medium that it is written to, last of all, and once.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "for_ci_log",
    "for_html",
    "for_json",
    "for_markdown",
    "for_spreadsheet",
    "for_terminal",
    "for_xml",
    "without_ci_commands",
]

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
_UNSEEN: Final = (
    "\x7f-\x9f"  # controls
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # reading order
    "\u00ad\u180e\u200b-\u200d\u2060-\u2064\u206a-\u206f"  # no width: two names that look alike
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef"  # marks, tags, selectors
)
_INVISIBLE: Final = re.compile(f"[\x00-\x08\x0e-\x1f{_UNSEEN}]")  # tab and line feed stay
_UNPRINTED: Final = re.compile(f"[{_UNSEEN}\u2028\u2029]")
# What a program may skip at the start of a cell, then what begins a formula: also in full and
# small width, which spreadsheets in Chinese and Japanese read alike.
_FORMULA: Final = re.compile(
    "['\\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"
    "[=+\\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212]"
    "|'*[\t\r\n]"
)
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
_NO_XML: Final = re.compile("[\ufffe\uffff]")
_HTML_SIGNS: Final = re.compile("[&<>\"'`=]")
# Entities keep signs from being markup; what a site makes of the finished text, which is mentions,
# references and addresses, needs a character without width in it as well.
_MARKDOWN_SIGNS: Final = re.compile(r"(?P<linked>[@#!$~%&:](?=\S))|[!-/:-@\[-`{-~]")
_ADDRESSES: Final = re.compile(r"\b(?:www(?=\.)|GH(?=-\d))", re.IGNORECASE)
_BLANKS: Final = re.compile("^[ \t]+|(?<=[ \t])[ \t]|[ \t]+$|\t", re.MULTILINE)
_WORD_JOINER: Final = "\u2060"
# GitHub and Forgejo, Azure, GitLab, TeamCity, Travis, Buildkite; some look within a line, too.
_CI_COMMANDS: Final = re.compile(
    r"(?:^[ \t]*):(?=:)|#(?=#(?:\[|vso\[|teamcity\[))"
    r"|section(?=_(?:start|end):)|travis(?=_(?:fold|time):)"
    r"|^[ \t]*[-~+^](?=(?:--|~~|\+\+|\^\^)[ \t])",
    re.IGNORECASE | re.MULTILINE,
)

# The sign that is escaped comes first, as it is: a pattern that begins so is looked for quickly.
_CI_WITHIN_A_LINE: Final = re.compile(
    r"#(?=#(?:\[|(?i:vso|teamcity)\[))|_(?:(?<=(?i:section_))(?=(?i:start|end):)"
    r"|(?<=(?i:travis_))(?=(?i:fold|time):))"
)


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


def for_html(text: str) -> str:
    """Write text so that a browser shows it, within an element or a quoted attribute.

    Line feeds stay; whoever wants to see them says `white-space: pre-wrap`.
    """
    return _HTML_SIGNS.sub(_entity, for_terminal(text))


def for_markdown(text: str) -> str:
    """Write text so that Markdown shows it as it is: no link, picture, mention, table or tag.

    The result is one line, and stands within a paragraph, an item or a cell; within a code block
    it would be shown as entities.
    """
    text = _ADDRESSES.sub(_broken_up, for_terminal(text))
    text = _MARKDOWN_SIGNS.sub(_markdown_sign, text)
    # Blanks in front begin a block of code, two at the end break a line.
    return _BLANKS.sub(lambda match: "&nbsp;" * len(match[0]), text).replace("\n", "<br>")


def for_ci_log(text: str) -> str:
    """Write text so that no machine that reads a log of CI obeys it."""
    return without_ci_commands(for_terminal(text))


def without_ci_commands(lines: str) -> str:
    """Break up what CI would obey, in lines as they are printed.

    A character without width goes into it, so that it looks the same. Most systems look only at
    the beginning of a line, so that text has to be cut into lines before.
    """
    return _CI_COMMANDS.sub(lambda match: match[0] + _WORD_JOINER, lines)


def for_xml(text: str) -> str:
    """Leave what XML can hold at all, as for JUnit; whoever writes the XML escapes it."""
    return _NO_XML.sub("\ufffd", for_ci_log(text))


def for_json(document: bytes) -> bytes:
    """Write a JSON document's unprintable characters as escapes, which mean the same.

    Such a document can be shown on a terminal, and in a log of CI, as it is.
    """
    text = _UNPRINTED.sub(_json_escape, document.decode())
    return _CI_WITHIN_A_LINE.sub(_json_escape, text).encode()


def _entity(match: re.Match[str]) -> str:
    return f"&#{ord(match[0])};"


def _markdown_sign(match: re.Match[str]) -> str:
    return _entity(match) + (_WORD_JOINER if match["linked"] else "")


def _json_escape(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _broken_up(match: re.Match[str]) -> str:
    return f"{match[0][:1]}{_WORD_JOINER}{match[0][1:]}"
