from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest

from grader.session.processor import join, one_processor

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing is moved")


def test_all_threads_and_a_worker_share_a_processor_until_the_block_ends() -> None:
    allowed = os.sched_getaffinity(0)
    ready, done = threading.Event(), threading.Event()

    def wait() -> None:
        ready.set()
        done.wait()

    thread = threading.Thread(target=wait)
    thread.start()
    ready.wait()
    assert thread.native_id is not None
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as worker:
        with one_processor():
            here = os.sched_getaffinity(0)
            join(worker.pid)
            assert len(here) == 1
            assert os.sched_getaffinity(thread.native_id) == here
            assert os.sched_getaffinity(worker.pid) == here
        assert os.sched_getaffinity(0) == allowed
        assert os.sched_getaffinity(thread.native_id) == allowed
        worker.communicate(b"\n")
    done.set()
    thread.join()


def test_a_worker_that_has_ended_is_no_trouble() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as worker:
        worker.wait()
    join(worker.pid)
