"""Reads an `exercise.toml`: what one exercise asks for, as its author wrote it down.

Every mistake in it is reported with the file, the key, what was expected there and what stands
there instead.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import msgspec

from grader.course.models import Limits, Task
from grader.errors import ManifestError
from grader.language import LANGUAGES, Text, text

__all__ = [
    "FORMAT",
    "MANIFEST_NAME",
    "Manifest",
    "Outline",
    "decode_manifest",
    "manifest_error",
    "read_manifest",
    "read_outline",
    "read_toml",
]

FORMAT: Final = 1
MANIFEST_NAME: Final = "exercise.toml"
TOTAL_POINTS: Final = 100

_REST: Final = "\n[misconceptions."

_T = TypeVar("_T")

_EXERCISE_ID = re.compile(r"ex\d\d")
_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_MISCONCEPTION_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MODULE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")

_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<found>[^`]+)`")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>[^`]+)`")
_PATH = re.compile(r"^(?P<problem>.*?)(?: - at `\$(?P<path>.*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.(?P<key>[^.\[]+)|\[(?P<index>\d+|\.\.\.)\]")

_TYPE_WORDS: Final = {
    "array": Text(en="a list", zh="列表"),
    "bool": Text(en="true or false", zh="true 或 false"),
    "float": Text(en="a number", zh="数字"),
    "int": Text(en="a whole number", zh="整数"),
    "object": Text(en="a table", zh="表"),
    "str": Text(en="a text", zh="字符串"),
}
_FILE: Final = Text(en="the file", zh="文件")
_NOTHING: Final = Text(en="nothing", zh="什么也没有")


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of an `exercise.toml`."""

    format: int
    """The version of the manifest's layout; 1."""
    id: str
    """`ex` and two digits."""
    slug: str
    """The topic, in lower case with underscores; with the id it names the folder."""
    title: Text
    tasks: tuple[Task, ...]
    preload: tuple[str, ...] = ()
    """Modules that are imported beside torch before a submission is loaded."""
    onednn: bool = True
    """Whether torch uses oneDNN. It prepares itself for each new shape, which takes longer than
    everything else where tensors are small and shapes many."""
    limits: Limits = Limits()
    signs: tuple[str, ...] = ()
    """What a script about this uses, whatever it defines: `.backward` for a method of any object,
    `torch.optim.SGD` for an imported thing; all of them must be there."""
    topics: tuple[tuple[str, ...], ...] = ()
    """What a script uses that has nothing to grade, and belongs to this exercise all the same: of
    one of these groups all. Looked at where nothing else tells what a script is about."""
    misconceptions: dict[str, Text] = {}
    """Known mistakes that the suite can recognise, by id."""


class Outline(msgspec.Struct, frozen=True):
    """What lists and overviews need of a manifest."""

    id: str
    slug: str
    title: Text
    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """The id and the slug, which name files and folders: `ex03_conv_layer`."""
        return f"{self.id}_{self.slug}"

    @property
    def max_score(self) -> float:
        """The points of all tasks together."""
        return sum(task.points for task in self.tasks)


def read_outline(path: Path) -> Outline:
    """Read the beginning of a manifest, in a quarter of the time.

    Raises:
        ManifestError: The file is missing or its beginning breaks a rule of the layout.
    """
    # Misconceptions are most of the text and stand last; what an author has put elsewhere is read.
    return _convert_part(path, read_toml(path, until=_REST), Outline, ())


def read_manifest(path: Path) -> Manifest:
    """Read one manifest and hold it against all rules.

    Raises:
        ManifestError: The file is missing or breaks a rule; the author's fault.
    """
    return _checked(path, read_toml(path))


def decode_manifest(content: bytes, path: Path) -> Manifest:
    """Read a manifest that is in memory already.

    Args:
        content: What the file holds.
        path: What to call it in an error's message.

    Raises:
        ManifestError: It breaks a rule; the author's fault.
    """
    return _checked(path, _parsed(path, content.decode(errors="replace")))


def _checked(path: Path, content: dict[str, object]) -> Manifest:
    manifest = _convert(path, content)
    if violation := next(_violations(path, manifest), None):
        raise manifest_error(
            path, violation.key, expected=violation.expected, found=violation.found
        )
    return manifest


def read_toml(path: Path, until: str | None = None) -> dict[str, object]:
    """Read a file of the course as TOML.

    Args:
        path: The file.
        until: Leave out what stands from these words on.

    Raises:
        ManifestError: The file is missing, or no TOML in UTF-8.
    """
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        kind = Text(en=f"a file {path.name}", zh=f"文件 {path.name}")
        raise manifest_error(path, _FILE, expected=kind, found=_NOTHING) from error
    except (OSError, UnicodeDecodeError) as error:
        raise manifest_error(path, _FILE, expected="UTF-8 text", found=str(error)) from error
    return _parsed(path, content if until is None else content.partition(until)[0])


def _parsed(path: Path, content: str) -> dict[str, object]:
    try:
        return tomllib.loads(content)
    except (ValueError, RecursionError) as error:  # beside its own: endless numbers and brackets
        raise manifest_error(path, _FILE, expected="TOML", found=str(error)) from error


def manifest_error(
    path: Path, key: Text | str, *, expected: Text | str, found: Text | str
) -> ManifestError:
    """Word a mistake in a file of the course.

    Args:
        path: The file.
        key: Where in the file.
        expected: What the rule asks for.
        found: What stands there.
    """
    place, wanted, actual = text(key), text(expected), text(found)
    return ManifestError(
        Text(
            en=f"{path}: {place.en}: expected {wanted.en}, found {actual.en}",
            zh=f"{path}：{place.zh}：应为{wanted.zh}，实际是{actual.zh}",
        ),
        hint=Text(
            en="This is for the author of the exercise to mend; docs/authors.md has the rules.",
            zh="需要由练习的作者修正；规则见 docs/authors.md。",
        ),
    )


def _convert(path: Path, content: dict[str, object]) -> Manifest:
    # Entry by entry, since the path in an error of msgspec leaves the key of a mapping out.
    misconceptions = content.get("misconceptions")
    if isinstance(misconceptions, dict):
        for name, value in misconceptions.items():
            _convert_part(path, value, Text, ("misconceptions", name))
    return _convert_part(path, content, Manifest, ())


def _convert_part(path: Path, value: object, kind: type[_T], prefix: tuple[str, ...]) -> _T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _translated(path, str(error), prefix) from error


def _translated(path: Path, said: str, prefix: tuple[str, ...]) -> ManifestError:
    """Put an error of msgspec into words."""
    parts = _PATH.match(said)
    problem, trail = (parts["problem"], parts["path"] or "") if parts else (said, "")
    key = _key_words(prefix, trail)
    if match := _EXPECTED.match(problem):
        return manifest_error(
            path, key, expected=_type_words(match["expected"]), found=_type_words(match["found"])
        )
    if match := _MISSING.match(problem):
        expected = Text(en=f"the key `{match['key']}`", zh=f"键 `{match['key']}`")
        return manifest_error(path, key, expected=expected, found=_NOTHING)
    if match := _UNKNOWN.match(problem):
        expected = Text(en="only keys of the manifest's layout", zh="清单格式中规定的键")
        return manifest_error(path, key, expected=expected, found=f"`{match['key']}`")
    return manifest_error(
        path, key, expected=Text(en="a valid value", zh="有效的值"), found=problem
    )


def _key_words(prefix: tuple[str, ...], trail: str) -> Text:
    en, zh = list(prefix), list(prefix)
    for step in _STEP.finditer(trail):
        if step["key"]:
            en.append(step["key"])
            zh.append(step["key"])
        elif step["index"].isdigit():
            number = int(step["index"]) + 1
            en.append(f"entry {number}")
            zh.append(f"第 {number} 项")
    if not en:
        return Text(en="top level", zh="顶层")
    return Text(en=", ".join(en), zh="，".join(zh))


def _type_words(name: str) -> Text | str:
    return _TYPE_WORDS.get(name, name)


class _Violation(NamedTuple):
    """A rule that a manifest breaks."""

    key: Text | str
    expected: Text | str
    found: str


def _violations(path: Path, manifest: Manifest) -> Iterator[_Violation]:
    """Give what the types alone do not say, first things first."""
    if manifest.format != FORMAT:
        yield _Violation("format", str(FORMAT), str(manifest.format))
    yield from _naming(path, manifest)
    yield from _blank_texts(manifest)
    yield from _task_rules(manifest.tasks)
    yield from _limit_rules(manifest.limits)
    for name in manifest.preload:
        if not _MODULE.fullmatch(name):
            yield _Violation("preload", Text(en="names of modules", zh="模块名"), repr(name))


def _naming(path: Path, manifest: Manifest) -> Iterator[_Violation]:
    if not _EXERCISE_ID.fullmatch(manifest.id):
        yield _Violation(
            "id", Text(en="`ex` and two digits", zh="`ex` 加两位数字"), repr(manifest.id)
        )
    if not _SLUG.fullmatch(manifest.slug):
        yield _Violation(
            "slug",
            Text(en="lower case and underscores", zh="小写字母和下划线"),
            repr(manifest.slug),
        )
    folder, name = path.parent.name, f"{manifest.id}_{manifest.slug}"
    if folder != name:
        expected = Text(en=f"the folder's name, {folder}", zh=f"文件夹名 {folder}")
        yield _Violation(Text(en="id and slug", zh="id 与 slug"), expected, name)
    for misconception in manifest.misconceptions:
        if not _MISCONCEPTION_ID.fullmatch(misconception):
            expected = Text(en="ids such as `padding-one`", zh="形如 `padding-one` 的标识")
            yield _Violation("misconceptions", expected, repr(misconception))


def _blank_texts(manifest: Manifest) -> Iterator[_Violation]:
    texts = {"title": manifest.title}
    texts |= {f"tasks, {task.id}, title": task.title for task in manifest.tasks}
    texts |= {f"misconceptions, {name}": said for name, said in manifest.misconceptions.items()}
    for key, said in texts.items():
        for language in LANGUAGES:
            if not said.to(language).strip():
                yield _Violation(f"{key}, {language}", Text(en="a text", zh="文字"), "''")


def _task_rules(tasks: tuple[Task, ...]) -> Iterator[_Violation]:
    if repeated := _repeated(task.id for task in tasks):
        yield _Violation(
            "tasks", Text(en="each id once", zh="每个 id 只出现一次"), f"{repeated!r}, 2×"
        )
    for task in tasks:
        yield from _one_task(task)
    total = math.fsum(task.points for task in tasks)
    if total != TOTAL_POINTS:
        expected = Text(en=f"{TOTAL_POINTS} points in all", zh=f"合计 {TOTAL_POINTS} 分")
        yield _Violation("tasks", expected, f"{total:g}")


def _one_task(task: Task) -> Iterator[_Violation]:
    key = f"tasks, {task.id}"
    if not _SLUG.fullmatch(task.id):
        yield _Violation(
            f"{key}, id",
            Text(en="lower case and underscores", zh="小写字母和下划线"),
            repr(task.id),
        )
    if not (math.isfinite(task.points) and task.points > 0):
        yield _Violation(
            f"{key}, points", Text(en="a number above 0", zh="大于 0 的数"), f"{task.points:g}"
        )
    if not task.names or not all(name.isidentifier() for name in task.names):
        expected = Text(en="one or more Python names", zh="一个或多个 Python 名称")
        yield _Violation(f"{key}, names", expected, repr(list(task.names)))
    yield from _likeness_rules(task)


def _likeness_rules(task: Task) -> Iterator[_Violation]:
    for name, like in task.like.items():
        key = f"tasks, {task.id}, like, {name}"
        if name not in task.names:
            expected = Text(en="a name of the task", zh="任务中的名称")
            yield _Violation(key, expected, repr(name))
        if like.layers is None and not (like.input or like.calls):
            expected = Text(en="`layers`, `input` or `calls`", zh="`layers`、`input` 或 `calls`")
            yield _Violation(key, expected, Text(en="none of them", zh="一个也没有").en)
        if like.layers is not None and not like.input:
            expected = Text(en="`input`, a shape", zh="`input`（形状）")
            yield _Violation(key, expected, "()")


def _limit_rules(limits: Limits) -> Iterator[_Violation]:
    for name in limits.__struct_fields__:
        value = getattr(limits, name)
        if not (math.isfinite(value) and value > 0):
            yield _Violation(
                f"limits, {name}", Text(en="a number above 0", zh="大于 0 的数"), f"{value:g}"
            )


def _repeated(values: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
