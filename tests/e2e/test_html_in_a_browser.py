"""What a page does in a real browser: nothing but being read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from browser import DESKTOP, PHONE, Tab, find_browser, open_browser
from grading import Grading

from grader.jupyter.height import page_height
from grader.language import LANGUAGES, Language
from grader.report.html import render_html
from grader.report.model import Report

ROOT = Path(__file__).parents[2]
BROWSER = find_browser()
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="needs Chromium: on Debian `apt install chromium`"
)
SUBMISSIONS = {
    "ex03": "samples/ex03_half_right.py",
    "ex05": "solutions/ex05_activation/ex05_activation.py",
    "ex07": "solutions/ex07_sequential/wrong/net_flatten_left_out.py",
}
SIDEWAYS = """
[...document.querySelectorAll('body *')]
  .filter(e => !e.closest('pre, svg') && e.getBoundingClientRect().right > innerWidth + 0.5)
  .map(e => e.outerHTML.slice(0, 80))
"""


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    assert BROWSER is not None
    with open_browser(BROWSER) as tab:
        yield tab


@pytest.fixture(scope="module")
def reports(grading: Grading) -> dict[str, Report]:
    return {
        name: grading.grade(name, ROOT / file, pictures=True).for_student()
        for name, file in SUBMISSIONS.items()
    }


@pytest.fixture(params=SUBMISSIONS)
def report(request: pytest.FixtureRequest, reports: dict[str, Report]) -> Report:
    return reports[request.param]


def show(tab: Tab, report: Report, language: Language, folder: Path) -> None:
    file = folder / "page.html"
    file.write_text(render_html(report, language), encoding="utf-8")
    tab.open(file)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_asks_for_nothing_and_nothing_is_refused(
    tab: Tab, report: Report, language: Language, tmp_path: Path
) -> None:
    assert report.pictures
    tab.resize(DESKTOP)
    show(tab, report, language, tmp_path)
    asked = [url for url in tab.requests() if not url.startswith("data:")]
    assert asked == [(tmp_path / "page.html").as_uri()]
    assert tab.complaints() == []
    images = tab.run("[...document.images].map(i => i.complete && i.naturalWidth > 0)")
    assert all(images)


@pytest.mark.parametrize("language", LANGUAGES)
def test_how_high_a_page_is_can_be_told_without_a_browser(
    tab: Tab, report: Report, language: Language, tmp_path: Path
) -> None:
    tab.resize((900, 400))
    for shown in (report, msgspec.structs.replace(report, pictures=())):
        show(tab, shown, language, tmp_path)
        told = page_height(render_html(shown, language))
        assert told == pytest.approx(tab.run("document.documentElement.scrollHeight"), rel=0.15)


def test_the_policy_is_in_force(tab: Tab, report: Report, tmp_path: Path) -> None:
    show(tab, report, "en", tmp_path)
    tab.run("document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p>')")
    assert "Content Security Policy" in "".join(tab.complaints())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(
    tab: Tab, report: Report, language: Language, tmp_path: Path
) -> None:
    tab.resize(PHONE)
    show(tab, report, language, tmp_path)
    tab.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert tab.run(SIDEWAYS) == []
    assert tab.run("document.documentElement.scrollWidth") <= PHONE[0]
    smallest = "Math.min(...[...document.querySelectorAll('p, li, dd, td, summary')]"
    assert tab.run(f"{smallest}.map(e => parseFloat(getComputedStyle(e).fontSize)))") >= 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_what_is_behind_it(
    tab: Tab, report: Report, scheme: str, tmp_path: Path
) -> None:
    tab.resize(DESKTOP)
    tab.prefer(scheme)
    show(tab, report, "zh", tmp_path)
    tab.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    pairs = tab.run(COLOURS)
    assert len(pairs) > 20
    assert (luminance(tab.run("getComputedStyle(document.body).backgroundColor")) < 0.2) == (
        scheme == "dark"
    )
    for text, ink, ground in pairs:
        assert contrast(ink, ground) >= 4.5, (text, ink, ground)


def test_all_of_it_is_reached_with_the_keyboard(tab: Tab, report: Report, tmp_path: Path) -> None:
    tab.resize(DESKTOP)
    show(tab, report, "en", tmp_path)
    focused = "document.activeElement.tagName"
    tab.press("Tab", 9)
    assert tab.run("document.activeElement.className") == "skip"
    count = tab.run("document.querySelectorAll('summary').length")
    reached = 0
    for _ in range(60):
        tab.press("Tab", 9)
        if tab.run(focused) == "SUMMARY":
            reached += 1
            tab.press("Enter", 13)
            assert tab.run("document.activeElement.parentElement.open")
            outline = tab.run("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
        elif tab.run(focused) == "BODY":
            break
    assert reached == count


def test_paper_shows_what_is_folded_on_the_screen(
    tab: Tab, reports: dict[str, Report], tmp_path: Path
) -> None:
    show(tab, reports["ex03"], "en", tmp_path)
    is_shown = "document.querySelector('#later ~ details .hint').checkVisibility()"
    assert not tab.run(is_shown)
    tab.ask("Emulation.setEmulatedMedia", media="print")
    assert tab.run(is_shown)
    assert tab.pdf().startswith(b"%PDF")
    tab.ask("Emulation.setEmulatedMedia", media="")


COLOURS = """
[...document.querySelectorAll('body *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(e => !e.closest('svg, .skip'))
  .map(e => {
    let behind = e;
    while (behind.parentElement &&
           getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)')
      behind = behind.parentElement;
    return [e.textContent.slice(0, 40), getComputedStyle(e).color,
            getComputedStyle(behind).backgroundColor];
  })
"""


def luminance(colour: str) -> float:
    """Compute the relative luminance as WCAG 2.2 defines it."""
    numbers = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in numbers]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    """Compute the contrast ratio as WCAG 2.2 defines it: 4.5 is enough for any text."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)
