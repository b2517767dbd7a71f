"""`python -m grader.gradescope ROOT`: what the archive's `run_autograder` starts."""

from __future__ import annotations

import sys
from pathlib import Path

from grader.gradescope.run import run_autograder

if __name__ == "__main__":
    sys.exit(run_autograder(Path(sys.argv[1]).resolve()))
