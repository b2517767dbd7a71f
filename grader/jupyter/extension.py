"""The magic `%grade`."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import Any, Final

from IPython.core.interactiveshell import InteractiveShell

from grader.cli import COMMANDS, language_of
from grader.jupyter import command
from grader.jupyter.notebook import Executions, current_notebook, is_of_another_exercise
from grader.jupyter.showing import feedback_bundle
from grader.language import Language, Text

__all__ = ["GradeMagic", "load", "unload"]

_TEXTUAL: Final = ("list", "show", "hint", "server", "doctor")
"""Commands that say something and change nothing that an open notebook has."""
_NAME: Final = "grade"
_EVENT: Final = "pre_run_cell"

_SAVED: Final = Text(en="{name}, as it was saved at {at}.", zh="{name}，{at} 保存的版本。")
_UNSAVED: Final = Text(
    en="You have run cells that are not saved yet: save the notebook (Ctrl+S), then run "
    "`%grade` again.",
    zh="有运行过但尚未保存的单元格：请先保存 notebook（Ctrl+S），再运行 `%grade`。",
)
_OTHER: Final = Text(
    en="{name} is another exercise, so your file under exercises/ was graded. `--file` chooses.",
    zh="{name} 是另一个练习，因此评的是 exercises/ 下你的文件。可用 `--file` 指定。",
)
_UNKNOWN: Final = Text(
    en="This front end does not tell which file the notebook is, so your file under exercises/ "
    "was graded. `--file` chooses.",
    zh="当前环境没有说明 notebook 是哪个文件，因此评的是 exercises/ 下你的文件。"
    "可用 `--file` 指定。",
)
_TERMINAL: Final = Text(
    en="`grade {word}` is for a terminal. In a notebook: `%grade ex03`, or `%grade` for where "
    "you are.",
    zh="`grade {word}` 需要在终端中运行。notebook 里可以用 `%grade ex03`，"
    "或用 `%grade` 查看当前进度。",
)
_QUOTES: Final = Text(en="A quotation mark is missing its partner: {line}", zh="引号不成对：{line}")
_STOPPED: Final = Text(en="Stopped.", zh="已中断。")


class GradeMagic:
    """`%grade`, and what it knows of the notebook that it is used in."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Take the kernel's shell."""
        self._shell = shell
        self._executions = Executions()

    def note(self, info: Any) -> None:  # noqa: ANN401 - IPython's own, which has no cell before 8
        """Take note of what is about to be run."""
        self._executions.note(info.raw_cell or "", getattr(info, "cell_id", None))

    def __call__(self, line: str) -> None:
        """Grade the saved notebook: `%grade ex03`, with any option of `grade ex03`.

        `%grade` alone says where you are; `%grade list`, `%grade show ex03` and
        `%grade hint ex03` say what they say in a terminal.
        """
        language = language_of(line.split())
        try:
            self._run(shlex.split(line), language)
        except ValueError:
            _complain(_QUOTES.filled(line=line), language)
        except KeyboardInterrupt:
            _complain(_STOPPED, language)

    def _run(self, words: list[str], language: Language) -> None:
        word = words[0] if words else ""
        if not word or word.startswith("-") or word in _TEXTUAL:
            _show_text(command.run(words))
        elif word in COMMANDS:
            _complain(_TERMINAL.filled(word=word), language)
        else:
            self._grade(words, language)

    def _grade(self, words: list[str], language: Language) -> None:
        remarks: list[Text] = []
        if not any(word.partition("=")[0] == "--file" for word in words):
            words, remarks = self._with_file(words)
        said = command.grade(words)
        if said.page is None:
            _show_text(said)
            return
        sys.stderr.write(said.err)
        self._shell.display_pub.publish(feedback_bundle(said.page, said.out, remarks, language))

    def _with_file(self, words: list[str]) -> tuple[list[str], list[Text]]:
        """Add the notebook's own file, and say what there is to say about it."""
        notebook = current_notebook(self._shell.user_ns)
        if notebook is None:
            return words, [_UNKNOWN]
        if is_of_another_exercise(notebook, words[0]):
            return words, [_OTHER.filled(name=notebook.name)]
        remarks = [_SAVED.filled(name=notebook.name, at=_saved_at(notebook))]
        if not self._executions.are_saved(notebook):
            remarks.append(_UNSAVED)
        return [*words, "--file", str(notebook)], remarks


def load(shell: InteractiveShell) -> None:
    """Add `%grade` to a shell."""
    unload(shell)
    magic = GradeMagic(shell)
    shell.magics_manager.register_function(magic, magic_kind="line", magic_name=_NAME)
    shell.events.register(_EVENT, magic.note)


def unload(shell: InteractiveShell) -> None:
    """Take `%grade` away again."""
    magic = shell.magics_manager.magics["line"].pop(_NAME, None)
    if isinstance(magic, GradeMagic):
        shell.events.unregister(_EVENT, magic.note)


def _show_text(said: command.Said) -> None:
    sys.stdout.write(said.out)
    sys.stdout.flush()
    sys.stderr.write(said.err)


def _complain(text: Text, language: Language) -> None:
    sys.stderr.write(f"{text.to(language)}\n")


def _saved_at(notebook: Path) -> str:
    return time.strftime("%H:%M:%S", time.localtime(notebook.stat().st_mtime))
