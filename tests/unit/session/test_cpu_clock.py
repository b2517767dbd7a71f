from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from waiting import wait_until

from grader.session import cpu_clock
from grader.session.cpu_clock import cpu_clock_of, starved_seconds

BUSY = """
import time
print(flush=True)
while time.process_time() < 0.3:
    pass
print(flush=True)
input()
"""


@pytest.fixture(params=["kernel", "psutil"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "psutil":
        monkeypatch.setattr(cpu_clock, "_CLOCK_GETCPUCLOCKID", None)


@pytest.mark.usefixtures("way")
def test_clock_counts_work_and_not_waiting() -> None:
    command = [sys.executable, "-c", BUSY]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        clock = cpu_clock_of(process.pid)
        process.stdout.readline()
        before = clock()
        process.stdout.readline()
        worked = clock()
        time.sleep(0.1)
        waited = clock()
        times = psutil.Process(process.pid).cpu_times()
        process.communicate(b"\n")

    assert before < worked
    assert 0.29 <= worked <= 2
    assert waited - worked < 0.05
    assert waited == pytest.approx(times.user + times.system, abs=0.05)


@pytest.mark.usefixtures("way")
def test_clock_of_an_ended_process_reads_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        clock = cpu_clock_of(process.pid)

    assert clock() == 0.0


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="the kernel does not tell")
def test_a_process_that_must_wait_for_the_processor_is_seen_to_do_so() -> None:
    # Two of them on one processor: each waits for about half of the time.
    busy = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})\nwhile True: pass"
    processes = [subprocess.Popen([sys.executable, "-c", busy]) for _ in range(2)]
    try:
        wait_until(lambda: min(starved_seconds(each.pid) for each in processes) >= 0.05)
    finally:
        for each in processes:
            each.kill()
            each.wait()
    assert starved_seconds(2**22 + 1) == 0
