from __future__ import annotations

from pathlib import Path

import pytest

from grader.working_copy.editor import editor_command


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("code", "xdg-open", "nano", "open"):
        (tmp_path / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    return tmp_path


@pytest.mark.parametrize(
    ("variables", "missing", "wanted"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, "", ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "vi"}, "", ["vi"]),
        ({"EDITOR": "'my editor' -x"}, "", ["my editor", "-x"]),
        ({"EDITOR": "it's"}, "", ["it's"]),
        ({}, "", ["code"]),
        ({"DISPLAY": ":0"}, "code", ["xdg-open"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "code", ["xdg-open"]),
        ({}, "code", ["nano"]),
        ({}, "code xdg-open nano", None),
    ],
)
def test_the_editor_is_the_users_own_or_the_best_there_is(
    programs: Path, variables: dict[str, str], missing: str, wanted: list[str] | None
) -> None:
    for name in missing.split():
        (programs / name).unlink()
    found = editor_command({"PATH": str(programs)} | variables)
    if wanted and len(wanted) == 1 and (programs / wanted[0]).exists():
        wanted = [str(programs / wanted[0])]
    assert found == wanted


def test_a_path_with_blanks_is_one_editor(tmp_path: Path) -> None:
    path = tmp_path / "my editor"
    path.write_text("", encoding="utf-8")
    assert editor_command({"VISUAL": str(path)}) == [str(path)]
