"""Writes small SVG files: shapes and texts by role, on a page of their own.

The page paints its own background, light or dark as the reader's system is, so that it can be read
wherever it is embedded. Texts are code and numbers, which need no translation; what needs words
stands in the title and the description, in both languages, for those who listen.
"""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

_LIGHT: Final = {
    "page": "fill:#ffffff;stroke:none",
    "ink": "fill:#1f2328",
    "dim": "fill:#59636e",
    "cell": "fill:#f0f3f6;stroke:#8c959f",
    "pad": "fill:none;stroke:#8c959f;stroke-dasharray:3 3",
    "blue": "fill:#c4dfff;stroke:#0969da",
    "orange": "fill:#ffd9b0;stroke:#bc4c00",
    "line": "fill:none;stroke:#59636e",
    "blueline": "fill:none;stroke:#0969da;stroke-width:2.5",
    "orangeline": "fill:none;stroke:#bc4c00;stroke-width:2.5",
    "tip": "fill:#59636e",
    "curve": "fill:none;stroke:#0969da;stroke-width:2.5",
}
_DARK: Final = {
    "page": "fill:#0d1117;stroke:none",
    "ink": "fill:#e6edf3",
    "dim": "fill:#9198a1",
    "cell": "fill:#21262d;stroke:#6e7681",
    "pad": "fill:none;stroke:#6e7681;stroke-dasharray:3 3",
    "blue": "fill:#123d73;stroke:#58a6ff",
    "orange": "fill:#5f3309;stroke:#f0883e",
    "line": "fill:none;stroke:#9198a1",
    "blueline": "fill:none;stroke:#58a6ff;stroke-width:2.5",
    "orangeline": "fill:none;stroke:#f0883e;stroke-width:2.5",
    "tip": "fill:#9198a1",
    "curve": "fill:none;stroke:#58a6ff;stroke-width:2.5",
}
_FONT: Final = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace"
# Of a character in such a font, in sizes of the font.
_CHARACTER_WIDTH: Final = 0.61
_FONT_SIZE: Final = 13
_TIP: Final = 6.0


class Picture:
    """A picture that grows to the right and downwards as things are drawn on it."""

    def __init__(self, title: str, description: str) -> None:
        """Begin a picture.

        Args:
            title: What it shows, in both languages.
            description: What a reader would learn from looking, in both languages.
        """
        self.title = title
        self.description = description
        self.texts: list[str] = []
        """All texts in the order in which they were written."""
        self._elements: list[str] = []
        self._width = self._height = 0.0

    def rect(self, x: float, y: float, width: float, height: float, role: str = "cell") -> None:
        """Draw a rectangle."""
        place = f'x="{_number(x)}" y="{_number(y)}"'
        size = f'width="{_number(width)}" height="{_number(height)}"'
        self._add(f"<rect{_class(role, 'cell')} {place} {size}/>", x + width, y + height)

    def text(
        self, x: float, y: float, text: str, role: str = "ink", *, size: int = _FONT_SIZE
    ) -> None:
        """Write a line, with its middle at a point."""
        self.texts.append(text)
        half = _CHARACTER_WIDTH * size * len(text) / 2
        if half > x:
            msg = f"{text!r} sticks out on the left of {self.title!r}"
            raise ValueError(msg)
        # Not dominant-baseline, which some readers do not know.
        baseline = _number(y + 0.35 * size)
        # A rule for all texts would win over the attribute `font-size`.
        font = "" if size == _FONT_SIZE else f' style="font-size:{size}px"'
        element = f'<text{_class(role, "ink")} x="{_number(x)}" y="{baseline}"{font}>'
        self._add(f"{element}{escape(text)}</text>", x + half, y + size)

    def path(self, points: list[tuple[float, float]], role: str = "line") -> None:
        """Draw a line through points."""
        steps = "L".join(f"{_number(x)} {_number(y)}" for x, y in points)
        right, bottom = (max(values) for values in zip(*points, strict=True))
        self._add(f'<path class="{role}" d="M{steps}"/>', right, bottom)

    def arrow(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw an arrow to the right or downwards."""
        self.path([start, end])
        (x, y), half = end, _TIP / 2
        is_level = start[1] == y
        back = [(x - _TIP, y - half), (x - _TIP, y + half)]
        back = back if is_level else [(x - half, y - _TIP), (x + half, y - _TIP)]
        corners = " ".join(f"{_number(a)},{_number(b)}" for a, b in [(x, y), *back])
        self._add(f'<polygon class="tip" points="{corners}"/>', x + 1, y + 1)

    def render(self, margin: float = 12) -> str:
        """Return the file's text."""
        width, height = _number(self._width + margin), _number(self._height + margin)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc">'
        )
        return "\n".join(
            [
                head,
                f'<title id="title">{escape(self.title)}</title>',
                f'<desc id="desc">{escape(self.description)}</desc>',
                _style(),
                f'<rect class="page" width="{width}" height="{height}" rx="6"/>',
                *self._elements,
                "</svg>\n",
            ]
        )

    def _add(self, element: str, right: float, bottom: float) -> None:
        self._elements.append(element)
        self._width, self._height = max(self._width, right), max(self._height, bottom)


def _style() -> str:
    common = f"text{{font:{_FONT_SIZE}px {_FONT};text-anchor:middle}}"
    dark = "@media (prefers-color-scheme:dark){" + _rules(_DARK) + "}"
    return f"<style>{common}{_rules(_LIGHT)}{dark}</style>"


def _rules(colours: dict[str, str]) -> str:
    # What most elements are needs no class, which keeps the files small.
    selectors = {"ink": "text", "cell": "rect"}
    return "".join(f"{selectors.get(role, f'.{role}')}{{{rule}}}" for role, rule in colours.items())


def _class(role: str, usual: str) -> str:
    return "" if role == usual else f' class="{role}"'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
