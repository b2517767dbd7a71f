"""How much `grade --help` costs beside the imports of click and rich.

`python benchmarks/help_cost.py [ROUNDS]`
"""

from __future__ import annotations

import sys

from timing import measure, print_table, rounds_from_arguments

BASELINE = "import click, rich"
COMMANDS = {
    BASELINE: [sys.executable, "-c", "import click, rich"],
    "grade --help": [sys.executable, "-m", "grader.cli", "--help"],
    "grade ex03 --help": [sys.executable, "-m", "grader.cli", "ex03", "--help"],
    "grade": [sys.executable, "-m", "grader.cli"],
    "grade list": [sys.executable, "-m", "grader.cli", "list"],
}

if __name__ == "__main__":
    print_table(measure(COMMANDS, rounds_from_arguments(11)), BASELINE)
