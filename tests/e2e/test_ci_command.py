"""`grade ci` as a step of CI starts it: sealed suites, the key in a variable, a real repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from grading import MINI_COURSE
from student_repository import StudentRepository

from grader.seal.age import new_key

pytestmark = pytest.mark.slow

NAME = "ex90_mini.py"
RIGHT = (MINI_COURSE.parent / "cases" / "right" / NAME).read_text(encoding="utf-8")
# Looks for the key and for the hidden suite wherever a process of this user could have them.
SPY = """
import glob, os

def _look():
    seen = [str(os.environ)]
    places = ["environ", "cmdline", "maps", "mem", "fd/3", "fd/4", "fd/5", "fd/6"]
    for path in [each for place in places for each in glob.glob(f"/proc/*/{place}")]:
        try:
            with open(path, "rb") as file:
                seen.append(file.read(1 << 20).decode(errors="replace"))
        except OSError:
            pass
    return [word for word in WORDS if any(word in one for one in seen)]

def _spied(function):
    if _look():
        raise SystemExit("found: " + str(_look()))
    return function
"""


def grade(
    *arguments: str | Path, folder: Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GRADE_")
    }
    return subprocess.run(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        cwd=folder,
        env=environment | {"GRADE_LANG": "en", "COLUMNS": "80"} | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=110,
    )


def test_a_push_is_graded_with_sealed_suites_that_it_cannot_find(tmp_path: Path) -> None:
    key = new_key().splitlines()[1]
    sealed = tmp_path / "suites.sealed"
    made = grade("seal", "--out", sealed, folder=tmp_path, GRADE_COURSE=str(MINI_COURSE),
                 GRADE_SEAL_KEY=key)  # fmt: skip
    assert made.returncode == 0, made.stderr
    student = StudentRepository(tmp_path / "student")
    student.commit("first", **{NAME: "x = 1\n"})
    words = [key[:30], "test_double_many", "GRADE_SEAL_KEY"]
    # In two parts each, or else the spy would find itself.
    told = "[" + ", ".join(f"{word[:5]!r} + {word[5:]!r}" for word in words) + "]"
    spy = SPY.replace("WORDS", told)
    student.commit("work", **{NAME: spy + RIGHT.replace("def double", "@_spied\ndef double")})
    out = tmp_path / "out"
    step, event = tmp_path / "step.md", tmp_path / "event.json"
    event.write_text(json.dumps({"before": student.git("rev-parse", "HEAD^")}), encoding="utf-8")
    ended = grade("ci", "--out", out, "--suites", sealed, "--repo", student.folder,
                  folder=student.folder, GRADE_SEAL_KEY=key, GITHUB_ACTIONS="true",
                  GITHUB_STEP_SUMMARY=str(step), GITHUB_EVENT_PATH=str(event))  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    report = json.loads((out / "reports" / "ex90.json").read_bytes())
    assert (report["score"], report["max_score"]) == (100, 100)
    assert report["environment"]["trust"] == "isolated"
    assert step.read_bytes() == (out / "summary.md").read_bytes()
    written = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file())
    assert key.encode() not in written
    for other in (new_key().splitlines()[1], ""):
        refused = grade("ci", "--out", out, "--suites", sealed, folder=student.folder,
                        GRADE_SEAL_KEY=other)  # fmt: skip
        assert refused.returncode == 2
        assert "hint: " in refused.stderr
