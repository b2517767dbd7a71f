"""A wheel that cannot be built is told in words, with what else would do."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.kit import wheel


def refusal() -> UsageError:
    with pytest.raises(UsageError, match="no wheel of the grader could be had") as caught:
        wheel.build_wheel()
    assert caught.value.hint is not None
    assert "--wheel" in caught.value.hint.en
    return caught.value


def test_a_build_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "_BUILD", "import time; time.sleep(60)")
    monkeypatch.setattr(wheel, "_SECONDS", 0.1)
    assert "took more than" in refusal().message.en


def test_a_build_that_ends_without_a_word_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "_BUILD", "")
    assert refusal().message.zh.endswith("setuptools 没有给出原因")


def test_an_interpreter_that_is_gone_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    assert "No such file" in refusal().message.en
