"""Feeds changed inputs to whatever reads bytes that others made, for as long as one likes.

`python benchmarks/fuzz/fuzz.py [SECONDS] [TARGET] [SEED]`: the seconds are for each target, 30
where not said. An input that makes a reader raise what it may not, take longer than five seconds
or more than half a gigabyte, or that ends the process, is saved in the current folder and ends the
target.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

from fuzz_mutations import mutated
from fuzz_targets import TARGETS, feed

_SECONDS: Final = 30.0
_HANG_SECONDS: Final = 5
_GROWTH_KIB: Final = 512 * 1024


class HangError(BaseException):
    """A reader did not come to an end."""


def main() -> int:
    """Feed the targets one after the other, each in a process of its own."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS
    names = sys.argv[2:3] or list(TARGETS)
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 0  # noqa: PLR2004 - the third argument
    print(f"{'target':10} {'inputs':>9} {'a second':>9}  finding")
    return max([_in_a_process(name, seconds, seed) for name in names], default=0)


def _in_a_process(name: str, seconds: float, seed: int) -> int:
    sys.stdout.flush()
    with tempfile.TemporaryDirectory() as folder:
        current = Path(folder) / "current"
        child = os.fork()
        if child == 0:
            os._exit(_fuzz(name, seconds, seed, current))
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            print(f"{name:10} ended by signal {os.WTERMSIG(status)}, {_save(name, current)}")
            return 1
    return os.waitstatus_to_exitcode(status)


def _fuzz(name: str, seconds: float, seed: int, current: Path) -> int:
    target = TARGETS[name]
    seeds = target.seeds()
    random_ = random.Random(f"{name} {seed}")  # noqa: S311 - to be repeated, not to be secret
    folder = current.parent / "work"
    folder.mkdir()
    signal.signal(signal.SIGALRM, _hang)
    count, finding = 0, "none"
    began = time.monotonic()
    for warm in seeds:
        feed(target, warm, folder)
    while finding == "none" and time.monotonic() - began < seconds:
        data = mutated(random_, seeds, is_msgpack=target.is_msgpack)
        current.write_bytes(data)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        signal.alarm(_HANG_SECONDS)
        try:
            feed(target, data, folder)
        except (Exception, HangError):  # noqa: BLE001 - any of them is a finding
            finding = traceback.format_exc(limit=-3) + _save(name, current)
        signal.alarm(0)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        if grown > _GROWTH_KIB:
            finding = f"memory grew by {grown // 1024} MiB, {_save(name, current)}"
        count += 1
    print(f"{name:10} {count:9} {count / (time.monotonic() - began):9.0f}  {finding}", flush=True)
    return int(finding != "none")


def _hang(*_: object) -> None:
    raise HangError


def _save(name: str, current: Path) -> str:
    data = current.read_bytes()
    path = Path(f"fuzz-{name}-{hashlib.sha256(data).hexdigest()[:12]}")
    path.write_bytes(data)
    return f"saved as {path}"


if __name__ == "__main__":
    sys.exit(main())
