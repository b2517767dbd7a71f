"""Charts as SVG that a page with a strict policy may hold: no script, no style of its own.

matplotlib draws; what it writes is then changed in three ways. Styles become attributes, since the
page's policy refuses any style but its own sheet; colours become those of the page, so that a chart
is light or dark as the page is; and names of parts are made unlike those of other charts.
"""

from __future__ import annotations

import hashlib
import io
import math
import re
import warnings
from typing import Any, Final
from xml.etree import ElementTree as ET

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from grader.language import Language
from grader.report.neutralise import for_xml
from grader.report.pictures import Chart, Curve

__all__ = ["draw_chart"]

_SVG: Final = "http://www.w3.org/2000/svg"
_XLINK: Final = "http://www.w3.org/1999/xlink"
_INCHES: Final = (4.6, 2.9)
# Colours that no chart uses, in the place of the page's.
_INK: Final = "#010101"
_LINE: Final = "#010102"
_PAGE_COLOURS: Final = {
    _INK: "currentColor",
    _LINE: "var(--line)",
    "#010103": "var(--accent)",
    "#010104": "var(--good)",
    "#010105": "var(--part)",
}
_STYLES: Final[dict[str, dict[str, Any]]] = {
    "yours": {"color": "#010103", "linewidth": 1.8, "linestyle": "-"},
    "expected": {"color": "#010104", "linewidth": 5.0, "linestyle": "-", "alpha": 0.45},
    "other": {"color": "#010105", "linewidth": 1.5, "linestyle": "--"},
}
_SETTINGS: Final[Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "torchgrade",
    "font.size": 11,
    "text.parse_math": False,
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), _INK),
    **dict.fromkeys(("axes.edgecolor", "grid.color"), _LINE),
}
_UNUSED: Final = {f"{{{_SVG}}}metadata", f"{{{_SVG}}}style", f"{{{_SVG}}}title"}
_KEPT_STYLES: Final = re.compile(r"(?:fill|stroke|opacity|text-anchor|font-size|clip)[\w-]*")


def draw_chart(chart: Chart, language: Language) -> Markup | None:
    """Draw lines over a common axis; None where they hold nothing that can be drawn."""
    with mpl.rc_context(_SETTINGS), warnings.catch_warnings():
        # The page's fonts have the Chinese characters that matplotlib's own misses.
        warnings.simplefilter("ignore")
        canvas = Canvas(figsize=_INCHES, layout="constrained")
        axes = canvas.subplots()
        drawn = [_plot(axes, curve, language) for curve in chart.curves]
        if not any(drawn):
            return None
        axes.set_xlabel(for_xml(chart.x_label.to(language)))
        axes.set_ylabel(for_xml(chart.y_label.to(language)))
        axes.grid(visible=True, linewidth=0.6)
        axes.legend(frameon=False)
        file = io.BytesIO()
        canvas.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    digest = hashlib.sha256(repr(chart).encode()).hexdigest()[:8]
    return _for_page(file.getvalue(), for_xml(chart.title.to(language)), digest)


def _plot(axes: Axes, curve: Curve, language: Language) -> bool:
    pairs = zip(curve.x, curve.y, strict=False)
    points = [(x, math.nan if y is None else y) for x, y in pairs]
    if not any(math.isfinite(y) for _, y in points):
        return False
    xs, ys = zip(*points, strict=True)
    axes.plot(xs, ys, label=for_xml(curve.label.to(language)), **_STYLES[curve.role])
    return True


def _for_page(svg: bytes, title: str, prefix: str) -> Markup:
    root = ET.fromstring(svg)  # noqa: S314 - matplotlib wrote it
    for parent in list(root.iter()):
        for child in [each for each in parent if each.tag in _UNUSED]:
            parent.remove(child)
    for element in root.iter():
        _style_to_attributes(element)
        _own_names(element, prefix)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-label", title)
    # What the sheet that was left out says of everything.
    root.set("stroke-linejoin", "round")
    root.set("stroke-linecap", "butt")
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", _XLINK)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - of a tree of elements


def _style_to_attributes(element: ET.Element) -> None:
    style = element.attrib.pop("style", "")
    for name, _, value in (part.partition(":") for part in style.split(";")):
        if _KEPT_STYLES.fullmatch(name.strip()):
            element.set(name.strip(), value.strip())
        elif name.strip() == "font" and (size := re.search(r"([\d.]+)px", value)):
            element.set("font-size", size[1])
    for name, value in element.attrib.items():
        if value in _PAGE_COLOURS:
            element.set(name, _PAGE_COLOURS[value])


def _own_names(element: ET.Element, prefix: str) -> None:
    for name, value in element.attrib.items():
        if name == "id":
            element.set(name, f"{prefix}-{value}")
        elif name == f"{{{_XLINK}}}href" and value.startswith("#"):
            element.set(name, f"#{prefix}-{value[1:]}")
        elif value.startswith("url(#"):
            element.set(name, f"url(#{prefix}-{value[5:]}")
