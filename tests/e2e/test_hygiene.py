"""What a student writes, through every command and into every medium, is shown and never obeyed."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import unicodedata
from html.parser import HTMLParser
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from e2e.test_batch_command import GRADE, Class
from hygiene_corpus import (
    CI,
    HTML,
    MARKDOWN,
    ORDER,
    SPREADSHEET,
    TERMINAL,
    has_ci_command,
    is_harmless_on_a_terminal,
)

from grader.report.export.classroom50 import VARIABLES
from grader.report.export.formats import FORMATS
from grader.report.html import render_html
from grader.report.read import read_report

MEDIA: Final = {
    "terminal": TERMINAL,
    "order": ORDER,
    "html": HTML,
    "markdown": MARKDOWN,
    "spreadsheet": SPREADSHEET,
    "ci": CI,
}
NAMES: Final = ("=1+1", "+1", "-1", "@SUM(1)", "＝1+1", "a\u202eb", "<script>", "::error::x")
"""Folders that a learning platform would not make, and an archive may hold."""
_FORMULA: Final = re.compile(r"^\s*[=+\-@＝＋－＠]")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_ANNOTATION: Final = re.compile(r"^::(error|warning) file=[^,:]+,line=\d+,title=[^,:]+::")
_ESCAPES: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

WRONG: Final = """\
import sys

TEXTS = {texts!r}


class {name}(Exception):
    pass


{name}.__name__ = TEXTS[0]


def say():
    for text in TEXTS:
        for stream in (sys.stdout, sys.stderr):
            stream.buffer.write(text.encode("utf-8", "surrogatepass") + b"\\n")
    sys.stdout.flush()


say()


def double(x):
    say()
    raise ValueError("\\n".join(TEXTS))


def total(x):
    raise {name}(*TEXTS)


FACTS = {{"legs_of_a_cat": TEXTS[-1], "legs_of_a_snake": TEXTS}}
"""


def hostile_file(medium: str) -> str:
    """Give a file that says all texts of a medium wherever a file can say something."""
    texts = list(MEDIA[medium].values())
    # In comments, too: lines of the file are quoted.
    quoted = [" ".join(text.split("\n")) for text in texts]
    kept = [text.replace("\x00", "").replace("\r", "") for text in quoted]
    noise = "".join(f"print('x')  # {text}\n" for text in kept if not _is_half(text))
    return WRONG.format(texts=texts, name="Odd") + noise


def _is_half(text: str) -> bool:
    return any(unicodedata.category(letter) == "Cs" for letter in text)


def environment(students: Class, language: str) -> dict[str, str]:
    """Give the environment of a runner of CI, that of Classroom 50 as well."""
    runner = {"CI": "true", "GITHUB_ACTIONS": "true", "GRADE_LANG": language, "COLUMNS": "80"}
    return students.environment() | runner | dict.fromkeys(VARIABLES, "https://example.org/x")


def run(students: Class, *words: str, language: str = "en") -> str:
    """Run a command, and give all that it said; whatever it said had to be text."""
    done = subprocess.run(
        [*GRADE, *words],
        env=environment(students, language),
        capture_output=True,
        timeout=100,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.decode() + done.stderr.decode()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Class, str]:
    """Give a class whose every student is hostile, and what was said while it was graded."""
    root = tmp_path_factory.mktemp("hygiene")
    students = Class(root)
    for medium in MEDIA:
        students.hand_in(f"{medium}-student", hostile_file(medium))
    for name in NAMES:
        students.hand_in(name, "def double(x):\n    return 3 * x\n")
    said = run(students, "batch", str(students.handed_in), "--out", str(students.out))
    return students, said


def is_harmless_in_a_log(text: str) -> bool:
    return is_harmless_on_a_terminal(text) and not has_ci_command(text)


def test_all_of_them_were_graded(graded: tuple[Class, str]) -> None:
    students, _ = graded
    found = {path.parent.name for path in students.reports()}
    assert {f"{medium}-student" for medium in MEDIA} <= found
    for path in students.reports():
        report = json.loads(path.read_bytes())
        assert report["status"] != "grader_fault"


def test_what_a_batch_says_is_harmless(graded: tuple[Class, str]) -> None:
    students, said = graded
    assert is_harmless_in_a_log(said), said
    again = run(students, "gradebook", str(students.out), language="zh")
    assert is_harmless_in_a_log(again), again


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_grade_shows_is_harmless(
    graded: tuple[Class, str], mini_shown: dict[tuple[str, str], str], medium: str, language: str
) -> None:
    shown = mini_shown[medium, language]
    assert "ValueError" in shown
    assert is_harmless_in_a_log(shown), shown


@pytest.fixture(scope="module")
def mini_shown(graded: tuple[Class, str]) -> dict[tuple[str, str], str]:
    """Give what the command prints of each report, by medium and language; see the test below."""
    import io  # noqa: PLC0415

    from grader.report.terminal import print_report  # noqa: PLC0415

    students, _ = graded
    shown = {}
    for medium in MEDIA:
        report = read_report(students.out / "reports" / f"{medium}-student" / "ex90.json")
        for language in ("en", "zh"):
            page = io.StringIO()
            print_report(report, language, page)
            shown[medium, language] = page.getvalue()
    return shown


def test_the_command_itself_prints_just_that(graded: tuple[Class, str]) -> None:
    students, _ = graded
    terminal, ci = (
        str(students.handed_in / f"{medium}-student" / "ex90_mini.py")
        for medium in MEDIA
        if medium in ("terminal", "ci")
    )
    page = students.out.parent / "page.html"
    said = run(students, "ex90", "--file", terminal, "--html", str(page))
    assert "ValueError" in said
    assert is_harmless_in_a_log(said), said
    assert is_harmless_on_a_terminal(page.read_text(encoding="utf-8"))
    printed = run(students, "ex90", "--file", ci, "--json", "-")
    assert json.loads(printed)["exercise"] == "ex90"
    assert _ESCAPES.findall(printed) == []
    assert not has_ci_command(printed)


def test_reports_are_json_that_can_be_shown_as_it_is(graded: tuple[Class, str]) -> None:
    students, _ = graded
    for path in students.reports():
        text = path.read_bytes().decode()
        assert _ESCAPES.findall(text) == []
        assert is_harmless_on_a_terminal(text)
        assert not has_ci_command(text)


def test_no_cell_of_a_spreadsheet_is_a_formula(graded: tuple[Class, str]) -> None:
    students, _ = graded
    tables = sorted(students.out.glob("*.csv"))
    assert {path.name for path in tables} >= {"gradebook.csv", "checks.csv"}
    seen: set[str] = set()
    for path in tables:
        raw = path.read_bytes().decode("utf-8-sig")
        assert is_harmless_on_a_terminal(raw.replace("\r\n", "\n"))
        for row in csv.reader(raw.splitlines()):
            seen.update(row)
            for cell in row:
                assert _NUMBER.fullmatch(cell) or not _FORMULA.match(cell), cell
    assert "'=1+1" in seen


class _Elements(HTMLParser):
    """Collects what a browser would make of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("medium", ["html", "ci", "terminal"])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_what_other_programs_are_given_is_harmless(
    graded: tuple[Class, str], form: str, medium: str
) -> None:
    students, _ = graded
    report = students.out / "reports" / f"{medium}-student" / "ex90.json"
    out = students.out.parent / f"{medium}.{form}"
    command = [*GRADE, "convert", str(report), "--to", form, "--out", str(out)]
    subprocess.run(command, env=environment(students, "en"), check=True, timeout=60)
    text = out.read_bytes().decode()
    assert _ESCAPES.findall(text) == []
    assert is_harmless_on_a_terminal(text)
    if form == "annotations":
        # Commands are what it is made of; what a student says must add none.
        text = "\n".join(_ANNOTATION.sub("", line, count=1) for line in text.splitlines())
    assert not has_ci_command(text)
    if form in ("junit", "badge"):
        ET.fromstring(text)  # noqa: S314 - of our own making
        page = _Elements()
        page.feed(text)
        assert "script" not in page.tags
        assert not [name for name, _ in page.attributes if name.startswith("on")]


@pytest.mark.parametrize("medium", MEDIA)
def test_a_page_holds_no_element_of_a_students(graded: tuple[Class, str], medium: str) -> None:
    students, _ = graded
    report = read_report(students.out / "reports" / f"{medium}-student" / "ex90.json")
    honest = _Elements()
    honest.feed(render_html(report.for_student(), "en"))
    whole = _Elements()
    whole.feed(render_html(report, "zh"))
    assert not (honest.tags | whole.tags) & {"script", "iframe", "object", "embed", "form", "base"}
    links = [value or "" for name, value in whole.attributes if name in ("href", "src")]
    assert not [link for link in links if "evil" in link or link.startswith("javascript")]
    assert not [name for name, _ in whole.attributes if name.startswith("on")]


def test_names_of_folders_go_nowhere_else(graded: tuple[Class, str]) -> None:
    students, _ = graded
    written = {path.name for path in (students.out / "reports").iterdir()}
    assert all(is_harmless_on_a_terminal(name) for name in written)
    assert not [name for name in written if os.sep in name or name in (".", "..")]
