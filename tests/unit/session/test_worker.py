"""The trusted end of the wire against a worker that does as it likes, played by the test."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.session.dump import places_in_dump
from grader.session.failures import WorkerLost
from grader.session.worker import CapturedOutput, ExitStatus, Pipes, Worker
from grader.worker import framing, wire


class FakeProcess:
    """Stands for the operating system's side."""

    def __init__(self) -> None:
        # A number that no process has: nothing can be read off it, nothing be killed.
        self.pid = 2**22 + 1
        self.status = ExitStatus(0, 1)
        self.killed = False
        self.starved = 0.0
        self.asked: Callable[[], object] = lambda: None

    def kill(self) -> None:
        self.killed = True

    def ask_for_traceback(self) -> None:
        self.asked()

    def wait(self) -> ExitStatus:
        return self.status

    def cpu_seconds(self) -> float:
        return 0.0

    def starved_seconds(self) -> float:
        return self.starved

    def has_ended(self) -> bool:
        return True

    def was_short_of_memory(self) -> bool:
        return False


class Bench(NamedTuple):
    """A worker and the other ends of its pipes."""

    worker: Worker
    process: FakeProcess
    output: CapturedOutput
    peer: socket.socket
    stdout: int
    dump: int


@pytest.fixture
def bench() -> Iterator[Bench]:
    ours, peer = socket.socketpair()
    pairs = [os.pipe() for _ in range(3)]
    process, output = FakeProcess(), CapturedOutput(100)
    worker = Worker(process, Pipes(ours, *(read for read, _ in pairs)), output)
    yield Bench(worker, process, output, peer, pairs[0][1], pairs[2][1])
    worker.end()
    peer.close()
    for _, write in pairs:
        os.close(write)


def frame(value: wire.Value) -> bytes:
    return b"".join(wire.encode(wire.Returned(value, ())))


def ask(bench: Bench, seconds: float = 5.0) -> wire.Response:
    response, _blob = bench.worker.request(wire.Get(0, "name"), b"", seconds)
    return response


def lost(bench: Bench, seconds: float = 5.0) -> WorkerLost:
    with pytest.raises(WorkerLost) as caught:
        ask(bench, seconds)
    assert bench.process.killed
    return caught.value


def test_an_answer_that_comes_byte_by_byte_is_put_together(bench: Bench) -> None:
    def trickle() -> None:
        for byte in frame("hello"):
            bench.peer.sendall(bytes([byte]))

    thread = threading.Thread(target=trickle)
    thread.start()
    assert ask(bench) == wire.Returned("hello", ())
    thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        framing.PREFIX.pack(framing.MAX_HEADER_BYTES + 1, 0),
        framing.PREFIX.pack(0, framing.MAX_BLOB_BYTES + 1),
        framing.PREFIX.pack(4, 0) + b"junk",
        framing.PREFIX.pack(0, 0),
    ],
    ids=["huge header", "huge blob", "junk", "empty"],
)
def test_nonsense_ends_the_worker_and_nothing_else(bench: Bench, answer: bytes) -> None:
    bench.peer.sendall(answer)
    error = lost(bench)
    assert (error.kind, error.detail) == ("crashed", "protocol")


def test_a_worker_that_hangs_up_is_told_by_its_end(bench: Bench) -> None:
    bench.process.status = ExitStatus(signal.SIGSEGV, 0)
    bench.peer.close()
    error = lost(bench)
    assert (error.kind, error.detail) == ("crashed", "SIGSEGV")


def test_an_exit_is_told_with_its_status_and_line(bench: Bench) -> None:
    bench.process.status = ExitStatus(0, 3)
    os.write(bench.dump, b'Current thread 0x1 (most recent call first):\n  File "<submission>", ')
    os.write(bench.dump, b"line 7 in leave\n")
    bench.peer.close()
    error = lost(bench)
    assert (error.kind, error.detail) == ("crashed", "exit 3")
    assert error.places == (wire.Place(7, None, "leave"),)


def test_silence_is_a_timeout_and_the_traceback_is_asked_for(bench: Bench) -> None:
    text = b'Current thread 0x1:\n  File "<submission>[cell 2]", line 4 in spin\n'
    bench.process.asked = lambda: os.write(bench.dump, text)
    started = time.monotonic()
    error = lost(bench, 0.1)
    assert (error.kind, error.detail) == ("timeout", "0.1")
    assert error.places == (wire.Place(4, 2, "spin"),)
    assert time.monotonic() - started < 5


def test_a_worker_that_reads_nothing_cannot_hold_the_examiner_up(bench: Bench) -> None:
    with pytest.raises(WorkerLost) as caught:
        bench.worker.request(wire.Get(0, "name"), bytes(50_000_000), 0.1)
    assert caught.value.kind == "timeout"


def test_a_flood_of_output_is_drained_and_cut(bench: Bench) -> None:
    def flood() -> None:
        for _ in range(50):
            os.write(bench.stdout, b"x" * 10_000)
        bench.peer.sendall(frame(None))

    thread = threading.Thread(target=flood)
    thread.start()
    assert ask(bench) == wire.Returned(None, ())
    thread.join()
    bench.worker.end()
    assert bench.output.text("stdout") == "x" * 100
    assert bench.output.truncated_bytes == 500_000 - 100


def test_ending_twice_does_no_harm(bench: Bench) -> None:
    assert bench.worker.end() is not None
    assert bench.worker.end() is None


@given(st.text(alphabet='File "<submission>[cell], line 0123456789 in\n'))
def test_any_dump_is_read_without_an_error(text: str) -> None:
    for place in places_in_dump(text):
        assert place.line >= 0


def test_a_forged_dump_with_an_endless_number_is_no_error() -> None:
    assert places_in_dump(f'File "<submission>", line {"9" * 10_000} in f\n') == ()


def test_the_main_thread_comes_before_others() -> None:
    dump = (
        'Thread 0x2 (most recent call first):\n  File "<submission>", line 1 in other\n\n'
        'Current thread 0x1 (most recent call first):\n  File "<submission>", line 2 in inner\n'
        '  File "/lib/torch.py", line 5 in call\n  File "<submission>", line 3 in outer\n'
    )
    assert [place.line for place in places_in_dump(dump)] == [2, 3]


def answer_late(bench: Bench, seconds: float) -> threading.Thread:
    def answer() -> None:
        time.sleep(seconds)
        with contextlib.suppress(OSError):
            bench.peer.sendall(frame("late"))

    thread = threading.Thread(target=answer)
    thread.start()
    return thread


def test_who_gets_no_processor_loses_no_time(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    started = time.monotonic()
    # All that it waits, it is ready to run: 200 threads of a neighbour's run instead.
    monkeypatch.setattr(bench.process, "starved_seconds", lambda: time.monotonic() - started)
    thread = answer_late(bench, 2.5)
    # Two tenths, and two seconds of waiting.
    assert ask(bench, 0.2) == wire.Returned("late", ())
    thread.join()
    assert bench.worker.spent_seconds < 0.2


def test_who_idles_is_over_time_however_busy_the_machine_was(bench: Bench) -> None:
    bench.process.starved = 1000.0
    thread = answer_late(bench, 4)
    assert lost(bench, 0.2).kind == "timeout"
    thread.join()
