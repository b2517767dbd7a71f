from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradescope.metadata import Metadata, facts_of, read_metadata, remarks_on

DUE = "2026-07-01T00:00:00.000000-07:00"


def made(created: str = "2026-06-30T12:00:00.000000-07:00", **facts: Any) -> Metadata:
    assignment = {"due_date": DUE, "late_due_date": "2026-07-03T00:00:00-07:00"}
    data = {"created_at": created, "assignment": assignment, "users": [{"name": "Ada"}]}
    return read_metadata(json.dumps(data | facts).encode())


def said(metadata: Metadata, language: Any = "en") -> list[str]:
    return list(remarks_on(metadata, language))


def test_of_what_came_in_time_alone_and_once_nothing_is_said() -> None:
    assert said(made()) == []
    assert facts_of(made()) == {
        "late": False,
        "late_by_s": None,
        "submission_number": 1,
        "group_size": 1,
    }


@pytest.mark.parametrize(
    ("created", "lines"),
    [
        ("2026-07-01T07:02:00Z", ["Handed in 2 min after the due date."]),
        ("2026-07-01T03:30:00-07:00", ["Handed in 3 h 30 min after the due date."]),
        (
            "2026-07-04T02:00:00-07:00",
            [
                "Handed in 3 d 2 h after the due date.",
                "The time for late submissions is over, too.",
            ],
        ),
    ],
)
def test_how_late_it_came_is_said(created: str, lines: list[str]) -> None:
    assert said(made(created)) == lines
    assert facts_of(made(created))["late"] is True


def test_a_submission_again_is_told_with_the_best_before() -> None:
    earlier = [{"score": "40.0"}, {"score": 35}, {"score": None}, {"score": "nan"}, 7]
    metadata = made(previous_submissions=earlier)
    assert said(metadata) == ["Submission 6. Best score before: 40."]
    assert said(metadata, "zh") == ["第 6 次提交。此前最高分：40。"]


def test_a_group_is_named_and_its_names_are_harmless() -> None:
    users = [{"name": "Ada \x1b[31m\n::error::x"}, {"email": "bob@example.org"}, {"name": 7}]
    assert said(made(users=users)) == ["Group: Ada ::error::x, bob@example.org."]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 5000, b'{"created_at": 7}']
)
def test_what_is_strange_is_left_out(content: bytes) -> None:
    assert read_metadata(content) == Metadata()


def test_a_time_without_a_zone_is_not_compared() -> None:
    assert made("2027-01-01T00:00:00").late_by is None
    assert made("2026-07-01T00:00:01-07:00").late_by == timedelta(seconds=1)


_text = st.sampled_from(["", "name", "score", "due_date", "9", "2026-07-01T00:00:00Z", "多\n"])
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=5,
)
_keys = ("created_at", "assignment", "users", "previous_submissions")


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(_keys, _json)))
def test_no_content_stops_the_grading(data: dict[str, object]) -> None:
    metadata = read_metadata(json.dumps(data).encode())
    assert all(isinstance(line, str) for line in remarks_on(metadata, "zh"))
