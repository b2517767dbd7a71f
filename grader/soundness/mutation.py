"""Grades mutants of a solution, and tells which of them the suite overlooks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from grader.language import Text
from grader.report.model import Report
from grader.soundness.equivalents import EQUIVALENTS_NAME, Equivalent, read_equivalents
from grader.soundness.examiners import Attempt, Examiners, script
from grader.soundness.faults import Fault, MutantFact
from grader.soundness.graded import with_quarter_limits
from grader.soundness.mutants import Mutant, make_mutants
from grader.soundness.subject import Subject, line_with

__all__ = ["MOST_SURVIVORS", "MutationRun", "grade_mutants"]

MOST_SURVIVORS: Final = 0.03
"""The share of mutants, those that are equivalent aside, that a suite may overlook."""
_SEED: Final = 1
_MORE_SEEDS: Final = (2, 3)
"""What passes once is graded again: some mutants are found by some inputs only."""
_SECONDS: Final = 900
"""When an exercise's mutants take longer, the rest is left out, and that is a fault."""
_BATCH: Final = 16


class MutationRun(NamedTuple):
    """What became of the mutants of one solution."""

    graded: int
    gradings: int
    survivors: tuple[MutantFact, ...]
    justified: tuple[MutantFact, ...]
    faults: tuple[Fault, ...]


def grade_mutants(
    subject: Subject,
    examiners: Examiners,
    progress: Callable[[str, int, int], None],
    *,
    seconds: float = _SECONDS,
) -> MutationRun:
    """Grade the mutants of a solution.

    A quarter of each limit is enough for what is right, and stops sooner what hangs.

    Args:
        subject: The exercise.
        examiners: Who grades.
        progress: Is told how far it is.
        seconds: Wall time after which no more mutants are begun.

    Raises:
        ManifestError: The file with the justified mutants breaks its layout.
        GraderFault: Something of ours broke.
    """
    solution = subject.exercise.solution
    equivalents = read_equivalents(solution)
    mutants = make_mutants(solution.read_text(encoding="utf-8"))
    full: list[Mutant] = []
    graded = gradings = 0
    deadline = time.monotonic() + seconds
    for start in range(0, len(mutants), _BATCH):
        if time.monotonic() > deadline:
            break
        batch = mutants[start : start + _BATCH]
        passed = _with_full_marks(subject, examiners, batch, _SEED)
        gradings += len(batch)
        for seed in _MORE_SEEDS:
            gradings += len(passed)
            passed = _with_full_marks(subject, examiners, passed, seed)
        full += passed
        graded += len(batch)
        progress("mutants", graded, len(mutants))
    return _sorted_out(subject, mutants, graded, gradings, full, equivalents)


def _with_full_marks(
    subject: Subject, examiners: Examiners, mutants: Sequence[Mutant], seed: int
) -> list[Mutant]:
    exercise = with_quarter_limits(subject.exercise)
    attempts = [
        Attempt(exercise, script(mutant.source, exercise.solution), seed) for mutant in mutants
    ]
    reports = examiners.grade(attempts)
    return [mutant for mutant, report in zip(mutants, reports, strict=True) if _is_full(report)]


def _is_full(report: Report) -> bool:
    return report.score is not None and report.score == report.max_score


def _sorted_out(  # noqa: PLR0913, PLR0917 - one fact about the run each
    subject: Subject,
    mutants: Sequence[Mutant],
    graded: int,
    gradings: int,
    full: Sequence[Mutant],
    equivalents: Sequence[Equivalent],
) -> MutationRun:
    reasons = {_key(entry): entry.why for entry in equivalents}
    facts = [_fact(subject, mutant, reasons.get(_key(mutant))) for mutant in full]
    faults = list(_stale(subject, mutants[:graded], full, equivalents))
    if graded < len(mutants):
        faults.append(_unfinished(subject, graded, len(mutants)))
    survivors = tuple(fact for fact in facts if fact.why is None)
    justified = tuple(fact for fact in facts if fact.why is not None)
    counted = graded - len(justified)
    if len(survivors) > MOST_SURVIVORS * counted:
        faults.append(_overlooked(survivors, counted))
    return MutationRun(graded, gradings, survivors, justified, tuple(faults))


def _key(mutant: Mutant | Equivalent) -> tuple[str, str, str, int]:
    return mutant.scope, mutant.was, mutant.becomes, mutant.nth


def _fact(subject: Subject, mutant: Mutant, why: str | None) -> MutantFact:
    return MutantFact(
        file=subject.exercise.solution,
        line=mutant.line,
        scope=mutant.scope,
        was=mutant.was,
        becomes=mutant.becomes,
        nth=mutant.nth,
        why=why,
    )


def _stale(
    subject: Subject,
    graded: Sequence[Mutant],
    full: Sequence[Mutant],
    equivalents: Sequence[Equivalent],
) -> Iterator[Fault]:
    """Find justifications of mutants that do not exist, or that a check does tell apart."""
    path = subject.exercise.solution.with_name(EQUIVALENTS_NAME)
    made, passed = {_key(mutant) for mutant in graded}, {_key(mutant) for mutant in full}
    for entry in equivalents:
        key = _key(entry)
        if key in passed:
            continue
        reason = (
            Text(en="loses points: it is not equivalent", zh="会失分：它并不等价")
            if key in made
            else Text(en="is none of the solution's", zh="不是这份参考答案的变体")
        )
        yield Fault(
            "mutants",
            Text(
                en=f"the justified mutant `{entry.becomes}` {reason.en}",
                zh=f"已说明理由的变体 `{entry.becomes}` {reason.zh}",
            ),
            Text(en="Remove its entry.", zh="请删除这一条。"),
            path,
            line_with(path, entry.becomes),
        )


def _overlooked(survivors: Sequence[MutantFact], counted: int) -> Fault:
    first = survivors[0]
    return Fault(
        "mutants",
        Text(
            en=f"{len(survivors)} of {counted} mutants get full marks, the first one here: "
            f"`{first.becomes}`",
            zh=f"{counted} 个变体中有 {len(survivors)} 个得满分，第一个在这里：`{first.becomes}`",
        ),
        Text(
            en=f"Let a check tell it apart, or justify it as equivalent in {EQUIVALENTS_NAME}.",
            zh=f"让某个检查能够区分它，或在 {EQUIVALENTS_NAME} 中说明它为何等价。",
        ),
        first.file,
        first.line,
    )


def _unfinished(subject: Subject, graded: int, total: int) -> Fault:
    return Fault(
        "mutants",
        Text(
            en=f"time ran out: {graded} of {total} mutants were graded",
            zh=f"时间不够：{total} 个变体只评了 {graded} 个",
        ),
        Text(
            en="Run it on a machine with more cores, or shorten the slowest checks.",
            zh="请换一台核心更多的机器，或缩短最慢的检查。",
        ),
        subject.exercise.solution,
    )
