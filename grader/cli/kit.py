"""`grade kit --out DIR|ZIP`: make what students get."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from grader.errors import UsageError
from grader.language import Language, Text

if TYPE_CHECKING:
    from grader.kit.contents import Grader

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Make what students get: stubs, notebooks, texts, visible checks and the grader.

    Everything is made anew from the solutions, and searched for lines of solutions and hidden
    checks before it is written. Students can grade the visible checks with it; how many points
    the others are worth is said. The notebooks' texts are English, or Chinese with `--lang zh`.""",
    zh="""生成发给学生的学习包：练习文件、notebook、说明、可见检查和评分程序。

    \b
    所有内容都由参考答案重新生成；写出之前会检查其中没有答案和隐藏检查的任何一行。
    学生可以用它运行可见检查，并能看到其余检查占多少分。
    notebook 里的说明文字默认是英文，加上 `--lang zh` 则是中文。""",
)
_OUT: Final = Text(
    en="Where to: a folder, or a file that ends in .zip.",
    zh="写到哪里：文件夹，或以 .zip 结尾的文件。",
)
_EXERCISE: Final = Text(
    en="Only this exercise; may be repeated.", zh="只包含这个练习；可重复指定。"
)
_REQUIREMENT: Final = Text(
    en="What students install, such as torchgrade==1.0, in place of a wheel from this tree.",
    zh="学生安装的软件包，例如 torchgrade==1.0，代替由本目录构建的 wheel。",
)
_WHEEL: Final = Text(
    en="A wheel that was built before, in place of one from this tree.",
    zh="已构建好的 wheel，代替由本目录构建的 wheel。",
)
_PLACES: Final = ("github", "gitlab", "gitea", "jenkins")
_CI: Final = Text(
    en="With the files of `grade init-ci` for this place; may be repeated.",
    zh="附带该平台的 `grade init-ci` 文件；可重复指定。",
)
_FORCE: Final = Text(en="Write into a place that holds something.", zh="写入已有内容的位置。")
_EITHER: Final = Text(
    en="--wheel and --requirement exclude each other", zh="--wheel 和 --requirement 不能同时使用"
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    def say(text: Text) -> str:
        return text.to(language)

    @click.command(name, help=say(_ABOUT))
    @click.option("--out", required=True, type=click.Path(path_type=Path), help=say(_OUT))
    @click.option("--exercise", "names", multiple=True, metavar="exNN", help=say(_EXERCISE))
    @click.option("--requirement", metavar="SPEC", help=say(_REQUIREMENT))
    @click.option("--wheel", type=click.Path(path_type=Path), help=say(_WHEEL))
    @click.option("--ci", "places", multiple=True, type=click.Choice(_PLACES), help=say(_CI))
    @click.option("--force", is_flag=True, help=say(_FORCE))
    @click.pass_context
    def run(  # noqa: PLR0913 - one parameter an option
        context: click.Context,
        *,
        out: Path,
        names: tuple[str, ...],
        requirement: str | None,
        wheel: Path | None,
        places: tuple[str, ...],
        force: bool,
    ) -> None:
        from grader.cli.options import is_language_given
        from grader.course.catalog import find_course, load_exercises
        from grader.kit.archive import write_files
        from grader.kit.contents import make_kit
        from grader.kit.leaks import require_no_leak
        from grader.templates import PLACES

        exercises = load_exercises(find_course(), names)
        # The system's language does not count: all authors make the same files.
        texts = language if is_language_given(context) else "en"
        chosen = [PLACES[place] for place in dict.fromkeys(places)]
        files = make_kit(exercises, _grader(requirement, wheel), texts, chosen)
        require_no_leak(files, exercises)
        write_files(files, out, force=force)
        click.echo(str(out))

    return run


def _grader(requirement: str | None, wheel: Path | None) -> Grader:
    """Decide how students get the grader.

    Raises:
        UsageError: Two ways were named, or no wheel can be had.
    """
    from grader.kit.contents import Grader
    from grader.kit.wheel import build_wheel, read_wheel

    if requirement is not None:
        if wheel is not None:
            raise UsageError(_EITHER, hint=Text(en="Give one of them.", zh="请只给出其中一个。"))
        return Grader(requirement, {})
    name, content = build_wheel() if wheel is None else read_wheel(wheel)
    return Grader(f"./wheels/{name}", {f"wheels/{name}": content})
