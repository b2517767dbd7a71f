"""Programs that come with the packages to work on the grader."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def run_tool(name: str, *arguments: str | Path) -> str:
    """Run a program that checks files, and give what it says; nothing where it finds nothing."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    program = shutil.which(name, path=path)
    if program is None:
        pytest.skip(f"{name} is not installed")
    finished = subprocess.run(
        [program, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=100
    )
    return "" if finished.returncode == 0 else finished.stdout + finished.stderr
