"""The server: one thread waits for clients, and one serves each of them."""

from __future__ import annotations

import contextlib
import hmac
import os
import selectors
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.errors import GraderError, ManifestError
from grader.server import protocol
from grader.server.folder import ServerFolder
from grader.server.warmth import Place, Warmth
from grader.session.scratch import SCRATCH_PREFIX
from grader.worker.removal import remove_tree

_GREETING_SECONDS: Final = 5.0
"""How long a client may take to say what it wants."""
_LOOK_SECONDS: Final = 10.0
"""How often the server looks whether it can still be found."""
_QUIET_SECONDS: Final = 1.0
"""So long after a grading, the next one is not expected any moment."""
_FULL_SECONDS: Final = 0.1
"""How long it waits for a descriptor to become free."""
_MAX_SESSIONS: Final = 8
_REMOVALS: Final = 20
_WAKE_BYTES: Final = 64


class Server:
    """Serves clients until it is told to stop, or had nothing to do for long enough."""

    def __init__(
        self,
        warmth: Warmth,
        folder: ServerFolder,
        lock: int,
        *,
        fingerprint: str,
        idle_seconds: float,
    ) -> None:
        """Listen.

        Args:
            warmth: Lends examiners; ended with the server.
            folder: Where clients find the server.
            lock: Holds the place of the one server; closed when the place is free.
            fingerprint: What this server is made of.
            idle_seconds: How long it stays without a client.

        Raises:
            OSError: The folder cannot be written to.
        """
        self._warmth = warmth
        self._folder = folder
        self._lock = lock
        self._fingerprint = fingerprint
        self._idle_seconds = idle_seconds
        self._started_at = time.time()
        self._token = folder.new_token()
        self._listener = folder.listen()
        self._listener.setblocking(False)  # noqa: FBT003 - the socket's own signature
        self._socket_number = folder.socket_number()
        self._wake_reader, self._wake_writer = socket.socketpair()
        # A signal may come while this thread holds it.
        self._guard = threading.RLock()
        self._is_open = True
        self._visitors: set[socket.socket] = set()
        """The connections."""
        self._sessions: set[socket.socket] = set()
        """Those of them that have an examiner, or wait for one."""
        self._given = 0
        self._last_used = time.monotonic()
        self._later: dict[str, None] = {}
        self._chore = threading.Thread()

    def run(self) -> None:
        """Serve, and end everything afterwards."""
        with self._wake_reader, self._wake_writer:
            self._wait_for_clients()
            # What was begun is ended well.
            while self._visitors:
                self._wake_reader.recv(_WAKE_BYTES)
        self._warmth.close()

    # -- the thread that waits

    def _wait_for_clients(self) -> None:
        with self._listener, selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while self._is_open:
                for key, _events in selector.select(self._patience()):
                    if key.fileobj is self._listener:
                        self._accept()
                    else:
                        self._wake_reader.recv(_WAKE_BYTES)
                self._look_round()

    def _accept(self) -> None:
        try:
            connection, _address = self._listener.accept()
        except OSError:
            # There may be no descriptor left, and then the client still stands at the door.
            time.sleep(_FULL_SECONDS)
            return
        self._visitors.add(connection)
        threading.Thread(target=self._receive, args=[connection], daemon=True).start()

    def _patience(self) -> float:
        """Say how long nothing has to be done."""
        if self._sessions:
            return _LOOK_SECONDS
        if self._has_chores():
            return _QUIET_SECONDS
        return min(_LOOK_SECONDS, max(self._idle_left(), 0.01))

    def _idle_left(self) -> float:
        if self._sessions:
            return self._idle_seconds
        return self._last_used + self._idle_seconds - time.monotonic()

    def _look_round(self) -> None:
        """Leave where nothing is left to do here; use a quiet moment."""
        is_found = (
            self._folder.is_in_place() and self._folder.socket_number() == self._socket_number
        )
        if not is_found or not self._warmth.is_alive or self._idle_left() <= 0:
            self.retire()
        elif self._has_chores() and self._is_quiet() and not self._chore.is_alive():
            # Not here: whoever comes is welcomed at once.
            self._chore = threading.Thread(target=self._do_chore, daemon=True)
            self._chore.start()

    def _has_chores(self) -> bool:
        return bool(self._later) or (self._given > 0 and not self._warmth.is_settled)

    def _is_quiet(self) -> bool:
        return not self._sessions and time.monotonic() - self._last_used >= _QUIET_SECONDS

    def _do_chore(self) -> None:
        """Make the next gradings quicker, bit by bit: who comes meanwhile waits for one bit."""
        try:
            if self._later:
                self._warmth.preload([self._later.popitem()[0]])
            else:
                self._warmth.settle()
        except ManifestError:
            # Whoever needs it is told why it cannot be had.
            return
        except GraderError:
            self.retire()

    def retire(self) -> None:
        """Take no more clients, and make room for another server."""
        with self._guard:
            if not self._is_open:
                return
            self._is_open = False
            if self._folder.socket_number() == self._socket_number:
                self._folder.forget_socket()
            os.close(self._lock)
        self._wake()

    def _wake(self) -> None:
        # Who says so last may find nobody listening.
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"\0")

    # -- the thread of one client

    def _receive(self, connection: socket.socket) -> None:
        try:
            with connection, contextlib.suppress(EOFError, OSError, ValueError):
                self._serve(connection)
        finally:
            self._visitors.discard(connection)
            self._wake()

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_GREETING_SECONDS)
        if protocol.peer_of(connection).uid != os.getuid():
            return
        request = protocol.receive_request(connection)
        if not hmac.compare_digest(request.token.encode(), self._token.encode()):
            return
        if isinstance(request, protocol.Open):
            self._open(connection, request)
        elif isinstance(request, protocol.Stop):
            self._stop(connection, now=request.now)
        else:
            protocol.send(connection, self._state())

    def _open(self, connection: socket.socket, request: protocol.Open) -> None:
        if request.fingerprint != self._fingerprint:
            # What the client is made of is what is installed now.
            self.retire()
            protocol.send(connection, protocol.Refused("version"))
            return
        if not self._warmth.is_alive:
            # The client asks again, and finds another.
            self.retire()
            return
        with self._session(connection) as is_admitted:
            if not is_admitted:
                why: protocol.Why = "busy" if self._is_open else "leaving"
                protocol.send(connection, protocol.Refused(why))
                return
            protocol.send(connection, protocol.Welcome())
            self._later |= dict.fromkeys(request.later)
            try:
                self._lend_examiner(connection, request)
            except ManifestError as error:
                protocol.send(connection, protocol.Refused("preload", error.message.en))
            except GraderError as error:
                self.retire()
                protocol.send(connection, protocol.Refused("broken", error.message.en))
            finally:
                _clear(Path(request.scratch))

    def _lend_examiner(self, connection: socket.socket, request: protocol.Open) -> None:
        place = Place(request.folder, request.environment)
        with self._warmth.examiner(request.preload, place) as job:
            for name in request.preload:
                self._later.pop(name, None)
            self._given += 1
            protocol.send(connection, protocol.Opened(), [job.fileno()])
            # Two holders, and it would not end when the client does.
            job.close()
            connection.settimeout(None)
            connection.recv(1)

    @contextlib.contextmanager
    def _session(self, connection: socket.socket) -> Iterator[bool]:
        """Count a client for as long as it is here."""
        with self._guard:
            is_admitted = self._is_open and len(self._sessions) < _MAX_SESSIONS
            if is_admitted:
                self._sessions.add(connection)
        try:
            yield is_admitted
        finally:
            if is_admitted:
                self._last_used = time.monotonic()
                self._sessions.discard(connection)

    def _stop(self, connection: socket.socket, *, now: bool) -> None:
        state = self._state()
        self.retire()
        if now:
            for session in list(self._sessions):
                with contextlib.suppress(OSError):
                    session.shutdown(socket.SHUT_RDWR)
        protocol.send(connection, state)

    def _state(self) -> protocol.State:
        return protocol.State(
            pid=os.getpid(),
            fingerprint=self._fingerprint,
            started_at=self._started_at,
            sessions=len(self._sessions),
            given=self._given,
            preloaded=self._warmth.preloaded,
            idle_seconds=self._idle_seconds,
            idle_left_seconds=self._idle_left(),
        )


def _clear(scratch: Path) -> None:
    """Remove a client's folder, unless it did so itself; its last worker may just be ending."""
    if not scratch.name.startswith(SCRATCH_PREFIX):
        return
    for _ in range(_REMOVALS):
        if not scratch.is_dir():
            return
        remove_tree(str(scratch))
        time.sleep(0.05)
