"""Which of several files is a student's submission."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from grader.batch.discovery.identity import shown
from grader.batch.discovery.names import Match
from grader.errors import SubmissionError
from grader.language import Text
from grader.submission.file import read_regular_file
from grader.submission.submission import MAX_NOTEBOOK_BYTES

__all__ = ["Candidate", "Handouts", "choose"]

# In the order in which they count; each is the reason if the ones before it are alike.
_RULES: Final = (
    Text(en="the other is the handout, unchanged", zh="另一个是未修改的原始文件"),
    Text(en="a file with the exercise's own name goes first", zh="与练习同名的文件优先"),
    Text(en="the source named last goes first", zh="最后给出的来源优先"),
    Text(en="the newest upload goes first", zh="最新上传的优先"),
    Text(en="the highest number behind the name goes first", zh="文件名后编号最大的优先"),
    Text(en="the one in fewer folders goes first", zh="所在文件夹层数最少的优先"),
    Text(en="a .py goes before an .ipynb", zh=".py 优先于 .ipynb"),
    Text(en="the first by name goes first", zh="按名称排序靠前的优先"),
    Text(en="of the same name, the last in the archive", zh="同名时取压缩包中的最后一个"),
)


class Candidate(NamedTuple):
    """A file that could be the submission."""

    path: Path
    parts: tuple[str, ...]
    origin: str
    match: Match
    source: int
    late: bool
    order: int
    """Of uploads, the newer one has the higher number."""
    place: int
    """Counts the files of the source."""


class Handouts:
    """The files that students start from; unchanged, they are no answer."""

    def __init__(self, paths: Iterable[Path]) -> None:
        """Take the stubs and notebooks of the course."""
        self._paths = tuple(paths)
        self._digests: frozenset[bytes] | None = None

    def __contains__(self, path: object) -> bool:
        if self._digests is None:
            self._digests = frozenset(filter(None, map(_digest, self._paths)))
        return isinstance(path, Path) and bool(self._digests) and _digest(path) in self._digests


def choose(candidates: Sequence[Candidate], handouts: Handouts) -> tuple[Candidate, Text | None]:
    """Return the one to grade, and what to say if there were several."""
    if len(candidates) == 1:
        return candidates[0], None
    ranked = sorted(((_rank(one, handouts), one) for one in candidates), key=lambda pair: pair[0])
    best, second = ranked[0], ranked[1]
    rule = next(
        rule for rule, one, two in zip(_RULES, best[0], second[0], strict=True) if one != two
    )
    return best[1], _choice(best[1], [one for _, one in ranked[1:]], rule)


def _rank(one: Candidate, handouts: Handouts) -> tuple[object, ...]:
    return (
        one.path in handouts,
        not one.match.exact,
        -one.source,
        -one.order,
        -one.match.revision,
        len(one.parts),
        one.path.suffix.lower() != ".py",
        one.parts,
        -one.place,
    )


def _choice(best: Candidate, others: list[Candidate], rule: Text) -> Text:
    graded = shown(best.origin)
    en = ", ".join(shown(other.origin) for other in others)
    return Text(
        en=f"several files: {graded} is graded ({rule.en}); not graded: {en}",
        zh=f"有多个文件：评的是 {graded}（{rule.zh}）；未评：{en}",
    )


def _digest(path: Path) -> bytes | None:
    """Return what identifies a file's content, whatever its line ends."""
    try:
        data = read_regular_file(path, MAX_NOTEBOOK_BYTES)
    except SubmissionError:
        return None
    return hashlib.sha256(data.replace(b"\r\n", b"\n").strip()).digest()
