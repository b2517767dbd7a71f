"""The command line: `grade`.

Each command is a module of its own, imported only when it is used, and what it needs is imported
only when it runs: help and lists must not wait for torch.
"""

from __future__ import annotations

import importlib
import io
import itertools
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from grader.cli.options import localise
from grader.errors import EXIT_INTERRUPTED, GraderError, GraderFault
from grader.language import LANGUAGES, Language, Text, default_language
from grader.version import VERSION

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["COMMANDS", "complain", "language_of", "main", "make_group"]

COMMANDS: Final[dict[str, Text]] = {
    "list": Text(en="List the exercises.", zh="列出所有练习。"),
    "show": Text(en="Read what an exercise asks for.", zh="阅读某个练习的要求。"),
    "open": Text(en="Open your file in your editor.", zh="用编辑器打开你的文件。"),
    "watch": Text(en="Grade at each save.", zh="每次保存后自动评分。"),
    "hint": Text(en="Get a hint, and a stronger one each time.", zh="给一个提示，一次比一次具体。"),
    "reset": Text(en="Begin an exercise or a task anew.", zh="重新开始一个练习或一个任务。"),
    "solution": Text(en="Read the solution, after full marks.", zh="满分之后查看参考答案。"),
    "submit": Text(en="Pack your answer for the instructor.", zh="把你的答案打包交给老师。"),
    "completion": Text(
        en="Let the Tab key complete commands in your shell.", zh="让 shell 用 Tab 键补全命令。"
    ),
    "batch": Text(en="Grade everything a class has handed in.", zh="为全班的提交评分。"),
    "gradebook": Text(
        en="Make a batch's gradebook anew from its reports.",
        zh="由批量评分的报告重新生成成绩册。",
    ),
    "convert": Text(
        en="Write a report in the form that another program reads.",
        zh="把报告转换成其他程序读取的格式。",
    ),
    "init-ci": Text(
        en="Write what GitHub, GitLab, Gitea, Jenkins or a git server needs to grade pushes.",
        zh="写出 GitHub、GitLab、Gitea、Jenkins 或 git 服务器评分所需的文件。",
    ),
    "export": Text(
        en="Make what another system needs to grade by itself.",
        zh="生成其他系统独立评分所需的文件。",
    ),
    "hook": Text(
        en="For git servers: grade what is pushed.", zh="供 git 服务器使用：为推送的内容评分。"
    ),
    "data": Text(en="List, make or fetch the data sets.", zh="列出、生成或下载数据集。"),
    "doctor": Text(
        en="Look whether this machine can grade, and lock code in.",
        zh="检查本机能否评分、能否隔离代码。",
    ),
    "server": Text(en="Look at the warm server, or stop it.", zh="查看或停止后台服务。"),
    "lock": Text(en="Pin the checks of a suite.", zh="固定测试套件的检查项。"),
    "stub": Text(
        en="Make the students' files from a solution.",
        zh="由参考答案生成学生文件。",
    ),
    "new": Text(en="Begin a new exercise.", zh="新建一个练习。"),
    "ci": Text(en="Grade what a push has changed, in CI.", zh="在 CI 中为一次推送的改动评分。"),
    "verify": Text(en="Say whether a report is what was signed.", zh="验证报告是否与签名时一致。"),
    "kit": Text(en="Make what students get.", zh="生成发给学生的学习包。"),
    "seal": Text(
        en="Encrypt suites and solutions for CI.",
        zh="为 CI 加密测试套件和参考答案。",
    ),
    "check": Text(en="Prove that an exercise is sound.", zh="证明练习没有问题。"),
}
"""The commands with a line on each. Any other word is the name of an exercise to grade."""

_EVERYDAY: Final = (
    "list", "show", "open", "watch", "hint", "reset", "solution", "submit",
    "data", "doctor", "server", "completion",
)  # fmt: skip
"""What students use; the rest is for those who teach and write exercises."""
# Modules named `list` or `open` would take the builtins' places in this package, and no module's
# name has a dash.
_MODULES: Final = {"init-ci": "init_ci", "list": "listing", "open": "opening"}

_ABOUT: Final = Text(
    en="""Grade your PyTorch exercises.

    `grade` alone says where you are and what is next. `grade ex03` grades your answer to
    exercise 3, which is the file under exercises/, and says for every task what works and what
    to look at next.""",
    # Chinese has no spaces at which to break a line; \b keeps the breaks that are written here.
    zh="""为你的 PyTorch 练习评分。

    \b
    只输入 `grade`，会显示你的进度和接下来要做什么。
    `grade ex03` 为你在 exercises/ 下的第 3 个练习评分，
    并逐个任务说明哪些已经正确、接下来应该看哪里。""",
)
_FOR_OTHERS: Final = Text(en="For instructors and authors", zh="供教师和作者使用")
_GRADE_ROW: Final = Text(en="Grade your answer to exercise 3.", zh="为你的第 3 个练习评分。")
_FILE_ROW: Final = Text(
    en="Grade scripts of your own, as they are.", zh="直接为你自己写的脚本评分。"
)
_BROKEN: Final = Text(
    en="the grader broke; this says nothing about your code",
    zh="评分程序自身出错；这与你的代码无关",
)
_HOW: Final = Text(en="hint: `{} --help` says how it is used.", zh="提示：`{} --help` 显示用法。")
_REPORT_IT: Final = Text(en="Show your teacher the lines above.", zh="请把上面的内容发给老师。")


def _grading(word: str) -> str:
    """Say which module grades what a word names: a file of the learner's own, or an exercise."""
    from grader.cli.scripts import is_file_name

    return "scripts" if is_file_name(word) else "grade"


class Grade(click.Group):
    """The commands, and every exercise's name as a command that grades it."""

    def __init__(self, language: Language) -> None:
        super().__init__(
            "grade",
            help=_ABOUT.to(language),
            params=[_version_option(language)],
            subcommand_metavar=Text(en="[EXERCISE | COMMAND]", zh="[练习 | 命令]").to(language),
            invoke_without_command=True,
            callback=_show_overview(language),
        )
        self.language = language
        localise(self, language)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Name the commands, in the order of a course."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:  # noqa: ARG002 - click's own signature
        """Import a command's module; what is no command is taken for an exercise."""
        is_command = cmd_name in COMMANDS
        module = _MODULES.get(cmd_name, cmd_name) if is_command else _grading(cmd_name)
        make = importlib.import_module(f"grader.cli.{module}").command
        command: click.Command = make(self.language, cmd_name)
        return localise(command, self.language)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete exercises and commands, without importing them; options as click does."""
        from click.shell_completion import CompletionItem

        from grader.cli.arguments import complete_exercises

        commands = [
            CompletionItem(name, help=about.to(self.language))
            for name, about in COMMANDS.items()
            if name.startswith(incomplete)
        ]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*complete_exercises(incomplete, self.language), *commands, *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own signature
        """List the commands without importing them."""
        rows = {name: about.to(self.language) for name, about in COMMANDS.items()}
        everyday = [(name, rows.pop(name)) for name in _EVERYDAY]
        with formatter.section("Commands"):
            first = [("ex03", _GRADE_ROW), ("my.py", _FILE_ROW)]
            own = [(name, about.to(self.language)) for name, about in first]
            formatter.write_dl([*own, *everyday])
        with formatter.section(_FOR_OTHERS.to(self.language)):
            formatter.write_dl(list(rows.items()))


def _show_overview(language: Language) -> Callable[[], None]:
    """Make what runs where no command is named."""

    @click.pass_context
    def show(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            from grader.cli.overview import show_overview

            show_overview(language)

    return show


def _version_option(language: Language) -> click.Option:
    def show(ctx: click.Context, _parameter: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's own signature
        if value and not ctx.resilient_parsing:
            click.echo(f"torchgrade {VERSION}")
            ctx.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=Text(en="Show the version.", zh="显示版本号。").to(language),
    )


def make_group(language: Language) -> Grade:
    """Make the commands with all their texts in one language."""
    return Grade(language)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and leave with its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = language_of(words)
    if words[:1] == ["help"]:
        # What people try first; no exercise can be called so.
        words = [*words[1:], "--help"]
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character shows a question mark; it is no reason to stop.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(_run(words, language))


def language_of(words: Sequence[str]) -> Language:
    """Find the language before anything is parsed, since help is in that language too."""
    for word, following in itertools.pairwise([*words, ""]):
        name, _, value = word.partition("=")
        if name == "--lang":
            for language in LANGUAGES:
                if (value or following) == language:
                    return language
    return default_language()


def _run(words: list[str], language: Language) -> int:
    try:
        result: Any = make_group(language).main(words, prog_name="grade", standalone_mode=False)
    except click.ClickException as error:
        _show(error, language)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except GraderError as error:
        complain(error.message, error.hint, language)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has gone, as `head` does; nobody is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return GraderFault.exit_code
    except Exception:  # noqa: BLE001 - the border of the program: whatever arrives here is ours
        import traceback  # takes longer to load than most commands take to run

        click.echo(_harmless(traceback.format_exc()), err=True)
        complain(_BROKEN, _REPORT_IT, language)
        return GraderFault.exit_code
    return result if isinstance(result, int) else 0


def complain(message: Text, hint: Text | None, language: Language) -> None:
    """Print an error and its cure on stderr."""
    click.echo(_harmless(message.to(language)), err=True)
    if hint is not None:
        label = Text(en="hint: ", zh="提示：").to(language)
        click.echo(_harmless(f"\n{label}{hint.to(language)}"), err=True)


def _show(error: click.ClickException, language: Language) -> None:
    said = io.StringIO()
    error.show(said)
    text = said.getvalue()
    if language == "zh":
        from grader.cli.click_messages import translate

        text = translate(text)
    click.echo(_harmless(text), err=True, nl=False)
    if isinstance(error, click.UsageError) and error.ctx is not None:
        path = error.ctx.command_path
        click.echo(_harmless(f"\n{_HOW.to(language).format(path)}"), err=True)


def _harmless(text: str) -> str:
    """Make text harmless that can quote the name of a student's file."""
    from grader.report.neutralise import for_ci_log

    return for_ci_log(text)
