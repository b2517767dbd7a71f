from __future__ import annotations

from typing import Any

import pytest

from grader.errors import ManifestError
from grader.soundness import mutation
from grader.soundness.equivalents import read_equivalents
from grader.soundness.mutants import make_mutants


def becomes(source: str) -> list[str]:
    return [mutant.becomes for mutant in make_mutants(source)]


@pytest.mark.parametrize(
    ("line", "mutants"),
    [
        ("return x + 1", ["return (x - 1)", "return x + 2", "return x + 0"]),
        ("return x * y", ["return (x // y)"]),
        ("return x // y", ["return (x * y)"]),
        ("return x < y", ["return (x <= y)"]),
        ("return x and y", ["return (x or y)"]),
        ("return not x", ["return (x)"]),
        ("return -x", ["return (x)"]),
        ("return f(x, y)", ["return f(y, x)", "return (x)"]),
        ("return max(x, y)", ["return (x)"]),
        ("return x.abs()", ["return (x)"]),
        ("return x.sum(dim=y)", ["return x.sum()", "return (x)"]),
        ("return True", ["return False"]),
        ("return 0.5", ["return 1.0"]),
        ("return 'relu'", ["return 'relu_'"]),
        ("x.clear()", ["pass", "(x)"]),
        ("x += y", ["pass", "x -= y"]),
        ("x.y = y", ["pass"]),
        ("raise ValueError(f'{x} is below {1}')", ["pass"]),
        ("return x if y else z", ["return x if not (y) else z"]),
        ("return [a for a in x if y]", ["return [a for a in x if not (y)]"]),
        ("with torch.no_grad(): return x", ["if True: return x"]),
        ("'''Give x + 1.'''", []),
        ("import os", []),
        ("y: int = x", []),
        ("z = x", []),
    ],
)
def test_every_kind_of_edit_is_made(line: str, mutants: list[str]) -> None:
    found = becomes(f"import torch\n\n\ndef f(x, y, z):\n    {line}\n")

    assert found == mutants


def test_a_value_may_be_dropped_where_the_name_has_another() -> None:
    source = "def f(x):\n    y = x\n    if x:\n        y = -x\n    return y\n"

    assert becomes(source) == ["if not (x):", "pass", "y = (x)"]


def test_a_default_is_edited() -> None:
    found = becomes("def f(size, stride=None, *, ceil=False):\n    return size\n")

    assert found == [
        "def f(size, stride=1, *, ceil=False):",
        "def f(size, stride=None, *, ceil=True):",
    ]


def test_what_students_are_given_at_the_top_is_left_alone() -> None:
    source = 'TABLE = {\n    "given": 1,\n    "asked": 2,  ### BLANK\n}\n'

    assert becomes(source) == [
        "'asked_': 2, ### BLANK",
        '"asked": 3, ### BLANK',
        '"asked": 1, ### BLANK',
    ]


def test_lines_comments_and_chinese_stay_where_they_are() -> None:
    source = "def f(x):\n    # 注释\n    return '中文', x + 2  # 加二\n"

    first, *_ = make_mutants(source)

    assert (first.scope, first.line) == ("f", 3)
    assert first.source.splitlines()[1] == "    # 注释"
    assert all("# 加二" in mutant.source for mutant in make_mutants(source))


def test_edits_that_read_the_same_are_told_apart() -> None:
    source = "def f(x):\n    if x:\n        raise ValueError\n    raise ValueError\n"

    removed = [mutant for mutant in make_mutants(source) if mutant.becomes == "pass"]

    assert [mutant.nth for mutant in removed] == [1, 2]


@pytest.fixture
def narrowed(sound: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give a course of which only the mutants of `double` and one of `total` are graded."""

    def some(source: str) -> Any:
        return tuple(m for m in make_mutants(source) if m.scope == "double")

    monkeypatch.setattr(mutation, "make_mutants", some)
    return sound


def run(sound: Any, **options: Any) -> mutation.MutationRun:
    return mutation.grade_mutants(sound.subject, sound.examiners, lambda *_: None, **options)


def weaken(sound: Any) -> None:
    """Leave the multiplication unchecked."""
    sound.edit(sound.suite / "test_visible.py", "2 * x, misc", "student.double(x), misc")
    hidden = sound.suite / "test_hidden.py"
    sound.edit(hidden, "reference.double(x))", "student.double(x))")
    sound.edit(hidden, "gradients(reference.double, x)", "gradients(student.double, x)")


def test_a_suite_that_sees_every_mutant_has_no_survivor(narrowed: Any) -> None:
    found = run(narrowed)

    assert found.graded == 3
    assert (found.survivors, found.justified, found.faults) == ((), (), ())


def test_what_a_suite_overlooks_is_listed_with_its_line(narrowed: Any) -> None:
    weaken(narrowed)

    found = run(narrowed)

    # The third one, `2 // x`, has no gradient.
    assert [mutant.becomes for mutant in found.survivors] == ["return 3 * x", "return 1 * x"]
    assert {mutant.line for mutant in found.survivors} == {10}
    (fault,) = found.faults
    assert "2 of 3 mutants get full marks" in fault.message.en
    assert (fault.file, fault.line) == (narrowed.solution, 10)


def justify(sound: Any, becomes: str, why: str = "It is a test.") -> None:
    entry = f'[[mutant]]\nscope = "double"\nwas = "return 2 * x"\nbecomes = "{becomes}"\n'
    path = sound.solution.with_name("equivalent_mutants.toml")
    with path.open("a", encoding="utf-8") as file:
        file.write(f'{entry}why = "{why}"\n')


def test_a_justified_mutant_is_no_survivor(narrowed: Any) -> None:
    weaken(narrowed)
    justify(narrowed, "return 3 * x")

    found = run(narrowed)

    assert [mutant.becomes for mutant in found.survivors] == ["return 1 * x"]
    assert [mutant.why for mutant in found.justified] == ["It is a test."]


@pytest.mark.parametrize(
    ("text", "words"),
    [("return 3 * x", "loses points"), ("return 5 * x", "is none of the solution's")],
)
def test_a_justification_that_does_not_hold_is_found(narrowed: Any, text: str, words: str) -> None:
    justify(narrowed, text)

    (fault,) = run(narrowed).faults

    assert words in fault.message.en
    assert fault.file == narrowed.solution.with_name("equivalent_mutants.toml")
    assert fault.line == 4


def test_a_justification_without_a_reason_is_refused(sound: Any) -> None:
    justify(sound, "return 3 * x", why=" ")

    with pytest.raises(ManifestError, match="without `why`"):
        read_equivalents(sound.solution)


def test_mutants_for_which_there_was_no_time_are_a_fault(narrowed: Any) -> None:
    found = run(narrowed, seconds=-1)

    assert found.graded == 0
    (fault,) = found.faults
    assert "0 of 3 mutants were graded" in fault.message.en
