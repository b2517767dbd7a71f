from __future__ import annotations

import importlib.util
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Load scripts/environment.py, working on an empty clone."""
    spec = importlib.util.spec_from_file_location(
        "environment", ROOT / "scripts" / "environment.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / ".venv" / "installed")
    monkeypatch.setattr(module, "BEGUN", tmp_path / ".venv" / "begun")
    monkeypatch.setattr(module, "COMPILED", tmp_path / ".venv" / "compiled")
    return module


@pytest.fixture
def installed(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Note the commands that would set up the environment, instead of running them."""
    commands: list[tuple[str, ...]] = []

    def note(*command: str) -> None:
        commands.append(command)
        environment.VENV.mkdir(exist_ok=True)

    monkeypatch.setattr(environment, "_must", note)
    return commands


def test_an_environment_is_made_once_and_again_when_the_project_changes(
    environment: ModuleType, installed: list[tuple[str, ...]]
) -> None:
    first = environment.prepare()
    assert environment.VENV in first.parents
    assert [command[2] for command in installed[:2]] == ["venv", "pip"]
    assert "torch" in installed[2][-1]
    assert environment.prepare() == first
    assert len(installed) == 3
    # As one has it that was made before this was noted.
    environment.BEGUN.unlink()
    (environment.ROOT / "pyproject.toml").write_text("[project]\nname = 1\n", encoding="utf-8")
    environment.prepare()
    assert len(installed) == 6


def test_a_broken_off_installation_is_begun_anew(
    environment: ModuleType, installed: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:

        def break_off(*command: str) -> None:
            if "pip" in command:
                sys.exit("no network")
            environment.VENV.mkdir()

        patch.setattr(environment, "_must", break_off)
        with pytest.raises(SystemExit, match="no network"):
            environment.prepare()
    environment.prepare()
    assert "--clear" in installed[0]
    assert len(installed) == 3


def test_an_environment_that_somebody_else_made_is_left_alone(
    environment: ModuleType, installed: list[tuple[str, ...]]
) -> None:
    theirs = environment.VENV / "lib" / "theirs.py"
    theirs.parent.mkdir(parents=True)
    theirs.touch()
    with pytest.raises(SystemExit, match="was not made by this script"):
        environment.prepare()
    assert installed == []
    assert theirs.exists()


def test_a_command_that_fails_is_named(environment: ModuleType) -> None:
    with pytest.raises(SystemExit, match=r"raise SystemExit.* failed"):
        environment._must(sys.executable, "-c", "raise SystemExit(1)")


def test_what_is_compiled_is_kept_whatever_the_environment_says(
    environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (tmp_path / "installed_module.py").write_text("", encoding="utf-8")
    environment._must(sys.executable, "-c", "import installed_module")
    (tmp_path / "tested_module.py").write_text("", encoding="utf-8")
    assert environment.run(Path(sys.executable), "-c", "import tested_module") == 0
    kept = {file.name.split(".")[0] for file in tmp_path.glob("__pycache__/*.pyc")}
    assert kept == {"installed_module", "tested_module"}


def test_a_python_that_has_everything_is_used_as_it_is(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "_is_complete", lambda: True)
    assert environment.prepare() == Path(sys.executable)


def test_another_clones_installation_is_not_taken_for_this_one(environment: ModuleType) -> None:
    assert environment._is_complete() is False


def test_without_ensurepip_the_package_that_brings_it_is_named(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="python3-venv"):
        environment.prepare()


def test_an_old_python_is_told_so(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "OLDEST", (99, 0))
    with pytest.raises(SystemExit, match=r"Python 99\.0 or newer"):
        environment.prepare()


@pytest.mark.parametrize(
    ("requirement", "name", "applies"),
    [
        ("torch>=2.6", "torch", True),
        ('ruff==0.17.*; extra == "dev"', "ruff", True),
        (f"sandlock>=0.9; sys_platform == '{sys.platform}'", "sandlock", True),
        ('sandlock>=0.9; sys_platform == "plan9"', "sandlock", False),
    ],
)
def test_requirements_are_read(
    environment: ModuleType, requirement: str, name: str, *, applies: bool
) -> None:
    assert environment._name_of(requirement) == name
    assert environment._applies_here(requirement) is applies


def test_continuous_integration_runs_the_documented_command() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & stat.S_IXUSR
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec python3 scripts/test.py"
    assert "python3 scripts/test.py" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_plain_pytest_collects_no_suite_and_no_submission() -> None:
    # Where neither lies it is not looked: to collect all tests takes longest.
    elsewhere = [f"--ignore=tests/{name}" for name in ("e2e", "unit")]
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", *elsewhere]
    command = [sys.executable, "-m", "pytest", *options]
    finished = subprocess.run(
        [*command, "."], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    assert finished.returncode == 0, finished.stdout
    files = {line.partition("::")[0] for line in finished.stdout.splitlines() if "::" in line}
    assert len(files) > 5
    assert not [file for file in files if "suites" in file or not file.startswith("tests/")]


@pytest.mark.parametrize(
    ("words", "locale", "language"),
    [
        ([], "en_GB.UTF-8", "en"),
        ([], "zh_CN.UTF-8", "zh"),
        (["--lang", "zh"], "en_GB.UTF-8", "zh"),
        (["--lang", "en"], "zh_CN.UTF-8", "en"),
    ],
)
def test_what_is_said_before_anything_is_installed_is_in_the_readers_language(
    environment: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    locale: str,
    language: str,
) -> None:
    monkeypatch.setattr(sys, "argv", ["demo.py", *words])
    monkeypatch.delenv("GRADE_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    assert environment.say("en", "zh") == language
