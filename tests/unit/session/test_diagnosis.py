"""Which cause an error is given, where the check handed in what provoked it."""

from __future__ import annotations

from pathlib import Path

from grading import MiniCourse, all_checks

from grader.report.model import CheckReport

EXAMPLE = "assert_close(student.double(x), 2 * x"


def grade(mini: MiniCourse, file: Path, source: str) -> dict[str, CheckReport]:
    file.write_text(f"import torch\nfrom torch import nn\n\n{source}", encoding="utf-8")
    return {check.id: check for check in all_checks(mini.grade(file))}


def test_an_error_in_place_of_the_one_asked_for_is_told_without_a_guess_at_its_cause(
    mini: MiniCourse, tmp_path: Path
) -> None:
    mini.edit("test_visible.py", "import assert_close", "import assert_raises, assert_close")
    mini.edit(
        "test_visible.py", EXAMPLE, f"assert_raises(ValueError, student.double, x)\n    {EXAMPLE}"
    )
    source = "def double(x):\n    return x.reshape(1, 2) @ torch.ones(3, 4)\n"

    found = grade(mini, tmp_path / "ex90_mini.py", source)["double_example"]

    assert found.outcome == "error"
    assert found.message is not None
    assert "a ValueError was expected, your code raised RuntimeError: mat1" in found.message.en
    assert "应当抛出 ValueError" in found.message.zh
    assert found.misconception is None
    assert found.hint is not None
    assert found.hint.en == "Multiply by 2."


def test_a_layer_of_the_checks_own_is_not_taken_for_the_students(
    mini: MiniCourse, tmp_path: Path
) -> None:
    mini.edit(
        "test_visible.py",
        "def test_double_example(student)",
        "def test_double_example(student, library)",
    )
    mini.edit(
        "test_visible.py", EXAMPLE, EXAMPLE.replace("(x)", '(library("torch.nn").Linear(2, 2))')
    )
    source = "def double(x):\n    return x(torch.ones(3, 4))\n\n\nclass Net(nn.Module):\n"
    source += (
        "    def __init__(self):\n        super().__init__()\n        self.fc = nn.Linear(3, 2)\n"
    )
    source += "    def forward(self, x):\n        return self.fc(x)\n"

    found = grade(mini, tmp_path / "ex90_mini.py", source)

    assert found["double_example"].outcome == "error"
    assert found["double_example"].misconception is None
    assert found["double_example"].hint is not None
    assert found["double_example"].hint.en == "Multiply by 2."
    assert found["net_shape"].misconception == "wrong-flat-size"
