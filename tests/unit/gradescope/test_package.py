from __future__ import annotations

import io
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from grading import MINI_COURSE
from tools import run_tool

from grader.course.catalog import find_course, load_exercise
from grader.gradescope.package import make_autograder
from grader.gradescope.settings import Settings

SETTINGS = Settings("ex90_mini", "zh", "strict", 7)
WHEEL = ("torchgrade-0-py3-none-any.whl", b"a wheel")


def made(index: str | None = None) -> zipfile.ZipFile:
    course = find_course(MINI_COURSE)
    content = make_autograder(course, load_exercise(course, "ex90"), SETTINGS, WHEEL, index)
    return zipfile.ZipFile(io.BytesIO(content))


def test_the_archive_has_what_grading_needs_and_nothing_else() -> None:
    assert made().namelist() == [
        "autograder.json",
        "constraints.txt",
        "course/exercises/ex90_mini/ex90_mini.ipynb",
        "course/exercises/ex90_mini/ex90_mini.py",
        "course/exercises/ex90_mini/exercise.toml",
        "course/exercises/ex90_mini/hints.toml",
        "course/solutions/ex90_mini/ex90_mini.py",
        "course/tests/suites/ex90_mini/checks.lock.json",
        "course/tests/suites/ex90_mini/test_hidden.py",
        "course/tests/suites/ex90_mini/test_visible.py",
        "run_autograder",
        "setup.sh",
        "torchgrade-0-py3-none-any.whl",
    ]


def test_both_scripts_at_the_top_can_be_started() -> None:
    modes = {entry.filename: entry.external_attr >> 16 for entry in made().infolist()}
    assert [name for name, mode in modes.items() if mode & 0o111] == ["run_autograder", "setup.sh"]


def test_the_same_course_gives_the_same_bytes() -> None:
    course = find_course(MINI_COURSE)
    exercise = load_exercise(course, "ex90")
    one, two = (make_autograder(course, exercise, SETTINGS, WHEEL) for _ in range(2))
    assert one == two


def test_torch_is_pinned_without_the_name_of_a_build() -> None:
    lines = made().read("constraints.txt").decode().splitlines()
    (torch,) = [line for line in lines if line.startswith("torch==")]
    assert "+" not in torch
    assert {line.partition("==")[0] for line in lines} >= {"msgspec", "pytest", "torchvision"}


@pytest.mark.parametrize("index", [None, "https://example.org/cpu", "x'; touch owned; '$(id)`id`"])
def test_the_scripts_pass_shellcheck_whatever_index_is_named(
    tmp_path: Path, index: str | None
) -> None:
    archive = made(index)
    archive.extractall(tmp_path)
    said = run_tool("shellcheck", tmp_path / "setup.sh", tmp_path / "run_autograder")
    # A quoted $(id) is what the index was called.
    assert not said or "SC2016" in said, said
    words = archive.read("setup.sh").decode()
    assert ("--extra-index-url" in words) == (index is not None)
    assert "@" not in words.replace("$@", "")


STAND_IN = """\
#!/bin/sh
case "$*" in
-c*) exit 0 ;;
"-m venv "*)
    mkdir -p "$3/bin"
    for name in pip grade; do
        printf '#!/bin/sh\\necho %s "$@" "data=$GRADE_DATA" >> "%s"\\n' "$name" "$LOG" \\
            > "$3/bin/$name"
        chmod +x "$3/bin/$name"
    done ;;
esac
"""


def test_the_setup_keeps_the_suites_for_root_and_installs_what_is_pinned(tmp_path: Path) -> None:
    root, log = tmp_path / "autograder", tmp_path / "log"
    made("https://example.org/c p u").extractall(root / "source")
    python = tmp_path / "bin" / "python3.13"
    python.parent.mkdir()
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    finished = subprocess.run(
        ["bash", root / "source" / "setup.sh"],  # noqa: S607 - as Gradescope starts it
        env={
            "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            "AUTOGRADER_ROOT": str(root),
            "LOG": str(log),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr
    modes = {path.stat().st_mode & 0o077 for path in (root / "source").rglob("*")}
    assert modes == {0}
    install, data, doctor = log.read_text(encoding="utf-8").splitlines()
    assert install.startswith(
        "pip install --no-cache-dir --extra-index-url https://example.org/c p u"
    )
    assert f"--constraint {root}/source/constraints.txt" in install
    assert f"{root}/source/torchgrade-0-py3-none-any.whl" in install
    assert data == f"grade data shapes10 data={root}/data"
    assert doctor.startswith("grade doctor")
