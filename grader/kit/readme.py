"""The first page of a kit, in the student's language."""

from __future__ import annotations

from collections.abc import Sequence

from grader.course.models import Exercise
from grader.language import Language, Text

__all__ = ["make_readme"]

_PAGE = Text(
    en="""\
# Exercises in PyTorch

[中文说明](README.zh.md)

## Set up, once

You need Python 3.11 or newer. In this folder:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt      # on Windows: .venv\\Scripts\\pip
    source .venv/bin/activate                      # on Windows: .venv\\Scripts\\activate

That takes some minutes: torch is large.

## Work

1. `grade list` lists the exercises, `grade show {first}` prints what one asks for.
2. Open `exercises/{name}/{name}.py`, or the notebook beside it. Both hold the same tasks; use
   whichever you like. Every hole says what is missing.
3. Save, then run `grade {first}`, as often as you like.

## What the score means

The checks in `tests/suites/` are the *visible* ones: you can read them, and they run on your own
machine. After you have handed in, hidden checks run as well, with other inputs and the rest of the
points; so solve the task rather than the example. `grade` says how many points those are.

Changing files under `tests/`, or `kit.json`, changes nothing about your grade, since your teacher
grades with files of their own.

## The exercises

{rows}
""",
    zh="""\
# PyTorch 练习

[English](README.md)

## 一次性准备

需要 Python 3.11 或更新的版本。在本文件夹中运行：

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt      # Windows：.venv\\Scripts\\pip
    source .venv/bin/activate                      # Windows：.venv\\Scripts\\activate

由于 torch 很大，需要几分钟。

## 做练习

1. `grade list` 列出练习，`grade show {first}` 显示某个练习的要求。
2. 打开 `exercises/{name}/{name}.py`，或旁边的 notebook。两者内容相同，任选其一。
   每一处空缺都写明了缺少什么。
3. 保存后运行 `grade {first}`，次数不限。

## 分数的含义

`tests/suites/` 里是*可见*检查：你可以阅读，也可以在自己的电脑上运行。
提交之后还会运行隐藏检查，它们使用其他输入，占其余的分数；所以请解决任务本身，而不是只凑例子。
`grade` 会说明这些分数有多少。

修改 `tests/` 下的文件或 `kit.json` 不会影响你的成绩，因为老师用自己的文件评分。

## 练习列表

{rows}
""",
)
_ROW = Text(
    en="- [`{id}`](exercises/{name}/README.md) {title}: {visible:g} of {all:g} points are visible",
    zh="- [`{id}`](exercises/{name}/README.zh.md) {title}：{all:g} 分中有 {visible:g} 分可见",
)


def make_readme(exercises: Sequence[Exercise], language: Language) -> bytes:
    """Write the page, with the exercises and how many of their points are visible."""
    rows = "\n".join(_row(exercise, language) for exercise in exercises)
    first = exercises[0]
    page = _PAGE.to(language).format(first=first.id, name=first.name, rows=rows)
    return page.encode()


def _row(exercise: Exercise, language: Language) -> str:
    visible = sum(check.points for check in exercise.checks if check.visibility == "visible")
    return _ROW.to(language).format(
        id=exercise.id,
        name=exercise.name,
        title=exercise.title.to(language),
        visible=round(visible, 2),
        all=exercise.max_score,
    )
