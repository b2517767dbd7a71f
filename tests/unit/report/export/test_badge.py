from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from class_reports import make_check, make_fault, make_report

from grader.report.export.badge import to_badge
from grader.report.model import Report

HALF = (make_check("one", "passed"), make_check("two", "failed"))
LOW = (make_check("one", "failed", 60), make_check("two", "passed", 40))


def texts(badge: bytes) -> list[str]:
    svg = "{http://www.w3.org/2000/svg}"
    return [one.text or "" for one in ET.fromstring(badge).iter(f"{svg}text")]  # noqa: S314 - ours


@pytest.mark.parametrize(
    ("reports", "shown", "colour"),
    [
        ([make_report()], ["ex01", "100/100"], b"#1a7f37"),
        ([make_report("ex02", HALF)], ["ex02", "50/100"], b"#8a6100"),
        ([make_report("ex02", LOW)], ["ex02", "40/100"], b"#b42318"),
        ([make_report(), make_report("ex02", HALF)], ["ex01, ex02", "150/200"], b"#8a6100"),
        ([make_report(f"ex0{n}") for n in (1, 2, 3)], ["score", "300/300"], b"#1a7f37"),
        ([make_report(), make_fault("ex02")], ["ex01, ex02", "not graded"], b"#57606a"),
        ([], ["score", "not graded"], b"#57606a"),
    ],
)
def test_the_badge_shows_the_sum(reports: list[Report], shown: list[str], colour: bytes) -> None:
    badge = to_badge(reports, "en")
    assert texts(badge) == shown
    assert colour in badge


def test_the_badge_has_its_words_in_chinese_too() -> None:
    assert texts(to_badge([], "zh")) == ["得分", "未评分"]
