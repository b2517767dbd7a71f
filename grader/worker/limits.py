"""Limits that the kernel keeps by itself, whatever a submission does."""

from __future__ import annotations

from grader.worker.kernel import UnsupportedError
from grader.worker.policy import Policy


def data_bytes() -> int | None:
    """Read how much private memory this process has; None where there is no /proc."""
    try:
        # Neither buffered nor decoded: each worker does this, beside a check that is timed.
        with open("/proc/self/status", "rb", buffering=0) as file:
            status = file.read()
    except OSError:
        return None
    _, _, size = status.partition(b"VmData:")
    return int(size.split(maxsplit=1)[0]) * 1024 if size else None


def set_limits(policy: Policy, data_now: int | None, *, own_user: bool) -> None:
    """Set the limits.

    Args:
        policy: The limits.
        data_now: What `data_bytes` gave, before /proc went out of sight.
        own_user: No other process runs as this user, so that its threads can be counted.

    Raises:
        UnsupportedError: The memory cannot be limited here; the rest is.
    """
    import resource  # noqa: PLC0415 - not on Windows

    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, policy.file_bytes)
    _lower(resource.RLIMIT_NOFILE, policy.open_files)
    # SIGXCPU first. Process 1 of a pid namespace ignores that, and gets SIGKILL a second later.
    _lower(resource.RLIMIT_CPU, policy.cpu_seconds, policy.cpu_seconds + 1)
    for name in ("MSGQUEUE", "NICE", "RTPRIO") + (() if policy.uses_gpu else ("MEMLOCK",)):
        _lower(getattr(resource, f"RLIMIT_{name}", None), 0)
    if own_user:
        _lower(resource.RLIMIT_NPROC, policy.processes)
    if data_now is None:
        msg = "the memory of a process cannot be limited here"
        raise UnsupportedError(msg)
    # Not RLIMIT_AS, which counts what is only reserved, and breaks CUDA.
    _lower(resource.RLIMIT_DATA, data_now + policy.memory_bytes)


def _lower(kind: int | None, soft: int, hard: int | None = None) -> None:
    """Lower a limit, never raise it."""
    import resource  # noqa: PLC0415 - not on Windows

    if kind is None:
        return
    _, hardest = resource.getrlimit(kind)
    wanted = soft if hard is None else hard
    if hardest != resource.RLIM_INFINITY:
        wanted = min(wanted, hardest)
    resource.setrlimit(kind, (min(soft, wanted), wanted))
