"""`grade open`: the file in the editor that the user has chosen."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grade = Callable[..., Any]


def test_open_passes_the_path_whole_to_the_editor(
    grade: Grade, script: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen; touch hacked"
    editor = tmp_path / "my editor.py"
    editor.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(seen)!r}, 'w').write('|'.join(sys.argv[1:]))\n",
        encoding="utf-8",
    )
    editor.chmod(0o755)
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} '{editor}' --wait")
    ended = grade("open", "ex01")
    assert (ended.code, ended.out) == (0, f"{script}\n")
    assert seen.read_text(encoding="utf-8") == f"--wait|{script}"
    monkeypatch.setenv("VISUAL", str(editor))
    assert grade("open", "ex01").code == 0
    assert seen.read_text(encoding="utf-8") == str(script)


@pytest.mark.parametrize("editor", ["/no/such/editor", f"{sys.executable} -c exit(3)"])
def test_an_editor_that_fails_is_named_with_the_cure(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("VISUAL", editor)
    ended = grade("open", "ex01")
    assert ended.code == 2
    assert "Let the variable VISUAL name your editor" in ended.err
