"""The archive for Gradescope in its own folders, started as Gradescope starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from grading import MINI_COURSE

from grader.cli import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(os.geteuid() != 0, reason="Gradescope runs autograders as root"),
]

RIGHT = (MINI_COURSE / "solutions/ex90_mini/ex90_mini.py").read_text(encoding="utf-8")
ATTACK = """
import os

ROOT = "@ROOT@"


def double(x):
    opened = []
    for name in (
        "source/course/solutions/ex90_mini/ex90_mini.py",
        "source/course/tests/suites/ex90_mini/test_hidden.py",
        "source/autograder.json",
        "submission_metadata.json",
        "results/results.json",
    ):
        for mode in ("r", "w"):
            try:
                open(f"{ROOT}/{name}", mode).close()
                opened.append((name, mode))
            except OSError:
                pass
    for folder in ("source", "results", "submission", "."):
        try:
            opened.append(os.listdir(f"{ROOT}/{folder}"))
        except OSError:
            pass
    try:
        os.symlink(f"{ROOT}/source", f"{ROOT}/submission/link")
        opened.append("link")
    except OSError:
        pass
    raise ValueError(f"uid {os.getuid()} opened {opened}")
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Unpack an archive that the command line made, and give it an interpreter."""
    tmp_path.chmod(0o755)
    wheel = tmp_path / "torchgrade-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as written:
        written.writestr("empty", "")
    archive = tmp_path / "autograder.zip"
    monkeypatch.setenv("GRADE_COURSE", str(MINI_COURSE))
    command = ["export", "gradescope", "--exercise", "ex90", "--out", str(archive)]
    with pytest.raises(SystemExit) as ended:
        main([*command, "--wheel", str(wheel), "--seed", "7"])
    assert not ended.value.code
    made = tmp_path / "autograder"
    for name in ("submission", "results", "venv/bin"):
        (made / name).mkdir(parents=True)
    zipfile.ZipFile(archive).extractall(made / "source")
    (made / "source" / "run_autograder").chmod(0o755)
    python = made / "venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    (made / "submission_metadata.json").write_text('{"users": []}', encoding="utf-8")
    return made


def run(root: Path, source: str) -> tuple[Any, str]:
    """Give `results.json`, and what only instructors see."""
    (root / "submission" / "ex90_mini.py").write_text(source, encoding="utf-8")
    finished = subprocess.run(
        [root / "source" / "run_autograder"],
        cwd=root,
        env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert finished.returncode == 0, finished.stderr
    return json.loads((root / "results" / "results.json").read_bytes()), finished.stdout


def test_a_submission_is_graded_and_reaches_nothing_of_ours(root: Path) -> None:
    before = {path: path.read_bytes() for path in (root / "source").rglob("*") if path.is_file()}
    attack = (
        ATTACK.replace("@ROOT@", str(root)) + RIGHT.partition("\n\n\n")[2].partition("\n\n\n")[2]
    )
    document, log = run(root, "import torch\nfrom torch import nn\n" + attack)
    shown = [test["output"] for test in document["tests"] if test["visibility"] == "visible"]
    (raised,) = [output for output in shown if "uid" in output]
    assert "opened []" in raised
    assert "uid 0 " not in raised
    assert document["score"] == 70, log
    assert {path: path.read_bytes() for path in before} == before
    assert sorted(path.name for path in (root / "submission").iterdir()) == ["ex90_mini.py"]
    assert document["extra_data"]["trust"] == "isolated"


def test_a_link_among_what_was_handed_in_opens_nothing_of_ours(root: Path) -> None:
    solution = root / "source" / "course" / "solutions" / "ex90_mini" / "ex90_mini.py"
    (root / "submission" / "answer.py").symlink_to(solution)
    document, log = run(root, "from answer import FACTS, Net, double, total\n")
    assert document["score"] == 0, log


def test_the_right_answer_has_full_marks(root: Path) -> None:
    document, log = run(root, RIGHT)
    assert (document["score"], "seed: 7" in log) == (100, True)
