from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "grader").rglob("*.py")
    if path.name != "__main__.py"
)
HEAVY = {
    "_pytest", "filelock", "nbformat", "numpy", "psutil", "pydantic", "pytest", "rich.console",
    "torch", "watchfiles",
}  # fmt: skip


def python(code: str, *options: str) -> str:
    command = [sys.executable, *options, "-c", code]
    finished = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


@pytest.mark.slow
def test_every_module_can_be_imported_first() -> None:
    # In forks of one interpreter that has torch and pytest and nothing of ours: a fresh
    # interpreter a module would take minutes.
    code = f"""
import os, sys, traceback
import pytest, torch
before = [name for name in sys.modules if name.partition(".")[0] == "grader"]
assert before == [], before
broken = []
for name in {MODULES!r}:
    child = os.fork()
    if child == 0:
        status = 1
        try:
            __import__(name)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    if os.waitpid(child, 0)[1]:
        broken.append(name)
print(broken)
"""
    assert python(code, "-W", "ignore").strip() == "[]"


def test_the_package_itself_imports_nothing() -> None:
    code = "import sys; before = set(sys.modules); import grader; print(set(sys.modules) - before)"
    assert python(code).strip() == "{'grader'}"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--help"],
        ["ex03", "--help"],
        ["list"],
        ["data"],
        ["ex99"],
        ["hint", "ex01", "--again"],
        ["completion", "zsh"],
    ],
)
def test_what_grades_nothing_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"""
import sys
from grader.cli import main
try:
    main({arguments!r})
except SystemExit:
    pass
print("loaded:", *sorted(set(sys.modules) & {HEAVY!r}))
"""
    assert python(code).splitlines()[-1].split() == ["loaded:"]


def test_grading_loads_neither_torch_nor_pytest_in_the_command_line() -> None:
    code = f"""
import sys
import grader.cli.grade, grader.pipeline, grader.report.terminal
print(*sorted(set(sys.modules) & {HEAVY - {"rich.console", "psutil"}!r}))
"""
    assert python(code).split() == []
