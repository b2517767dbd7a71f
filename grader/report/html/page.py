"""Renders the page: the order is that of the terminal, in HTML that needs no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Any, Final, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grader.language import Language, Text
from grader.report import sentences
from grader.report.examination import Where
from grader.report.excerpt import Excerpt, excerpt_of
from grader.report.html.figures import Figure, draw
from grader.report.model import CheckReport, Report, TaskReport
from grader.report.neutralise import for_html
from grader.report.reading import Finding, Reading, is_left_out, read_in_order
from grader.report.words import (
    OUTCOME_WORDS,
    later_words,
    place_words,
    points_words,
    score_words,
)

__all__ = ["render_html"]

_EXCERPT_WIDTH: Final = 200
"""Columns of a line of the submission; a narrow window scrolls it sideways."""
_MAX_MESSAGE: Final = 4_000
_LANGUAGE_TAGS: Final[dict[Language, str]] = {"en": "en", "zh": "zh-Hans"}

_LABELS: Final[dict[str, Text]] = {
    "first": Text(en="Look here first", zh="先看这里"),
    "begin": Text(en="Begin here", zh="从这里开始"),
    "later": Text(en="After that", zh="然后"),
    "tasks": Text(en="Tasks", zh="任务"),
    "pictures": Text(en="To look at", zh="看一看"),
    "remarks": Text(en="Also good to know", zh="另外"),
    "got": Text(en="got", zh="得到"),
    "expected": Text(en="expected", zh="应为"),
    "hint": Text(en="Hint", zh="提示"),
    "hidden": Text(en="hidden check", zh="隐藏检查"),
    "undefined": Text(en="Not defined because of it", zh="因此未定义"),
    "same": Text(en="The same holds for", zh="同样的还有"),
    "waiting": Text(en="Waiting for this", zh="要等它通过的检查"),
    "not_begun": Text(en="not begun", zh="尚未开始"),
    "write": Text(
        en="Put your own code in this place, save the file, and grade it again.",
        zh="把这里换成你自己的代码，保存文件，然后再评一次分。",
    ),
    "skip": Text(en="Skip to what to look at first", zh="跳到最先要看的地方"),
    "layer": Text(en="layer", zh="层"),
    "yours": Text(en="yours", zh="你的"),
    "broken": Text(en="here it first differs", zh="从这里开始不同"),
    "missing": Text(en="no such layer", zh="没有这一层"),
    "nothing": Text(en="nothing came out", zh="没有输出"),
    "no_chart": Text(
        en="For the chart, run `pip install matplotlib` and grade again.",
        zh="要显示图表，请运行 `pip install matplotlib`，然后再评一次分。",
    ),
    "input": Text(en="input", zh="输入"),
    "colon": Text(en=": ", zh="："),
    "file": Text(en="File", zh="文件"),
    "graded": Text(en="Graded", zh="评分时间"),
}


def render_html(
    report: Report, language: Language, *, follow_up: sentences.FollowUp | None = None
) -> str:
    """Make a page of what a student should read, in one language.

    Args:
        report: What `for_student` gave, where a student reads it.
        language: The language of all texts.
        follow_up: The exercise that full marks lead to.

    Returns:
        A whole document in HTML. It asks for nothing from anywhere and holds no script; a policy in
        its head keeps it so, whatever a submission may have put into its texts.
    """
    view = _View(report, language)
    return (
        _environment()
        .get_template("page.html")
        .render(
            view=view,
            report=report,
            t=view.label,
            say=view.say,
            language_tag=_LANGUAGE_TAGS[language],
            style=Markup(_style()),  # noqa: S704 - our own file
            style_hash=_hash_of(_style()),
            praise=sentences.what_next(report, follow_up),
            score=score_words(report),
            later=later_words(report),
            fault=None if report.fault is None else sentences.fault_sentence(report),
            skipped=sentences.skipped_sentence(report),
        )
    )


class TaskRow(NamedTuple):
    """A task with its score."""

    title: Text
    score: str
    share: float
    """Of the points, from 0 to 1."""
    state: str
    """`done`, `part`, `none` or `open`."""


class _View:
    """What the template asks for."""

    def __init__(self, report: Report, language: Language) -> None:
        self.report = report
        self.language: Language = language
        self.reading: Reading = read_in_order(report)
        self.figures: dict[str, list[Figure]] = {}
        for picture in report.pictures:
            self.figures.setdefault(picture.task, []).append(draw(picture, language))

    def label(self, name: str) -> Markup:
        """Give a word of the page's own."""
        return _prose(_LABELS[name].to(self.language))

    def say(self, said: Text | None) -> Markup:
        """Show a text, harmless, with what stands in backticks as code."""
        return _prose("" if said is None else said.to(self.language)[:_MAX_MESSAGE])

    def tasks(self) -> list[TaskRow]:
        """Give the scores."""
        return [self._row(task) for task in self.report.tasks]

    def later(self) -> list[tuple[TaskReport, list[Finding]]]:
        """Give the other findings by task."""
        groups = groupby(self.reading.later, lambda finding: finding.task)
        return [(task, list(findings)) for task, findings in groups]

    def word(self, check: CheckReport) -> str:
        """Name an outcome."""
        return OUTCOME_WORDS[check.outcome].to(self.language)

    def points(self, check: CheckReport) -> str:
        """Give what a check was worth."""
        return f"{points_words(check.score)}/{points_words(check.max_score)}"

    def place(self, where: Where | None) -> str:
        """Name a line of the submission."""
        if where is None:
            return Text(en="in your file", zh="在你的文件中").to(self.language)
        return place_words(where, self.language)

    def excerpt(self, where: Where | None) -> Excerpt | None:
        """Give the line itself."""
        return excerpt_of(where, _EXCERPT_WIDTH)

    def shape(self, sides: tuple[int, ...]) -> str:
        """Write a shape as texts on networks do."""
        return " × ".join(map(str, sides))

    def missing(self, finding: Finding) -> list[tuple[Text, str]]:
        """Give what is not written yet, with its points."""
        work = sentences.missing_work(finding).items()
        return [(what, self._points(points)) for what, points in work]

    def waiting(self, finding: Finding) -> Text:
        """Say how many checks wait for a finding."""
        return sentences.waiting_sentence(finding.waiting)

    def task_figures(self) -> list[tuple[TaskReport, Sequence[Figure]]]:
        """Give the pictures by task."""
        found = ((task, self.figures.get(task.id, ())) for task in self.report.tasks)
        return [(task, figures) for task, figures in found if figures]

    def _points(self, points: float) -> str:
        count = points_words(points)
        return Text(en=f"{count} points", zh=f"{count} 分").to(self.language)

    def _row(self, task: TaskReport) -> TaskRow:
        score = f"{points_words(task.score)} / {points_words(task.max_score)}"
        share = task.score / task.max_score if task.max_score else 1.0
        if task.score == task.max_score:
            state = "done"
        elif sentences.is_not_begun(task) or is_left_out(task):
            state = "open"
        else:
            state = "part" if task.score else "none"
        return TaskRow(task.title, score, round(share, 3), state)


def _prose(text: str) -> Markup:
    """Show what stands in backticks as code; an odd one out stays as it is."""
    parts = text.split("`")
    if len(parts) % 2 == 0:
        parts[-2:] = ["`".join(parts[-2:])]
    plain = [for_html(part) for part in parts]
    shown = [f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(plain)]
    return Markup("".join(shown))  # noqa: S704 - each part was escaped


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("grader.report.html", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )


def _harmless(value: Any) -> Any:  # noqa: ANN401 - whatever a template shows
    """Make each text that a template shows harmless; what is markup already was."""
    is_plain = isinstance(value, str) and not isinstance(value, Markup)
    return Markup(for_html(value)) if is_plain else value  # noqa: S704 - just escaped


@cache
def _style() -> str:
    return files("grader.report.html").joinpath("templates/page.css").read_text(encoding="utf-8")


def _hash_of(style: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
