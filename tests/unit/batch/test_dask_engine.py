"""A real scheduler with two real worker processes on this machine."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from grading import MiniCourse

from grader.batch.engine import Engine, local_engine
from grader.batch.found import Discovery, Found
from grader.batch.gradebook import write_gradebook
from grader.batch.keys import versions_here
from grader.batch.plan import BatchRequest
from grader.batch.run import BatchCounts, grade_found
from grader.batch.task import Result
from grader.course.catalog import find_course, load_exercise
from grader.errors import UsageError, WorkerUnavailableError

distributed = pytest.importorskip("distributed")

from grader.batch import dask_engine as engine_module  # noqa: E402 - after the check for the extra
from grader.batch import dask_worker as worker_module  # noqa: E402
from grader.batch.dask_engine import dask_engine  # noqa: E402
from grader.batch.dask_worker import GraderPlugin  # noqa: E402

# Dask's event loops warn about their own clean-up.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0
    ) as cluster:
        yield cluster


class Watcher:
    """Kills a worker of the cluster once some results are there."""

    def __init__(self, cluster: object, after: int | None) -> None:
        self._cluster = cluster
        self._after = after
        self.done: list[str] = []

    def discovered(self, discovery: Discovery) -> None:
        pass

    def planned(self, total: int, kept: int) -> None:
        pass

    def finished(self, result: Result) -> None:
        self.done.append(result.student)
        if len(self.done) == self._after:
            # From a thread of its own: the batch is waiting for nothing but results.
            thread = threading.Thread(target=self._kill_one)
            thread.start()
            thread.join()

    def _kill_one(self) -> None:
        with distributed.Client(self._cluster) as client:
            pids = client.run(os.getpid)
        os.kill(next(iter(pids.values())), signal.SIGKILL)


def hand_in(mini: MiniCourse, root: Path, count: int) -> list[Found]:
    right = mini.solution.read_text(encoding="utf-8")
    found = []
    for number in range(count):
        path = root / f"s{number:02}" / "ex90_mini.py"
        path.parent.mkdir(parents=True)
        # What is imported travels, too: no worker looks into our folders.
        model = path.with_name("model.py")
        model.write_text("def double(x):\n    return 3 * x\n" if number % 3 else right, "utf-8")
        path.write_text("from model import double\n", "utf-8")
        beside = {model.name: model}
        found.append(Found(f"s{number:02}", "ex90", path, path.name, beside=beside))
    return found


def request(mini: MiniCourse, out: Path) -> BatchRequest:
    course = find_course(mini.root)
    exercise = load_exercise(course, "ex90")
    out.mkdir()
    return BatchRequest(course, (exercise,), out, 5, device="cpu", sandbox="auto")


def test_a_cluster_that_loses_a_worker_gives_the_same_gradebook(
    mini: MiniCourse, tmp_path: Path, cluster: object
) -> None:
    found = hand_in(mini, tmp_path / "in", 12)
    here, there = request(mini, tmp_path / "here"), request(mini, tmp_path / "there")
    watcher = Watcher(cluster, after=3)

    local = partial(local_engine, {"ex90": here.exercises[0]}, 1)
    first: BatchCounts = grade_found(here, found, local, Watcher(cluster, None))
    start = partial(
        dask_engine,
        there.course,
        ["ex90_mini"],
        scheduler=cluster.scheduler_address,  # type: ignore[attr-defined]
        jobs=2,
    )
    second = grade_found(there, found, start, watcher)

    assert second == first
    assert sorted(watcher.done) == [one.student for one in found]
    books = [write_gradebook(one.out) for one in (here, there)]
    assert books[0].gradebook.read_bytes() == books[1].gradebook.read_bytes()
    assert books[0].checks.read_bytes() == books[1].checks.read_bytes()
    assert kept_on_workers(cluster) == []


def kept_on_workers(cluster: object) -> list[str]:
    """Name what batches have left on the workers, which other batches may use."""
    with distributed.Client(cluster) as client:
        plugins = client.run(lambda dask_worker: list(dask_worker.plugins))
    return [name for names in plugins.values() for name in names if "torchgrade" in name]


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at 'tcp://127.0.0.1:9'"),
        ("127.0.0.1", "missing port number"),
        ("http://127.0.0.1:9", "unknown address scheme 'http'"),
        ("tls://127.0.0.1:9", "TLS"),
    ],
)
def test_a_scheduler_that_does_not_answer_is_an_error_with_a_cure(
    mini: MiniCourse, monkeypatch: pytest.MonkeyPatch, address: str, told: str
) -> None:
    monkeypatch.setattr(engine_module, "_ANSWER_SECONDS", 0.3)
    course = find_course(mini.root)

    with (
        pytest.raises(UsageError, match=told) as raised,
        dask_engine(course, ["ex90_mini"], scheduler=address, jobs=1),
    ):
        pass

    assert raised.value.hint is not None


def test_workers_without_the_resource_are_no_workers(mini: MiniCourse, cluster: object) -> None:
    course = find_course(mini.root)
    address: str = cluster.scheduler_address  # type: ignore[attr-defined]

    with (
        pytest.raises(UsageError, match="offers GPU=1") as raised,
        dask_engine(course, ["ex90_mini"], scheduler=address, jobs=1, resources={"GPU": 1}),
    ):
        pass

    assert f"dask worker {address} --resources GPU=1" in str(raised.value.hint)


def test_workers_that_come_are_counted_and_the_loss_of_all_is_an_error(
    mini: MiniCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_module, "_LOOK_SECONDS", 0)
    course = find_course(mini.root)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, dashboard_address="127.0.0.1:0", processes=False
        ) as changing,
        dask_engine(course, ["ex90_mini"], scheduler=changing.scheduler_address, jobs=1) as engine,
        distributed.Client(changing) as client,
    ):
        assert engine.slots() == 2
        changing.scale(2)
        client.wait_for_workers(2)
        assert engine.slots() == 4
        changing.scale(0)
        while client.nthreads():
            time.sleep(0.01)
        # Some may come back.
        assert engine.slots() == 1
        monkeypatch.setattr(engine_module, "_PATIENCE_SECONDS", 0)
        with pytest.raises(WorkerUnavailableError, match="lost all its workers"):
            engine.slots()


def test_another_course_on_a_worker_stops_the_batch(
    mini: MiniCourse, tmp_path: Path, cluster: object
) -> None:
    found = hand_in(mini, tmp_path / "in", 1)
    batch = request(mini, tmp_path / "out")
    with pytest.raises(UsageError, match="another version of ex90"):
        grade_found(batch, found, partial(_edited_engine, mini, batch, cluster), Watcher(0, None))


def test_a_worker_with_other_programs_refuses_before_it_reads_a_task(
    mini: MiniCourse, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin = GraderPlugin("here", str(mini.root), ["ex90_mini"])
    plugin.setup(None)
    there = versions_here()._replace(python="3.99.0")
    monkeypatch.setattr(worker_module, "versions_here", lambda: there)

    with pytest.raises(UsageError, match=r"this machine has .*python 3\.99\.0"):
        plugin.grade(b"")


def test_a_worker_without_the_course_names_the_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GRADE_COURSE", str(tmp_path))
    plugin = GraderPlugin("here", str(tmp_path / "elsewhere"), ["ex90_mini"])
    plugin.setup(None)

    with pytest.raises(UsageError, match="GRADE_COURSE") as raised:
        plugin.grade(b"")

    assert raised.value.hint is not None


def _edited_engine(
    mini: MiniCourse, batch: BatchRequest, cluster: object
) -> AbstractContextManager[Engine]:
    """The batch has planned; only then the course changes, as it may on another machine."""
    mini.edit("test_visible.py", "points=10", "points=11")
    return dask_engine(
        batch.course,
        ["ex90_mini"],
        scheduler=cluster.scheduler_address,  # type: ignore[attr-defined]
        jobs=2,
    )
