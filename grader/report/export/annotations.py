"""Annotations for GitHub and what speaks like it: messages at the student's own lines.

A line of the log such as `::error file=F,line=L,title=T::message` becomes one. GitHub keeps ten of
a kind from a step and drops the rest without a word, so the tenth says how many there are more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from grader.language import Language, Text
from grader.report.export.located import Located
from grader.report.neutralise import for_terminal, without_ci_commands

__all__ = ["to_annotations"]

_MOST: Final = 10
"""Of a kind from one step; a job has 50, which five steps can fill."""
_MAX_MESSAGE: Final = 2000
"""Letters; the whole text stands in the summary."""


class _Annotation(NamedTuple):
    kind: str
    """`error` for what students can look at themselves, `warning` for hidden checks."""
    path: str
    line: int
    title: str
    message: str


def to_annotations(located: Sequence[Located], language: Language) -> bytes:
    """Write the lines of a log, at most ten of a kind.

    What is said of the same line in the same words is said once.
    """
    lines = [
        _command(one)
        for kind in ("error", "warning")
        for one in _limited([one for one in _all(located, language) if one.kind == kind], language)
    ]
    return "".join(f"{line}\n" for line in lines).encode(errors="replace")


def _all(located: Iterable[Located], language: Language) -> Iterator[_Annotation]:
    for one in located:
        found = sorted(
            one.findings(language), key=lambda each: (each.is_hidden, each.line, each.message)
        )
        for (is_hidden, line, message), same in groupby(
            found, lambda each: (each.is_hidden, each.line, each.message)
        ):
            titles = list(dict.fromkeys(each.title for each in same))
            more = Text(en=f" (+{len(titles) - 1} more)", zh=f"（另有 {len(titles) - 1} 项）")
            title = titles[0] + (more.to(language) if len(titles) > 1 else "")
            kind = "warning" if is_hidden else "error"
            yield _Annotation(kind, one.path, line, f"{one.report.exercise} {title}", message)


def _limited(found: Sequence[_Annotation], language: Language) -> Sequence[_Annotation]:
    if len(found) <= _MOST:
        return found
    kept, last = found[: _MOST - 1], found[_MOST - 1]
    left = len(found) - len(kept)
    said = Text(
        en=f"{left} more like this one stand in the summary of this run",
        zh=f"另有 {left} 条类似信息，见本次运行的汇总",
    )
    return [*kept, last._replace(title=said.to(language))]


def _command(one: _Annotation) -> str:
    # Some runners look for commands within a line, too.
    message = without_ci_commands(for_terminal(one.message))
    if len(message) > _MAX_MESSAGE:
        message = f"{message[:_MAX_MESSAGE]} …"
    properties = {"file": one.path, "line": str(one.line), "title": for_terminal(one.title)}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{one.kind} {written}::{_data(message)}"


def _data(text: str) -> str:
    """Escape a message, as GitHub's own toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
