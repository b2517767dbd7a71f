"""What is left when a run is ended from outside: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from grading import MINI_COURSE

pytestmark = pytest.mark.slow

ENDLESS = "def double(x):\n    while True:\n        pass\n"


@pytest.fixture
def run(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a grading that takes long, with a temporary folder of its own."""
    file = tmp_path / "ex90_mini.py"
    file.write_text(ENDLESS, encoding="utf-8")
    scratch = tmp_path / "tmp"
    scratch.mkdir(mode=0o711)
    environment = os.environ | {
        "GRADE_COURSE": str(MINI_COURSE),
        "GRADE_LANG": "en",
        "TMPDIR": str(scratch),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "grader", "ex90", "--file", str(file)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def wait_for_worker(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Wait until nursery, examiner and worker run, and give all three."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(process.pid).children(recursive=True)
        if len(children) >= 3:
            return children
        time.sleep(0.02)
    pytest.fail("no worker was started")


def assert_nothing_is_left(children: list[psutil.Process], tmp_path: Path) -> None:
    _gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    deadline = time.monotonic() + 5
    while list((tmp_path / "tmp").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list((tmp_path / "tmp").iterdir())


def test_ctrl_c_ends_with_130_and_leaves_nothing(
    run: subprocess.Popen[str], tmp_path: Path
) -> None:
    children = wait_for_worker(run)
    run.send_signal(signal.SIGINT)
    _out, errors = run.communicate(timeout=30)
    assert run.returncode == 130
    assert "Traceback" not in errors
    assert_nothing_is_left(children, tmp_path)


def test_a_killed_command_leaves_nothing(run: subprocess.Popen[str], tmp_path: Path) -> None:
    children = wait_for_worker(run)
    run.kill()
    run.communicate(timeout=30)
    assert_nothing_is_left(children, tmp_path)


def test_a_killed_nursery_is_our_fault_and_leaves_nothing(
    run: subprocess.Popen[str], tmp_path: Path
) -> None:
    children = wait_for_worker(run)
    psutil.Process(run.pid).children()[0].kill()
    _out, errors = run.communicate(timeout=30)
    assert run.returncode == 5
    assert "hint: " in errors
    assert "Traceback" not in errors
    assert_nothing_is_left(children, tmp_path)
