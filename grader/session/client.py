"""The command line's end of an examiner: starts it, hands it jobs, ends it.

Imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from grader import errors
from grader.errors import GraderError, WorkerUnavailableError
from grader.language import Text
from grader.session import jobs
from grader.session.nursery import Nursery, fresh_examiner
from grader.session.scratch import make_scratch, scratch_folder
from grader.worker.removal import remove_tree

_ENTRY = "grader.session.examiner:serve"


class ExaminerClient:
    """An examiner that takes one job after the other."""

    def __init__(self, connection: socket.socket) -> None:
        """Take our end of its job socket."""
        self._connection = connection

    def ask(self, request: jobs.Request, timeout_seconds: float | None = None) -> jobs.Answer:
        """Send a request and wait for its answer.

        Args:
            request: What is asked.
            timeout_seconds: How long to wait for it; as long as it takes where None.

        Raises:
            GraderError: What the examiner raised, as the same class.
            WorkerUnavailableError: The examiner is gone, or does not answer in time.
        """
        try:
            self._connection.settimeout(timeout_seconds)
            jobs.send(self._connection, request)
            answer = jobs.receive_answer(self._connection)
        except (EOFError, OSError) as error:
            raise WorkerUnavailableError(
                Text(en="the examiner ended unexpectedly", zh="评分进程意外退出"),
                hint=Text(
                    en="Run the command once more; if it happens again, is memory short?",
                    zh="请重新运行命令；如果再次出现，请检查内存是否不足。",
                ),
            ) from error
        if isinstance(answer, jobs.Failed):
            raise _rebuild(answer)
        return answer

    def scratch(self) -> contextlib.AbstractContextManager[Path]:
        """Make the folder in which the workers of one job get theirs. See `scratch_folder`."""
        return scratch_folder()

    def settle(self) -> None:
        """Spend a second on what makes each further grading cheaper, where that is possible."""

    def close(self) -> None:
        """Hang up; the examiner ends."""
        self._connection.close()


class _OwnExaminer(ExaminerClient):
    """An examiner that is forked, as its workers are, by a nursery of our own.

    Its jobs' folders lie in one that the nursery knows, and removes should we be killed.
    """

    def __init__(self, nursery: Nursery) -> None:
        self._nursery = nursery
        self._folder = make_scratch()
        try:
            super().__init__(nursery.start_trusted(_ENTRY, str(self._folder)))
        except BaseException:
            remove_tree(str(self._folder))
            raise

    def scratch(self) -> contextlib.AbstractContextManager[Path]:
        return scratch_folder(self._folder)

    def settle(self) -> None:
        self._nursery.preload((), for_many=True)

    def close(self) -> None:
        super().close()
        remove_tree(str(self._folder))


def _rebuild(failed: jobs.Failed) -> GraderError:
    kind = getattr(errors, failed.error, errors.GraderFault)
    error: GraderError = kind(failed.message, hint=failed.hint)
    return error


@contextlib.contextmanager
def start_examiner(
    preload: Sequence[str], *, fork: bool = sys.platform == "linux"
) -> Iterator[ExaminerClient]:
    """Start an examiner, and what it gets its workers from; all of it ends with the block.

    Args:
        preload: Modules that workers are given, beside torch.
        fork: Whether a nursery forks examiner and workers. Elsewhere than on Linux a fork of a
            process that has torch is not safe, and each is an interpreter of its own.
    """
    with contextlib.ExitStack() as stack:
        if fork:
            nursery = stack.enter_context(Nursery())
            nursery.preload(preload)
            client: ExaminerClient = _OwnExaminer(nursery)
        else:
            client = ExaminerClient(stack.enter_context(fresh_examiner()))
        stack.callback(client.close)
        yield client


class ExaminerPool:
    """One nursery and as many examiners as are asked for; to be used from several threads.

    The examiners share the memory of the nursery that they are forked from. One that is lost is
    replaced by asking again, and so is the nursery.
    """

    def __init__(self, preload: Sequence[str]) -> None:
        """Start the nursery.

        Args:
            preload: Modules that workers are given, beside torch.
        """
        self._preload = tuple(preload)
        self._lock = threading.Lock()
        self._closed = False
        self._nursery: Nursery | None = None
        self._start()

    def examiner(self) -> ExaminerClient:
        """Start an examiner.

        Raises:
            WorkerUnavailableError: The pool was closed, or no process can be had.
        """
        with self._lock:
            nursery = self._start()
            try:
                return _OwnExaminer(nursery)
            except WorkerUnavailableError:
                nursery.close()
                self._nursery = None
                return _OwnExaminer(self._start())

    def close(self) -> None:
        """End the nursery, and with it all examiners and their workers."""
        with self._lock:
            self._closed = True
            if self._nursery is not None:
                self._nursery.close()

    def __enter__(self) -> Self:
        """Give the pool itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self.close()

    def _start(self) -> Nursery:
        if self._closed:
            raise WorkerUnavailableError(Text(en="grading was stopped", zh="评分已停止"))
        if self._nursery is None:
            nursery = Nursery()
            try:
                nursery.preload(self._preload, for_many=True)
            except BaseException:
                # Whoever presses Ctrl-C while torch is imported has waited long enough.
                nursery.close()
                raise
            self._nursery = nursery
        return self._nursery
