from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import msgspec
import pytest

from grader.language import LANGUAGES, Language, Text
from grader.report.examination import CheckResult, Compared, Problem, Where
from grader.report.html import figures, render_html
from grader.report.model import Report
from grader.report.pictures import Chart, Curve, Flow, Step, Tile, TileRow, Tiles
from grader.report.sentences import FollowUp

MakeReport = Callable[..., Report]
Missed = Callable[..., CheckResult]
PLACE = Where("ex01_doubling.py", None, 12, "    return x + 1", 12, 17)
BAD = "<script>alert(1)</script><img src=x onerror=alert(1)>\x1b]0;x\x07{{ 7*7 }}\"'`&"


class Elements(HTMLParser):
    """Notes every element with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


@pytest.fixture
def failing(make_report: MakeReport, missed: Missed) -> Report:
    compared = Compared(Text("shape (1,)", "形状 (1,)"), Text("shape (2,)", "形状 (2,)"))
    hint = Text("Look at `x`.", "看看 `x`。")
    return make_report([
        missed("double_one", "failed", where=PLACE, hint=hint, compared=compared),
        missed("facts[two]", "error"),
    ])  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_one_language_and_says_which(failing: Report, language: Language) -> None:
    page = render_html(failing, language)
    (html,) = Elements(page).of("html")
    assert html["lang"] == {"en": "en", "zh": "zh-Hans"}[language]
    assert ("先看这里" in page) == (language == "zh")
    assert ("Look here first" in page) == (language == "en")


def test_what_to_look_at_first_stands_before_the_rest(failing: Report) -> None:
    page = render_html(failing, "en")
    order = [
        "0 / 100",
        "Look here first",
        "shape (1,)",
        "shape (2,)",
        "line 12",
        "Look at",
        "After",
    ]
    positions = [page.index(part) for part in order]
    assert positions == sorted(positions)
    assert "<mark>x + 1</mark>" in page
    assert "<code>x</code>" in page


def test_nothing_that_a_submission_says_becomes_markup(
    make_report: MakeReport, missed: Missed
) -> None:
    said = Text(BAD, BAD)
    place = Where(BAD, 3, 1, BAD, 2, 9)
    report = make_report(
        [missed("double_one", "failed", message=said, hint=said, where=place)],
        problems=(Problem(said, said, place, ()),),
    )
    for language in LANGUAGES:
        page = render_html(report, language)
        elements = Elements(page)
        assert not elements.of("script")
        assert not elements.of("img")
        assert "49" not in page
        assert "\x1b" not in page
        assert not [
            name for _, attributes in elements.found for name in attributes if name[:2] == "on"
        ]


def test_nothing_is_asked_for_from_anywhere(failing: Report) -> None:
    page = render_html(failing, "en")
    elements = Elements(page)
    assert not re.search(r"https?:|//[a-z]|@import|url\(", page.replace("http-equiv", ""))
    assert not [attributes for _, attributes in elements.found if "src" in attributes]
    assert [attributes["href"] for attributes in elements.of("a")] == ["#first"]


def test_the_policy_allows_the_one_style_sheet_and_pictures_in_the_page(failing: Report) -> None:
    elements = Elements(render_html(failing, "en"))
    (policy,) = [meta["content"] for meta in elements.of("meta") if "http-equiv" in meta]
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not [attributes for _, attributes in elements.found if "style" in attributes]


def test_a_hidden_check_shows_title_result_and_hint_only(
    make_report: MakeReport, missed: Missed
) -> None:
    secret = Text("SECRET", "SECRET")
    compared = Compared(secret, secret, secret, secret)
    results = [
        CheckResult("double_one", "passed"),
        missed("double_many", "failed", message=secret, compared=compared, hint=Text("H1", "H1")),
    ]
    page = render_html(make_report(results).for_student(), "en")
    assert "SECRET" not in page
    assert "double_many works" in page
    assert "H1" in page


SAID = Text("To be seen", "要看的")
PICTURES = (
    Chart("work", SAID, None, SAID, SAID, (Curve(SAID, "yours", (0.0, 1.0), (0.0, 1.0)),)),
    Flow("work", SAID, None, (4, 3), (Step("Conv2d", (4, 6, 30, 30), "", None),), None, None),
    Tiles("work", SAID, None, (TileRow(SAID, (Tile(SAID, "map", 1, 2, 0.0, 1.0, b"\x00\xff"),)),)),
)  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_the_plotting_library_charts_are_missed_and_nothing_else(
    make_report: MakeReport, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    task = make_report().tasks[0].id
    pictures = tuple(msgspec.structs.replace(picture, task=task) for picture in PICTURES)
    whole = render_html(make_report(pictures=pictures), language)
    figures._colours.cache_clear()
    monkeypatch.setattr(figures, "find_spec", lambda _: None)
    figures.has_charts.cache_clear()
    try:
        page = render_html(make_report(pictures=pictures), language)
    finally:
        figures.has_charts.cache_clear()
        figures._colours.cache_clear()
    cure = "<code>pip install matplotlib</code>"
    assert (len(Elements(whole).of("svg")), cure in whole) == (1, False)
    assert (len(Elements(page).of("svg")), cure in page) == (0, True)
    for shown in (whole, page):
        assert "4 × 6 × 30 × 30" in shown
        assert [image["width"] for image in Elements(shown).of("img")] == ["2"]


def test_full_marks_celebrate_and_lead_on(make_report: MakeReport) -> None:
    page = render_html(make_report(), "zh", follow_up=FollowUp("ex02", Text("Halving", "减半")))
    assert "满分" in page
    assert "<code>grade show ex02</code>" in page


def test_a_fault_of_ours_says_that_it_costs_nothing(make_report: MakeReport) -> None:
    page = render_html(make_report((), status="grader_fault", fault=Text("it broke", "出错")), "en")
    assert "costs you nothing" in page
    assert "it broke" in page
    assert "Score" not in page.partition("<body>")[2]
