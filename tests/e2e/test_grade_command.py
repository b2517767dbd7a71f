from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from grading import MINI_COURSE, without_times

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "ex03_half_right.py"

pytestmark = pytest.mark.slow


def grade(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Start the command as a user would, away from the course's folder."""
    command = [sys.executable, "-m", "grader.cli", *map(str, arguments)]
    environment = os.environ | {"GRADE_LANG": "en", "COLUMNS": "80", "GRADE_COURSE": str(ROOT)}
    return subprocess.run(
        command,
        env=environment | variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=100,
    )


def test_the_sample_is_graded_shown_and_written(tmp_path: Path) -> None:
    ended = grade("ex03", "--file", SAMPLE, "--json", tmp_path / "r.json")
    assert ended.returncode == 1, ended.stderr
    assert ended.stderr == ""
    report = json.loads((tmp_path / "r.json").read_bytes())
    schema = json.loads((ROOT / "grader" / "report" / "schema.json").read_bytes())
    jsonschema.validate(report, schema)
    assert 0 < report["score"] < 100
    assert f"Score: {report['score']:g} / 100" in ended.stdout
    for task in report["tasks"]:
        assert task["title"]["en"] in ended.stdout
    assert "\x1b" not in ended.stdout


@pytest.mark.parametrize(("readme", "language"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readme_shows_what_the_sample_really_gives(readme: str, language: str) -> None:
    shown = (ROOT / readme).read_text(encoding="utf-8").split("```\n")[1]
    assert grade("ex03", "--file", SAMPLE, "--lang", language).stdout == shown


def test_one_seed_gives_one_report() -> None:
    first, second = (
        json.loads(grade("ex03", "--file", SAMPLE, "--seed", "11", "--json", "-").stdout)
        for _ in range(2)
    )
    assert without_times(first) == without_times(second)


@pytest.mark.parametrize("name", ["ex01_nn_module", "ex02_convolution", "ex03_conv_layer"])
def test_a_solution_gets_full_marks_and_ends_with_0(name: str) -> None:
    ended = grade(name, "--file", ROOT / "solutions" / name / f"{name}.py", "--lang", "zh")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "得分：100 / 100" in ended.stdout


def test_a_broken_course_ends_with_4_and_a_report_without_a_score(tmp_path: Path) -> None:
    root = tmp_path / "course"
    shutil.copytree(MINI_COURSE, root)
    suite = root / "tests" / "suites" / "ex90_mini" / "test_visible.py"
    suite.write_text(suite.read_text(encoding="utf-8") + "\n1 / 0\n", encoding="utf-8")
    solution = root / "solutions" / "ex90_mini" / "ex90_mini.py"
    out = tmp_path / "r.json"
    ended = grade("ex90", "--file", solution, "--json", out, GRADE_COURSE=str(root))
    assert ended.returncode == 4
    assert "The course is at fault" in ended.stdout
    report = json.loads(out.read_bytes())
    assert (report["status"], report["score"], report["fault_of"]) == (
        "grader_fault",
        None,
        "course",
    )


def test_a_missing_file_ends_with_3(tmp_path: Path) -> None:
    ended = grade("ex03", "--file", tmp_path / "none.py")
    assert ended.returncode == 3
    assert "hint: " in ended.stderr
    assert "Traceback" not in ended.stderr


def test_secrets_of_the_one_who_grades_do_not_reach_the_submission(tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text(
        SAMPLE.read_text(encoding="utf-8") + "\nimport os\nprint(sorted(os.environ))\n",
        encoding="utf-8",
    )
    ended = grade(
        "ex03",
        "--file",
        spy,
        "--run-all",
        "--json",
        "-",
        GITHUB_TOKEN="x",  # noqa: S106 - a stand-in
        PYTEST_ADDOPTS="-v",
    )
    printed = json.loads(ended.stdout)["output"]["stdout"]
    assert "PATH" in printed
    assert "GITHUB_TOKEN" not in printed
    assert "PYTEST_ADDOPTS" not in printed
