"""What the post-receive hook does: note the push, see that somebody grades it, wait, answer."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

from grader.batch.output import take_lock
from grader.errors import UsageError
from grader.hook.git import Repository, is_object_id, is_zero
from grader.hook.queue import Outcome, Push, Pushed, Queue
from grader.language import Text

__all__ = ["LOG", "Answered", "ReceiveRequest", "note", "parse_pushed", "wait_for"]

LOG: Final = "hook.log"
NAME_SETTING: Final = "torchgrade.name"
"""The setting of a repository that says what to call it, if not as its folder is called."""
_MAX_LOG: Final = 2**20
_POLL_S: Final = 0.1
_RETRY_S: Final = 1.0


class ReceiveRequest(NamedTuple):
    """How pushes are graded and answered."""

    out: Path
    course: Path
    wait_s: float
    """How long to wait for the answer."""
    options: tuple[str, ...] = ()
    """Options of `grade hook drain`, for the process that grades."""


class Answered(NamedTuple):
    """What can be said about a push when the waiting is over."""

    push: Push
    outcomes: list[Outcome] | None
    """None: it is not finished."""
    before: int
    """How many pushes come before it, where it is not finished."""
    has_failed: bool
    """Whether nobody could be started who grades."""


def parse_pushed(lines: bytes) -> list[Pushed]:
    """Read what git writes to a post-receive hook: a line for each ref that was changed.

    Only branches count, and a branch that was deleted leaves nothing to grade.

    Raises:
        UsageError: These are no such lines: the program was not started by git.
    """
    pushed: list[Pushed] = []
    for line in lines.splitlines():
        words = line.decode(errors="backslashreplace").split(" ", 2)
        if len(words) != len(Pushed._fields) or not all(map(is_object_id, words[:2])):
            raise _not_from_git()
        one = Pushed(*words)
        if one.ref.startswith("refs/heads/") and not is_zero(one.new):
            pushed.append(one)
    return pushed


def note(out: Path, repository: Path, pushed: Sequence[Pushed]) -> list[Push]:
    """Note pushes on the disk. Whatever happens from then on, they are graded, now or later.

    Raises:
        ReportNotWrittenError: They could not be noted. They are in the repository all the same.
    """
    name = Repository(repository).setting(NAME_SETTING) or repository.name.removesuffix(".git")
    with Queue(out) as queue:
        return queue.add(repository, name, pushed)


def wait_for(pushes: Sequence[Push], request: ReceiveRequest) -> Iterator[Answered]:
    """Give what each push came to as soon as it is known, or the time is up."""
    with Queue(request.out) as queue:
        grading = _Grading(request)
        deadline = time.monotonic() + request.wait_s
        for push in pushes:
            outcomes = _wait(queue, push, grading, deadline)
            before = queue.waiting(push) if outcomes is None else 0
            yield Answered(push, outcomes, before, grading.has_failed)


def _wait(queue: Queue, push: Push, grading: _Grading, deadline: float) -> list[Outcome] | None:
    while True:
        grading.ensure()
        outcomes = queue.outcomes(push)
        if outcomes is not None or grading.has_failed or time.monotonic() >= deadline:
            return outcomes
        time.sleep(_POLL_S)


class _Grading:
    """Sees that somebody grades: who has the lock of the output folder, or a process of ours."""

    def __init__(self, request: ReceiveRequest) -> None:
        self._request = request
        self._process: subprocess.Popen[bytes] | None = None
        self._next = 0.0
        self.has_failed = False
        """Whether the process that was started could not grade."""

    def ensure(self) -> None:
        """Start somebody where nobody grades; one that was killed is replaced."""
        if self._process is not None:
            code = self._process.poll()
            self.has_failed = code is not None and code > 0
            if code is None:
                return
        if self.has_failed or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _RETRY_S
        with contextlib.suppress(UsageError), take_lock(self._request.out) as lock:
            self._process = self._start(lock)

    def _start(self, lock: IO[str]) -> subprocess.Popen[bytes]:
        """Start who grades, and give it the lock; it lives on when the push has ended."""
        descriptor = lock.fileno()
        command = [sys.executable, "-P", "-m", "grader", "hook", "drain"]
        command += ["--out", str(self._request.out), "--lock-descriptor", str(descriptor)]
        with _open_log(self._request.out / LOG) as log:
            return subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [*command, *self._request.options],
                stdin=subprocess.DEVNULL,
                # Git waits until nobody holds the output of the push.
                stdout=log,
                stderr=log,
                pass_fds=[descriptor],
                start_new_session=True,
                cwd=self._request.out,
                env=_environment(self._request.course),
            )


def _environment(course: Path) -> dict[str, str]:
    """Give ours without what belongs to this push."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GRADE_COURSE": str(course)}


def _open_log(path: Path) -> IO[bytes]:
    with contextlib.suppress(OSError):
        if path.stat().st_size > _MAX_LOG:
            path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _not_from_git() -> UsageError:
    return UsageError(
        Text(
            en="this is the hook of a git server: it reads what git tells a post-receive hook",
            zh="这是 git 服务器的钩子：它读取 git 传给 post-receive 钩子的内容",
        ),
        hint=Text(
            en="`grade init-ci hook` writes the hook; docs/ci/git-server.md says where it goes.",
            zh="`grade init-ci hook` 会写出该钩子；设置方法见 docs/ci/git-server.md。",
        ),
    )
