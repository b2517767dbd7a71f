"""What click itself says is Chinese in a Chinese session."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import click
import pytest

from grader.cli import main
from grader.cli.click_messages import IN_CHINESE, translate

MODULES = ("exceptions", "core", "parser", "types", "formatting")
ENGLISH = re.compile(
    r"\b(?:the|is|not|of|no|such|for|missing|invalid|requires|got|try)\b", re.IGNORECASE
)
# What click says to whoever writes a command, not to whoever uses one.
FOR_PROGRAMMERS = (
    "DeprecationWarning", "Could not determine name", "No options defined but", "Name '{name}'",
    "Arguments take exactly", "Boolean option {decl!r}", "Choice({choices})",
)  # fmt: skip


def said_by_click() -> set[str]:
    found: set[str] = set()
    for name in MODULES:
        source = (Path(click.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                texts = node.args[:2] if node.func.id == "ngettext" else node.args[:1]
                if node.func.id in {"_", "ngettext"}:
                    found |= {str(each.value) for each in texts if isinstance(each, ast.Constant)}
    return found


def test_every_message_of_click_has_a_translation() -> None:
    messages = {said for said in said_by_click() if not said.startswith(FOR_PROGRAMMERS)}
    assert len(messages) > 30
    assert messages - set(IN_CHINESE) == set()


@pytest.mark.parametrize(("english", "chinese"), IN_CHINESE.items())
def test_translations_are_chinese_and_keep_every_value(english: str, chinese: str) -> None:
    assert re.search(r"[\u4e00-\u9fff]", chinese)
    fields = re.findall(r"\{(\w+)", english)
    assert sorted(re.findall(r"\{(\w+)", chinese)) == sorted(fields)


@pytest.mark.parametrize(
    "words",
    [
        ["ex03", "--fill", "a.py"],
        ["ex03", "--seed", "many"],
        ["ex03", "--seed", "-1"],
        ["ex03", "--seed"],
        ["ex03", "--device", "tpu"],
        ["ex03", "--run-all=yes"],
        ["ex03", "one", "two"],
        ["reset"],
        ["list", "ex03"],
        ["completion"],
        ["--nothing"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_told_in_chinese(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--lang", "zh"] if words[-1] != "--seed" else ["--lang", "zh", *words])
    assert ended.value.code == 2
    said = re.sub(r"'[^']*'", "", capsys.readouterr().err)
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert not ENGLISH.search(said), said


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert translate("Something new: 'x'.\nError: Boo.") == "Something new: 'x'.\n错误：Boo."
