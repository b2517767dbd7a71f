"""Words what the worker reports about the file itself: parts that failed, parts left out."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.language import Text, text
from grader.report.examination import Problem, SkippedStatement
from grader.session.absence import is_starred_import
from grader.session.diagnosis import (
    place_of_problem,
    problem_hint,
    problem_text,
)
from grader.session.lost_worker import of_lost_worker
from grader.session.places import where
from grader.session.student import Lost, Student
from grader.worker import wire

_MAX_CODE: Final = 120

_REASONS: Final = {
    "magic": Text(en="a notebook's magic or shell line", zh="notebook 的魔法命令或 shell 命令"),
    "main_guard": Text(
        en='it stands under `if __name__ == "__main__":`',
        zh='它位于 `if __name__ == "__main__":` 之下',
    ),
    "experiment": Text(en="nothing that is graded needs it", zh="评分不需要它"),
    "unused": Text(en="nothing that is graded uses it", zh="评分的内容没有用到它"),
    "shadows": Text(
        en="it would hide the class behind an object of the same name",
        zh="它会用同名的对象遮住这个类",
    ),
}
"""By the reasons that `grader.worker.definitions` gives."""


def problems_of(student: Student) -> tuple[Problem, ...]:
    """Word the parts of the file that could not be parsed, failed, or ended the worker."""
    facts = [fact for fact in student.facts.problems if not _is_remarked_on(fact, student)]
    problems = [_problem(fact, student) for fact in facts]
    told = [student.loss_behind(fact) for fact in student.facts.problems]
    problems += [_lost(lost, student, ()) for lost in student.lost if lost not in told]
    return tuple(problems)


def _is_remarked_on(fact: wire.ProblemFact, student: Student) -> bool:
    """Whether a remark says of a script's starred import what there is to say.

    Of the names that are asked for, which the import may have cost, a script has promised none.
    """
    places = {(remark.line, remark.cell) for remark in student.facts.remarks}
    is_guess = student.facts.is_script and is_starred_import(fact)
    return is_guess and (fact.line, fact.cell) in places


def skipped_statements_of(student: Student) -> tuple[SkippedStatement, ...]:
    """Word the statements that were not run."""
    found = []
    for fact in student.facts.skipped:
        place = where(student, fact.line, fact.cell)
        if place is not None:
            reason = _REASONS.get(fact.reason, text(fact.reason))
            place = msgspec.structs.replace(place, source=None)
            found.append(SkippedStatement(place, fact.code[:_MAX_CODE], reason))
    return tuple(found)


def _problem(fact: wire.ProblemFact, student: Student) -> Problem:
    lost = student.loss_behind(fact)
    if lost is not None:
        return _lost(lost, student, fact.names)
    return Problem(
        message=problem_text(fact),
        hint=problem_hint(fact),
        where=place_of_problem(fact, student),
        names=fact.names,
    )


def _lost(lost: Lost, student: Student, names: tuple[str, ...]) -> Problem:
    finding = of_lost_worker(lost.kind, lost.detail, lost.places, student)
    return Problem(finding.message, finding.hint, finding.where, names)
