"""Makes the text of an exercise readable where there are only letters.

A terminal shows neither formulas in TeX nor pictures: the former become what one would type, the
latter their description with the name of the file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from grader.cli.places import from_here
from grader.language import Language, Text

__all__ = ["plain_formula", "readable"]

_PARTS: Final = re.compile(
    r"(?P<code>```.*?```|`[^`\n]*`)"
    r"|\$\$(?P<block>.+?)\$\$"
    r"|\$(?P<inline>[^$\n]+)\$"
    r"|!\[(?P<alt>[^\]]*)\]\((?P<path>[^)\s]+)\)"
    # Chinese has no blanks, so that the end of a line must not become one, nor
    # before a Latin word where a sign, which is as wide as two letters, ends the line.
    r"|(?<=[\u2e80-\uffef])(?P<fold>\n[ \t]*)(?=[\u2e80-\uffef])"
    r"|(?<=[\u3000-\u303f\uff00-\uffef])(?P<after_sign>\n[ \t]*)(?=[A-Za-z]|`(?!``))",
    re.DOTALL,
)
_PICTURE: Final = Text(en="Picture {path}: {alt}", zh="图片 {path}：{alt}")
_SIGNS: Final = {
    r"\cdot": "·",
    r"\times": "x",
    r"\sum": "Σ",
    r"\lfloor": "⌊",
    r"\rfloor": "⌋",
    r"\lceil": "⌈",
    r"\rceil": "⌉",
    r"\infty": "∞",
    r"\le": "≤",
    r"\ge": "≥",
    r"\ne": "≠",
    r"\to": "→",
    r"\left": "",
    r"\right": "",
    r"\;": " ",
    r"\,": " ",
    r"\_": "_",
    r"\{": "{",
    r"\}": "}",
}
_WORD: Final = re.compile(r"\\[A-Za-z]+|\\.")
_FRACTION: Final = re.compile(r"\\frac\{([^{}]*)\}\{([^{}]*)\}")
_TEXT: Final = re.compile(r"\\text\{([^{}]*)\}")
_INDEX: Final = re.compile(r"([_^])\{([^{}]*)\}")
_SIMPLE: Final = re.compile(r"[\w.]+")


def readable(markdown: str, folder: Path, language: Language) -> str:
    """Replace the formulas and the pictures of a text in Markdown.

    Args:
        markdown: The text.
        folder: Where its pictures lie.
        language: The language of the words around a picture.
    """

    def replace(match: re.Match[str]) -> str:
        if match["code"]:
            return match["code"]
        if match["block"]:
            return f"\n```text\n{plain_formula(match['block'])}\n```\n"
        if match["inline"]:
            return f"`{plain_formula(match['inline'])}`"
        if match["fold"] or match["after_sign"]:
            return ""
        path = from_here(folder / match["path"])
        said = _PICTURE.to(language).format(path=f"`{path}`", alt=match["alt"])
        return f"\n> {said}\n"

    return _PARTS.sub(replace, markdown)


def plain_formula(formula: str) -> str:
    r"""Write a formula in TeX as one would type it: `\frac{a + b}{c}` becomes `(a + b) / c`."""
    said = _TEXT.sub(r"\1", formula)
    while True:
        # From the inside out: an index may stand in a fraction, and a fraction in another.
        shorter = _FRACTION.sub(lambda match: f"{_group(match[1])} / {_group(match[2])}", said)
        shorter = _INDEX.sub(lambda match: match[1] + _index(match[2]), shorter)
        if shorter == said:
            break
        said = shorter
    # What has no sign is a function's name: `\max`, `\log`.
    said = _WORD.sub(lambda match: _SIGNS.get(match[0], match[0][1:]), said)
    return " ".join(said.replace("{", "").replace("}", "").split())


def _group(part: str) -> str:
    part = part.strip()
    return part if _SIMPLE.fullmatch(part) else f"({part})"


def _index(part: str) -> str:
    return part if part.isalnum() else f"({part})"
