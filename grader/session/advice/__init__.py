"""What is said of mistakes and of lessons in a learner's own script.

The worker reads the text and names what it sees, with the learner's own names and numbers; the
sentences are here. What it names that is not known here is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from grader.language import Text
from grader.report.examination import Advice
from grader.session.advice import changes, data, imports, networks, skeleton, training
from grader.session.advice.saying import Saying
from grader.session.places import where

if TYPE_CHECKING:
    from grader.session.student import Student

__all__ = ["SAYINGS", "advice_of"]

SAYINGS: Final[dict[str, Saying]] = {
    **skeleton.SAYINGS,
    **networks.SAYINGS,
    **data.SAYINGS,
    **training.SAYINGS,
    **imports.SAYINGS,
    **changes.SAYINGS,
}
"""By the ids that `grader.worker.remarks` gives."""


def advice_of(student: Student) -> tuple[Advice, ...]:
    """Word what was noticed."""
    found: list[Advice] = []
    for fact in student.facts.remarks:
        saying = SAYINGS.get(fact.id)
        if saying is None:
            continue
        text = Text(en=saying.text.en, zh=saying.text.zh)
        for name, value in fact.values.items():
            mark = "{" + name + "}"
            text = Text(en=text.en.replace(mark, value), zh=text.zh.replace(mark, value))
        found.append(Advice(fact.id, saying.kind, text, where(student, fact.line, fact.cell)))
    return tuple(found)
