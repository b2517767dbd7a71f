from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import msgspec
import pytest
from hygiene_corpus import CI, CORPUS, has_ci_command, is_harmless_on_a_terminal
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from grader.batch.csv_lines import csv_line, text_cell
from grader.report.neutralise import (
    for_ci_log,
    for_html,
    for_json,
    for_markdown,
    for_spreadsheet,
    for_terminal,
    for_xml,
)

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

ESCAPING = st.text(
    st.sampled_from("\x1b\x9b\x9d\x90\x9c\x07[]P_^X\\0;?31mKHJ \r\n\tab\u202e\u2066\ufeff\ud800中")
)


@given(st.one_of(ESCAPING, st.text()))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    left = for_terminal(text)
    for letter in left:
        assert letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
        assert unicodedata.bidirectional(letter) not in (
            "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
    left.encode()


@given(st.one_of(ESCAPING, st.text()))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    assert for_terminal(for_terminal(text)) == for_terminal(text)


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_ordinary_text_in_any_language_stays_as_it_is(text: str) -> None:
    assert for_terminal(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\x1b[31;1mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1HALL PASSED", "ALL PASSED"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]52;c;aGk=\x1b\\text", "text"),
        ("\x1b]8;;http://x.y\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;never ended\nnext line", "\nnext line"),
        ("\x1bPq#0;2\x1b\\text", "text"),
        ("\x1b(0text\x1b=", "text"),
        ("failed\rPASSED", "failed\nPASSED"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\u2028b\x0cc", "a\nb\nc"),
        ("abc\u202edef", "abcdef"),
        ("a\x08\x08b\x00\x7f", "ab"),
        ("\ud800", "\ufffd"),
        ("\x1b", ""),
    ],
)
def test_whole_sequences_go_and_hidden_text_comes_to_light(text: str, left: str) -> None:
    assert for_terminal(text) == left


FORMULAS = st.text(st.sampled_from("=+-@＝＋－＠﹣−'\t\r\n \u200b\ufeffa1"))


@given(st.one_of(FORMULAS, st.text()))
def test_no_cell_begins_with_what_a_spreadsheet_computes(text: str) -> None:
    cell = for_spreadsheet(text)
    shown = "".join(
        letter for letter in cell if unicodedata.category(letter) not in ("Cc", "Cf", "Zs")
    )
    assert unicodedata.normalize("NFKC", shown)[:1] not in ("=", "+", "-", "@", "\u2212")
    assert cell[:1] not in ("\t", "\r", "\n")
    assert cell in (text, f"'{text}")


@given(FORMULAS, FORMULAS)
def test_two_cells_that_differ_still_do(one: str, other: str) -> None:
    assert (for_spreadsheet(one) == for_spreadsheet(other)) == (one == other)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("-5", "'-5"),
        ("ada-lovelace", "ada-lovelace"),
        ("O'Hara", "O'Hara"),
        ("'quoted'", "'quoted'"),
        ("王小明", "王小明"),
        ("", ""),
    ],
)
def test_text_that_is_no_formula_stays_as_it_is(text: str, cell: str) -> None:
    assert for_spreadsheet(text) == cell


@pytest.mark.parametrize("name", CORPUS)
def test_the_corpus_is_harmless_on_a_terminal(name: str) -> None:
    assert is_harmless_on_a_terminal(for_terminal(CORPUS[name]))


class Found(HTMLParser):
    """What a browser makes of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.values: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_comment(self, data: str) -> None:
        self.tags.append("!")

    def handle_data(self, data: str) -> None:
        self.text += data


def found_in(page: str) -> Found:
    found = Found()
    found.feed(page)
    found.close()
    return found


@pytest.mark.parametrize("name", CORPUS)
def test_a_browser_shows_the_corpus_as_text(name: str) -> None:
    safe = for_html(CORPUS[name])
    within = found_in(f"<p>{safe}</p>")
    assert (within.tags, within.text) == (["p"], for_terminal(CORPUS[name]))
    quoted = found_in(f'<p title="{safe}">')
    assert (quoted.tags, quoted.values) == (["p"], [for_terminal(CORPUS[name])])


@pytest.mark.parametrize("place", ["{}", "- {}", "| {} |\n| - |\n| {} |", "**a:** {}"])
@pytest.mark.parametrize("name", CORPUS)
def test_markdown_shows_the_corpus_as_text(name: str, place: str) -> None:
    safe = for_markdown(CORPUS[name]) or "nothing"
    found = found_in(MARKDOWN.render(place.replace("{}", safe)))
    plain = found_in(MARKDOWN.render(place.replace("{}", "x")))
    assert [tag for tag in found.tags if tag != "br"] == plain.tags
    # What a site looks for once the page is finished.
    assert not re.search(r"[@#!$~%&:](?=\w)|://|www\.|GH-\d", found.text)
    assert "\n" not in safe


@pytest.mark.parametrize("name", CORPUS)
def test_no_runner_of_ci_finds_a_command_in_the_corpus(name: str) -> None:
    safe = for_ci_log(CORPUS[name])
    assert not has_ci_command(safe)
    assert for_ci_log(safe) == safe
    assert is_harmless_on_a_terminal(safe)


def test_the_corpus_has_commands_that_a_runner_would_find() -> None:
    plain = {name for name, text in CI.items() if has_ci_command(text)}
    assert len(plain) >= len(CI) - 4


def test_what_only_resembles_a_command_keeps_its_text() -> None:
    for text in ("x[::2]", "at::native::add", "# a", "a --- b", "section 1", "## heading"):
        assert for_ci_log(text) == text


@pytest.mark.parametrize("name", CORPUS)
def test_a_cell_of_the_corpus_is_read_back_as_one_cell(name: str) -> None:
    if name == "half":
        return
    (row,) = csv.reader(io.StringIO(csv_line([text_cell(CORPUS[name]), "1"]), newline=""))
    assert row == [for_spreadsheet(CORPUS[name]), "1"]
    assert row[0][:1] not in set("=+-@\t\r\n＝＋－＠")


@pytest.mark.parametrize("name", CORPUS)
def test_xml_can_hold_the_corpus(name: str) -> None:
    element = ET.Element("failure", message=for_xml(CORPUS[name]))
    element.text = for_xml(CORPUS[name])
    again = ET.fromstring(ET.tostring(element))  # noqa: S314 - our own
    assert (again.text or "") == element.text


@pytest.mark.parametrize("name", CORPUS)
def test_json_means_the_same_and_can_be_shown_on_a_terminal(name: str) -> None:
    text = CORPUS[name].encode("utf-8", "replace").decode()
    document = for_json(msgspec.json.encode([text]))
    assert msgspec.json.decode(document) == json.loads(document) == [text]
    assert is_harmless_on_a_terminal(document.decode())


@pytest.mark.parametrize(
    "text",
    ["\travis_fold:start:x", "\nsection_end:1:x", "\\travis_time:1", '"##[error]x', "\\##[x"],
)
def test_json_of_a_command_behind_an_escape_means_the_same(text: str) -> None:
    document = for_json(msgspec.json.encode(text))
    assert msgspec.json.decode(document) == json.loads(document) == text
    assert not any(sign in document for sign in (b"travis_", b"section_", b"##["))
