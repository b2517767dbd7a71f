"""Sets up and runs everything that has to hold; arguments are passed on to pytest."""

from __future__ import annotations

import sys
import time

from environment import install_browser, prepare, run

STEPS = {
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "spelling": ["-m", "codespell_lib"],
    # Each process has a nursery of its own, with some hundred megabytes.
    "tests": ["-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"],
}


def main() -> int:
    """Run each step, go on after failures, and return non-zero if there was one."""
    python = prepare()
    install_browser()
    failed = []
    for name, command in STEPS.items():
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        extra = sys.argv[1:] if name == "tests" else []
        if run(python, *command, *extra):
            failed.append(name)
        print(f"   {time.monotonic() - start:.1f} s")
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll of it holds.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
