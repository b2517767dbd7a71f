"""Rules on what the manifest, the lock and the heads of wrong answers say to each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.course.hints import FEWEST_HINTS, Hints, read_hints
from grader.course.models import Check
from grader.errors import ManifestError
from grader.language import Text, text
from grader.soundness.faults import Fault, fault_of_error
from grader.soundness.mistakes import FAILS, MISCONCEPTION, Mistake, read_mistake
from grader.soundness.subject import Subject, line_with

__all__ = [
    "FEWEST_WRONG_ANSWERS",
    "check_faults",
    "coverage_faults",
    "hint_faults",
    "language_faults",
    "lock_faults",
    "read_mistakes",
]

FEWEST_WRONG_ANSWERS: Final = 8
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
_WORDS: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")


def lock_faults(subject: Subject, collected: Sequence[Check]) -> Iterator[Fault]:
    """Hold the pinned checks against those that the suite declares."""
    pinned = {check.id: check for check in subject.exercise.checks}
    found = {check.id: check for check in collected}
    odd = [name for name in {**found, **pinned} if pinned.get(name) != found.get(name)]
    if not odd and list(pinned) != list(found):
        odd = [name for name, other in zip(found, pinned, strict=True) if name != other]
    for name in odd:
        file, line = subject.place_of_check(name)
        yield Fault(
            "lock",
            Text(
                en=f"the pinned list of checks has something else for `{name}`",
                zh=f"锁定的检查列表中，`{name}` 与测试套件不一致",
            ),
            text(f"grade lock {subject.exercise.id}"),
            file,
            line,
        )


def check_faults(subject: Subject) -> Iterator[Fault]:
    """Find tasks that learners cannot test for themselves at all."""
    for task in subject.exercise.tasks:
        checks = [check for check in subject.exercise.checks if check.task == task.id]
        if not any(check.visibility == "visible" for check in checks):
            yield Fault(
                "visible-check",
                Text(
                    en=f"the task `{task.id}` has no visible check",
                    zh=f"任务 `{task.id}` 没有可见的检查",
                ),
                Text(
                    en="Give it one in test_visible.py, so that a learner has an example.",
                    zh="请在 test_visible.py 中加一个，让学习者有例可循。",
                ),
                subject.manifest,
                line_with(subject.manifest, f'"{task.id}"'),
            )


def language_faults(subject: Subject) -> Iterator[Fault]:
    """Find texts that say the same in both languages, or have no Chinese in the Chinese one."""
    exercise = subject.exercise
    said: list[tuple[str, Text, Path, int | None]] = [
        ("title", exercise.title, subject.manifest, line_with(subject.manifest, "title"))
    ]
    said += [
        (task.id, task.title, subject.manifest, line_with(subject.manifest, f'"{task.id}"'))
        for task in exercise.tasks
    ]
    for name, explained in exercise.misconceptions.items():
        line = line_with(subject.manifest, f"misconceptions.{name}]")
        said.append((name, explained, subject.manifest, line))
    for check in exercise.checks:
        place = subject.place_of_check(check.id)
        said.append((check.id, check.title, *place))
        if check.hint is not None:
            said.append((check.id, check.hint, *place))
    said += [
        (f"{task}, {number}", hint, subject.hints, line_with(subject.hints, f"[[{task}]]"))
        for task, hints in _hints_of(subject).items()
        for number, hint in enumerate(hints, 1)
        if not _is_all_code(hint)
    ]
    for name, words, file, line in said:
        if _is_one_language(words):
            yield Fault(
                "languages",
                Text(
                    en=f"the text of `{name}` does not exist in both languages: {words.zh!r}",
                    zh=f"`{name}` 的文字没有中英两种语言：{words.zh!r}",
                ),
                Text(
                    en="Write `en` in English and `zh` in Simplified Chinese.",
                    zh="请用英文写 `en`，用简体中文写 `zh`。",
                ),
                file,
                line,
            )


def _is_all_code(hint: Text) -> bool:
    """Say whether a hint is a block of code only: indented, and alike in all languages."""
    return hint.en == hint.zh and all(line.startswith("  ") for line in hint.en.splitlines())


def hint_faults(subject: Subject) -> Iterator[Fault]:
    """Find hints that are missing or break a rule."""
    if subject.hints.exists():
        try:
            read_hints(subject.hints, subject.exercise.tasks)
        except ManifestError as error:
            cure = Text(
                en=f"Write {FEWEST_HINTS} or more hints for each task; docs/authors.md has an "
                "example.",
                zh=f"请为每个任务写至少 {FEWEST_HINTS} 条提示；例子见 docs/authors.md。",
            )
            yield fault_of_error(error, "hints", subject.hints, cure)


def _hints_of(subject: Subject) -> Hints:
    try:
        return read_hints(subject.hints, subject.exercise.tasks)
    except ManifestError:
        # Another rule says so.
        return {}


def _is_one_language(words: Text) -> bool:
    # A title such as `FACTS["stride"]` is code, and reads the same in both.
    is_prose = bool(_WORDS.search(words.en))
    return bool(_CHINESE.search(words.en)) or (is_prose and not _CHINESE.search(words.zh))


def read_mistakes(subject: Subject, faults: list[Fault]) -> list[Mistake]:
    """Read the heads of all wrong answers; those that have none become faults."""
    mistakes = []
    for file in subject.wrong_answers:
        try:
            mistakes.append(read_mistake(file))
        except ManifestError as error:
            cure = Text(
                en=f"Begin the file with `{FAILS} check, check` and `{MISCONCEPTION} id` (or -).",
                zh=f"文件开头应写 `{FAILS} 检查, 检查` 和 `{MISCONCEPTION} 标识`（或 -）。",
            )
            faults.append(fault_of_error(error, "wrong-answer-head", file, cure))
    return mistakes


def coverage_faults(subject: Subject, mistakes: Sequence[Mistake]) -> Iterator[Fault]:
    """Find checks and misconceptions that no wrong answer proves, and too few wrong answers."""
    exercise = subject.exercise
    if len(mistakes) < FEWEST_WRONG_ANSWERS:
        yield Fault(
            "few-wrong-answers",
            Text(
                en=f"{len(mistakes)} wrong answers; at least {FEWEST_WRONG_ANSWERS} are needed",
                zh=f"只有 {len(mistakes)} 个错误答案，至少需要 {FEWEST_WRONG_ANSWERS} 个",
            ),
            Text(
                en="Write one plausible mistake a file; docs/authors.md shows the first lines.",
                zh="每个文件写一个合理的错误；开头几行的写法见 docs/authors.md。",
            ),
            subject.wrong_folder,
        )
    failed = frozenset[str]().union(*(mistake.fails for mistake in mistakes))
    for check in exercise.checks:
        if check.id not in failed:
            yield _unproved_check(check.id, *subject.place_of_check(check.id))
    named = {mistake.misconception for mistake in mistakes}
    for name in exercise.misconceptions:
        if name not in named:
            yield _unproved_misconception(name, subject)
    known = {check.id for check in exercise.checks}
    for mistake in mistakes:
        for name in sorted(mistake.fails - known):
            yield Fault(
                "wrong-answer-head",
                Text(en=f"no check is called `{name}`", zh=f"没有名为 `{name}` 的检查"),
                Text(
                    en="Name checks as checks.lock.json does.",
                    zh="检查名应与 checks.lock.json 一致。",
                ),
                mistake.file,
                1,
            )


def _unproved_check(check_id: str, file: Path, line: int | None) -> Fault:
    return Fault(
        "unproved-check",
        Text(
            en=f"no wrong answer fails the check `{check_id}`",
            zh=f"没有任何错误答案在检查 `{check_id}` 上失败",
        ),
        Text(
            en="Write a wrong answer that fails it, or drop the check.",
            zh="请写一个会在这里失败的错误答案，或删除这个检查。",
        ),
        file,
        line,
    )


def _unproved_misconception(name: str, subject: Subject) -> Fault:
    return Fault(
        "unproved-misconception",
        Text(
            en=f"no wrong answer triggers the misconception `{name}`",
            zh=f"没有任何错误答案会触发误区 `{name}`",
        ),
        Text(
            en="Write a wrong answer whose second line names it, or drop it from the manifest.",
            zh="请写一个在第二行指明它的错误答案，或从清单中删除它。",
        ),
        subject.manifest,
        line_with(subject.manifest, f"misconceptions.{name}]"),
    )
