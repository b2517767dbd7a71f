"""Tells how high a page of feedback is, so that its frame fits without a script.

A frame that nothing leaks into or out of cannot ask its page. So the page is measured here, from
the elements that it consists of and the sizes that its style sheet gives them; a test compares that
with what a browser makes of it.
"""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser
from typing import Final, NamedTuple

from rich.cells import cell_len

__all__ = ["page_height"]

_WIDTH: Final = 704.0
"""Pixels that a line of the page has; a wider frame leaves the rest empty."""
_COLUMN: Final = 0.52
"""The width of a narrow letter, in the size of the font."""
_BORDERS: Final = 70.0
"""Above and below everything, and around the card that comes first."""
_CARD: Final = 62.0
_TWO_COLUMNS: Final = 336.0
_TILE_TEXT: Final = 100.0
"""The texts above and below a row of tiles, and the room between two rows."""
_CHART_TEXT: Final = 18.0
_VOID: Final = frozenset(("area", "br", "hr", "img", "input", "link", "meta", "wbr"))


class _Block(NamedTuple):
    """How a piece of text is set; all in pixels."""

    font: float
    line: float
    around: float
    """Above, below and in the border."""
    width: float = _WIDTH


_CARD_WIDTH: Final = 660.0
_TEXT: Final = _Block(16, 25.6, 8, _CARD_WIDTH)
_BLOCKS: Final = {
    "h1": _Block(25.6, 32, 4),
    "h2": _Block(18.4, 24, 36),
    "h3": _Block(16, 22.4, 20),
    "p": _TEXT,
    "li": _Block(16, 25.6, 0, 620),
    "summary": _Block(16, 25.6, 18.6),
    "dd": _Block(14.7, 25.6, 4.8, 540),
    "tr": _Block(16, 25.6, 11.2, 420),
    "figcaption": _Block(14.4, 23, 12, _CARD_WIDTH),
}
_CLASSES: Final = {
    "exercise": _Block(13.6, 21.8, 0),
    "score": _Block(20, 32, 4),
    "praise": _Block(16, 25.6, 50),
    "hint": _Block(16, 25.6, 8, 640),
    "step": _Block(16, 25.6, 37, 400),
    "why": _Block(14.4, 23, 2.4, 390),
    "label": _Block(14.4, 23, 0),
}
_UNSEEN: Final = frozenset(("skip",))
_PRE: Final = 50.0
_FOOTER: Final = 57.0


def page_height(page: str) -> int:
    """Estimate the height in pixels of a page that `render_html` made, as it is when it opens."""
    return math.ceil(_Ruler(page).height)


class _Ruler(HTMLParser):
    """Adds up the blocks from the top to the bottom."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.height = _BORDERS
        self._open: list[tuple[str, str]] = []
        self._block: tuple[int, _Block] | None = None
        self._text: list[str] = []
        self._half = 0.0
        """What stands in the left one of two columns."""
        self.feed(page.partition("<body>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        kind = given.get("class") or ""
        if tag not in _VOID:
            self._open.append((tag, kind))
        if self._is_folded():
            return
        if tag == "svg":
            self._add_chart(given.get("viewbox") or "")
        elif tag == "pre":
            self._end_block()
            self.height += _PRE
        elif tag == "footer":
            self.height += _FOOTER
        elif "card" in kind.split():
            self.height += _CARD
        elif kind == "tiles":
            # Two rows of tiles stand beside each other, where the page is as wide as here.
            self._beside((_TWO_COLUMNS - 19) / 3 + _TILE_TEXT)
        elif (block := self._block_of(tag, kind)) is not None:
            self._end_block()
            self._block = len(self._open), block

    def handle_data(self, data: str) -> None:
        if self._block is not None and not self._is_folded():
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._block is not None and self._block[0] >= len(self._open):
            self._end_block()
        while self._open and self._open.pop()[0] != tag:
            pass

    def _block_of(self, tag: str, kind: str) -> _Block | None:
        if self._is_in("svg") or self._is_in("tiles") or kind in _UNSEEN:
            return None
        found = next((_CLASSES[word] for word in kind.split() if word in _CLASSES), None)
        return found or _BLOCKS.get(tag)

    def _end_block(self) -> None:
        if self._block is None:
            return
        (_, block), self._block = self._block, None
        text = " ".join("".join(self._text).split())
        self._text = []
        columns = block.width / (_COLUMN * block.font)
        lines = max(1, math.ceil(cell_len(text) / columns))
        self.height += lines * block.line + block.around

    def _add_chart(self, view_box: str) -> None:
        sides = [float(number) for number in re.findall(r"[\d.]+", view_box)][2:]
        ratio = sides[1] / sides[0] if sides[1:] and sides[0] else 1.0
        self._beside(_TWO_COLUMNS * ratio + _CHART_TEXT)

    def _beside(self, height: float) -> None:
        """Add every second one of what stands in two columns."""
        if self._half:
            self.height += max(0.0, height - self._half)
            self._half = 0.0
        else:
            self.height += height
            self._half = height

    def _is_in(self, word: str) -> bool:
        return any(word in (tag, *kind.split()) for tag, kind in self._open[:-1])

    def _is_folded(self) -> bool:
        """Whether this stands in what is folded away: all of it but its own title."""
        tags = [tag for tag, _ in self._open]
        if "details" not in tags:
            return False
        return "summary" not in tags or tags.count("details") > 1
