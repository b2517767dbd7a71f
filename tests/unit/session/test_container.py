"""Workers in a container: its start, life, loss and end; a script plays the engine."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil
import pytest
import torch
from fake_engine import FakeEngine

from grader.errors import SandboxError
from grader.session.container.engine import (
    ENGINES,
    IMAGE_VARIABLE,
    ContainerSettings,
    build_command,
    find_engine,
    run_command,
)
from grader.session.container.workers import ContainerWorkers
from grader.session.failures import WorkerLost
from grader.session.isolation import run_self_test
from grader.session.worker import CapturedOutput, Worker
from grader.session.worker_sources import WorkerSources
from grader.session.workers import FreshWorkers, start_worker
from grader.worker import wire
from grader.worker.policy import LAYERS, Policy

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the workers are those of Linux")

ROOT = Path(__file__).parents[3]
POLICY = Policy(scratch="worker", memory_bytes=2**30)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    made = FakeEngine(tmp_path / "engine")
    monkeypatch.setenv("PATH", str(made.folder), prepend=os.pathsep)
    monkeypatch.delenv(IMAGE_VARIABLE, raising=False)
    return made


@pytest.fixture
def workers(engine: FakeEngine) -> Iterator[ContainerWorkers]:
    assert engine.program.exists()
    made = ContainerWorkers(find_engine("podman"))
    yield made
    made.close()


def settings(name: str = "podman") -> ContainerSettings:
    return ContainerSettings(name, f"/bin/{name}", "an-image:1", ())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ENGINES)
def test_a_container_is_started_with_nothing_of_this_machine(name: str) -> None:
    command = run_command(settings(name), "a-name", POLICY)
    assert command[:3] == [f"/bin/{name}", "run", "--rm"]
    for option in (
        "--interactive",
        "--network=none",
        "--ipc=none",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--pull=never",
        "--log-driver=none",
        "--name=a-name",
    ):
        assert option in command
    mounts = [
        word for word in command if word.startswith(("--volume", "-v", "--mount", "--device"))
    ]
    assert mounts == []
    assert not [word for word in command if str(ROOT) in word or str(Path.home()) in word]
    (scratch,) = (word for word in command if word.startswith("--tmpfs="))
    assert scratch.startswith("--tmpfs=/scratch:")
    assert {"noexec", "nosuid", "nodev"} <= set(scratch.split(":")[1].split(","))
    assert command[command.index("an-image:1") :][-4:] == [
        "-m",
        "grader.worker",
        "gateway",
        "/scratch",
    ]


def test_the_limits_of_a_container_leave_room_for_two_workers() -> None:
    command = run_command(settings(), "a-name", POLICY)
    found = dict(
        word.lstrip("-").split("=", 1) for word in command if word.startswith("--") and "=" in word
    )
    assert int(found["memory"]) >= 2 * (POLICY.memory_bytes + 2 * POLICY.file_bytes)
    assert found["memory-swap"] == found["memory"]
    assert int(found["pids-limit"]) >= 2 * POLICY.processes


def test_only_what_a_nursery_needs_may_be_done_in_a_container() -> None:
    command = run_command(settings(), "a-name", POLICY)
    added = {word.partition("=")[2] for word in command if word.startswith("--cap-add")}
    assert added == {"SETUID", "SETGID", "SETPCAP", "CHOWN", "KILL", "DAC_OVERRIDE"}


def test_no_variable_of_the_user_reaches_a_container(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "secret")
    monkeypatch.setenv("HOME", "/home/teacher")
    command = run_command(settings(), "a-name", POLICY)
    assert not [word for word in command if "secret" in word or "teacher" in word]


def test_an_engine_that_is_not_installed_is_named_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="podman") as caught:
        find_engine("podman")
    assert caught.value.hint is not None
    assert "Install podman" in caught.value.hint.en


def test_the_image_holds_the_untrusted_side_and_nothing_else(engine: FakeEngine) -> None:
    assert engine.program.exists()
    command = build_command(find_engine("podman")).split()
    recipe = Path(command[command.index("--file") + 1])
    context = Path(command[-1])
    copied = [
        word
        for line in recipe.read_text(encoding="utf-8").splitlines()
        if line.startswith("COPY")
        for word in line.split()[1:-1]
    ]
    assert copied == ["__init__.py", "worker"]
    assert all((context / name).exists() for name in copied)


def load(worker: Worker, code: str) -> None:
    cells = (wire.CellSource(None, code),)
    request = wire.Load(cells=cells, filename="x.py", required=(), run_all=True, device="cpu")
    response, _ = worker.request(request, b"", 20.0)
    assert isinstance(response, wire.LoadReport)
    assert not response.problems, response.problems


def call(worker: Worker, name: str, seconds: float = 20.0) -> wire.Response:
    found, _ = worker.request(wire.Get(0, name), b"", 5.0, wire.Begin(1, watch=False))
    assert isinstance(found, wire.Returned)
    assert isinstance(found.value, wire.HandleValue)
    response, _ = worker.request(wire.Call(found.value.id, (), {}), b"", seconds)
    return response


CODE = """\
import os, signal, sys, time, torch

def answer():
    print("hello")
    return 42

def picture():
    return torch.arange(2_000_000)

def flood():
    for _ in range(4000):
        print("x" * 1000)
    return 1

def crash():
    print("last words", flush=True)
    os._exit(7)

def loop():
    while True:
        pass

def idle():
    time.sleep(600)

def end():
    os.kill(os.getpid(), signal.SIGKILL)
"""


def count_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.fixture
def output() -> CapturedOutput:
    return CapturedOutput(100_000)


def test_the_life_of_a_container(
    workers: ContainerWorkers, engine: FakeEngine, output: CapturedOutput
) -> None:
    workers.preload(("colorsys",))
    worker, ready = start_worker(workers, POLICY, output)
    assert {"session", "descriptors", "limits", "seccomp"} <= set(ready.layers)
    load(worker, CODE)
    assert call(worker, "answer") == wire.Returned(42, ())
    # Far more than a window, both a value and what is printed.
    big = call(worker, "picture")
    assert isinstance(big, wire.Returned)
    assert isinstance(big.value, wire.TensorValue)
    assert big.value.nbytes == 16_000_000
    assert call(worker, "flood") == wire.Returned(1, ())
    # What is printed comes on a way of its own, and may come later than the answer.
    for _ in range(100):
        if output.truncated_bytes > 3_000_000:
            break
        assert call(worker, "answer") == wire.Returned(42, ())
        time.sleep(0.05)
    assert output.truncated_bytes > 3_000_000

    # A second one beside it, which ends in every way there is; the first notices nothing.
    for name, kind, seconds in (
        ("crash", "crashed", 20.0),
        ("end", "crashed", 20.0),
        ("loop", "timeout", 0.5),
        ("idle", "timeout", 0.2),
    ):
        own = CapturedOutput(1000)
        other, _ = start_worker(workers, POLICY, own)
        load(other, CODE)
        with pytest.raises(WorkerLost) as caught:
            call(other, name, seconds)
        assert caught.value.kind == kind, name
        if name == "crash":
            assert caught.value.detail == "exit 7"
            assert own.text("stdout") == "last words\n"
        if name in ("crash", "loop"):
            assert caught.value.places[0].function == name
    assert call(worker, "answer") == wire.Returned(42, ())
    worker.end()
    assert len(engine.runs) == 1

    before = count_descriptors()
    for _ in range(3):
        start_worker(workers, POLICY, output)[0].end()
    time.sleep(0.2)
    assert count_descriptors() <= before
    pid = int((engine.folder / "pid").read_text())
    workers.close()
    assert not psutil.pid_exists(pid)
    assert not (engine.folder / "scratch").exists()
    # It ended by itself: nothing had to be removed by force.
    assert [command for command in engine.commands if command[0] == "rm"] == []


def test_a_lost_container_costs_its_check_and_is_replaced(
    workers: ContainerWorkers, engine: FakeEngine, output: CapturedOutput
) -> None:
    worker, _ = start_worker(workers, POLICY, output)
    load(worker, CODE)
    engine.kill_last()
    with pytest.raises(WorkerLost) as caught:
        call(worker, "answer")
    assert caught.value.kind == "crashed"
    worker, _ = start_worker(workers, POLICY, output)
    load(worker, CODE)
    assert call(worker, "answer") == wire.Returned(42, ())
    worker.end()
    first, second = engine.runs
    assert [word for word in first if word.startswith("--name")] != [
        word for word in second if word.startswith("--name")
    ]
    (name,) = (word.partition("=")[2] for word in first if word.startswith("--name"))
    assert ["rm", "--force", name] in engine.commands


def test_what_a_container_shows_of_itself_is_no_hole(engine: FakeEngine, tmp_path: Path) -> None:
    assert engine.program.exists()
    sources = WorkerSources(FreshWorkers())
    source = sources.choose(torch.device("cpu"), find_engine("podman"), ())
    # What is left where the kernel has neither Landlock nor namespaces for a worker.
    bare = ("landlock", *(layer for layer in LAYERS if layer.endswith("-namespace")))
    found = run_self_test(
        source, msgspec.structs.replace(POLICY, without=bare), secret=ROOT, foreign=tmp_path
    )
    sources.close()
    for name in ("list_processes", "read_own_parent", "read_system_tree"):
        assert found.acts[name] == "stopped: CONTAINER"
    assert set(found.allowed) <= {
        # The script that plays the engine does not hide the files of this machine.
        "read_secret_file",
        "list_foreign_folder",
        "write_outside",
        "write_shared_memory",
        "read_password_file",
        "write_library",
        # Who is no root cannot give its workers users of their own.
        "find_sibling",
        "read_other_environment",
        "read_other_memory",
    }


def refused(workers: ContainerWorkers) -> SandboxError:
    with pytest.raises(SandboxError) as caught:
        workers.launch(POLICY, CapturedOutput(0))
    return caught.value


def hint_of(error: SandboxError) -> str:
    assert error.hint is not None
    assert error.hint.zh
    return error.hint.en


def test_an_engine_that_does_not_answer_is_named(
    workers: ContainerWorkers, engine: FakeEngine
) -> None:
    gone = ["Cannot connect to the Docker daemon. Is the daemon running?", 1]
    engine.behave(run=["error", 125], info=gone)
    error = refused(workers)
    assert "Is the daemon running?" in error.message.en
    assert "podman info" in hint_of(error)


def test_an_image_that_is_missing_comes_with_the_command_that_builds_it(
    workers: ContainerWorkers, engine: FakeEngine
) -> None:
    engine.behave(run=["no such image", 125], image=["no such image", 1])
    error = refused(workers)
    assert "has no image torchgrade-worker:" in error.message.en
    assert "podman build --tag torchgrade-worker:" in hint_of(error)


def test_an_image_of_another_version_is_refused(
    workers: ContainerWorkers, engine: FakeEngine, tmp_path: Path
) -> None:
    package = tmp_path / "old" / "grader"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    shutil.copytree(ROOT / "grader" / "worker", package / "worker")
    with (package / "worker" / "policy.py").open("a", encoding="utf-8") as file:
        file.write("# another version\n")
    engine.behave(package=str(package.parent))
    error = refused(workers)
    assert "another version" in error.message.en
    assert "build" in hint_of(error)


@pytest.mark.parametrize(
    "instead",
    [
        "print('not a message at all, whatever it is')",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 100)",
        "import sys; sys.exit('out of space')",
    ],
    ids=["text", "huge length", "ends"],
)
def test_a_container_that_says_nonsense_is_refused_and_removed(
    workers: ContainerWorkers, engine: FakeEngine, instead: str
) -> None:
    engine.behave(instead=instead)
    error = refused(workers)
    assert "did not start" in error.message.en
    if "space" in instead:
        assert "out of space" in error.message.en
    assert engine.commands[-1][0] == "image" or engine.commands[-1][:1] == ["rm"]


def test_a_module_that_the_image_lacks_is_named(workers: ContainerWorkers) -> None:
    workers.preload(("no_such_module_at_all",))
    error = refused(workers)
    assert "no_such_module_at_all" in error.message.en
