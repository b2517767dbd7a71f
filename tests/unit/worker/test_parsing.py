"""What cannot be parsed costs itself, and the rest of the file is loaded."""

from __future__ import annotations

import ast
import random
import textwrap
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loaded import LEARNERS_FILE, load_cells, load_script, load_text

from grader.worker import framing, wire


def test_a_syntax_error_costs_the_function_that_it_is_in() -> None:
    module, report = load_script(
        """
        import math
        def first(x):
            return math.floor(x)

        def broken(x)
            return x

        @staticmethod
        def third(x): return x
        CONV = {
        "keep": {"padding": 2},
        }
        class Net:
            def f(self):
                return (1, 2
        def last():
            return CONV
        """,
        *("first", "broken", "third", "last", "Net"),
    )
    assert module.first(1.5) == 1
    assert module.last() == {"keep": {"padding": 2}}
    assert [(p.kind, p.line, p.names) for p in report.problems] == [
        ("syntax", 6, ("broken",)),
        ("syntax", 16, ("Net",)),
    ]
    assert report.problems[0].message == "expected ':'"
    assert report.runnable


@pytest.mark.parametrize(
    ("line", "column", "named"),
    [
        ("print（1)", 6, "（"),
        ("x = “a”", 5, "“"),
        ("f(1，2)", 4, "，"),
        ("x =\u30001", 4, "U+3000"),
    ],
)
def test_full_width_punctuation_is_named_with_its_column(
    line: str, column: int, named: str
) -> None:
    module, report = load_text(f"def f(): pass\n{line}\ndef g(): pass\n", "f", "g")
    (problem,) = report.problems
    assert (problem.line, problem.column) == (2, column)
    assert named in problem.message
    assert f"column {column}" in problem.message
    assert problem.text == line
    assert module.f
    assert module.g


@pytest.mark.parametrize("text", ["'''unclosed\ndef f(): pass\n", "x = (1,\ndef f(): pass\n"])
def test_what_is_never_closed_does_not_swallow_the_rest(text: str) -> None:
    module, report = load_text(text, "f")
    assert callable(module.f)
    assert report.problems[0].line == 1


def test_a_line_that_is_indented_for_no_reason_costs_itself() -> None:
    module, report = load_text("import math\n  X = 1\ndef f(): return math\n", "f", "X")
    assert module.f() is module.math
    assert [(p.type_name, p.line) for p in report.problems] == [("IndentationError", 2)]


def test_lines_within_messages_are_those_of_the_file() -> None:
    _, report = load_text("x = 1\n\nif x:\ny = 2\nz = (1,\n  2]\n", "x")
    assert "on line 3" in report.problems[0].message
    assert "on line 5" in report.problems[1].message


def test_prose_and_prompts_cost_themselves() -> None:
    text = "我的作业 第三 题\n" * 300 + ">>> x = 1\ndef f(): return 1\n"
    module, report = load_text(text, "f")
    assert module.f() == 1
    assert report.runnable
    assert len(report.problems) <= 200


def test_a_body_without_indentation_is_one_problem() -> None:
    module, report = load_text("def f(x):\nreturn x\ndef g(): pass\n", "f", "g")
    assert callable(module.g)
    assert [(p.kind, p.type_name) for p in report.problems] == [("syntax", "IndentationError")]


def test_tabs_and_spaces_are_told_apart_as_python_does() -> None:
    _, report = load_text("def f(x):\n        y = 1\n\treturn y\n", "f")
    assert report.problems[0].type_name == "TabError"
    assert not report.runnable


@pytest.mark.parametrize("text", ["", "\n\n", "  \n\t", "# nothing\n", '"""doc"""'])
def test_an_empty_file_is_runnable_and_defines_nothing(text: str) -> None:
    _, report = load_text(text, "f")
    assert report == wire.LoadReport(True, (), (), (), ())  # noqa: FBT003


@pytest.mark.parametrize("text", ["for for for", "def f(:\n", "\0", "\ud800 = 1", "(" * 200])
def test_a_file_of_which_nothing_parses_is_not_runnable(text: str) -> None:
    _, report = load_text(text, "f")
    assert not report.runnable
    assert report.problems


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 100_000,
        "x = " + "[" * 150 + "]" * 150,
        "x = " + "-" * 100_000 + "1",
        "x = " + "not " * 100_000 + "1",
        "x = " + "9" * 1_000_000,
        "x = " + "+".join("1" * 50_000),
        "x = a" + ".b" * 50_000,
        "x = f" + "()" * 50_000,
        "x = " + "lambda:" * 5_000 + "1",
        "x = " + "1 if 1 else " * 5_000 + "1",
        "if 1: x = 1\n" + "elif 1: x = 1\n" * 5_000,
        "x = 1\n" * 300_000,
        "x = '''" + "a" * 3_000_000 + "'''",
        "\n".join(" " * n + "if 1:" for n in range(200)) + "\n" + " " * 201 + "x = 1",
        "x = " + "2**" * 2_000 + "2",
        "x = f'" + "{" * 1_000 + "}" * 1_000 + "'",
    ],
    ids=lambda bomb: bomb[:14].replace("\n", " ") + f" {len(bomb)}",
)
def test_text_that_would_choke_the_parser_is_a_problem(bomb: str) -> None:
    module, report = load_text(f"def before(): pass\n{bomb}\n", "before", "x")
    assert callable(module.before) or "of brackets" in str(report.problems)
    wire.encode(report)


def test_an_excess_costs_the_statement_that_it_is_in() -> None:
    module, report = load_text(
        "def f(): pass\nx = " + "[" * 150 + "]" * 150 + "\nY = 2\n", "f", "Y"
    )
    assert (callable(module.f), module.Y) == (True, 2)
    assert [(p.kind, p.line, p.names) for p in report.problems] == [("complexity", 2, ("x",))]


def test_text_that_would_be_slow_to_cut_is_not() -> None:
    started = time.process_time()
    load_text("\\'''\n" * 100_000, "f")
    load_text("x = (\n" * 20_000, "f")
    load_text("这 不 是 代码\n" * 20_000, "f")
    assert time.process_time() - started < 10


def test_a_million_statements_in_a_cell_leave_the_other_cells() -> None:
    module, report = load_cells(["def f(): pass", "(" * 9999, "def g(): pass"], "f", "g")
    assert module.f
    assert module.g
    assert [(p.kind, p.cell) for p in report.problems] == [("complexity", 2)]


def _mutate(text: str, generator: random.Random) -> str:
    pieces = ["(", ")", "'''", '"', "\n", "    ", "\t", "，", "\0", "def f(:\n", "\\", "%", "!ls\n"]
    pieces += [
        "if __name__ == '__main__':\n",
        "global x\n",
        "return\n",
        "\ud800",
        "#",
        "{",
        "@",
        ":=",
    ]
    for _ in range(generator.randint(1, 6)):
        at = generator.randrange(len(text) + 1)
        end = at + generator.choice([0, 0, 1, 5, 40])
        text = text[:at] + generator.choice(pieces) + text[end:]
    return text


_SAFE = textwrap.dedent(LEARNERS_FILE).replace("while True", "if False")


def _sent(report: wire.LoadReport) -> wire.Response:
    """Give a report as it arrives on the trusted side."""
    (sent,) = wire.encode(report)
    return wire.decode_response(sent[framing.PREFIX.size :])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**9))
def test_a_mutated_script_always_gives_a_report(seed: int) -> None:
    text = _mutate(_SAFE, random.Random(seed))  # noqa: S311 - no secret
    _, report = load_text(text, "ConvNet", "step_size")
    assert _sent(report) == report
    _, report = load_cells([text, "X = 1", text], "ConvNet")
    assert _sent(report) == report


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_a_report(text: str) -> None:
    _, report = load_text(text)
    assert _sent(report) == report


def _salvaged(source: str) -> Callable[[str], bool]:
    module, _ = load_text(source, "first", "last")
    return lambda name: hasattr(module, name)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abc =()[]{}:,'\"\\\n\t#.+，", max_size=40))
def test_whatever_stands_between_two_functions_costs_neither(junk: str) -> None:
    indented = "".join(f"    {line}\n" for line in junk.split("\n"))
    source = f"def first(): pass\ndef middle():\n{indented}\ndef last(): pass\n"
    has = _salvaged(source)
    assert has("first")
    assert has("last") or "'''" in junk or '"""' in junk or _parses(source)


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
