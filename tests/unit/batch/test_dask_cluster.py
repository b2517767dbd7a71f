"""The end of a Dask cluster of our own."""

from __future__ import annotations

import subprocess
import sys

import psutil
import pytest
from waiting import is_left_behind

pytest.importorskip("distributed")

# As the cluster of a batch is started: what multiprocessing shares is cleaned up behind us.
QUIET = ("-W", "ignore:resource_tracker:UserWarning")
SLOW_TO_LEAVE = """
import shutil, time
from grader.batch import dask_cluster
remove = shutil.rmtree
def remove_slowly(folder, **options):
    remove(folder, **options)
    time.sleep(1)
shutil.rmtree = remove_slowly
dask_cluster.main(1)
"""


def test_no_worker_is_started_again_while_a_cluster_ends() -> None:
    with subprocess.Popen(
        [sys.executable, *QUIET, "-c", SLOW_TO_LEAVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("tcp://127.0.0.1:")
        workers = psutil.Process(process.pid).children(recursive=True)
        assert workers

        _, said = process.communicate(timeout=30)

    assert process.returncode == 0
    assert said == ""
    assert not [worker for worker in workers if is_left_behind(worker)]
