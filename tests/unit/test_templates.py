"""What others run: held against the schemas of their readers, and against linters."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import click
import pytest
from tools import run_tool

from grader.cli import make_group
from grader.templates import PLACES, read_template

PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
TEMPLATES = [template for place in PLACES.values() for template in place.files.values()]
WORKFLOWS = [one for one in TEMPLATES if one.startswith(("github/", "gitea/"))]
SCHEMAS = {
    "github/grade.yml": "github-workflows",
    "github/grade-reusable.yml": "github-workflows",
    "github/action.yml": "github-actions",
    "gitea/grade.yml": "github-workflows",
    "gitlab/gitlab-ci.yml": "gitlab-ci",
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a repository with the files of all places."""
    for place in PLACES.values():
        for name, template in place.files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(read_template(template))
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.parametrize("template", SCHEMAS)
def test_the_reader_of_a_template_accepts_it(template: str, tmp_path: Path) -> None:
    path = tmp_path / "template.yml"
    path.write_bytes(read_template(template))
    schema = f"vendor.{SCHEMAS[template]}"
    assert run_tool("check-jsonschema", "--builtin-schema", schema, path) == ""


def test_every_template_that_has_a_schema_is_held_against_it() -> None:
    assert set(SCHEMAS) == {one for one in TEMPLATES if one.endswith(".yml")}


def test_actionlint_finds_nothing_in_the_workflows(repository: Path) -> None:
    if shutil.which("actionlint") is None:
        pytest.skip("actionlint is no package of Python's; the schemas are looked at in any case")
    workflows = sorted(repository.glob(".git*/workflows/*.yml"))
    assert run_tool("actionlint", *workflows) == ""


def test_zizmor_finds_no_hole_in_the_workflows(repository: Path) -> None:
    # Of low severity is the advice to name this repository in a way that is new in 2026.
    options = ("--offline", "--min-severity", "medium", "--persona=auditor")
    assert run_tool("zizmor", *options, repository, *repository.glob(".gitea/*/*.yml")) == ""


@pytest.mark.parametrize("template", WORKFLOWS)
def test_actions_of_others_are_pinned_and_nothing_has_a_secret(template: str) -> None:
    text = read_template(template).decode()
    for line in text.splitlines():
        if "uses:" in line and "uses: ./" not in line:
            assert PINNED.search(line), line
    assert "secrets" not in text
    assert "GITHUB_TOKEN" not in text
    if template != "github/action.yml":
        assert "\npermissions: {}\n" in text
        assert re.findall(r"^ +(\w+): (?:read|write)$", text, re.MULTILINE) == ["contents"]
    if "actions/checkout" in text:
        assert "persist-credentials: false" in text


@pytest.mark.parametrize("template", WORKFLOWS)
def test_nothing_that_others_name_is_pasted_into_a_shell(template: str) -> None:
    for script in scripts_of(template):
        assert "${{" not in script


def scripts_of(template: str) -> list[str]:
    """Give the shell scripts of a template, as its reader would start them."""
    text = read_template(template).decode()
    if template.endswith("Jenkinsfile"):
        found = re.findall(r"sh '''(.*?)'''|sh '([^'\n]+)'", text, re.DOTALL)
        return [block or line for block, line in found]
    blocks = re.findall(r"^( +)run: \|\n((?:\1  .*\n?|\n)+)", text, re.MULTILINE)
    lines = re.findall(r"^ +run: ([^|\n].*)$", text, re.MULTILINE)
    listed = re.findall(r"^  (?:before_)?script:\n((?:    - .*\n)+)", text, re.MULTILINE)
    items = [line.removeprefix("    - ") for block in listed for line in block.splitlines()]
    return [*(block for _, block in blocks), *lines, *items]


@pytest.mark.parametrize("template", TEMPLATES)
def test_shellcheck_finds_nothing_in_the_scripts(template: str, tmp_path: Path) -> None:
    path = tmp_path / "script"
    if template.startswith("hook/"):
        path.write_bytes(read_template(template))
        assert run_tool("shellcheck", path) == ""
        return
    scripts = scripts_of(template)
    assert scripts or template == "github/grade.yml" or "reusable" in template
    for script in scripts:
        path.write_text(f"#!/bin/bash\n{script}\n", encoding="utf-8")
        assert run_tool("shellcheck", path) == ""


def options_of(*names: str) -> set[str]:
    """Give the options of a command."""
    command: click.Command = make_group("en")
    for name in names:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None, name
        command = found
    return {spelling for parameter in command.params for spelling in parameter.opts}


@pytest.mark.parametrize(
    ("template", "names"),
    [
        ("github/action.yml", ("ci",)),
        ("gitlab/gitlab-ci.yml", ("ci",)),
        ("gitea/grade.yml", ("ci",)),
        ("jenkins/Jenkinsfile", ("ci",)),
        ("hook/post-receive", ("hook", "receive")),
    ],
)
def test_the_command_that_a_template_starts_has_these_options(
    template: str, names: tuple[str, ...]
) -> None:
    starting = " ".join(names)
    is_script = template.startswith("hook/")
    scripts = [read_template(template).decode()] if is_script else scripts_of(template)
    (script,) = [one for one in scripts if f"grade {starting}" in one or is_script]
    used = re.findall(r"(?<![\w-])--[a-z][a-z-]+", re.sub("git config --[a-z]+", "", script))
    assert len(used) >= 2
    assert set(used) <= options_of(*names)
