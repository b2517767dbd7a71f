"""`grade new ex09_slug "Title" "中文标题"`: begin a new exercise."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""For authors: begin a new exercise, such as ex09_attention.

    Writes the files that an exercise consists of. Each says what is left to write, and
    `grade check` lists it until it is done. No file that exists is touched.""",
    zh="""供作者使用：新建一个练习，例如 ex09_attention。

    \b
    写出一个练习所需的文件，每个文件都注明还要写什么；
    `grade check` 会一直列出未完成的部分。已有的文件不会被改动。""",
)
_NEXT: Final = Text(
    en="""
Next:
  1. Fill the files above, in this order; docs/authors.md has the rules.
  2. Write at least eight wrong answers into solutions/{name}/wrong/.
  3. grade stub {id}
  4. grade lock {id}
  5. grade check {id}     (says what is left, now and after each step)""",
    zh="""
接下来：
  1. 按上面的顺序填写这些文件；规则见 docs/authors.md。
  2. 在 solutions/{name}/wrong/ 中写至少八个错误答案。
  3. grade stub {id}
  4. grade lock {id}
  5. grade check {id}     （现在和每一步之后都会列出还缺什么）""",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercise", metavar="exNN_slug")
    @click.argument("title")
    @click.argument("title_zh", metavar="[TITLE_IN_CHINESE]", required=False)
    def run(exercise: str, title: str, title_zh: str | None) -> None:
        from grader.course.catalog import find_course
        from grader.course.scaffold import make_scaffold

        course = find_course()
        for path in make_scaffold(course, exercise, title, title_zh):
            click.echo(str(_from(course.root, path)))
        exercise_id = exercise.partition("_")[0]
        click.echo(_NEXT.to(language).format(name=exercise, id=exercise_id))

    return run


def _from(root: Path, path: Path) -> Path:
    return path.relative_to(root)
