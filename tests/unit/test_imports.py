from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "grader").rglob("*.py")
}
HEAVY = {
    "_pytest", "filelock", "nbformat", "numpy", "psutil", "pydantic", "pytest", "rich.console",
    "torch", "watchfiles",
}  # fmt: skip


PACKAGES = {".".join(name.split(".")[:2]) for name in MODULES if "." in name} - {"grader.__main__"}


def python(code: str, *options: str) -> str:
    command = [sys.executable, *options, "-c", code]
    finished = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def imported_names(module: str) -> Iterator[str]:
    """Give what a module imports while it is imported itself."""
    rest: list[ast.AST] = [ast.parse(MODULES[module].read_bytes())]
    while rest:
        node = rest.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            rest.extend(node.orelse)
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            rest.extend(ast.iter_child_nodes(node))


def needed_modules(module: str) -> Iterator[str]:
    """Give the modules that have to be there before one can be imported."""
    for name in imported_names(module):
        parts = name.split(".")
        found = [each for n in range(len(parts)) if (each := ".".join(parts[: n + 1])) in MODULES]
        for each in found:
            # A package has begun before its modules do; it has to be whole where it is asked for
            # a name of its own.
            has_begun = f"{module}.".startswith(f"{each}.")
            if not has_begun or (each == found[-1] and each != name):
                yield each


def test_every_module_can_be_imported_first() -> None:
    graph = {module: set(needed_modules(module)) - {module} for module in MODULES}
    assert len(graph) > 300
    assert list(TopologicalSorter(graph).static_order())


def test_a_contract_leaves_no_package_out() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {each["id"]: each for each in project["tool"]["importlinter"]["contracts"]}
    alone, light = contracts["worker-alone"], contracts["light-command-line"]
    assert set(alone["forbidden_modules"]) == PACKAGES - {"grader.worker"}
    heavy = {"grader.worker", "grader.session", "grader.datasets"}
    assert set(light["source_modules"]) == PACKAGES - heavy


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
