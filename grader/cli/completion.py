"""`grade completion bash`: what lets a shell complete the commands."""

from __future__ import annotations

from typing import Final

import click

from grader.language import Language, Text

__all__ = ["command"]

_ABOUT: Final = Text(
    en="""Print what lets your shell complete commands, exercises and tasks with the Tab key.

    \b
    bash   add this line to ~/.bashrc:   eval "$(grade completion bash)"
    zsh    add this line to ~/.zshrc:    eval "$(grade completion zsh)"
    fish   run this once:
           grade completion fish > ~/.config/fish/completions/grade.fish""",
    zh="""打印补全脚本，让 shell 用 Tab 键补全命令、练习和任务。

    \b
    bash   在 ~/.bashrc 中加一行：   eval "$(grade completion bash)"
    zsh    在 ~/.zshrc 中加一行：    eval "$(grade completion zsh)"
    fish   运行一次：
           grade completion fish > ~/.config/fish/completions/grade.fish""",
)


def command(language: Language, name: str) -> click.Command:
    """Make the command."""

    @click.command(name, help=_ABOUT.to(language))
    @click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
    @click.pass_context
    def run(context: click.Context, shell: str) -> None:
        from click.shell_completion import BashComplete, FishComplete, ZshComplete

        kinds = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
        group = context.find_root().command
        complete = kinds[shell](group, {}, "grade", "_GRADE_COMPLETE")
        # `source()` of bash starts bash only to ask for its version.
        click.echo(complete.source_template % complete.source_vars(), nl=False)

    return run
