from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.soundness import graded
from grader.soundness.examiners import Attempt
from grader.soundness.student_view import leaks_in, student_view_faults, what_students_have


def grade_solution(sound: Any) -> Any:
    return sound.grade(sound.solution)


def test_a_solution_that_loses_points_is_found_with_its_seed(sound: Any) -> None:
    sound.edit(sound.suite / "test_visible.py", "(5, 2))", "(5, 3))")

    (fault,) = graded.solution_faults(sound.subject, sound.grade(sound.solution, seed=4))

    assert fault.file == sound.suite / "test_visible.py"
    assert "fails `net_shape` with seed 4" in fault.message.en
    assert "--seed 4" in fault.cure.en


def test_a_suite_that_breaks_is_found(sound: Any) -> None:
    sound.edit(sound.suite / "test_visible.py", "(5, 2))", "(5, no_such_name))")

    (fault,) = graded.solution_faults(sound.subject, grade_solution(sound))

    assert fault.rule == "suite"
    assert "no_such_name" in fault.message.en
    assert not fault.ours


@pytest.mark.parametrize("lends", ["test_double_gradients(student", "test_total(student"])
def test_a_hidden_check_of_what_is_in_the_worker_already_is_refused(sound: Any, lends: str) -> None:
    """Whether it has put it there itself, or an earlier one has."""
    hidden = sound.suite / "test_hidden.py"
    lent = "    define('def total(x):\\n    return x.sum()')\n"
    for check in ("test_double_gradients(student", "test_total(student"):
        sound.edit(hidden, check, f"{check}, define")
    line = next(each for each in hidden.read_text("utf-8").splitlines() if f"{lends}, def" in each)
    sound.edit(hidden, f"{line}\n", f"{line}\n{lent}")

    (fault,) = graded.solution_faults(sound.subject, grade_solution(sound))

    assert fault.rule == "suite"
    assert "total grades `total`" in fault.message.en
    assert not fault.ours


@pytest.mark.parametrize(
    "waste",
    [
        "import time; end = time.process_time() + 0.4\n    while time.process_time() < end: pass",
        # Reserved, which is what counts, and not touched: now and then the kernel takes 0.6 s of
        # processor time to find so many large pages, and a call may take 0.5 s.
        "torch.empty(300, 1024, 256)",
        "print('x' * 900)",
    ],
    ids=["time", "memory", "output"],
)
def test_a_solution_above_a_quarter_of_a_limit_is_found(sound: Any, waste: str) -> None:
    sound.edit(sound.solution, "    return 2 * x", f"    {waste}\n    return 2 * x")
    subject = sound.subject
    assert grade_solution(sound).score == 100

    hurried = Attempt.at_file(graded.with_quarter_limits(subject.exercise), sound.solution, 1)
    (fault,) = graded.limit_faults(subject, next(iter(sound.examiners.grade([hurried]))))

    assert fault.file == sound.folder / "exercise.toml"
    assert "[limits]" in fault.cure.en


def test_a_check_that_differs_between_two_runs_is_found(sound: Any) -> None:
    hidden = sound.suite / "test_hidden.py"
    sound.edit(hidden, "import pytest\n", "import time\n\nimport pytest\n")
    sound.edit(hidden, "reference.total(x))", "reference.total(x), what=str(time.time_ns()))")
    first, second = (sound.grade(sound.wrong / "leaves_one_out.py") for _ in range(2))

    (fault,) = graded.repeat_faults(sound.subject, first, second)

    assert "`total` on leaves_one_out" in fault.message.en
    assert fault.file == hidden


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("pass", "the stub passes `net_shape`"),
        ("assert_shape(torch.zeros(1), (2,))", "does not say what is not written yet"),
    ],
)
def test_a_check_that_does_not_need_an_answer_is_found(sound: Any, new: str, words: str) -> None:
    visible = sound.suite / "test_visible.py"
    assert list(graded.stub_faults(sound.subject, sound.grade(sound.folder / "ex90_mini.py"))) == []
    sound.edit(visible, "assert_shape(student.Net()(randn(5, 4)), (5, 2))", new)

    (fault,) = graded.stub_faults(sound.subject, sound.grade(sound.folder / "ex90_mini.py"))

    assert words in fault.message.en
    assert fault.file == visible


@pytest.mark.parametrize(
    ("name", "old", "new", "words", "line"),
    [
        ("cat", "[legs_of_a_cat]", "[legs_of_a_cat], total", "it passes total", 1),
        ("three_outputs", "net_shape, ", "", "it fails also net_shape", 1),
        ("detached", "# misconception: -", "# misconception: squared", "does not name", 2),
        ("cat", 'snake": 0', 'snake": 1', "it fails also fact[legs_of_a_snake]", 1),
    ],
)
def test_a_wrong_answer_that_breaks_something_else_is_found(
    sound: Any, name: str, old: str, new: str, words: str, line: int
) -> None:
    file = sound.wrong / f"{name}.py"
    assert list(graded.wrong_answer_faults(sound.mistake(name), sound.grade(file))) == []
    sound.edit(file, old, new)

    (fault,) = graded.wrong_answer_faults(sound.mistake(name), sound.grade(file))

    assert words in fault.message.en
    assert (fault.file, fault.line) == (file, line)


def test_a_wrong_answer_with_two_mistakes_is_found(sound: Any) -> None:
    file = sound.wrong / "cat.py"
    sound.edit(file, "return 2 * x", "return 2 * x.detach()")
    sound.edit(file, "[legs_of_a_cat]", "[legs_of_a_cat], double_gradients")

    (fault,) = graded.wrong_answer_faults(sound.mistake("cat"), sound.grade(file))

    assert "one mistake costs points of one task, not of double, facts" in fault.message.en


def test_a_mistake_that_gets_no_hint_is_found(sound: Any) -> None:
    hidden = sound.suite / "test_hidden.py"
    file = sound.wrong / "leaves_one_out.py"
    # Two values are added up: the visible example passes.
    sound.edit(file, "in x[1:]:", "in x[:2]:")
    mistake = sound.mistake("leaves_one_out")
    assert list(graded.hint_faults(sound.subject, mistake, sound.grade(file))) == []
    text = hidden.read_text(encoding="utf-8")
    without = "\n".join(line for line in text.splitlines() if not line.startswith("    hint="))
    hidden.write_text(without + "\n", encoding="utf-8")
    sound.lock()

    (fault,) = graded.hint_faults(sound.subject, mistake, sound.grade(file))

    assert "`total` gives no hint for leaves_one_out.py" in fault.message.en
    assert fault.file == hidden


def leaks(sound: Any, name: str) -> list[str]:
    file: Path = sound.wrong / f"{name}.py"
    known = what_students_have(sound.subject)
    view = sound.grade(file).for_student()
    faults = student_view_faults(sound.subject, known, file, view)
    return [fault.message.en for fault in faults]


def test_the_view_of_a_sound_exercise_gives_nothing_away(sound: Any) -> None:
    for name in ("leaves_one_out", "squared", "snake"):
        assert leaks(sound, name) == []


@pytest.mark.parametrize(
    ("said", "leak"),
    [
        ("It comes to 27.25 here.", "the value 27.25"),
        ("The vector has 113 entries.", "the value 113"),
        ("Look at /home/teacher/suites/secret.py.", "a path"),
        ("See test_hidden for more.", "a path"),
    ],
)
def test_a_hint_that_says_what_is_hidden_is_found(sound: Any, said: str, leak: str) -> None:
    hidden = sound.suite / "test_hidden.py"
    sound.edit(hidden, "import pytest\n", "import pytest\n\nSECRET = (27.25, 113)\n")
    text = hidden.read_text(encoding="utf-8")
    before, after = text.split('title={"en": "total adds', 1)
    text = before + 'title={"en": "total adds' + after.replace("Read the task once more.", said, 1)
    hidden.write_text(text, encoding="utf-8")
    sound.lock()

    (found,) = leaks(sound, "leaves_one_out")

    assert leak in found


def test_a_full_report_is_full_of_leaks(sound: Any) -> None:
    """What `for_student` leaves out is what the rule looks for."""
    report = sound.grade(sound.wrong / "leaves_one_out.py", seed=77)
    known = what_students_have(sound.subject)

    found = [leak for _, leak in leaks_in(report, known, sound.course.root)]

    assert "the seed 77" in found
    assert any(leak.startswith("the path") for leak in found)
    assert any(leak.startswith("the value") for leak in found)
    assert any(leak.startswith("a compared value") for leak in found)
