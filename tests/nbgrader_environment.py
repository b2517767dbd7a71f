"""An environment with nbgrader, from PyPI, for the one test that asks nbgrader itself.

It is no dependency: with Jupyter's server it is larger than all our tools together. The environment
is made once, in `build/` (on two cores 50 s, 336 MB); to run this file does so beforehand.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

REQUIREMENT: Final = "nbgrader==0.9.*"
FOLDER: Final = Path(__file__).resolve().parents[1] / "build" / "nbgrader"


def install_nbgrader() -> Path:
    """Give a Python that has nbgrader.

    Raises:
        OSError: It cannot be installed; pip's last words are the reason.
    """
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp, wanted = FOLDER / "installed", f"{REQUIREMENT}\n{sys.version}\n"
    if not (stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted):
        venv.create(FOLDER, clear=True, symlinks=os.name != "nt")
        _install_into(python)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def _install_into(python: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--python", str(python)]
    command = [*pip, "install", "--quiet", "--retries", "1", REQUIREMENT]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode:
        raise OSError((finished.stderr.strip().splitlines() or ["pip gave no reason"])[-1])


if __name__ == "__main__":
    install_nbgrader()
