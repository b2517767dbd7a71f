"""What an autograder prints for Autolab: text, and a last line with the scores as JSON.

The scores go by the tasks' ids, which are the names that the problems need to have in Autolab; the
scoreboard has the sum. Autolab records 0 where no such line can be read, so that nothing at all is
written for a fault of ours, and the job fails.
"""

from __future__ import annotations

import msgspec

from grader.language import Language
from grader.report.export.explanation import all_checks, explain_check, explain_report, name_of
from grader.report.export.scored import require_score
from grader.report.model import Report
from grader.report.neutralise import for_ci_log
from grader.report.words import points_words

__all__ = ["to_autolab"]


def to_autolab(report: Report, language: Language) -> bytes:
    """Write what the autograder prints.

    Raises:
        GraderFault: There is no score.
        CourseError: Likewise, because of the course.
    """
    points = require_score(report, "Autolab")
    seen = report.for_student()
    lines = [explain_report(seen, language)]
    for _, task, check in all_checks(seen):
        of = f"{points_words(check.score)}/{points_words(check.max_score)}"
        lines += [f"{name_of(task, check, language)}  ({of})", explain_check(check, language)]
    text = "\n".join(line for line in lines if line)
    scores = {task.id: task.score for task in report.tasks}
    last = msgspec.json.encode({"scores": scores, "scoreboard": [points.score]})
    return for_ci_log(text).encode() + b"\n" + last + b"\n"
