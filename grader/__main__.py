"""`grade`, and `python -m grader` where the console script is not on the path.

To load the command line takes a while, in which Ctrl-C is as quiet as later.
"""

from __future__ import annotations

import sys
from typing import Final

__all__ = ["main"]

_INTERRUPTED: Final = 130
"""`grader.errors.EXIT_INTERRUPTED`; nothing is imported before the block that Ctrl-C may end."""


def main() -> None:
    """Run a command and leave with its exit code."""
    try:
        from grader.cli import main as run  # noqa: PLC0415 - this is what takes a while

        run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
