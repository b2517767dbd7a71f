from __future__ import annotations

import sys

import pytest

from grader.errors import UsageError
from grader.server import settings


@pytest.mark.parametrize(("written", "seconds"), [("", 900), ("2", 120), (" 0.5 ", 30)])
def test_the_idle_time_is_given_in_minutes(
    monkeypatch: pytest.MonkeyPatch, written: str, seconds: float
) -> None:
    monkeypatch.setenv("GRADE_SERVER_IDLE", written)
    assert settings.idle_seconds() == seconds


@pytest.mark.parametrize("written", ["soon", "0", "-1", "nan", "inf", "1e9", "十"])
def test_an_idle_time_that_is_none_is_refused_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    monkeypatch.setenv("GRADE_SERVER_IDLE", written)
    with pytest.raises(UsageError, match="GRADE_SERVER_IDLE") as raised:
        settings.idle_seconds()
    assert raised.value.hint is not None
    assert "GRADE_NO_SERVER" in raised.value.hint.zh


@pytest.mark.parametrize(
    ("variables", "platform", "wanted"),
    [
        ({}, "linux", True),
        ({"GRADE_NO_SERVER": "0"}, "linux", True),
        ({"GRADE_NO_SERVER": "1"}, "linux", False),
        ({"CI": "true"}, "linux", False),
        ({"CI": "false"}, "linux", True),
        ({}, "darwin", False),
        ({}, "win32", False),
    ],
)
def test_a_server_is_used_on_linux_unless_someone_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], platform: str, *, wanted: bool
) -> None:
    monkeypatch.delenv("GRADE_NO_SERVER", raising=False)
    monkeypatch.delenv("CI", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert settings.is_wanted() is wanted
