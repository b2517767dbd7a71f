"""Writes what a push came to, for each reader; and says it in the log."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec

from grader.atomic import not_written, write_atomically
from grader.ci.run import Graded, PushResult
from grader.language import Language, Text
from grader.report.export.annotations import to_annotations
from grader.report.export.badge import to_badge
from grader.report.export.codequality import to_codequality
from grader.report.export.document import to_document
from grader.report.export.junit import to_junit
from grader.report.export.located import Located
from grader.report.export.sarif import to_sarif
from grader.report.export.summary import Row, to_summary
from grader.report.terminal import print_report
from grader.submission.notebook_lines import find_lines

__all__ = ["print_result", "write_outputs"]

_FLAGS: Final = ("GITHUB_ACTIONS", "GITEA_ACTIONS", "FORGEJO_ACTIONS")
_NOTHING: Final = Text(
    en="This push touches no exercise, so there was nothing to grade.",
    zh="本次推送没有改动任何练习，因此没有可评分的内容。",
)


class _Entry(msgspec.Struct, frozen=True):
    """An exercise in `result.json`."""

    exercise: str
    path: str | None
    status: str | None
    score: float | None
    max_score: float | None
    withheld_points: float
    score_before: float | None
    report: str | None


class _Result(msgspec.Struct, frozen=True):
    """The content of `result.json`."""

    head: str
    base: str | None
    exercises: tuple[_Entry, ...]


def write_outputs(
    result: PushResult,
    out: Path,
    notes: Sequence[Text],
    language: Language,
    environment: Mapping[str, str],
) -> None:
    """Write summary, JUnit XML, SARIF, code quality, badge and `result.json` into `out`.

    Where GitHub names a file for its summary or for outputs, they are appended there too.

    Raises:
        ReportNotWrittenError: The disk is full, or the folder may not be written to.
    """
    located = _located(result)
    reports = [one.report for one in located]
    summary = to_summary(_rows(result), notes, language)
    # The path in the repository, so that GitLab finds the file; students may see it anyway.
    placed = [
        msgspec.structs.replace(
            one.report, submission=msgspec.structs.replace(one.report.submission, path=one.path)
        )
        for one in located
    ]
    for name, content in (
        ("summary.md", summary),
        ("junit.xml", to_junit(reports, language)),
        ("results.sarif", to_sarif(located, language)),
        ("codequality.json", to_codequality(placed, language)),
        ("badge.svg", to_badge(reports, language)),
        ("result.json", to_document(_document(result))),
    ):
        write_atomically(out / name, content)
    _append(environment.get("GITHUB_STEP_SUMMARY"), summary)
    _append(environment.get("GITHUB_OUTPUT"), _variables(result))


def print_result(
    result: PushResult, language: Language, file: IO[str], environment: Mapping[str, str]
) -> None:
    """Print the reports, and annotations where the place that reads the log knows them."""
    knows_commands = any(environment.get(name) == "true" for name in _FLAGS)
    # What a submission says can be no command between these two lines, whatever it prints.
    token = secrets.token_hex(16)
    if knows_commands:
        file.write(f"::stop-commands::{token}\n")
    if not result.graded:
        file.write(f"{_NOTHING.to(language)}\n")
    for one in result.graded:
        if one.report is not None:
            print_report(one.report, language, file)
            file.write("\n")
    if knows_commands:
        file.write(f"::{token}::\n")
        file.write(to_annotations(_located(result), language).decode())


def _located(result: PushResult) -> list[Located]:
    return [
        Located(one.report, one.touched.path, _lines_of(one))
        for one in result.graded
        if one.report is not None and one.touched.path is not None
    ]


def _lines_of(graded: Graded) -> Mapping[tuple[int, int], int]:
    is_notebook = graded.report is not None and graded.report.submission.kind == "ipynb"
    return find_lines(graded.content) if is_notebook else {}


def _rows(result: PushResult) -> list[Row]:
    return [
        Row(one.touched.exercise.id, one.report, one.base_report, one.touched.notes)
        for one in result.graded
    ]


def _document(result: PushResult) -> _Result:
    return _Result(result.push.head, result.push.base, tuple(_entries(result)))


def _entries(result: PushResult) -> Iterator[_Entry]:
    for one in result.graded:
        report, name = one.report, one.touched.exercise.id
        path = one.touched.path
        yield _Entry(
            exercise=name,
            path=None if path is None else os.fsencode(path).decode(errors="replace"),
            status=None if report is None else report.status,
            score=None if report is None else report.score,
            max_score=None if report is None else report.max_score,
            withheld_points=0.0 if report is None else report.withheld_points,
            score_before=None if one.base_report is None else one.base_report.score,
            report=None if report is None else f"reports/{name}.json",
        )


def _variables(result: PushResult) -> bytes:
    """Give numbers and ids only: nothing in it can begin a variable of its own."""
    reports = [one.report for one in result.graded if one.report is not None]
    facts = {
        "exercises": ",".join(report.exercise for report in reports),
        "score": f"{sum(report.score or 0.0 for report in reports):g}",
        "max-score": f"{sum(report.max_score or 0.0 for report in reports):g}",
    }
    return "".join(f"{name}={value}\n" for name, value in facts.items()).encode()


def _append(path: str | None, content: bytes) -> None:
    if not path:
        return
    try:
        with Path(path).open("ab") as file:
            file.write(content)
    except OSError as error:
        raise not_written(Path(path), error) from error
