from __future__ import annotations

from typing import Any

import msgspec
import pytest

from grader.language import Text
from grader.soundness import texts
from grader.soundness.faults import Fault
from grader.soundness.run import collect_with
from grader.soundness.subject import Subject


def coverage(sound: Any) -> list[Fault]:
    faults: list[Fault] = []
    mistakes = texts.read_mistakes(sound.subject, faults)
    return [*faults, *texts.coverage_faults(sound.subject, mistakes)]


def test_a_sound_course_keeps_all_rules_on_texts(sound: Any) -> None:
    assert coverage(sound) == []
    assert list(texts.language_faults(sound.subject)) == []
    assert list(texts.check_faults(sound.subject)) == []
    collected = collect_with(sound.examiners.first, sound.subject.exercise)
    assert list(texts.lock_faults(sound.subject, collected)) == []


def test_a_check_that_no_wrong_answer_fails_is_found(sound: Any) -> None:
    sound.edit(sound.wrong / "cat.py", "fact[legs_of_a_cat]", "total")

    (fault,) = coverage(sound)

    assert fault.rule == "unproved-check"
    path = sound.suite / "test_hidden.py"
    assert fault.file == path
    lines = path.read_text(encoding="utf-8").splitlines()
    assert fault.line is not None
    assert lines[fault.line - 1].startswith("def test_fact(")


def test_a_misconception_that_nothing_triggers_is_found(sound: Any) -> None:
    sound.edit(sound.wrong / "squared.py", "misconception: squared", "misconception: -")

    (fault,) = coverage(sound)

    assert fault.rule == "unproved-misconception"
    path = sound.folder / "exercise.toml"
    assert fault.file == path
    lines = path.read_text(encoding="utf-8").splitlines()
    assert fault.line is not None
    assert lines[fault.line - 1] == "[misconceptions.squared]"


def test_too_few_hints_are_found(sound: Any) -> None:
    sound.edit(sound.folder / "hints.toml", "[[facts]]", "[[total]]")

    (fault,) = texts.hint_faults(sound.subject)

    assert fault.rule == "hints"
    assert fault.file == sound.folder / "hints.toml"
    assert "facts: expected 3 or more hints, found" in fault.message.en


def test_a_hint_in_one_language_is_found(sound: Any) -> None:
    sound.edit(sound.folder / "hints.toml", "数一数有几条腿。", "Count the legs of it.")

    (fault,) = texts.language_faults(sound.subject)

    assert fault.rule == "languages"
    assert "facts, 1" in fault.message.en


def test_too_few_wrong_answers_are_found(sound: Any) -> None:
    for name in ("detached", "in_place"):
        (sound.wrong / f"{name}.py").unlink()

    (fault,) = coverage(sound)

    assert fault.rule == "few-wrong-answers"
    assert "7 wrong answers; at least 8" in fault.message.en


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("# fails: fact[legs_of_a_cat]", "# fails: fact[legs_of_a_cat], no_such_check", 1),
        ("# fails:", "# breaks:", None),
        ("# misconception: -", "# a note", None),
    ],
)
def test_a_head_that_breaks_the_rules_is_found(
    sound: Any, old: str, new: str, line: int | None
) -> None:
    sound.edit(sound.wrong / "cat.py", old, new)

    fault = coverage(sound)[0]

    assert fault.rule == "wrong-answer-head"
    assert fault.file == sound.wrong / "cat.py"
    assert fault.line == line


def test_a_suite_that_is_not_the_pinned_one_is_found(sound: Any) -> None:
    sound.edit(sound.suite / "test_visible.py", "double([1, 2]) is", "double of [1, 2] is")

    collected = collect_with(sound.examiners.first, sound.subject.exercise)
    (fault,) = texts.lock_faults(sound.subject, collected)

    assert "`double_example`" in fault.message.en
    assert fault.file == sound.suite / "test_visible.py"
    assert fault.cure.en == "grade lock ex90"


@pytest.mark.parametrize(
    "said",
    [Text(en="twice the same", zh="twice the same"), Text(en="中文写错了地方", zh="中文")],
    ids=["no Chinese", "no English"],
)
def test_a_text_in_one_language_is_found(sound: Any, said: Text) -> None:
    exercise = sound.subject.exercise
    first = msgspec.structs.replace(exercise.checks[0], hint=said)
    changed = msgspec.structs.replace(exercise, checks=(first, *exercise.checks[1:]))

    (fault,) = texts.language_faults(Subject(sound.course, changed))

    assert fault.rule == "languages"
    assert fault.file == sound.suite / "test_visible.py"


def test_a_title_that_is_code_may_read_the_same(sound: Any) -> None:
    exercise = sound.subject.exercise
    code = Text(en='FACTS["cat"]', zh='FACTS["cat"]')
    first = msgspec.structs.replace(exercise.checks[0], title=code)
    changed = msgspec.structs.replace(exercise, checks=(first, *exercise.checks[1:]))

    assert list(texts.language_faults(Subject(sound.course, changed))) == []


def test_a_task_without_a_visible_check_is_found(sound: Any) -> None:
    exercise = sound.subject.exercise
    checks = tuple(check for check in exercise.checks if check.id != "total_example")
    changed = msgspec.structs.replace(exercise, checks=checks)

    (fault,) = texts.check_faults(Subject(sound.course, changed))

    assert "`total`" in fault.message.en
    assert fault.file == sound.folder / "exercise.toml"


def test_a_hint_that_is_a_block_of_code_reads_the_same_in_all_languages() -> None:
    code = Text("  x = 1\n  return x", "  x = 1\n  return x")
    assert texts._is_all_code(code)
    assert not texts._is_all_code(Text("Return x.", "Return x."))
    assert not texts._is_all_code(Text("Do:\n  x = 1", "Do:\n  x = 1"))
