"""A kit as a student has it: unpacked, with the wheel in it and nothing else of ours."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.course.catalog import Course
from grader.kit.wheel import build_wheel

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def unpacked(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a kit and unpack it, as it would be sent."""
    folder = tmp_path_factory.mktemp("kit")
    command = [sys.executable, "-m", "grader", "kit", "--out", str(folder / "kit.zip")]
    command += ["--exercise", "ex01"]
    environment = os.environ | {"GRADE_COURSE": str(course.root)}
    subprocess.run(command, check=True, env=environment, timeout=100, capture_output=True)
    with zipfile.ZipFile(folder / "kit.zip") as archive:
        archive.extractall(folder)
    return folder / "kit"


@pytest.fixture(scope="module")
def grade(unpacked: Path) -> Run:
    """Run `grade` in the kit, installed from its wheel; torch and the like are borrowed."""
    python = unpacked / ".venv"
    venv.create(python, with_pip=False, symlinks=True)
    site = Path(sysconfig.get_path("purelib", vars={"base": str(python)}))
    (wheel,) = (unpacked / "wheels").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    theirs = [path for path in sys.path if path.endswith("site-packages")]
    (site / "zz_borrowed.pth").write_text("\n".join(theirs), encoding="utf-8")

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("GRADE")
        }
        return subprocess.run(
            [python / "bin" / "python", "-m", "grader", *map(str, arguments)],
            cwd=unpacked,
            env=environment | {"GRADE_LANG": "en", "COLUMNS": "80", "HOME": str(unpacked)},
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=100,
        )

    return run


def test_a_student_lists_reads_tries_solves_and_begins_anew(
    grade: Run, unpacked: Path, course: Course
) -> None:
    assert grade("list").stdout.split()[0] == "ex01"
    assert "the skeleton of every network" in grade("show", "ex01").stdout
    first = grade("ex01")
    assert first.returncode == 1, first.stderr
    assert "Score: visible 0 / 22\n78 more points are graded after submission." in first.stdout
    name = "ex01_nn_module"
    answer = unpacked / "exercises" / name / f"{name}.py"
    stub = answer.read_bytes()
    answer.write_bytes((course.solutions / name / f"{name}.py").read_bytes())
    second = grade("ex01", "--lang", "zh")
    assert second.returncode == 0, second.stdout + second.stderr
    assert "得分：可见部分 22 / 22\n另有 78 分在提交后评定。" in second.stdout
    # The notebook was not touched, so the script counts, and nothing has to be said about it.
    assert second.stderr == ""
    assert grade("reset", "ex01").returncode == 0
    assert answer.read_bytes() == stub


def test_the_same_tree_gives_the_same_wheel() -> None:
    assert build_wheel() == build_wheel()
