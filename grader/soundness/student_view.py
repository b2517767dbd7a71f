"""Proves that what a student sees gives nothing of the hidden checks away.

A value can come to a student through a hidden check in two ways: out of a run (an input, an
expected value, a path in an exception's text) or out of a text of the author's (a hint that says
the answer). Both are found alike: each number in what a student sees of hidden checks has to
stand somewhere in what students have anyway.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from grader.language import LANGUAGES, Text
from grader.report.model import CheckReport, Report
from grader.soundness.faults import Fault
from grader.soundness.subject import Subject

__all__ = ["Known", "leaks_in", "student_view_faults", "what_students_have"]

# Not the digits of names such as conv2d; both numbers of 3x3.
_NUMBER: Final = re.compile(r"(?<![A-Za-z_\d.])\d+(?:\.\d+)?(?:e[+-]?\d+)?")
_BETWEEN: Final = re.compile(r"(?<=\d)[x×](?=\d)")
_GROUPED: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_PATH: Final = re.compile(r"(?<![\w.:/<])(?:/[\w.+-]+){2,}|\b[A-Za-z]:\\|\btest_hidden\b")
_TENSOR: Final = re.compile(r"tensor\s*\(|\[-?\d[^\]]*,|\b(?:expected|got|应为|实际)\b.*\d")


class Known(NamedTuple):
    """The numbers of an exercise, sorted by who has them."""

    public: frozenset[float]
    """In what students have: texts, stub, visible checks, limits."""
    authored: frozenset[float]
    """In titles, hints and misconceptions, and neither in the hidden suite nor in the solution."""


def what_students_have(subject: Subject) -> Known:
    """Collect the numbers that may be seen."""
    exercise = subject.exercise
    stub = exercise.folder / f"{exercise.name}.py"
    files = [*subject.readmes, stub, exercise.suite / "test_visible.py"]
    limits = exercise.limits
    public = {number for file in files for number in _numbers_in_file(file)}
    public |= {float(getattr(limits, name)) for name in limits.__struct_fields__}
    texts = [*exercise.misconceptions.values(), *(task.title for task in exercise.tasks)]
    for check in exercise.checks:
        texts += [said for said in (check.title, check.hint) if said is not None]
    authored = {number for said in texts for number in _numbers(said)}
    secret = _constants(exercise.suite / "test_hidden.py") | _constants(exercise.solution)
    return Known(frozenset(public), frozenset(authored - secret))


def student_view_faults(
    subject: Subject, known: Known, answer: Path, view: Report
) -> Iterator[Fault]:
    """Find what the student's view of a wrong answer's report gives away."""
    own = frozenset(_numbers_in_file(answer))
    known = known._replace(public=known.public | own)
    for check_id, leak in leaks_in(view, known, subject.course.root):
        file, line = subject.place_of_check(check_id) if check_id else (answer, None)
        yield Fault(
            "student-view",
            Text(
                en=f"what a student sees for {answer.name} gives away {leak}",
                zh=f"学生看到的 {answer.name} 的结果泄露了 {leak}",
            ),
            Text(
                en="Leave inputs, expected values and paths out of titles, hints and "
                "misconceptions; what a README says may be repeated.",
                zh="标题、提示和误区说明中不要写输入、期望值和路径；README 里已有的可以重复。",
            ),
            file,
            line,
        )


def leaks_in(view: Report, known: Known, root: Path) -> Iterator[tuple[str | None, str]]:
    """Give what a view holds that students must not see, with the check that it came through.

    Args:
        view: What `Report.for_student` gave.
        known: The numbers that may be seen.
        root: The course's folder, whose name must not be seen.
    """
    if view.environment.seed is not None:
        yield None, f"the seed {view.environment.seed}"
    if view.output.stdout or view.output.stderr:
        yield None, "what the submission printed"
    if Path(view.submission.path).name != view.submission.path:
        yield None, f"the path {view.submission.path}"
    for task in view.tasks:
        for check in task.checks:
            if check.visibility != "visible":
                yield from ((check.id, leak) for leak in _leaks_of(check, known, root))


def _leaks_of(check: CheckReport, known: Known, root: Path) -> Iterator[str]:
    for language in LANGUAGES:
        for said in (check.title, check.hint, check.message):
            if said is None:
                continue
            words = said.to(language)
            if str(root) in words or (path := _PATH.search(words)):
                yield f"a path: {words if str(root) in words else path[0] if path else ''!r}"
            for number in _NUMBER.findall(_plain(words)):
                if float(number) not in known.public | known.authored:
                    yield f"the value {number}: {words!r}"
        # A value may be one that students know; that it is the one of this check, they must not.
        if check.outcome == "failed" and check.message is not None:
            words = check.message.to(language)
            if found := _TENSOR.search(words):
                yield f"a compared value, {found[0]!r}"


def _plain(words: str) -> str:
    return _GROUPED.sub("", _BETWEEN.sub(" ", words))


def _numbers(said: Text) -> set[float]:
    return {
        float(number)
        for language in LANGUAGES
        for number in _NUMBER.findall(_plain(said.to(language)))
    }


def _numbers_in_file(path: Path) -> Iterator[float]:
    if path.is_file():
        text = path.read_text(encoding="utf-8", errors="replace")
        yield from map(float, _NUMBER.findall(_plain(text.replace("_", ""))))


def _constants(path: Path) -> set[float]:
    """Give the numbers that code computes with; comments and texts do not count."""
    try:
        tree = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return set()
    return {
        float(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    }
