"""What a student reads in the output of a push: a line for each exercise, then what to look at."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import IO, Final

from grader.batch.output import report_path
from grader.errors import GraderError
from grader.hook.drain import LATEST
from grader.hook.queue import Outcome, Push
from grader.hook.receive import Answered
from grader.language import Language, Text
from grader.report.model import Report
from grader.report.neutralise import for_ci_log
from grader.report.read import read_report
from grader.report.terminal import print_report
from grader.report.words import points_words

__all__ = ["print_answer", "print_standing"]

_MAX_PAGES: Final = 3
"""Reports that are printed whole; of more exercises in one push, each has its line alone."""
_HANDOUT: Final = Text(
    en="not begun: the file is as it was handed out", zh="尚未开始：文件仍是原样"
)
_FAULT: Final = Text(
    en="not graded: the fault is ours and costs you nothing",
    zh="没有评分：故障在我们这边，不会扣你的分",
)
_UNCHANGED: Final = Text(en="no exercise has changed in this push", zh="这次推送没有改动任何练习")
_FAILED: Final = Text(
    en="the grader could not be started. Your push is kept and will be graded later; "
    "please tell your teacher.",
    zh="评分程序无法启动。你的推送已保存，稍后会评分；请告诉老师。",
)


def print_answer(
    answered: Answered, titles: Mapping[str, Text], out: Path, language: Language, file: IO[str]
) -> None:
    """Print what a push came to, as far as it is known; untrusted text is made harmless.

    Args:
        answered: What is known.
        titles: The exercises' titles, by id.
        out: The folder with the reports.
        language: The language of all texts.
        file: Where to print.
    """
    push = answered.push
    branch = push.pushed.ref.removeprefix("refs/heads/")
    _say(f"grade: {branch} {push.pushed.new[:8]}", file)
    if answered.outcomes is None:
        _say(_later(answered).to(language), file)
        return
    reports: list[Report] = []
    for outcome in answered.outcomes:
        report = _report(out, push, outcome)
        if report is not None and report.score != report.max_score:
            reports.append(report)
        _say(
            f"  {_name(outcome.exercise, titles, language)}{_line(outcome, report, language)}", file
        )
        if outcome.kind == "report" and outcome.said.to(language):
            _say(f"    {outcome.said.to(language)}", file)
    for report in reports[:_MAX_PAGES]:
        file.write("\n")
        print_report(report, language, file, show_all=True)
    if not answered.outcomes:
        _say(f"  {_UNCHANGED.to(language)}", file)
        print_standing(push, out, titles, language, file)


def print_standing(
    push: Push, out: Path, titles: Mapping[str, Text], language: Language, file: IO[str]
) -> None:
    """Print the scores of what counts for a repository, which earlier pushes have earned."""
    for exercise in titles:
        try:
            report = read_report(report_path(out / LATEST, push.repository, exercise))
        except GraderError:
            continue
        _say(f"  {_name(exercise, titles, language)}{_points(report, language)}", file)


def _name(exercise: str, titles: Mapping[str, Text], language: Language) -> str:
    """Name an exercise, with the space behind it; nothing for a push as a whole."""
    parts = [exercise, titles[exercise].to(language) if exercise in titles else ""]
    return "".join(f"{part}  " for part in parts if part)


def _report(out: Path, push: Push, outcome: Outcome) -> Report | None:
    """Read what a student may see of a report."""
    if outcome.kind not in {"report", "fault"}:
        return None
    return read_report(report_path(out, push.owner, outcome.exercise)).for_student()


def _line(outcome: Outcome, report: Report | None, language: Language) -> str:
    if report is not None:
        return _points(report, language)
    if outcome.kind == "handout":
        return _HANDOUT.to(language)
    return outcome.said.to(language)


def _points(report: Report, language: Language) -> str:
    if report.score is None or report.max_score is None:
        return _FAULT.to(language)
    return f"{points_words(report.score)} / {points_words(report.max_score)}"


def _later(answered: Answered) -> Text:
    if answered.has_failed:
        return _FAILED
    place, before = f"reports/{answered.push.owner}/", answered.before
    return Text(
        en=f"  not graded yet; pushes before yours: {before}. It will be graded, whether you wait "
        f"or not, and the report kept under {place}. Push an empty commit later to read your "
        "scores.",
        zh=f"  还没有评完；前面还有 {before} 次推送。无论你是否等待都会评分，"
        f"报告保存在 {place} 下。稍后推送一个空提交即可查看得分。",
    )


def _say(line: str, file: IO[str]) -> None:
    file.write(for_ci_log(line).replace("\n", " ") + "\n")
