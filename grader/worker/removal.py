"""Removes folders that untrusted code has filled."""

from __future__ import annotations

import shutil
import subprocess


def remove_tree(path: str) -> None:
    """Remove a folder and what is in it, however deep; what cannot be removed stays."""
    try:
        shutil.rmtree(path, ignore_errors=True)
    except RecursionError:
        # Folders nested a thousand deep: `rm` descends without a stack.
        subprocess.run(["rm", "-rf", "--", path], check=False)  # noqa: S603, S607
