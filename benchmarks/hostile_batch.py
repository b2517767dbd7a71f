"""A class of attackers: what they forge, what they learn, and what they cost everybody else.

`python benchmarks/hostile_batch.py [HOSTILE] [HONEST]`; 1,000 and 50 by default. All attacks of
`tests/attacks/submissions` are handed in, again and again until there are enough, with the twins
that they are measured by and with honest answers, and graded in one batch with all locks on and
two jobs. Ends with 1 where a point was forged, something leaked or was left, or an honest answer
lost a point.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import mkdtemp

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from attacks.corpus import read_attacks  # noqa: E402 - found by the line above
from attacks.hostile import (  # noqa: E402
    Batch,
    World,
    leaks_in,
    run_hostile_batch,
    score_of,
)

MEBI = 1024 * 1024


def main() -> int:
    """Run it, print its figures, and say whether all is well."""
    hostile, honest = (*map(int, sys.argv[1:3]), *(1000, 50)[len(sys.argv) - 1 :])
    root, temporary = (Path(mkdtemp(prefix=f"grade-{name}-")) for name in ("class", "scratch"))
    try:
        attacks = read_attacks()
        batch = run_hostile_batch(World(root, temporary), attacks, honest=honest, hostile=hostile)
        return _print(batch, hostile, len(attacks))
    finally:
        for folder in (root, temporary):
            shutil.rmtree(folder, ignore_errors=True)


def _print(batch: Batch, hostile: int, kinds: int) -> int:
    forged = _forged(batch)
    leaking = [name for name in batch.twins if _leaks(batch, name)]
    faults = [name for name, report in batch.reports.items() if report.status == "grader_fault"]
    full = sum(score_of(batch, student) == 100 for student in batch.honest)  # noqa: PLR2004
    print(f"hostile submissions        {hostile} ({kinds} attacks)")
    print(f"reports                    {len(batch.reports)}")
    print(f"points forged              {sum(forged.values()):g} {sorted(forged)[:5] or ''}")
    print(f"leaks                      {len(leaking)} {leaking[:5] or ''}")
    print(f"faults                     {len(faults)} {faults[:5] or ''}")
    print(f"left behind                {len(batch.left)} {list(batch.left[:5]) or ''}")
    print(f"honest with full marks     {full} of {len(batch.honest)}")
    print(f"exit code                  {batch.done.returncode}")
    print(f"memory of the command      {_memory(batch.memory)}")
    print(f"wall time                  {batch.seconds:.0f} s")
    print(f"  each                     {1000 * batch.seconds / len(batch.reports):.0f} ms")
    is_well = not (forged or leaking or faults or batch.left or batch.done.returncode)
    return int(not (is_well and full == len(batch.honest)))


def _forged(batch: Batch) -> dict[str, float]:
    """Give the points that attacks have beyond their twins, faults aside."""
    points: dict[str, float] = {}
    for name, twin in batch.twins.items():
        report = batch.reports.get(name)
        if report is not None and report.score is not None:
            gained = report.score - score_of(batch, twin)
            points |= {name: gained} if gained > 0 else {}
    return points


def _leaks(batch: Batch, name: str) -> bool:
    report = batch.reports.get(name)
    return report is not None and bool(leaks_in(batch, report))


def _memory(samples: Sequence[int]) -> str:
    """Show it after a tenth of the time, in the middle and at the end."""
    count = len(samples)
    shown = [samples[index] / MEBI for index in (count // 10, count // 2, -2)]
    return " ".join(f"{size:.1f}" for size in shown) + f", at most {max(samples) / MEBI:.1f} MiB"


if __name__ == "__main__":
    sys.exit(main())
