"""How long a student waits for `grade ex03` once the warm server runs, beside an import of torch.

`python benchmarks/warm_start.py [ROUNDS]`

The server is this run's own, in a folder for temporary files, and is ended afterwards. The
processor time is that of the command alone: what is done in the server's processes is not in it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from timing import ROOT, measure, print_table, rounds_from_arguments

from grader.server.visit import stop_server

_SETTLING_SECONDS = 10.0
"""In a quiet moment the server makes forks cheaper; a student who reads a report leaves it one."""

BASELINE = 'python -c "import torch"'
EXERCISES = ("ex01", "ex03", "ex07", "ex08")
COMMANDS = {
    BASELINE: [sys.executable, "-c", "import torch"],
    "grade --version": [sys.executable, "-m", "grader", "--version"],
    **{
        f"grade {name}": [
            *(sys.executable, "-m", "grader", name),
            *("--file", str(next(ROOT.glob(f"solutions/{name}_*/{name}_*.py")))),
        ]
        for name in EXERCISES
    },
}


def main() -> None:
    """Measure with a server that has graded each exercise once."""
    with tempfile.TemporaryDirectory(prefix="warm-start-") as folder:
        os.environ |= {"XDG_RUNTIME_DIR": folder, "GRADE_NO_SERVER": "0", "CI": ""}
        try:
            for command in COMMANDS.values():
                subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
            time.sleep(_SETTLING_SECONDS)
            print_table(measure(COMMANDS, rounds_from_arguments(7)), BASELINE)
        finally:
            stop_server()


if __name__ == "__main__":
    main()
