"""Writes a report to disk, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from grader.atomic import write_atomically
from grader.report.model import Report

__all__ = ["write_report"]


def write_report(report: Report, path: Path) -> None:
    """Write a report as JSON in place of what stood at `path`.

    Raises:
        ReportNotWrittenError: The file could not be written; whoever runs the grader has to
            free space or name another folder.
    """
    write_atomically(path, report.to_json())
