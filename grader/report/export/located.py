"""A report together with where its file lies, for readers that show the file's lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from grader.language import Language
from grader.report.examination import Where
from grader.report.export.explanation import all_checks, explain_check
from grader.report.model import Report

__all__ = ["Finding", "Located"]


class Located(NamedTuple):
    """A report as a student may see it, and the file that it is about."""

    report: Report
    path: str
    """From the top of the repository on, with `/`."""
    lines: Mapping[tuple[int, int], int] = MappingProxyType({})
    """Of a notebook, the line of the file by cell and line; see `grader.submission`."""

    def line_of(self, where: Where | None) -> int:
        """Give a line of the file; the first one where none can be named."""
        if where is None:
            return 1
        if where.cell is None:
            return where.line
        return self.lines.get((where.cell, where.line), 1)

    def findings(self, language: Language) -> Iterator[Finding]:
        """Give what is to be said at a line: problems first, then checks that were not passed."""
        for problem in self.report.problems:
            message = problem.message.to(language)
            hint = problem.hint
            said = message if hint is None else f"{message}\n{hint.to(language)}"
            yield Finding("file", self.line_of(problem.where), message, said, is_hidden=False)
        if self.report.status != "graded":
            return
        for _, task, check in all_checks(self.report):
            if check.outcome != "passed":
                yield Finding(
                    check.id,
                    self.line_of(check.where),
                    f"{task.title.to(language)}: {check.title.to(language)}",
                    explain_check(check, language),
                    is_hidden=check.visibility != "visible",
                )


class Finding(NamedTuple):
    """Something to be said at a line. All texts are untrusted."""

    rule: str
    """The check's id; `file` for what concerns the file as a whole."""
    line: int
    title: str
    message: str
    is_hidden: bool
    """Whether it is about a check that students cannot see; the message has no details then."""
