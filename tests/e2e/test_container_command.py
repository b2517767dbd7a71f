"""`--sandbox podman` as a teacher uses it, with a script in the engine's place."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psutil
import pytest
from e2e.test_batch_command import WRONG, Class
from fake_engine import FakeEngine

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the workers are those of Linux")

CRASHING = "import os\n\n\ndef double(x):\n    os._exit(0)\n"


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    made = FakeEngine(tmp_path / "engine")
    monkeypatch.setenv("PATH", str(made.folder), prepend=os.pathsep)
    return made


def test_a_class_is_graded_in_one_long_lived_container(tmp_path: Path, engine: FakeEngine) -> None:
    students = Class(tmp_path)
    students.hand_in("ada")
    students.hand_in("bob", WRONG)
    students.hand_in("eve", CRASHING)
    students.hand_in("joe")

    done = students.run("--sandbox", "podman", "--jobs", "1")

    assert done.returncode == 0, done.stderr
    totals = {row["student"]: float(row["total"]) for row in students.gradebook()}
    assert totals["ada"] == totals["joe"] == 100
    assert totals["bob"] < 100
    assert totals["eve"] < 100
    assert len(engine.runs) == 1
    assert not [word for word in engine.runs[0] if str(students.course) in word]
    for path in students.reports():
        report = json.loads(path.read_bytes())
        assert report["environment"]["trust"] == "isolated"
        assert report["environment"]["sandbox"][0] == "podman"
    eve = json.loads((students.out / "reports" / "eve" / "ex90.json").read_bytes())
    ends = {check["outcome"] for task in eve["tasks"] for check in task["checks"]}
    assert "crashed" in ends
    assert not psutil.pid_exists(int((engine.folder / "pid").read_text()))


def test_a_missing_engine_ends_the_command_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    students = Class(tmp_path)
    students.hand_in("ada")
    done = students.run("--sandbox", "docker")
    assert done.returncode == 5
    assert "docker" in done.stderr
    assert "Install docker" in done.stderr
    assert students.reports() == []
