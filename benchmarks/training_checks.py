"""Shows that the training checks of ex08 are not flaky, and how far away their bar is.

`python benchmarks/training_checks.py [N] [M]`

Grades the solution N times (200), each time with another seed, and prints every check that was
not passed. Then it grades M times (40) against a copy of the suite whose bar cannot be reached:
the messages of the failing check tell the accuracy that it saw.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grader.course.catalog import Course, load_exercise
from grader.pipeline import GradeRequest, grade_with
from grader.report.model import CheckReport, Report
from grader.session.client import ExaminerClient, start_examiner
from grader.submission import read_submission

ROOT = Path(__file__).resolve().parents[1]
EXERCISE = "ex08_training"
LEARNING_CHECK = "fit_learns"
BAR = re.compile(r"^LEARN_ACCURACY = ([\d.]+)$", re.MULTILINE)
RECOGNISED = re.compile(r"recognises (\d+) of (\d+) images")
DEFAULT_RUNS = (200, 40)
OUT_OF_REACH = "LEARN_ACCURACY = 2.0"


def grade_often(examiner: ExaminerClient, course: Course, seeds: range) -> Iterator[Report]:
    """Grade the solution once for each seed."""
    exercise = load_exercise(course, EXERCISE)
    submission = read_submission(exercise.solution)
    for seed in seeds:
        request = GradeRequest(exercise=exercise, file=exercise.solution, seed=seed)
        yield grade_with(examiner, request, submission)


def not_passed(report: Report) -> list[CheckReport]:
    """List the checks of a report that were not passed."""
    return [check for task in report.tasks for check in task.checks if check.outcome != "passed"]


def count_failures(examiner: ExaminerClient, runs: int) -> int:
    """Grade against the suite as it is, and print what was not passed."""
    failures = 0
    for seed, report in enumerate(grade_often(examiner, Course(ROOT), range(1, runs + 1)), 1):
        failed = not_passed(report)
        failures += bool(failed) or report.score != report.max_score
        for check in failed:
            print(f"seed {seed}: {check.id}: {check.message.en if check.message else ''}")
    return failures


def measure_accuracies(examiner: ExaminerClient, runs: int) -> list[float]:
    """Grade against a suite that always tells the accuracy, and read it."""
    with tempfile.TemporaryDirectory() as folder:
        course = copy_with_bar_out_of_reach(Path(folder))
        reports = list(grade_often(examiner, course, range(1, runs + 1)))
    return [accuracy_in(report) for report in reports]


def copy_with_bar_out_of_reach(folder: Path) -> Course:
    """Copy what belongs to the exercise, with a bar that nobody reaches."""
    for part in ("exercises", "solutions", "tests/suites"):
        shutil.copytree(ROOT / part / EXERCISE, folder / part / EXERCISE)
    suite = Course(folder).suites / EXERCISE / "test_hidden.py"
    text, count = BAR.subn(OUT_OF_REACH, suite.read_text(encoding="utf-8"))
    if count != 1:
        sys.exit(f"{suite} sets no bar")
    suite.write_text(text, encoding="utf-8")
    return Course(folder)


def accuracy_in(report: Report) -> float:
    """Read the accuracy from the message of the check about it."""
    messages = {check.id: check.message.en for check in not_passed(report) if check.message}
    found = RECOGNISED.search(messages.get(LEARNING_CHECK, ""))
    if found is None or len(messages) != 1:
        sys.exit(f"the solution fails for another reason: {messages}")
    return int(found[1]) / int(found[2])


def main() -> None:
    """Print the failures, the spread of the accuracy, and the margin."""
    given = [int(text) for text in sys.argv[1:3]]
    runs, measured = (*given, *DEFAULT_RUNS[len(given) :])
    # A spread needs two.
    measured = max(measured, 2)
    source = Course(ROOT).suites / EXERCISE / "test_hidden.py"
    bar = float(BAR.findall(source.read_text(encoding="utf-8"))[0])
    with start_examiner(load_exercise(Course(ROOT), EXERCISE).preload) as examiner:
        started = time.perf_counter()
        failures = count_failures(examiner, runs)
        seconds = (time.perf_counter() - started) / runs
        print(f"{runs} runs of the solution, {seconds:.1f} s each: {failures} not with full marks")
        found = sorted(measure_accuracies(examiner, measured))
    spread = statistics.stdev(found)
    print(f"accuracy in {measured} runs: bar {bar:.3f}, lowest {[f'{x:.3f}' for x in found[:5]]}")
    print(f"median {statistics.median(found):.3f}, standard deviation {spread:.3f}")
    print(f"margin {found[0] - bar:.3f}, {(found[0] - bar) / spread:.1f} standard deviations")
    sys.exit(bool(failures) or found[0] < bar)


if __name__ == "__main__":
    main()
