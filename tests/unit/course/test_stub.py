from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.catalog import Course, load_unpinned
from grader.course.stub import make_stub, stub_of
from grader.errors import ManifestError

PATH = Path("solution.py")

FUNCTION = '''\
def f(x):
    """Say what f does. ### BEGIN SOLUTION is no mark in a text."""
    ### BEGIN SOLUTION double x | 把 x 加倍
    y = 2 * x
    return y
    ### END SOLUTION
'''


def stub(source: str) -> str:
    return make_stub(source, PATH)


def test_a_region_in_a_function_becomes_a_hole_that_says_what_is_missing() -> None:
    assert stub(FUNCTION) == (
        "def f(x):\n"
        '    """Say what f does. ### BEGIN SOLUTION is no mark in a text."""\n'
        "    # TODO: double x\n"
        "    # TODO: 把 x 加倍\n"
        '    raise NotImplementedError("TODO: double x | 把 x 加倍")\n'
    )


def test_a_method_keeps_what_stands_before_the_region() -> None:
    source = (
        "class Net(nn.Module):\n"
        "    def __init__(self):\n"
        "        super().__init__()\n"
        "        ### BEGIN SOLUTION make it | 创建\n"
        "        self.a = 1\n"
        "        ### END SOLUTION\n"
    )
    assert "        super().__init__()\n        # TODO: make it\n" in stub(source)
    assert "self.a" not in stub(source)


def test_a_region_outside_functions_leaves_nothing_behind() -> None:
    source = "import a\n\n\n### BEGIN SOLUTION\nhelper = 1\n### END SOLUTION\n\n\nb = 2\n"
    assert stub(source) == "import a\n\n\nb = 2\n"


def test_a_region_outside_functions_may_leave_a_comment() -> None:
    source = "### BEGIN SOLUTION write f | 编写 f\ndef f(): ...\n### END SOLUTION\n"
    assert stub(source) == "# TODO: write f\n# TODO: 编写 f\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("N = 3  ### BLANK", "N = None  # TODO"),
        ("N: int = 3  ### BLANK", "N: int = None  # TODO"),
        ('D = {"中": (1, 2)}  ### BLANK', "D = None  # TODO"),
        ("N = 3  ### BLANK half | 一半", "N = None  # TODO: half | 一半"),
    ],
)
def test_a_blank_takes_the_value_away(line: str, left: str) -> None:
    assert stub(line + "\n") == left + "\n"


def test_a_blank_within_brackets_takes_the_outermost_value_of_its_line() -> None:
    source = (
        "D = {\n"
        '    "给": {"a": 1, "b": 2},  ### BLANK\n'
        '    "kept": 5,\n'
        "}\n"
        "ROWS = [\n"
        '    ("input", (64, 3)),\n'
        '    ("conv1", (64, 32)),  ### BLANK\n'
        "]\n"
        "K = dict(\n"
        "    a=1,  ### BLANK\n"
        ")\n"
    )
    made = stub(source)
    assert '    "给": None,  # TODO\n' in made
    assert '    "kept": 5,\n' in made
    assert '    ("conv1", None),  # TODO\n' in made
    assert "    a=None,  # TODO\n" in made


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        (FUNCTION.replace("    ### END SOLUTION\n", ""), 3, "without END SOLUTION"),
        ("x = 1\n### END SOLUTION\n", 2, "without BEGIN SOLUTION"),
        (FUNCTION.replace("    y =", "    ### BEGIN SOLUTION a | b\n    y ="), 4, "of line 3"),
        (FUNCTION.replace("    ### END", "### END"), 6, "another indentation"),
        (FUNCTION.replace(" double x | 把 x 加倍", ""), 3, "must say what is missing"),
        (FUNCTION.replace(" | 把 x 加倍", ""), 3, "English | 中文"),
        (FUNCTION.replace("END SOLUTION", "END SOLUTIONS"), 6, "unknown mark"),
        (FUNCTION.replace("### BEGIN", "# BEGIN"), 3, "unknown mark"),
        ("x = [\n    1,  ### BLANK\n]\n", 2, "BLANK without a value"),
        ("f(\n", 1, "no valid Python"),
    ],
)
def test_a_mark_that_breaks_a_rule_is_named_with_its_line(
    source: str, line: int, said: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        stub(source)
    assert f"solution.py, line {line}: " in caught.value.message.en
    assert said in caught.value.message.en


def test_a_long_hole_is_wrapped_as_the_formatter_would() -> None:
    source = FUNCTION.replace("double x", "double x and " * 9 + "stop")
    made = stub(source)
    assert "    raise NotImplementedError(\n" in made
    assert max(len(line) for line in made.splitlines() if "TODO" not in line) <= 100
    compile(made, "stub", "exec")


def test_quotes_in_a_hole_stay_a_string() -> None:
    made = stub(FUNCTION.replace("double x", 'say "hi" or \\ don\'t'))
    scope: dict[str, object] = {}
    exec(made, scope)  # noqa: S102 - our own text
    with pytest.raises(NotImplementedError, match=r"say .hi. or .* don't"):
        scope["f"](1)  # type: ignore[operator]


def test_without_a_solution_there_is_no_stub(small_course: Course) -> None:
    exercise = load_unpinned(small_course, "ex01")
    exercise.solution.unlink()
    with pytest.raises(ManifestError, match="cannot be read"):
        stub_of(exercise)
