"""The process that has torch imported and forks.

It runs no operator, no backward and no CUDA call, since a child forked after one would deadlock
or fail, and it never holds a suite, a solution or a seed, since its children can read its
memory. It is single-threaded: a loop over control sockets and the pidfds of its children.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from grader.worker import control, lockdown
from grader.worker.child import WorkerDescriptors, run_worker
from grader.worker.large_pages import use_large_pages
from grader.worker.namespaces import Networks, in_network
from grader.worker.removal import remove_tree
from grader.worker.serve import own_modules
from grader.worker.warming import warm_up

_WORKER_DESCRIPTORS = 4


class _Child(NamedTuple):
    pid: int
    owner: socket.socket
    scratch: str | None
    network: int | None = None
    """What it was lent, until it ends."""


class Nursery:
    """Serves control connections; the first is the one whose end ends the nursery."""

    def __init__(self, connection: socket.socket) -> None:
        self._primary = connection
        self._selector = selectors.DefaultSelector()
        self._children: dict[int, _Child] = {}
        self._networks = Networks()
        self._scratch_roots: dict[str, socket.socket] = {}
        """By the folder in which workers have theirs: the client that made it."""
        self._left_to_us: dict[str, socket.socket] = {}
        """By a folder that goes with its client, whatever is in it: the client."""
        self._add_connection(connection)
        self._actions: dict[type, Callable[..., None]] = {
            control.Preload: self._preload,
            control.ForkWorker: self._fork_worker,
            control.ForkTrusted: self._fork_trusted,
            control.Admit: self._admit,
        }

    def run(self) -> None:
        """Serve until the primary connection closes, then end every child."""
        while self._primary.fileno() >= 0:
            for key, _events in self._selector.select():
                if isinstance(key.fileobj, socket.socket):
                    self._serve(key.fileobj)
                # One that ended with its client may have left its number to another by now.
                elif self._children.get(key.fd) is key.data:
                    self._reap(key.fd)
        for pidfd in list(self._children):
            self._kill(pidfd)
        for client in {*self._scratch_roots.values(), *self._left_to_us.values()}:
            self._remove_roots(client)

    def _add_connection(self, connection: socket.socket) -> None:
        self._selector.register(connection, selectors.EVENT_READ)

    def _serve(self, connection: socket.socket) -> None:
        try:
            request, descriptors = control.receive_request(connection)
        except (EOFError, OSError):
            self._drop(connection)
            return
        try:
            self._actions[type(request)](connection, request, descriptors)
        except OSError as error:
            with contextlib.suppress(OSError):
                control.send(connection, control.Refused(str(error)), [])
        finally:
            for descriptor in descriptors:
                os.close(descriptor)

    def _drop(self, connection: socket.socket) -> None:
        """Forget a client that is gone, and end what was forked for it."""
        self._selector.unregister(connection)
        connection.close()
        for pidfd, child in list(self._children.items()):
            if child.owner is connection:
                self._kill(pidfd)
        self._remove_roots(connection)

    def _remove_roots(self, client: socket.socket) -> None:
        """Remove the folders of a client: it does so itself, unless it was killed."""
        for folder, owner in list(self._scratch_roots.items()):
            if owner is client:
                del self._scratch_roots[folder]
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
        for folder, owner in list(self._left_to_us.items()):
            if owner is client:
                del self._left_to_us[folder]
                remove_tree(folder)

    def _preload(
        self, connection: socket.socket, request: control.Preload, _descriptors: list[int]
    ) -> None:
        failed: dict[str, str] = {}
        for name in request.modules:
            try:
                importlib.import_module(name)
            except Exception as error:  # noqa: BLE001 - an optional library may fail in any way
                failed[name] = f"{type(error).__name__}: {error}"
        lockdown.prepare()
        own_modules.cache_clear()
        own_modules()
        if request.for_many:
            warm_up()
        # Frozen objects are never traversed again, so that a collection in a child neither takes
        # a third of a second nor copies the pages which it shares with its siblings.
        gc.freeze()
        gc.enable()
        if request.for_many:
            use_large_pages()
        control.send(connection, control.Prepared(failed), [])

    def _fork_worker(
        self, connection: socket.socket, request: control.ForkWorker, descriptors: list[int]
    ) -> None:
        if len(descriptors) != _WORKER_DESCRIPTORS:
            control.send(connection, control.Refused("a worker needs four descriptors"), [])
            return
        scratch = request.policy.scratch
        self._scratch_roots[os.path.dirname(scratch)] = connection
        os.makedirs(scratch, mode=0o700, exist_ok=True)
        pid, network = self._fork_into_namespaces(request.policy)
        if pid == 0:
            _become(lambda: run_worker(WorkerDescriptors(*descriptors), request.policy))
        self._adopt(_Child(pid, connection, scratch, network))

    def _fork_into_namespaces(self, policy: lockdown.Policy) -> tuple[int, int | None]:
        """Fork a process that has namespaces already, and tell which network it was lent."""
        network = None
        try:
            with lockdown.new_pid_namespace_for_children(policy) as ends_whole:
                # A worker that lacks a layer may leave traces, in processes or in the network.
                if ends_whole and not policy.without:
                    network = self._networks.lend()
                with in_network(network):
                    return os.fork(), network
        except OSError:
            self._networks.take_back(network)
            raise

    def _fork_trusted(
        self, connection: socket.socket, request: control.ForkTrusted, descriptors: list[int]
    ) -> None:
        if request.scratch:
            self._left_to_us[request.scratch] = connection
        job, *elsewhere = [socket.socket(fileno=os.dup(number)) for number in descriptors]
        if elsewhere:
            ours, theirs = None, elsewhere[0]
        else:
            ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            for descriptor in (*descriptors, *([ours.detach()] if ours else [])):
                os.close(descriptor)
            _become(lambda: self._run_trusted(request, job, theirs))
        job.close()
        theirs.close()
        if ours is not None:
            self._add_connection(ours)
        self._adopt(_Child(pid, connection, None))

    def _admit(
        self, connection: socket.socket, _request: control.Admit, descriptors: list[int]
    ) -> None:
        self._add_connection(socket.socket(fileno=os.dup(descriptors[0])))
        control.send(connection, control.Admitted(), [])

    def _run_trusted(
        self, request: control.ForkTrusted, job: socket.socket, workers: socket.socket
    ) -> None:
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if request.environment:
            os.environ.clear()
            os.environ.update(request.environment)
        if request.folder:
            os.chdir(request.folder)
        module, _, function = request.entry.partition(":")
        run = getattr(importlib.import_module(module), function)
        run(job, workers)

    def _adopt(self, child: _Child) -> None:
        pidfd = os.pidfd_open(child.pid)
        self._children[pidfd] = child
        self._selector.register(pidfd, selectors.EVENT_READ, child)
        with contextlib.suppress(OSError):
            control.send(child.owner, control.Forked(child.pid), [pidfd])

    def _reap(self, pidfd: int) -> None:
        child = self._children.pop(pidfd)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        # What it started, where neither a pid namespace nor seccomp kept it from that; until it
        # is waited for, the number of its group is taken.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        _pid, status, usage = os.wait4(child.pid, 0)
        self._networks.take_back(child.network)
        if child.scratch:
            remove_tree(child.scratch)
        exited = control.Exited(
            child.pid, status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024
        )
        if child.owner.fileno() >= 0:
            with contextlib.suppress(OSError):
                control.send(child.owner, exited, [])

    def _kill(self, pidfd: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        self._reap(pidfd)


def _become(task: Callable[[], None]) -> NoReturn:
    """Run the forked child's task and leave without the nursery's clean-up."""
    status = 1
    try:
        task()
        status = 0
    except BaseException:  # noqa: BLE001 - a child must never fall back into the nursery's loop
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def main(control_descriptor: int) -> None:
    """Import torch and serve the control socket with this descriptor."""
    # What is imported here stays for good: looking for garbage in it is time lost.
    gc.disable()
    # Every worker needs numpy's generators, for their seed; numpy imports them at first use.
    import numpy.random  # noqa: F401, PLC0415
    import torch  # noqa: F401, PLC0415 - the point of this process

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Nursery(socket.socket(fileno=control_descriptor)).run()
    # Nobody waits for torch to be taken apart module by module.
    os._exit(0)
