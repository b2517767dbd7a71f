"""`grade stub ex03`: make what students get from the solution."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from grader.language import LANGUAGES, Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Make the stub and the notebook of an exercise from its annotated solution.

    Replaces both files under exercises/, and asks first where one of them was changed. The
    notebook's texts are English, or Chinese with `--lang zh`; its name is the same.""",
    zh="""由带标注的参考答案生成练习的学生文件和 notebook。

    \b
    会替换 exercises/ 下的这两个文件；如果其中有改动，会先询问。
    notebook 里的说明文字默认是英文，加上 `--lang zh` 则是中文；文件名不变。""",
)
_YES: Final = Text(
    en="Replace changed files without asking.", zh="直接替换有改动的文件，不再询问。"
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("exercises", metavar="EXERCISE...", nargs=-1, required=True)
    @click.option("--yes", is_flag=True, help=_YES.to(language))
    @click.pass_context
    def run(context: click.Context, exercises: tuple[str, ...], *, yes: bool) -> None:
        from grader.cli.options import is_language_given
        from grader.course.catalog import find_course, load_unpinned
        from grader.course.handouts import make_handouts

        course = find_course()
        # The system's language does not count: all authors make the same files.
        wanted = language if is_language_given(context) else "en"
        for exercise_name in exercises:
            exercise = load_unpinned(course, exercise_name)
            made = {each: make_handouts(exercise, each) for each in LANGUAGES}
            for path, content in made[wanted].items():
                known = [files[path] for files in made.values()]
                if yes or _may_replace(path, known, language):
                    _replace(path, content)

    return run


def _may_replace(path: Path, known: Sequence[bytes], language: Language) -> bool:
    """Say whether nothing is lost, the file being as it was made in one of the languages."""
    if not path.exists() or path.read_bytes() in known:
        return True
    question = Text(en=f"Replace {path}?", zh=f"替换 {path} 吗？")
    return click.confirm(question.to(language))


def _replace(path: Path, content: bytes) -> None:
    from grader.atomic import write_atomically

    write_atomically(path, content)
    click.echo(str(path))
