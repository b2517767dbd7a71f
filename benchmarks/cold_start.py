"""How long a student waits for `grade ex03`, beside the import of torch that it cannot avoid.

`python benchmarks/cold_start.py [ROUNDS]`
"""

from __future__ import annotations

import sys

from timing import measure, print_table, rounds_from_arguments

BASELINE = "import torch, torch.utils.tensorboard"
COMMANDS = {
    BASELINE: [sys.executable, "-c", BASELINE],
    "grade ex03 (half-right sample)": [
        *(sys.executable, "-m", "grader.cli", "ex03"),
        *("--file", "samples/ex03_half_right.py", "--no-server"),
    ],
}

if __name__ == "__main__":
    print_table(measure(COMMANDS, rounds_from_arguments(7)), BASELINE)
