"""Unloads what tests load; and one process with torch for all tests of the lock-down, to fork."""

from __future__ import annotations

import json
import linecache
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HOST = Path(__file__).with_name("lockdown_host.py")

Locked = Callable[..., Any]


@pytest.fixture(autouse=True)
def _unload() -> Iterator[None]:
    """Take away what a test has loaded in this process, as a worker's end does."""
    finders = list(sys.meta_path)
    yield
    sys.meta_path[:] = finders
    for name in ("submission", "handed"):
        sys.modules.pop(name, None)
    for name in [name for name in linecache.cache if name.startswith("<submission>")]:
        del linecache.cache[name]


@pytest.fixture(scope="session")
def lockdown_host() -> Iterator[subprocess.Popen[str]]:
    """Start the process."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-I", str(HOST)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as host:
        yield host
        assert host.stdin is not None
        host.stdin.close()


@pytest.fixture
def ask(lockdown_host: subprocess.Popen[str], tmp_path: Path) -> Locked:
    """Give a function that runs an act of `lockdown_acts` in a forked process."""

    def run(
        act: str,
        *,
        identity: str = "root",
        locked: bool = True,
        blocked: tuple[str, ...] = (),
        policy: dict[str, Any] | None = None,
        **arguments: object,
    ) -> dict[str, Any]:
        # The folders that pytest made for itself alone; one more where the tests run in parallel.
        shared = len(Path(tempfile.gettempdir()).resolve().parts)
        for folder in (tmp_path, *tmp_path.parents):
            if len(folder.parts) > shared:
                folder.chmod(0o755)
        scratch = tmp_path / "scratch"
        scratch.mkdir(mode=0o700, exist_ok=True)
        request = {
            "act": act,
            "identity": identity,
            "locked": locked,
            "blocked": blocked,
            "policy": {"scratch": str(scratch)} | (policy or {}),
            "arguments": arguments,
        }
        assert lockdown_host.stdin is not None
        assert lockdown_host.stdout is not None
        print(json.dumps(request), file=lockdown_host.stdin, flush=True)
        answer: dict[str, Any] = json.loads(lockdown_host.stdout.readline())
        value = answer["value"]
        assert not (isinstance(value, dict) and "raised" in value), value["raised"]
        return answer

    return run


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Make a file that everybody on the machine may read, and no worker."""
    path = tmp_path / "course" / "solution.py"
    path.parent.mkdir()
    path.write_text("answer = 42\n")
    return path


@pytest.fixture
def listener() -> Iterator[int]:
    """Listen on the loopback, and give the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def abstract_name() -> Iterator[str]:
    """Listen on an abstract socket, and give its name."""
    name = f"grader-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("\0" + name)
        server.listen()
        yield name


@pytest.fixture
def targets(
    secret: Path, listener: int, abstract_name: str, tmp_path: Path
) -> Iterator[dict[str, object]]:
    """Set up everything that the acts of the self-test are aimed at."""
    path = tmp_path / "service.sock"
    # A stand-in for another worker, of the user who runs the tests.
    with (
        subprocess.Popen(["/bin/sleep", "100"]) as sibling,
        socket.socket(socket.AF_UNIX) as server,
    ):
        server.bind(str(path))
        server.listen()
        path.chmod(0o777)
        shutil.copy(shutil.which("id") or "/usr/bin/id", secret.parent / "whoami")
        (secret.parent / "whoami").chmod(0o4755)
        yield {
            "secret_file": str(secret),
            "foreign_folder": str(secret.parent),
            "other_pid": os.getpid(),
            "sibling_pid": sibling.pid,
            "tcp_port": listener,
            "abstract_name": abstract_name,
            "socket_path": str(path),
        }
        sibling.kill()
