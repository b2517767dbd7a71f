"""JUnit XML, as GitLab, Jenkins, Gitea and most other places read it.

The layout is what pytest writes as `xunit2`, whose schema is that of Jenkins' xUnit plugin
(junit-10.xsd). That schema has properties for suites only, so the points of all checks stand
there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

from grader.language import Language, Text
from grader.report.examination import Outcome
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.neutralise import for_xml
from grader.report.words import OUTCOME_WORDS, place_words, points_words

__all__ = ["to_junit"]

_ERRORS: Final[frozenset[Outcome]] = frozenset({"error", "timeout", "crashed", "memory"})
"""What ended the code, as opposed to an answer that is wrong."""
_FAULT: Final = Text(
    en="The course or the grader is at fault, not your code. This costs you nothing.",
    zh="是课程或评分程序出了问题，不是你的代码。这不会扣你的分。",
)


def to_junit(reports: Sequence[Report], language: Language) -> bytes:
    """Write reports as JUnit XML: a suite an exercise, a case a check.

    A check that did not run counts as failed, since it gives no points; one that is worth none
    counts as skipped.
    """
    root = ET.Element("testsuites", name="grade")
    for report in reports:
        root.append(_suite(report, language))
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body + b"\n"


def _suite(report: Report, language: Language) -> ET.Element:
    suite = ET.Element("testsuite", name=for_xml(f"{report.exercise} {report.title.to(language)}"))
    _add_properties(suite, report)
    cases = [_case(report, task, check, language) for task in report.tasks for check in task.checks]
    if report.fault is not None:
        cases = [_fault_case(report, report.fault, language)]
    suite.extend(cases)
    for name, kind in (("errors", "error"), ("failures", "failure"), ("skipped", "skipped")):
        suite.set(name, str(sum(case.find(kind) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
    suite.set("time", f"{report.duration_s:.3f}")
    suite.set("timestamp", report.started_at)
    return suite


def _add_properties(suite: ET.Element, report: Report) -> None:
    facts = {"status": report.status, "submission_sha256": report.submission.sha256}
    if report.score is not None and report.max_score is not None:
        facts |= {"score": f"{report.score:g}", "max_score": f"{report.max_score:g}"}
    for task in report.tasks:
        for check in task.checks:
            facts[f"points.{task.id}.{check.id}"] = f"{check.score:g}/{check.max_score:g}"
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        ET.SubElement(properties, "property", name=for_xml(name), value=for_xml(value))


def _case(report: Report, task: TaskReport, check: CheckReport, language: Language) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=for_xml(f"{report.exercise}.{task.id}"),
        # Titles may repeat, and readers follow a case from run to run by its name.
        name=for_xml(f"{check.title.to(language)} [{check.id}]"),
        time=f"{check.duration_s:.3f}",
    )
    if check.outcome == "passed":
        return case
    word = OUTCOME_WORDS[check.outcome].to(language)
    points = f"{points_words(check.score)}/{points_words(check.max_score)}"
    if check.outcome == "not_run" and check.max_score == 0:
        ET.SubElement(case, "skipped", message=word)
        return case
    kind = "error" if check.outcome in _ERRORS else "failure"
    ended = ET.SubElement(case, kind, message=f"{word} ({points})")
    ended.text = for_xml("\n".join(_lines(check, language)))
    return case


def _lines(check: CheckReport, language: Language) -> list[str]:
    lines = [] if check.message is None else [check.message.to(language)]
    if check.where is not None:
        lines.append(place_words(check.where, language))
    if check.hint is not None:
        lines.append(Text(en="hint: ", zh="提示：").to(language) + check.hint.to(language))
    return lines


def _fault_case(report: Report, fault: Text, language: Language) -> ET.Element:
    case = ET.Element("testcase", classname=for_xml(report.exercise), name="grade", time="0.000")
    ended = ET.SubElement(case, "error", message=_FAULT.to(language))
    ended.text = for_xml(fault.to(language))
    return case
