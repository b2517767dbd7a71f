from __future__ import annotations

from typing import Any

import pytest

from grader.soundness.readmes import ExampleRun, readme_faults
from grader.soundness.sums import wrong_sums


def test_an_example_that_torch_does_not_confirm_is_found(sound: Any) -> None:
    for name in ("README.md", "README.zh.md"):
        sound.edit(sound.folder / name, "\n14\n", "\n15\n")
    sound.edit(
        sound.solution,
        "返回 2 * x。",
        "返回 2 * x。\n\n    >>> double(torch.ones(1))\n    tensor([1.])\n    ",
    )

    faults = list(ExampleRun(sound.subject).faults())

    assert [fault.rule for fault in faults] == ["figures"] * 3
    solution, english, chinese = faults
    assert solution.file == sound.solution
    assert "gives tensor([2.]), the text says tensor([1.])" in solution.message.en
    assert english.file == sound.folder / "README.md"
    assert "gives 14, the text says 15" in english.message.en
    lines = (sound.folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert english.line is not None
    assert lines[english.line - 1].startswith(">>> 2 * 7")
    assert chinese.file == sound.folder / "README.zh.md"


def test_examples_that_cannot_be_run_are_found(sound: Any) -> None:
    sound.edit(sound.solution, "import torch\n", "import no_such_module\n")

    (fault,) = ExampleRun(sound.subject).faults()

    assert fault.rule == "examples"
    assert "no_such_module" in fault.message.en


def test_a_text_without_an_example_is_found(sound: Any) -> None:
    sound.edit(sound.folder / "README.zh.md", ">>> ", "")

    (fault,) = readme_faults(sound.subject)

    assert fault.rule == "readme-example"
    assert fault.file == sound.folder / "README.zh.md"


@pytest.mark.parametrize(("old", "new"), [("2 * 7", "2 * 8"), ("\n14\n", "\n15\n")])
def test_examples_that_the_other_language_lacks_are_found(sound: Any, old: str, new: str) -> None:
    assert list(readme_faults(sound.subject)) == []
    sound.edit(sound.folder / "README.zh.md", old, new)

    (fault,) = readme_faults(sound.subject)

    assert fault.rule == "readme-example"
    assert fault.file == sound.folder / "README.zh.md"
    assert fault.line is not None


def test_a_wrong_sum_is_found_with_its_line(sound: Any) -> None:
    sound.edit(sound.folder / "README.md", "3 \\* 4 + 2 = 14", "3 \\* 4 + 3 = 14")

    (fault,) = readme_faults(sound.subject)

    path = sound.folder / "README.md"
    assert fault.file == path
    assert "it comes to 15" in fault.message.en
    lines = path.read_text(encoding="utf-8").splitlines()
    assert fault.line is not None
    assert "= 14" in lines[fault.line - 1]


@pytest.mark.parametrize(
    "text",
    [
        "(64 + 2\\*3 - 1\\*(7 - 1) - 1) / 2 = 31.5, rounded down 31",
        "(size 5 - 3 + 1 = 3)",
        "floor((6 - 3) / 2) + 1 = 2",
        "（大小 5 − 3 + 1 = 3）",
        "a third: 1 / 3 = 0.33",
        "`2 + 2 = 5` and $2 + 2 = 5$",
        "```\n2 + 2 = 5\n```",
        "x + 2 = 5",
        "batch = 64",
    ],
)
def test_right_sums_formulas_and_code_are_let_through(text: str) -> None:
    assert list(wrong_sums(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "(64 + 2\\*3 - 1\\*(7 - 1) - 1) / 2 = 32.5",
        "(size 5 - 3 + 1 = 4)",
        "ceil((6 - 3) / 2) + 1 = 2",
        "（大小 5 − 3 + 1 = 2）",
        "a third: 1 / 3 = 0.35",
        "2·3 = 5",
    ],
)
def test_wrong_sums_are_found(text: str) -> None:
    assert len(list(wrong_sums(text))) == 1
