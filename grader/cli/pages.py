"""Shows a text that may be longer than the screen: with a pager on a terminal, else as it is."""

from __future__ import annotations

import os
import shutil
import sys

import click
from rich.console import Console, RenderableType

from grader.cli.columns import terminal_width
from grader.report.neutralise import without_ci_commands

__all__ = ["show_page"]


def show_page(page: RenderableType) -> None:
    """Print a page, or hand it to the pager that PAGER names if it does not fit on the screen."""
    console = Console(highlight=False, emoji=False, width=terminal_width())
    with console.capture() as capture:
        console.print(page)
    lines = [line.rstrip() for line in without_ci_commands(capture.get()).splitlines()]
    text = "\n".join(lines) + "\n"
    is_watched = all(stream and stream.isatty() for stream in (sys.stdin, sys.stdout))
    if is_watched and len(lines) >= shutil.get_terminal_size().lines:
        if console.encoding.startswith("utf"):
            # Where the locale that LANG names is not installed, `less` would show bytes.
            os.environ.setdefault("LESSCHARSET", "utf-8")
        click.echo_via_pager(text)
    else:
        click.echo(text, nl=False, color=console.is_terminal)
