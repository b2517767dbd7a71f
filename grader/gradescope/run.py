"""Grades one submission in Gradescope's folders and writes its `results.json`.

    settings → metadata → the file → grade → results.json; the whole report → standard output

Standard output is for instructors: `results.json` says that students do not see it. Whatever goes
wrong on our side ends in a `results.json` without a score that says so.
"""

from __future__ import annotations

import io
import sys
import traceback
from pathlib import Path
from typing import IO, Any

import msgspec

from grader.atomic import write_atomically
from grader.batch.unreadable import unreadable_report
from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.errors import CourseError, GraderError, GraderFault, SubmissionError
from grader.gradescope.handed_in import find_answer
from grader.gradescope.metadata import Metadata, facts_of, read_metadata, remarks_on
from grader.gradescope.settings import SETTINGS_NAME, Settings, decode_settings
from grader.language import Language, Text
from grader.pipeline import GradeRequest, grade_submission
from grader.report.export.document import to_document
from grader.report.export.gradescope import fault_results, results_of
from grader.report.model import Report
from grader.report.neutralise import for_ci_log
from grader.report.terminal import print_report

__all__ = ["run_autograder"]

_BROKE = Text(en="the grader broke", zh="评分程序自身出错")


def run_autograder(root: Path, log: IO[str] = sys.stdout) -> int:
    """Grade what lies in the folders under `root`.

    Args:
        root: The folder that Gradescope calls `/autograder`.
        log: Where to write what only instructors see.

    Returns:
        0, or the exit code of whose fault it is that there is no score.

    Raises:
        ReportNotWrittenError: `results.json` cannot be written.
    """
    metadata = read_metadata(_bytes_of(root / "submission_metadata.json"))
    said = io.StringIO()
    language: Language = "en"
    try:
        settings = decode_settings(_bytes_of(root / "source" / SETTINGS_NAME))
        language = settings.language
        report = _grade(root, settings)
        results, code = results_of(report, language), _exit_code(report)
        print_report(report, language, said, show_all=True)
        said.write(f"\nseed: {settings.seed}\n")
    except GraderError as error:
        said.write(for_ci_log(f"{error.message.to(language)}\n"))
        results, code = fault_results(error.message, language), error.exit_code
    except Exception:  # noqa: BLE001 - the border of the program: whatever arrives here is ours
        said.write(for_ci_log(traceback.format_exc()))
        results, code = fault_results(_BROKE, language), GraderFault.exit_code
    content = to_document(_with(results, metadata, language))
    write_atomically(root / "results" / "results.json", content)
    # Only now: without the file that hides it, students might be shown all of it.
    log.write(said.getvalue())
    return code


def _grade(root: Path, settings: Settings) -> Report:
    exercise = load_exercise(Course(root / "source" / "course"), settings.exercise)
    folder = root / "submission"
    path = folder / f"{exercise.name}.py"
    try:
        path, remark = find_answer(folder, exercise)
        report = _graded(exercise, path, settings)
    except SubmissionError as error:
        return unreadable_report(
            exercise, path, error, owner="", seed=settings.seed, sandbox=settings.sandbox
        )
    notes = report.notes if remark is None else (*report.notes, remark)
    return msgspec.structs.replace(report, notes=notes)


def _graded(exercise: Exercise, path: Path, settings: Settings) -> Report:
    request = GradeRequest(
        exercise=exercise,
        file=path,
        seed=settings.seed,
        device="cpu",
        sandbox=settings.sandbox,
    )
    return grade_submission(request)


def _exit_code(report: Report) -> int:
    if report.status != "grader_fault":
        return 0
    return CourseError.exit_code if report.fault_of == "course" else GraderFault.exit_code


def _with(results: dict[str, Any], metadata: Metadata, language: Language) -> dict[str, Any]:
    """Add what Gradescope says about the submission."""
    lines = [*remarks_on(metadata, language), str(results["output"])]
    extra = results.get("extra_data", {}) | facts_of(metadata)
    return results | {"output": "\n".join(lines), "extra_data": extra}


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
