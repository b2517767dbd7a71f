"""`grade completion`, and what it lets a shell complete."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grade = Callable[..., Any]


@pytest.mark.parametrize(
    ("shell", "words", "wanted"),
    [
        ("bash", "grade e", "plain,ex01"),
        ("bash", "grade hi", "plain,hint"),
        ("bash", "grade reset e", "plain,ex01"),
        ("bash", "grade hint ex01 f", "plain,facts"),
        ("zsh", "grade hint 1 d", "plain\ndouble\nDouble a tensor"),
        ("fish", "grade submit ex01 --gi", "plain,--git"),
        ("bash", "grade hint ex77 d", ""),
    ],
)
def test_the_shell_completes_commands_exercises_and_tasks(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch, shell: str, words: str, wanted: str
) -> None:
    begun = words.split()
    monkeypatch.setenv("_GRADE_COMPLETE", f"{shell}_complete")
    monkeypatch.setenv("COMP_WORDS", words if shell != "fish" else " ".join(begun))
    monkeypatch.setenv("COMP_CWORD", begun[-1] if shell == "fish" else str(len(begun) - 1))
    assert wanted in grade().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_for_the_shell(grade: Grade, script: Path, shell: str) -> None:
    ended = grade("completion", shell)
    assert ended.code == 0
    assert f"_GRADE_COMPLETE={shell}_complete" in ended.out
