from __future__ import annotations

import contextlib
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
            # All may be taken, by the examiners of other tests.
            assert len(here) == 1 or here == allowed
            assert os.sched_getaffinity(thread.native_id) == here
            assert os.sched_getaffinity(worker.pid) == here
        assert os.sched_getaffinity(0) == allowed
        assert os.sched_getaffinity(thread.native_id) == allowed
        worker.communicate(b"\n")
    done.set()
    thread.join()


def test_no_two_examiners_choose_the_same_processor() -> None:
    places = (
        "import os; from grader.session.processor import one_processor\n"
        "with one_processor():\n"
        "    print(*os.sched_getaffinity(0), flush=True)\n"
        "    input()\n"
    )
    command = [sys.executable, "-c", places]
    chosen = []
    with contextlib.ExitStack() as stack:
        for _ in os.sched_getaffinity(0):
            examiner = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            stack.callback(examiner.communicate, "\n")
            assert examiner.stdout is not None
            chosen.append(examiner.stdout.readline().split())
    # Another test's examiner may have one; whoever finds none is left where it is.
    alone = [each[0] for each in chosen if len(each) == 1]
    assert len(alone) == len(set(alone))


def test_a_worker_that_has_ended_is_no_trouble() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as worker:
        worker.wait()
    join(worker.pid)
