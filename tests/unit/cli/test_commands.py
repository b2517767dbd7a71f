from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import __main__ as program
from grader.cli import COMMANDS, make_group
from grader.course.catalog import Course
from grader.course.models import Check

Grade = Callable[..., Any]


class Interrupting:
    """Presses Ctrl-C while the command line is loaded."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "grader.cli":
            raise KeyboardInterrupt


def test_ctrl_c_while_the_program_is_loaded_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "grader.cli")
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit, match="130"):
        program.main()
    assert capsys.readouterr().err == ""


def test_list_names_every_exercise_in_the_language(grade: Grade) -> None:
    assert "  ex01  Doubling " in grade("list").out
    assert "  ex01  加倍 " in grade("list", "--lang", "zh").out


def test_show_prints_the_text_in_the_language(grade: Grade) -> None:
    assert "Double it." in grade("show", "ex01").out
    assert "加倍." in grade("--lang", "zh", "show", "ex01").out


def test_help_is_also_a_word(grade: Grade) -> None:
    assert grade("help").out == grade("--help").out
    ended = grade("help", "reset", "--lang", "zh")
    assert "用法：grade reset [选项] 练习 [任务]\n" in ended.out
    assert "\n选项：\n" in ended.out


def test_lock_pins_what_the_suite_declares(
    grade: Grade, graded: Any, small_course: Course, checks: tuple[Check, ...]
) -> None:
    path = small_course.suites / "ex01_doubling" / "checks.lock.json"
    path.unlink()
    graded.checks = checks
    ended = grade("lock", "ex01")
    assert (ended.code, ended.out) == (0, f"{path}\n")
    assert len(json.loads(path.read_bytes())["checks"]) == 3


def test_lock_refuses_checks_that_do_not_add_up(
    grade: Grade, graded: Any, checks: tuple[Check, ...]
) -> None:
    graded.checks = checks[1:]
    ended = grade("lock", "ex01")
    assert ended.code == 4
    assert "worth the task's 60 points" in ended.err


def test_stub_writes_script_and_notebook(grade: Grade, small_course: Course) -> None:
    ended = grade("stub", "ex01")
    assert ended.code == 0
    script, notebook = (Path(line) for line in ended.out.splitlines())
    assert "NotImplementedError" in script.read_text(encoding="utf-8")
    assert json.loads(notebook.read_bytes())["nbformat"] == 4


def test_stub_asks_before_it_replaces_work(
    grade: Grade, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_course.exercises / "ex01_doubling" / "ex01_doubling.py"
    path.write_text("my work\n", encoding="utf-8")
    monkeypatch.setattr("click.confirm", lambda _question: False)
    assert grade("stub", "ex01").code == 0
    assert path.read_text(encoding="utf-8") == "my work\n"
    grade("stub", "ex01", "--yes")
    assert "my work" not in path.read_text(encoding="utf-8")


def language_of(notebook: Path) -> str:
    metadata: dict[str, Any] = json.loads(notebook.read_bytes())["metadata"]
    return str(metadata["torchgrade"]["language"])


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["stub", "ex01"], "en"),
        (["stub", "ex01", "--lang", "zh"], "zh"),
        (["stub", "--lang=zh", "ex01"], "zh"),
        (["--lang", "zh", "stub", "ex01"], "zh"),
        (["--lang", "en", "stub", "ex01"], "en"),
    ],
)
def test_stub_writes_the_notebook_in_the_language_that_is_asked_for(
    grade: Grade,
    small_course: Course,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    language: str,
) -> None:
    # All authors make the same files, whatever language their system is in.
    monkeypatch.setenv("GRADE_LANG", "en" if language == "zh" else "zh")
    ended = grade(*words)
    assert ended.code == 0
    assert language_of(Path(ended.out.splitlines()[1])) == language


def test_stub_changes_the_language_of_an_untouched_notebook_without_asking(
    grade: Grade, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = small_course.exercises / "ex01_doubling" / "ex01_doubling.ipynb"
    grade("stub", "ex01")
    assert language_of(path) == "en"
    monkeypatch.setattr("click.confirm", lambda _question: pytest.fail("nothing would be lost"))
    grade("stub", "ex01", "--lang", "zh")
    assert language_of(path) == "zh"
    grade("stub", "ex01")
    assert language_of(path) == "en"


@pytest.mark.parametrize("command", ["list", "show", "lock", "stub", "ex01"])
def test_every_command_explains_itself_in_both_languages(grade: Grade, command: str) -> None:
    english, chinese = grade(command, "--help"), grade("--lang", "zh", command, "--help")
    assert (english.code, chinese.code) == (0, 0)
    assert english.out.startswith(f"Usage: grade {command}")
    assert chinese.out.startswith(f"用法：grade {command}")
    assert "Show this text" not in chinese.out


def test_help_names_every_command(grade: Grade) -> None:
    text = grade("--help").out
    assert "ex03" in text
    for name in COMMANDS:
        assert f"  {name} " in text


def test_the_version_is_told(grade: Grade) -> None:
    assert grade("--version").out.startswith("torchgrade 0.")


def test_a_summary_in_the_table_is_the_one_of_its_command() -> None:
    group = make_group("en")
    for name in COMMANDS:
        assert group.get_command(None, name).name == name  # type: ignore[arg-type]
