from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TypeGuard

import click
import pytest

from grader.cli import COMMANDS, make_group
from grader.report.export.formats import FORMATS

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "datasets").glob("*.md"),
        ROOT / "benchmarks/README.md",
    ]
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def options() -> set[str]:
    group = make_group("en")
    context = click.Context(group)
    commands = [group, *(group.get_command(context, name) for name in (*COMMANDS, "ex03"))]
    for command in commands:
        commands += command.commands.values() if is_plain_group(command) else ()
    return {
        spelling
        for command in commands
        for parameter in command.params
        for spelling in parameter.opts
        if spelling.startswith("--")
    }


def is_plain_group(command: click.Command) -> TypeGuard[click.Group]:
    return isinstance(command, click.Group) and bool(command.commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_and_options_that_are_mentioned_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    code = re.findall(r"`([^`\n]+)`|^ {4}(\S.*)$", text, re.MULTILINE)
    snippets = [inline or block for inline, block in code]
    for snippet in snippets:
        for command in re.findall(r"\bgrade ([a-z][\w-]*)", snippet):
            is_exercise = re.fullmatch(r"ex(\d\d|NN)", command)
            assert is_exercise or command in COMMANDS, f"{page.name}: {snippet}"
        if snippet.startswith(("dask ", "git ", "python benchmarks/")):
            continue
        mentioned = re.findall(r"(?<![\w-])--[a-z][a-z-]+", snippet)
        assert set(mentioned) <= options(), f"{page.name}: {snippet}"


def test_every_option_of_grading_is_explained_to_instructors() -> None:
    text = (ROOT / "docs" / "instructors.md").read_text(encoding="utf-8")
    command = make_group("en").get_command(click.Context(make_group("en")), "ex03")
    for parameter in command.params:
        assert f"`{parameter.opts[0]}`" in text or parameter.opts == ["--help"], parameter.opts


def test_the_table_of_formats_has_each_of_them_and_no_other() -> None:
    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z0-9]+)` \|", text, re.MULTILINE)
    assert rows == list(FORMATS)


def test_every_dependency_is_justified_and_no_other() -> None:
    required = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=~!; \[]", line)[0] for line in required}
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([^`]+)`", row)} == names


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_the_marks_in_the_documentation_are_those_of_the_stub_maker() -> None:
    text = (ROOT / "docs" / "authors.md").read_text(encoding="utf-8")
    for mark in ("### BEGIN SOLUTION", "### END SOLUTION", "### BLANK"):
        assert mark in text
