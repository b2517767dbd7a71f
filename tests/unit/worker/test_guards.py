"""Texts that cost the parser or the compiler far more than their length."""

from __future__ import annotations

import ast
import resource
import time

import pytest

from grader.session.excesses import find_excess
from grader.worker import guards
from grader.worker.parsing import Parsed, parse_cells
from grader.worker.wire import CellSource

DEEP = "".join(" " * i + "try:\n" + " " * i + " pass\n" + " " * i + "finally:\n" for i in range(30))

BOMBS = {
    "operators": ("x = " + "1 +" * 20_000 + "1", "operators in one expression"),
    "comparisons": ("x = " + "a <" * 20_000 + "a", "operators in one expression"),
    "words": ("x = " + "a or " * 20_000 + "a", "operators in one expression"),
    "comprehension": ("x = [a " + "for a in b " * 5_000 + "]", "operators in one expression"),
    "pattern": ("match a:\n case " + "1|" * 20_000 + "1: pass", "operators in one expression"),
    "attributes": ("x = a" + ".b" * 20_000, "operators in one expression"),
    "module": ("import a" + ".b" * 20_000, "operators in one expression"),
    "calls": ("x = a" + "()" * 10_000, "operators in one expression"),
    "branches": ("if a:\n pass\n" + "elif a:\n pass\n" * 4_000, "branches of one `if`"),
    "f-string": ("x = f'" + "{a}" * 50_000 + "'", "words and signs"),
    "f-strings": ("x = " + "f'{a}' " * 50_000, "words and signs"),
    "decorators": ("@a\n" * 30_000 + "def f(): pass", "words and signs"),
    "statements": ("a;" * 100_000, "words and signs"),
    "lines": ("a\n" * 400_000, "lines"),
    "finally": (DEEP + " " * 30 + "pass\n", "repeat one another"),
    "returns": (
        "def f():\n try:\n" + "  return\n" * 4_000 + " finally:\n" + "  a = 1\n" * 4_000,
        "repeat one another",
    ),
    "digits": ("x = " + "9" * 1_000_000, "digits in one number"),
    "brackets": ("x = " + "(" * 100_000, "brackets within one another"),
    "lambdas": ("x = " + "lambda: " * 1_000 + "0", "operators in a row"),
}


def parsed(*cells: str) -> Parsed:
    return parse_cells([CellSource(index, text) for index, text in enumerate(cells, 1)])


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_words_and_before_it_costs_anything(name: str) -> None:
    bomb, said = BOMBS[name]
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = parsed(f"def g(): pass\n{bomb}\n")
    problem = next(one for one in found.problems if said in one.message)
    assert problem.kind == "complexity"
    assert find_excess(problem.message) is not None
    assert (problem.line or 0) >= 2
    assert isinstance(found.statements[0].node, ast.FunctionDef)
    assert time.process_time() - started < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300 * 1024


def test_the_limits_are_of_all_cells_together() -> None:
    found = parsed(*["a = 1\n" * 1_000] * 30)
    assert [problem.cell for problem in found.problems][:1] == [8]
    assert len(found.statements) <= guards.MAX_TOKENS / 4
    lines = parsed(*["\n" * 20_000] * 5)
    assert [(one.cell, one.message) for one in lines.problems] == [
        (3, f"more than {guards.MAX_LINES} lines"),
        (4, f"more than {guards.MAX_LINES} lines"),
        (5, f"more than {guards.MAX_LINES} lines"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "net = nn.Sequential(\n" + "    nn.Linear(4 * 4 + 1, -3), nn.ReLU(),\n" * 500 + ")\n",
        "table = [" + "-1.5, " * 8_000 + "]\n",
        "def f():\n    try:\n        return 1\n    finally:\n        g()\n" * 200,
        "print(f'{a:.3f} ' + '-' * 80)\n" * 500,
        "if a:\n    pass\nelif b:\n    pass\n" * 250,
        '"""' + "{prose} (and more) " * 20_000 + '"""\n',
        "x = f(a)(b).c.d(e)[0] if a and b or not c else [i for i in j if k]\n" * 200,
    ],
    ids=["layers", "table", "finally", "prints", "branches", "prose", "expressions"],
)
def test_what_people_write_is_no_bomb(text: str) -> None:
    assert parsed(text).problems == []


@pytest.mark.parametrize(
    "text",
    ["# %%\n" * 40_000, "# %%\n" + "(\n" * 40_000, "# %%\n" + "'''\n" * 40_000, "(\n" * 40_000],
    ids=["cells", "brackets", "strings", "script"],
)
def test_broken_text_of_many_lines_is_cut_in_linear_time(text: str) -> None:
    started = time.process_time()
    parsed(text + "!ls\n")
    parse_cells([CellSource(None, text + "!ls\n")])
    assert time.process_time() - started < 8


def test_long_strings_take_no_memory_to_cut() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for text in ("'" + "a" * 2_000_000 + "'", "'''" + "a\\\n" * 600_000, '"""' + '"' * 2_000_000):
        assert sum(1 for _ in guards.tokens(text)) >= 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
