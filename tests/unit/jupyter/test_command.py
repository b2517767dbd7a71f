from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from grader.jupyter import command


def test_a_command_speaks_plain_text_whatever_the_kernel_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("CLICOLOR_FORCE", "1")
    monkeypatch.setenv("GRADE_LANG", "zh")
    said = command.run(["list"])
    assert said.code == 0
    assert "ex03" in said.out
    assert "\x1b" not in said.out
    assert said.err == ""


def test_what_cannot_be_graded_has_no_page(tmp_path: Path) -> None:
    said = command.grade(["ex03", "--file", str(tmp_path / "gone.ipynb"), "--lang", "en"])
    assert said.code == 3
    assert said.page is None
    assert "gone.ipynb" in said.err


def test_an_interruption_ends_the_command_and_goes_on_up(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []

    class Interrupted(subprocess.Popen[str]):
        def communicate(self, *_: Any, **__: Any) -> Any:
            started.append(self)
            raise KeyboardInterrupt

    monkeypatch.setattr("subprocess.Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        command.run(["list"])
    assert started[0].returncode is not None
