"""`grade stub ex03`: make what students get from the solution."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Make the stub and the notebook of an exercise from its annotated solution.

    Replaces both files under exercises/, and asks first where one of them was changed.""",
    zh="""由带标注的参考答案生成练习的学生文件和 notebook。

    \b
    会替换 exercises/ 下的这两个文件；如果其中有改动，会先询问。""",
)
_YES: Final = Text(
    en="Replace changed files without asking.", zh="直接替换有改动的文件，不再询问。"
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercises", metavar="EXERCISE...", nargs=-1, required=True)
    @click.option("--yes", is_flag=True, help=_YES.to(language))
    def run(exercises: tuple[str, ...], *, yes: bool) -> None:
        from grader.course.catalog import find_course, load_unpinned
        from grader.course.handouts import make_handouts

        course = find_course()
        for exercise_name in exercises:
            exercise = load_unpinned(course, exercise_name)
            for path, content in make_handouts(exercise).items():
                if yes or _may_replace(path, content, language):
                    _replace(path, content)

    return run


def _may_replace(path: Path, content: bytes, language: Language) -> bool:
    if not path.exists() or path.read_bytes() == content:
        return True
    question = Text(en=f"Replace {path}?", zh=f"替换 {path} 吗？")
    return click.confirm(question.to(language))


def _replace(path: Path, content: bytes) -> None:
    from grader.atomic import write_atomically

    write_atomically(path, content)
    click.echo(str(path))
