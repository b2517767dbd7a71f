"""Begins a new exercise: the files that an author has to fill, each saying what is left."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from grader.atomic import not_written, write_atomically
from grader.course.catalog import Course
from grader.course.hints import HINTS_NAME
from grader.errors import UsageError
from grader.language import Text

__all__ = ["UNWRITTEN", "make_scaffold"]

UNWRITTEN: Final = "TODO(author)"
"""Stands wherever an author has something to write; `grade check` finds it."""
_NAME: Final = re.compile(r"(?P<id>ex\d\d)_(?P<slug>[a-z][a-z0-9_]*)")
_EXISTING: Final = re.compile(r"(?P<id>ex\d\d)_(?P<slug>\w+)")

_MANIFEST: Final = """\
format = 1
id = "{id}"
slug = "{slug}"
title = {{ en = {en}, zh = {zh} }}
preload = []  # {mark}: modules that answers import, beside torch; then remove this comment

[[tasks]]
id = "answer"  # {mark}: the tasks with their points, 100 in all
points = 100
names = ["answer"]
title = {{ en = "{mark}: what the task is", zh = "{mark}：任务名称" }}
forbidden = []

[misconceptions.an-example]
en = "{mark}: one sentence of cause, one of where to look; a table for each known mistake"
zh = "{mark}：一句说明原因，一句指出该看哪里"
"""
_HINTS: Final = """\
# What helps with each task, a little more each time.

[[answer]]
en = "{mark}: where to look"
zh = "{mark}：该看哪里"

[[answer]]
en = "{mark}: how it works"
zh = "{mark}：原理是什么"

[[answer]]
en = "{mark}: nearly the answer"
zh = "{mark}：几乎就是答案"
"""
_README: Final = """\
# {id}: {title}

{mark}: what a learner can do after this exercise

## The idea

{mark}: the idea with its formula, and a worked example whose figures are checked:

```python
>>> 1 + 1
2
```

## `answer`: {mark}: the task (100 points)

{mark}: what the task asks for

## How to run it

Write your answer in `{name}.py` or in the notebook of the same name, then:

```
grade {id}
```

## To read

- {mark}: two or three links into torch's documentation
"""
_README_ZH: Final = """\
# {id}：{title}

{mark}：学完之后能做什么

## 思路

{mark}：思路和公式，以及一个数值可以检验的例子：

```python
>>> 1 + 1
2
```

## `answer`：{mark}：任务（100 分）

{mark}：任务要求

## 如何运行

在 `{name}.py` 或同名的 notebook 中写下你的答案，然后：

```
grade {id}
```

## 延伸阅读

- {mark}：两三个指向 torch 文档的链接
"""
_SOLUTION: Final = '''\
"""{id}: {title}.

{id}：{title_zh}。

Fill in each part that is marked TODO, save the file, then run `grade {id}`.
把每一处 TODO 补全，保存文件，然后运行 `grade {id}`。
"""

from __future__ import annotations

import torch


def answer(x: torch.Tensor) -> torch.Tensor:
    """{mark}: signature and text of the task, in both languages."""
    ### BEGIN SOLUTION {mark}: what is missing | {mark}：缺少什么
    return x
    ### END SOLUTION
'''
_SUITE: Final = '''\
"""{id}: the checks that learners {seen}."""

from __future__ import annotations

from grader.session import assert_close, check


@check(
    task="answer",
    points={points},
    visibility="{visibility}",
    title={{"en": "{mark}: what is checked", "zh": "{mark}：检查什么"}},
    hint={{"en": "{mark}: where to look", "zh": "{mark}：该看哪里"}},
)
def test_answer_{check}(student, reference, randn):
    x = randn(3, 4)
    assert_close(student.answer(x), reference.answer(x))
'''


def make_scaffold(course: Course, name: str, title: str, title_zh: str | None) -> list[Path]:
    """Write the files of a new exercise; nothing that exists is touched.

    Args:
        course: Where it will belong.
        name: Id and slug, such as `ex09_attention`.
        title: Its title in English.
        title_zh: Its title in Chinese; None leaves that to the author.

    Returns:
        The files, in the order in which to fill them.

    Raises:
        UsageError: The name breaks the rule, or its number or slug is taken.
        ReportNotWrittenError: A file could not be written; none is left behind.
    """
    match = _NAME.fullmatch(name)
    if match is None or not title.strip():
        raise _bad_name(name, title)
    _require_free(course, match["id"], match["slug"])
    contents = _contents(course, name, title.strip(), (title_zh or "").strip())
    folders = [parent / name for parent in (course.exercises, course.solutions, course.suites)]
    made: list[Path] = []
    try:
        for folder in folders:
            _make_folder(folder)
            made.append(folder)
        _make_folder(course.solutions / name / "wrong")
        for path, content in contents.items():
            write_atomically(path, content.encode())
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return list(contents)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise not_written(folder, error) from error


def _contents(course: Course, name: str, title: str, title_zh: str) -> dict[Path, str]:
    exercise_id, _, slug = name.partition("_")
    facts = {"id": exercise_id, "slug": slug, "name": name, "mark": UNWRITTEN}
    chinese = title_zh or f"{UNWRITTEN}：标题"
    folder, suite = course.exercises / name, course.suites / name
    visible = {"points": 40, "visibility": "visible", "check": "example", "seen": "see"}
    hidden = {
        "points": 60,
        "visibility": "hidden",
        "check": "values",
        "seen": "see by title only",
    }
    return {
        folder / "exercise.toml": _MANIFEST.format(**facts, en=_toml(title), zh=_toml(chinese)),
        folder / HINTS_NAME: _HINTS.format(**facts),
        folder / "README.md": _README.format(**facts, title=title),
        folder / "README.zh.md": _README_ZH.format(**facts, title=chinese),
        course.solutions / name / f"{name}.py": _SOLUTION.format(
            **facts, title=_plain(title), title_zh=_plain(chinese)
        ),
        suite / "test_visible.py": _SUITE.format(**facts, **visible),
        suite / "test_hidden.py": _SUITE.format(**facts, **hidden),
    }


def _toml(words: str) -> str:
    """Give a text as TOML writes it, on one line."""
    import json  # noqa: PLC0415 - whose strings are TOML's too

    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _plain(words: str) -> str:
    """Give a text that can stand in a docstring."""
    return " ".join(words.split()).replace("\\", "/").replace('"', "'")


def _require_free(course: Course, exercise_id: str, slug: str) -> None:
    for parent in (course.exercises, course.solutions, course.suites):
        for folder in sorted(parent.iterdir()) if parent.is_dir() else ():
            taken = _EXISTING.fullmatch(folder.name)
            if taken and (taken["id"] == exercise_id or taken["slug"] == slug):
                raise _taken(folder)


def _taken(folder: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"the number or the name is taken: {folder} exists",
            zh=f"编号或名称已被使用：{folder} 已存在",
        ),
        hint=Text(
            en="`grade list` shows the exercises; choose a number and a name of its own.",
            zh="`grade list` 会列出已有练习；请选一个没有用过的编号和名称。",
        ),
    )


def _bad_name(name: str, title: str) -> UsageError:
    found = repr(name) if title.strip() else f"{name!r} without a title"
    return UsageError(
        Text(
            en=f"an exercise needs a name such as ex09_attention and a title, not {found}",
            zh=f"练习需要形如 ex09_attention 的名称和一个标题，而不是 {found}",
        ),
        hint=Text(
            en="`ex`, two digits, `_`, then lower case letters, digits and underscores.",
            zh="`ex`、两位数字、`_`，然后是小写字母、数字和下划线。",
        ),
    )
