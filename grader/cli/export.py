"""`grade export gradescope`: an autograder to upload."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from grader.cli.options import localise
from grader.errors import UsageError
from grader.language import Language, Text
from grader.seed import MAX_SEED, draw_seed

__all__ = ["command"]

_ABOUT: Final = Text(
    en="Make what another system needs to grade an exercise by itself.",
    zh="生成其他系统独立评分所需的文件。",
)
_GRADESCOPE: Final = Text(
    en="""Make an autograder for Gradescope: one archive with the grader, the exercise, its suites
    and its solution.

    Upload it under "Configure Autograder". It is for you alone: it holds the solution.
    docs/ci/gradescope.md says what students see.""",
    zh="""生成 Gradescope 的自动评分程序：一个包含评分程序、练习、测试套件和参考答案的压缩包。

    \b
    在 “Configure Autograder” 中上传。其中有参考答案，只供你自己使用。
    学生看到的内容见 docs/ci/gradescope.md。""",
)
_EXERCISE: Final = Text(en="The exercise that is graded.", zh="要评分的练习。")
_OUT: Final = Text(en="The archive to write.", zh="要写出的压缩包。")
_SANDBOX: Final = Text(
    en="strict refuses to grade unless every lock works.",
    zh="strict：任何一项隔离不可用就拒绝评分。",
)
_SEED: Final = Text(
    en="Where all random inputs come from; a new one by default.",
    zh="所有随机输入的种子；默认新取一个。",
)
_WHEEL: Final = Text(
    en="A wheel of the grader that was built before, in place of one from this tree.",
    zh="已构建好的评分程序 wheel，代替由本目录构建的。",
)
_INDEX: Final = Text(
    en="A package index with torch for processors alone, which is a tenth as large; PyTorch's "
    "page on installing names it.",
    zh="只含 CPU 版 torch 的软件源，体积约为十分之一；地址见 PyTorch 的安装页面。",
)
_FORCE: Final = Text(en="Replace a file that is there.", zh="替换已有的文件。")


def command(language: Language, name: str) -> click.Command:
    """Make the group."""
    group = click.Group(name, help=_ABOUT.to(language))
    group.add_command(localise(_gradescope(language), language))
    return group


def _gradescope(language: Language) -> click.Command:
    def say(text: Text) -> str:
        return text.to(language)

    @click.command("gradescope", help=say(_GRADESCOPE))
    @click.option("--exercise", required=True, metavar="exNN", help=say(_EXERCISE))
    @click.option("--out", required=True, type=click.Path(path_type=Path), help=say(_OUT))
    @click.option(
        "--sandbox",
        type=click.Choice(["strict", "auto"]),
        default="strict",
        show_default=True,
        help=say(_SANDBOX),
    )
    @click.option("--seed", type=click.IntRange(0, MAX_SEED), metavar="N", help=say(_SEED))
    @click.option("--wheel", type=click.Path(path_type=Path), help=say(_WHEEL))
    @click.option("--index", metavar="URL", help=say(_INDEX))
    @click.option("--force", is_flag=True, help=say(_FORCE))
    def run(  # noqa: PLR0913 - one parameter an option
        *,
        exercise: str,
        out: Path,
        sandbox: str,
        seed: int | None,
        wheel: Path | None,
        index: str | None,
        force: bool,
    ) -> None:
        from grader.atomic import write_atomically
        from grader.course.catalog import find_course, load_exercise
        from grader.gradescope.package import make_autograder
        from grader.gradescope.settings import Settings
        from grader.kit.wheel import build_wheel, read_wheel

        if out.exists() and not force:
            raise _taken(out)
        course = find_course()
        asked = load_exercise(course, exercise)
        chosen = draw_seed() if seed is None else seed
        settings = Settings(asked.name, language, sandbox, chosen)
        built = build_wheel() if wheel is None else read_wheel(wheel)
        write_atomically(out, make_autograder(course, asked, settings, built, index))
        click.echo(str(out))

    return run


def _taken(out: Path) -> UsageError:
    return UsageError(
        Text(en=f"{out} is there already", zh=f"{out} 已经存在"),
        hint=Text(
            en="Name another file, or add `--force` to replace it.",
            zh="请换一个文件名，或加上 `--force` 替换它。",
        ),
    )
