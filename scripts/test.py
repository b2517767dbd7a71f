"""Sets up and runs everything that has to hold; arguments are passed on to pytest."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from environment import compile_imported, install, install_browser, run, run_quietly

READING = {
    "lint": ["-m", "ruff", "check"],
    "format": ["-m", "ruff", "format", "--check"],
    "types": ["-m", "mypy"],
    "imports": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "spelling": ["-m", "codespell_lib"],
}
"""Steps that only read: each takes one processor, so they run side by side, and with the tests."""

# Each process has a nursery of its own, with some hundred megabytes.
TESTS = ["-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]


def main() -> int:
    """Run each step, go on after failures, and return non-zero if there was one."""
    with ThreadPoolExecutor() as pool:
        # Beside pip, which takes one processor.
        beside = [pool.submit(install_browser), pool.submit(_install_nbgrader)]
        python = install()
        reading = [pool.submit(_read, python, *step) for step in READING.items()]
        compile_imported(python)
        for each in beside:
            each.result()
        print("\n== tests", flush=True)
        start = time.monotonic()
        failed = ["tests"] if run(python, *TESTS, *sys.argv[1:]) else []
        print(f"   {time.monotonic() - start:.1f} s")
        failed += [name for done in reading for name in done.result()]
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll of it holds.")
    return 1 if failed else 0


def _install_nbgrader() -> None:
    """Where it cannot be installed, the test that needs it says so."""
    run_quietly(Path(sys.executable), "tests/nbgrader_environment.py")


def _read(python: Path, name: str, command: list[str]) -> list[str]:
    """Run a step and print in one piece what it said; return its name if it failed."""
    start = time.monotonic()
    code, said = run_quietly(python, *command)
    print(f"\n== {name}\n{said}   {time.monotonic() - start:.1f} s", flush=True)
    return [name] if code else []


if __name__ == "__main__":
    sys.exit(main())
