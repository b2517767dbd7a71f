"""One run of a suite against one submission: what it works with, and what it finds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType
from typing import Final

import torch

from grader.errors import SuiteError
from grader.session.diagnosis import Finding
from grader.session.student import Student
from grader.worker.seeding import seed_generators

_SEED_BITS: Final = 63


def derive_seed(seed: int, purpose: str) -> int:
    """Derive a seed that tells nothing about the one it comes from, nor about its siblings."""
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - _SEED_BITS)


class Run:
    """What the fixtures of a suite give out, and what its checks ended with."""

    def __init__(  # noqa: PLR0913 - each is one fact about the run
        self,
        student: Student,
        reference: ModuleType,
        *,
        seed: int,
        device: torch.device,
        scratch: Path,
        only: frozenset[str] | None = None,
    ) -> None:
        """Take what the suite works with.

        Args:
            student: The submission.
            reference: The solution.
            seed: The seed of the report, from which all others come.
            device: What is graded on.
            scratch: Where the reference may write; removed by the caller.
            only: The ids of the checks to run; all of them where None.
        """
        self.student = student
        self.reference = reference
        self.seed = seed
        self.device = device
        self.scratch = scratch
        self.only = only
        self.generator = torch.Generator()
        self.forbidden: dict[str, Finding] = {}
        """What was found of forbidden operators, by task."""
        self.unexplained: dict[str, BaseException] = {}
        """What broke inside the suite itself, by check."""
        self.late_tasks: set[str] = set()
        """Tasks one of whose checks ran out of time."""
        self.fault: SuiteError | None = None

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
