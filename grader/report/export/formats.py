"""The formats that a report can be converted to, by the names that `grade convert` knows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from grader.errors import UsageError
from grader.language import Language, Text
from grader.report.export.annotations import to_annotations
from grader.report.export.autolab import to_autolab
from grader.report.export.badge import to_badge
from grader.report.export.check50 import to_check50
from grader.report.export.classroom import to_classroom
from grader.report.export.classroom50 import to_classroom50
from grader.report.export.codequality import to_codequality
from grader.report.export.exercism import to_exercism
from grader.report.export.gradescope import to_gradescope
from grader.report.export.junit import to_junit
from grader.report.export.located import Located
from grader.report.export.prairielearn import to_prairielearn
from grader.report.export.sarif import to_sarif
from grader.report.export.summary import Row, to_summary
from grader.report.export.vpl import to_vpl
from grader.report.model import Report

__all__ = ["FORMATS", "Format", "convert"]

Environment = Mapping[str, str]
_OfMany = Callable[[Sequence[Report], Language], bytes]


class Format(NamedTuple):
    """One format; exactly one of the functions is there."""

    about: Text
    """Who reads it."""
    of_one: Callable[[Report, Language], bytes] | None = None
    """Takes one report."""
    of_many: _OfMany | None = None
    """Takes any number of reports."""
    in_environment: Callable[[Report, Language, Environment], bytes] | None = None
    """Takes one report, and variables that its reader sets."""


def _as_seen(write: _OfMany) -> _OfMany:
    """Give what writes reports that hold no more than students may see."""

    def write_seen(reports: Sequence[Report], language: Language) -> bytes:
        return write([report.for_student() for report in reports], language)

    return write_seen


def _located(write: Callable[[Sequence[Located], Language], bytes]) -> _OfMany:
    """Give what writes at lines of the file that a report names."""

    def write_located(reports: Sequence[Report], language: Language) -> bytes:
        found = [Located(one.for_student(), one.submission.path) for one in reports]
        return write(found, language)

    return write_located


def _page(reports: Sequence[Report], language: Language) -> bytes:
    return to_summary([Row(one.exercise, one.for_student()) for one in reports], (), language)


FORMATS: Final[dict[str, Format]] = {
    "gradescope": Format(Text("Gradescope", "Gradescope"), of_one=to_gradescope),
    "classroom": Format(
        Text("the reporter of GitHub Classroom", "GitHub Classroom 的汇报程序"),
        of_one=to_classroom,
    ),
    "classroom50": Format(Text("Classroom 50", "Classroom 50"), in_environment=to_classroom50),
    "exercism": Format(Text("exercism", "exercism"), of_one=to_exercism),
    "prairielearn": Format(Text("PrairieLearn", "PrairieLearn"), of_one=to_prairielearn),
    "check50": Format(Text("readers of check50", "check50 的读者"), of_one=to_check50),
    "autolab": Format(Text("Autolab", "Autolab"), of_one=to_autolab),
    "vpl": Format(Text("Moodle's VPL", "Moodle 的 VPL"), of_one=to_vpl),
    "junit": Format(
        Text("GitLab, Jenkins, Gitea and many more", "GitLab、Jenkins、Gitea 等"),
        of_many=_as_seen(to_junit),
    ),
    "badge": Format(Text("people, as a picture", "人，以图片形式"), of_many=_as_seen(to_badge)),
    "sarif": Format(
        Text("code scanning, and editors", "代码扫描和编辑器"), of_many=_located(to_sarif)
    ),
    "annotations": Format(
        Text("the log of GitHub Actions and what is like it", "GitHub Actions 等的日志"),
        of_many=_located(to_annotations),
    ),
    "summary": Format(Text("people, as a page in Markdown", "人，Markdown 页面"), of_many=_page),
    "codequality": Format(
        Text("GitLab's merge requests", "GitLab 的合并请求"), of_many=to_codequality
    ),
}
"""The formats, by name."""


def convert(
    reports: Sequence[Report], name: str, language: Language, environment: Environment
) -> bytes:
    """Write reports in a format.

    Args:
        reports: At least one; formats about one submission take no more.
        name: One of `FORMATS`.
        language: The language of what people read.
        environment: The variables of the environment, for formats that need some.

    Raises:
        UsageError: Too many reports, or variables are missing.
        GraderFault: A report has no score, and the format no word for that.
        CourseError: Likewise, because of the course.
    """
    chosen = FORMATS[name]
    if chosen.of_many is not None:
        return chosen.of_many(reports, language)
    if len(reports) != 1:
        raise _one_only(name)
    if chosen.in_environment is not None:
        return chosen.in_environment(reports[0], language, environment)
    assert chosen.of_one is not None  # noqa: S101 - for mypy: it is the one that is left
    return chosen.of_one(reports[0], language)


def _one_only(name: str) -> UsageError:
    return UsageError(
        Text(en=f"{name} is about one submission", zh=f"{name} 格式只能包含一份提交"),
        hint=Text(
            en="Convert the reports one by one.",
            zh="请逐个转换报告。",
        ),
    )
