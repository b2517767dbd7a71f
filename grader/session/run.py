"""One run of a suite against one submission: what it works with, and what it finds."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NoReturn, TypeVar

import torch

from grader.errors import SuiteError
from grader.language import Text
from grader.session.failures import NameMissing, StudentError, ValueRefused, WorkerLost
from grader.session.finding import Finding
from grader.session.forbidden import find_evasion
from grader.session.remote import wire_value_of
from grader.session.student import Student
from grader.worker.seeding import seed_generators

_SEED_BITS: Final = 63


def derive_seed(seed: int, purpose: str) -> int:
    """Derive a seed that tells nothing about the one it comes from, nor about its siblings."""
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _SEED_BITS)


_T = TypeVar("_T")


class Run:
    """What the fixtures of a suite give out, and what its checks ended with."""

    def __init__(  # noqa: PLR0913 - each is one fact about the run
        self,
        student: Student,
        reference: ModuleType | None,
        *,
        seed: int,
        device: torch.device,
        scratch: Path,
        only: frozenset[str] | None = None,
        suite_on_trial: bool = False,
    ) -> None:
        """Take what the suite works with.

        Args:
            student: The submission.
            reference: The solution; None where students have none.
            seed: The seed of the report, from which all others come.
            device: What is graded on.
            scratch: Where the reference may write; removed by the caller.
            only: The ids of the checks to run; all of them where None.
            suite_on_trial: Whether a suite that lends out answers is refused.
        """
        self.student = student
        self.reference = reference
        self.seed = seed
        self.device = device
        self.scratch = scratch
        self.only = only
        self.suite_on_trial = suite_on_trial
        self.lent: frozenset[str] = frozenset()
        """What hidden checks have defined in the worker so far, where the suite is on trial."""
        self.generator = torch.Generator()
        self.forbidden: dict[str, Finding] = {}
        """What was found of forbidden operators, by task."""
        self.unexplained: dict[str, BaseException] = {}
        """What broke inside the suite itself, by check."""
        self.late_tasks: set[str] = set()
        """Tasks one of whose checks ran out of time."""
        self.fault: SuiteError | None = None
        self._known: dict[str, tuple[Callable[[], Any], tuple[str, ...]]] = {}
        """What `once` found, and the names of the submission that were asked for on the way."""

    @functools.cached_property
    def evasion(self) -> Finding | None:
        """A name in the submission that hides operators from the watch, if there is one."""
        return find_evasion(self.student)

    def once(self, name: str, find: Callable[[], _T]) -> _T:
        """Find a value the first time that it is asked for, and give it to later checks as well.

        What `find` raises is raised for each of them too. The value has to be plain: a handle
        does not outlast the check that it was made in.
        """
        names = self.student.names
        if name in self._known:
            outcome, asked = self._known[name]
            # A check that fails names the line of what it looked at, whoever asked for it first.
            names += asked
        else:
            before = len(names)
            outcome = _outcome_of(find)
            self._known[name] = outcome, tuple(names[before:])
        value: _T = outcome()
        return value

    def start_check(self, check_id: str, *, task: str, watch: bool) -> None:
        """Start a check on both sides, each with seeds of its own."""
        self.generator = torch.Generator().manual_seed(derive_seed(self.seed, f"inputs:{check_id}"))
        seed_generators(derive_seed(self.seed, f"reference:{check_id}"), self.device)
        self.student.begin(
            derive_seed(self.seed, f"worker:{check_id}"),
            watch=watch,
            # An endless loop would cost its author the full time once a check.
            hurry=task in self.late_tasks,
        )


def _outcome_of(find: Callable[[], _T]) -> Callable[[], _T]:
    try:
        value = find()
    except (StudentError, ValueRefused, WorkerLost, NameMissing) as error:
        return partial(_raise, error)
    if wire_value_of(value) is not None:
        text = Text(
            en="`once` keeps plain values; a handle does not outlast its check",
            zh="`once` 只能保存普通值；句柄在其检查结束后失效",
        )
        raise SuiteError(text)
    return lambda: value


def _raise(error: Exception) -> NoReturn:
    raise error
