"""Opens a file in the user's editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from grader.errors import UsageError
from grader.language import Text, text

__all__ = ["editor_command", "open_in_editor"]

_VARIABLES: Final = ("VISUAL", "EDITOR")
_IN_TERMINAL: Final = ("sensible-editor", "editor", "nano", "vim", "vi")
_HINT: Final = Text(
    en="Let the variable VISUAL name your editor, such as `code` or `nano`.",
    zh="请用环境变量 VISUAL 指定你的编辑器，例如 `code` 或 `nano`。",
)


def open_in_editor(file: Path) -> None:
    """Open a file, and wait for an editor that runs in the terminal.

    Raises:
        UsageError: There is no editor, or it cannot be started, or it ends with an error.
    """
    command = editor_command(os.environ)
    if command is None:
        if sys.platform == "win32":
            os.startfile(file)  # noqa: S606 - Windows has no other way to ask it
            return
        raise UsageError(Text(en="no editor was found", zh="没有找到编辑器"), hint=_HINT)
    # A list, and no shell: a path may hold blanks, quotes and whatever else a shell would read.
    try:
        code = subprocess.run([*command, str(file)], check=False).returncode  # noqa: S603 - the user's own editor
    except OSError as error:
        reason = error.strerror or str(error)
        raise _failed(command, text(reason)) from error
    if code:
        raise _failed(command, Text(en=f"exit code {code}", zh=f"退出码 {code}"))


def editor_command(environment: Mapping[str, str]) -> list[str] | None:
    """Choose the editor; None where only the system itself knows one."""
    for variable in _VARIABLES:
        if words := _words(environment.get(variable, "")):
            return words
    for name in _programs(environment):
        # On Windows `code` is a script, which is only started by its full name.
        if found := shutil.which(name, path=environment.get("PATH")):
            return [found]
    return None


def _programs(environment: Mapping[str, str]) -> tuple[str, ...]:
    """List what may open a file, the best first."""
    if sys.platform == "win32":
        return ("code",)
    if sys.platform == "darwin":
        return ("code", "open")
    # Without a desktop, `xdg-open` would look for a browser.
    has_desktop = any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
    return ("code", *(("xdg-open",) if has_desktop else ()), *_IN_TERMINAL)


def _words(value: str) -> list[str]:
    """Split what a variable names: a command with options, or a path, which may have blanks."""
    if Path(value).is_file():
        return [value]
    try:
        return shlex.split(value, posix=sys.platform != "win32")
    except ValueError:
        return value.split()


def _failed(command: list[str], reason: Text) -> UsageError:
    return UsageError(
        Text(
            en=f"the editor {shlex.join(command)} failed: {reason.en}",
            zh=f"编辑器 {shlex.join(command)} 出错：{reason.zh}",
        ),
        hint=_HINT,
    )
