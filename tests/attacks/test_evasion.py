"""Submissions that do with a forbidden operator what they were asked to do by hand, and hide it."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading import MINI_COURSE, MiniCourse, find_task

from grader.session.client import ExaminerClient

SOLUTION = (MINI_COURSE / "solutions" / "ex90_mini" / "ex90_mini.py").read_text(encoding="utf-8")

EVASIONS = {
    "a thread from before the watch": (
        "import queue, threading, torch\nTODO, DONE = queue.Queue(), queue.Queue()\n"
        "def work():\n    while True:\n        DONE.put(TODO.get().sum())\n"
        "THREAD = threading.Thread(target=work, daemon=True)\nTHREAD.start()\n"
        "def total(x):\n    THREAD\n    TODO.put(x)\n    return DONE.get(timeout=2)\n"
    ),
    "more names than are kept": (
        "import torch\nfrom torch.overrides import handle_torch_function as call\n"
        "def total(x):\n    for number in range(600):\n"
        "        function = lambda *a, **k: None\n        function.__name__ = f'f{number}'\n"
        "        call(function, (x,), x)\n    return x.sum()\n"
    ),
    "a patched watch": (
        "import torch\ndef total(x):\n    from grader.worker.watch import Watch\n"
        "    Watch.note = lambda *a: None\n    return x.sum()\n"
    ),
    "modes switched off": (
        "import torch\nfrom torch.utils._python_dispatch import _disable_current_modes\n"
        "def total(x):\n    with _disable_current_modes(), torch._C.DisableTorchFunction():\n"
        "        return x.sum()\n"
    ),
    "a compiled function": (
        "import torch\n@torch.jit.script\ndef inner(x: torch.Tensor) -> torch.Tensor:\n"
        "    return x.sum()\ndef total(x):\n    return inner(x)\n"
    ),
    "another operator's dispatcher": (
        "import torch\ndef total(x):\n    return torch.ops.aten.sum.default(x)\n"
    ),
    "a custom backward": (
        "import torch\nclass Sum(torch.autograd.Function):\n    @staticmethod\n"
        "    def forward(ctx, x):\n        return x.sum()\n    @staticmethod\n"
        "    def backward(ctx, g):\n        return g\ndef total(x):\n    return Sum.apply(x)\n"
    ),
}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, mini_client: ExaminerClient) -> MiniCourse:
    return MiniCourse.copy_to(tmp_path_factory.mktemp("evasion") / "course", mini_client)


@pytest.mark.parametrize("name", EVASIONS)
def test_a_hidden_use_of_a_forbidden_operator_scores_nothing(
    name: str, course: MiniCourse, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(SOLUTION + "\n\n" + EVASIONS[name], encoding="utf-8")
    report = course.grade(file)
    assert find_task(report, "total").score == 0
    assert report.score == 70


ADDED_BY_AN_EDITOR = "from torch._C import dtype, device\n"
BY_HAND = (
    "def total(x):\n    s = x.new_zeros(())\n    for v in x.flatten():\n        s = s + v\n"
    "    return s\n"
)
CUT_IN_TWO = (
    "import importlib\ndef total(x):\n    y = 1 + \\\n        1\n"
    "    d = importlib.import_module('torch.utils._\\\npython_dispatch')\n    return x.sum()\n"
)


@pytest.mark.parametrize("line", [ADDED_BY_AN_EDITOR, "_dispatch_table = {}\n"])
def test_what_an_honest_file_may_hold_costs_nothing(
    line: str, course: MiniCourse, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(line + SOLUTION + "\n\n" + BY_HAND, encoding="utf-8")
    assert course.grade(file).score == 100


def test_the_line_of_a_name_that_is_cut_in_two_is_told(course: MiniCourse, tmp_path: Path) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(SOLUTION + "\n\n" + CUT_IN_TWO, encoding="utf-8")
    check = find_task(course.grade(file), "total").checks[0]
    assert check.where is not None
    start = SOLUTION.count("\n") + 3
    # The string begins in the fifth line of it.
    assert check.where.line == start + 4


def test_helpers_of_a_suite_are_out_of_reach_of_other_checks(
    course: MiniCourse, tmp_path: Path
) -> None:
    """A right answer that one check defines in the worker must not serve another."""
    hidden = course.suite / "test_hidden.py"
    text = hidden.read_text(encoding="utf-8")
    helper = "define('def double(x):\\n    return 2 * x').double"
    hidden.write_text(
        text.replace(
            "def test_total(student, reference, randn):\n",
            f"def test_total(student, reference, randn, define):\n    {helper}\n",
        ),
        encoding="utf-8",
    )
    file = tmp_path / "ex90_mini.py"
    thief = "def double(x):\n    import sys\n    return sys.modules['suite_helpers'].double(x)\n"
    file.write_text(SOLUTION + "\n\n" + thief, encoding="utf-8")
    report = course.grade(file)
    hidden.write_text(text, encoding="utf-8")
    assert find_task(report, "total").score == 30
    assert find_task(report, "double").score == 0
