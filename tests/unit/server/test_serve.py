"""The server without what it keeps warm: a stand-in lends sockets that nobody answers."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from waiting import wait_until

from grader.errors import ManifestError, WorkerUnavailableError
from grader.server import protocol
from grader.server import serve as module
from grader.server.folder import ServerFolder
from grader.server.serve import Server
from grader.server.visit import server_state, stop_server

OPEN = protocol.Open(
    token="", fingerprint="own", preload=(), scratch="", folder="/", environment={}
)


class StandIn:
    def __init__(self) -> None:
        self.is_alive = True
        self.is_settled = False
        self.preloaded: tuple[str, ...] = ()
        self.lent = 0
        self.refusal: Exception | None = None

    @contextlib.contextmanager
    def examiner(self, preload: Sequence[str], place: object) -> Iterator[socket.socket]:
        if self.refusal is not None:
            raise self.refusal
        self.lent += 1
        ours, theirs = socket.socketpair()
        try:
            with ours, theirs:
                yield ours
        finally:
            self.lent -= 1

    def preload(self, modules: Sequence[str]) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.preloaded += tuple(modules)

    def settle(self) -> None:
        self.is_settled = True

    def close(self) -> None:
        self.is_alive = False


class Running:
    def __init__(self, folder: ServerFolder, idle_seconds: float) -> None:
        self.folder = folder
        self.lock = folder.lock()
        assert self.lock is not None
        self.warmth = StandIn()
        warmth: Any = self.warmth
        self.server = Server(
            warmth, folder, self.lock, fingerprint="own", idle_seconds=idle_seconds
        )
        self.thread = threading.Thread(target=self.server.run)
        self.thread.start()

    def say(self, request: protocol.Request, token: str | None = None) -> socket.socket:
        connection = self.folder.connect(5.0)
        assert connection is not None
        known = self.folder.read_token() if token is None else token
        with contextlib.suppress(BrokenPipeError):
            protocol.send(connection, msgspec.structs.replace(request, token=known))
        return connection

    def has_ended(self) -> bool:
        self.thread.join(20.0)
        return not self.thread.is_alive()


@pytest.fixture
def running(runtime: Path) -> Iterator[Running]:
    with ServerFolder.open() as folder:
        server = Running(folder, idle_seconds=60)
        yield server
        server.server.retire()
        assert server.has_ended()


def answer(connection: socket.socket) -> protocol.Answer:
    found, descriptors = protocol.receive_answer(connection)
    for descriptor in descriptors:
        os.close(descriptor)
    return found


def test_an_examiner_is_lent_until_the_client_hangs_up(running: Running) -> None:
    with running.say(OPEN) as connection:
        assert isinstance(answer(connection), protocol.Welcome)
        assert isinstance(answer(connection), protocol.Opened)
        assert running.warmth.lent == 1
    wait_until(lambda: running.warmth.lent == 0)


def test_a_server_that_may_open_nothing_more_waits_and_then_answers(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept, tries, is_free = socket.socket.accept, 0, False

    def accept_if_free(listener: socket.socket) -> Any:
        nonlocal tries
        tries += 1
        if not is_free:
            raise OSError(errno.EMFILE, "Too many open files")
        return accept(listener)

    monkeypatch.setattr(socket.socket, "accept", accept_if_free)
    with running.say(OPEN) as connection:
        time.sleep(0.3)
        assert 1 <= tries < 10, "it does not ask again and again"
        is_free = True
        assert isinstance(answer(connection), protocol.Welcome)


def test_who_does_not_know_the_token_gets_no_answer(running: Running) -> None:
    for request in (OPEN, protocol.Status(""), protocol.Stop("")):
        for token in ("", "0" * 64, "é"):
            with running.say(request, token) as connection, pytest.raises(EOFError):
                answer(connection)
    assert running.thread.is_alive()
    assert running.warmth.lent == 0


def test_another_user_gets_no_answer(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "peer_of", lambda _: protocol.Peer(1, os.getuid() + 1))
    with (
        pytest.raises((EOFError, ConnectionError)),
        running.say(OPEN) as connection,
    ):
        answer(connection)


def test_a_client_leaves_a_server_of_another_user_alone(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = protocol.Peer(1, os.getuid() + 1)
    monkeypatch.setattr("grader.server.folder.peer_of", lambda _: peer)
    with pytest.raises(OSError, match="another user"):
        running.folder.connect(1.0)


def test_a_client_of_another_version_makes_it_leave(running: Running) -> None:
    newer = msgspec.structs.replace(OPEN, fingerprint="newer")
    with running.say(OPEN) as busy:
        answer(busy), answer(busy)
        with running.say(newer) as connection:
            assert answer(connection) == protocol.Refused("version")
        # There is room for another one, and what was being graded is graded to its end.
        assert running.folder.socket_number() is None
        lock = running.folder.lock()
        assert lock is not None
        os.close(lock)
        assert running.warmth.lent == 1
        assert running.thread.is_alive()
    assert running.has_ended()


@pytest.mark.parametrize("noise", [b"", b"\0\0\0\4abcd", b"\xff\xff\xff\xff", b"GET / HTTP/1.1"])
def test_noise_disturbs_nobody(running: Running, noise: bytes) -> None:
    connection = running.folder.connect(5.0)
    assert connection is not None
    with connection:
        connection.sendall(noise)
    with running.say(OPEN) as other:
        assert isinstance(answer(other), protocol.Welcome)


def test_no_more_examiners_are_lent_than_memory_bears(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MAX_SESSIONS", 1)
    with running.say(OPEN) as first:
        answer(first), answer(first)
        with running.say(OPEN) as second:
            assert answer(second) == protocol.Refused("busy")


def test_a_server_that_cannot_lend_says_so_and_leaves(running: Running) -> None:
    running.warmth.refusal = WorkerUnavailableError("gone")
    with running.say(OPEN) as connection:
        assert isinstance(answer(connection), protocol.Welcome)
        assert answer(connection) == protocol.Refused("broken", "gone")
    assert running.has_ended()


def test_a_module_that_cannot_be_imported_is_no_reason_to_leave(running: Running) -> None:
    running.warmth.refusal = ManifestError("no such module")
    with running.say(OPEN) as connection:
        assert isinstance(answer(connection), protocol.Welcome)
        assert answer(connection) == protocol.Refused("preload", "no such module")
    running.warmth.refusal = None
    with running.say(OPEN) as connection:
        answer(connection)
        assert isinstance(answer(connection), protocol.Opened)


def test_who_comes_while_modules_are_imported_for_later_is_welcomed_at_once(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.01)
    begun, may_end = threading.Event(), threading.Event()
    missing = ManifestError("no such module")

    def preload(_modules: object) -> None:
        begun.set()
        may_end.wait(20)
        raise missing

    monkeypatch.setattr(running.warmth, "preload", preload)
    with running.say(msgspec.structs.replace(OPEN, later=("a",))) as connection:
        answer(connection), answer(connection)
    assert begun.wait(20)
    with running.say(OPEN) as connection:
        assert isinstance(answer(connection), protocol.Welcome)
        may_end.set()
    assert running.thread.is_alive()


def test_without_its_nursery_it_leaves(running: Running) -> None:
    running.warmth.is_alive = False
    with running.say(OPEN) as connection, pytest.raises(EOFError):
        answer(connection)
    assert running.has_ended()


def test_what_a_killed_client_left_is_removed(running: Running, tmp_path: Path) -> None:
    scratch = tmp_path / "grade-x"
    (scratch / "worker1").mkdir(parents=True)
    other = tmp_path / "precious"
    other.mkdir()
    for folder in (scratch, other):
        with running.say(msgspec.structs.replace(OPEN, scratch=str(folder))) as connection:
            answer(connection), answer(connection)
    wait_until(lambda: not scratch.exists())
    assert other.exists()


def test_modules_for_later_are_imported_in_a_quiet_moment(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUIET_SECONDS", 0.05)
    with running.say(msgspec.structs.replace(OPEN, later=("a", "b"))) as connection:
        answer(connection), answer(connection)
        time.sleep(0.1)
        assert running.warmth.preloaded == ()
        assert not running.warmth.is_settled
    wait_until(lambda: set(running.warmth.preloaded) == {"a", "b"})
    wait_until(lambda: running.warmth.is_settled)


def test_it_ends_after_its_idle_time_and_not_while_it_is_needed(runtime: Path) -> None:
    with ServerFolder.open() as folder:
        running = Running(folder, idle_seconds=0.2)
        with running.say(OPEN) as connection:
            answer(connection), answer(connection)
            time.sleep(0.4)
            assert running.thread.is_alive()
        assert running.has_ended()
        assert folder.socket_number() is None
        assert not running.warmth.is_alive


def test_it_ends_where_nobody_can_find_it_any_more(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LOOK_SECONDS", 0.05)
    running.server._wake()
    running.folder.path.rename(running.folder.path.with_name("moved"))
    assert running.has_ended()


def test_its_state_can_be_asked(running: Running) -> None:
    with running.say(OPEN) as connection:
        answer(connection), answer(connection)
        visit = server_state()
    assert visit is not None
    assert visit.pid == os.getpid()
    assert visit.state is not None
    assert (visit.state.sessions, visit.state.given, visit.state.fingerprint) == (1, 1, "own")


def test_where_none_runs_there_is_nothing_to_ask_and_nothing_to_stop(runtime: Path) -> None:
    assert server_state() is None
    assert stop_server() is None


def test_stop_ends_what_is_being_graded(running: Running) -> None:
    with running.say(OPEN) as session:
        answer(session), answer(session)
        with running.say(protocol.Stop("", now=True)) as connection:
            assert isinstance(answer(connection), protocol.State)
        assert session.recv(1) == b""
    assert running.has_ended()
