"""What has to be proved before a stranger's code runs, and is not proved twice."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import torch

from grader import errors
from grader.course.models import Exercise
from grader.session import jobs
from grader.session.container.engine import ContainerSettings
from grader.session.isolation import SelfTestResult, require_isolation, run_self_test
from grader.session.isolation_cache import (
    cache_folder,
    digest_of_platform,
    is_known_good,
    one_at_a_time,
    remember_good,
)
from grader.session.worker_sources import WorkerSource, WorkerSources
from grader.worker.policy import Policy

_CPU = torch.device("cpu")


class IsolationGate:
    """Has the forbidden acts tried, once in the life of an examiner for each kind of worker."""

    def __init__(self, sources: WorkerSources) -> None:
        """Take where the workers come from."""
        self._sources = sources
        self._passed: set[ContainerSettings | None] = set()

    def require(self, job: jobs.Job, policy: Policy) -> None:
        """Try the forbidden acts, unless they were stopped here before.

        What is found of this machine's own locks is remembered beyond the examiner's life.

        Args:
            job: What is to be graded.
            policy: What its workers may do.

        Raises:
            SandboxError: One of them was not stopped.
        """
        if job.container in self._passed:
            return
        secret = _secret_file(job.exercise)
        source = self._sources.choose(_CPU, job.container, job.exercise.preload)
        if job.container is None:
            _require_once(source, policy, secret, job.scratch)
        else:
            require_isolation(_self_test(source, policy, secret, job.scratch))
        self._passed.add(job.container)

    def inspect(self, request: jobs.Inspect) -> SelfTestResult:
        """Try the forbidden acts in any case."""
        source = self._sources.choose(_CPU, request.container, ())
        policy = Policy(scratch=request.scratch)
        return _self_test(source, policy, Path(request.secret), request.scratch)


def _require_once(source: WorkerSource, policy: Policy, secret: Path, scratch: str) -> None:
    folder = cache_folder()
    digest = digest_of_platform(policy, secret)
    with one_at_a_time(folder):
        if not is_known_good(digest, folder):
            require_isolation(_self_test(source, policy, secret, scratch))
            remember_good(digest, folder)


def _self_test(source: WorkerSource, policy: Policy, secret: Path, scratch: str) -> SelfTestResult:
    policy = msgspec.structs.replace(policy, scratch=f"{scratch}/self-test")
    with TemporaryDirectory(prefix="foreign-", dir=scratch) as foreign:
        return run_self_test(source, policy, secret=secret, foreign=Path(foreign))


def _secret_file(exercise: Exercise) -> Path:
    """Choose a file that no worker may read."""
    # A sealed solution is not on the disk; a file of ours must be out of reach as well.
    return exercise.solution if exercise.solution.is_file() else Path(errors.__file__)
