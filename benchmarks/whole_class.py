"""How long a class takes, exercise by exercise, from `grade batch` to the gradebook.

`python benchmarks/whole_class.py [STUDENTS] [exNN…]`; by default 300 students, ex01 to ex07, and
ex08, which trains, for a tenth of them. What they hand in is described in `class_of_students.py`:
right, half done, wrong, untouched, broken and endless files, drawn with a fixed seed. Every kind is
there at least once, so that a small class has a larger share of endless files, which cost the most.

All goes into one output folder, as in a course. At the end the whole command is repeated, with
nothing left to do. Ends with 1 where a fault of ours occurs, where a right file loses a point, or
where a file that cannot be right gets full marks.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from class_of_students import ROOT, hand_in

from grader.course.catalog import find_course, load_exercise

EXERCISES = [f"ex0{number}" for number in range(1, 8)]
TRAINING = "ex08"
AT_LEAST = 12
RIGHT = {"full", "imports"}


class Run(NamedTuple):
    """What one command cost, and what it said."""

    wall: float
    cpu: float
    outcome: dict[str, Any]

    @property
    def total(self) -> int:
        """How many submissions there were."""
        return int(self.outcome["counts"]["total"])


def grade(folder: Path, exercises: list[str], out: Path) -> Run:
    """Grade the class; standard error goes to a file, as on a server."""
    named = [word for exercise in exercises for word in ("--exercise", exercise)]
    command = [
        *(sys.executable, "-m", "grader.cli", "batch", str(folder), "--out", str(out)),
        *(*named, "--json", "-"),
    ]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"GRADE_COURSE": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(wall, cpu, json.loads(done.stdout))


def unexpected(out: Path, exercise: str, kinds: dict[str, str]) -> list[str]:
    """Name the submissions of which the score cannot be right."""
    wrong = []
    for student, kind in kinds.items():
        report = json.loads((out / "reports" / student / f"{exercise}.json").read_bytes())
        is_full = report["score"] == report["max_score"]
        if report["score"] is None or is_full != (kind in RIGHT):
            wrong.append(f"{student} {exercise}, {kind}: {report['score']}")
    return wrong


def main() -> None:
    """Grade each exercise, print a table, and say what the course costs."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    exercises = sys.argv[2:] or [*EXERCISES, TRAINING]
    course = find_course(ROOT)
    faulty: list[str] = []
    whole = 0.0
    print(f"{'':6}{'graded':>8}{'faults':>8}{'wall s':>8}{'CPU s':>8}{'ms each':>9}{'mean':>7}")
    with tempfile.TemporaryDirectory() as folder:
        handed_in, out = Path(folder, "in"), Path(folder, "out")
        for name in exercises:
            some = size if name != TRAINING else min(size, max(AT_LEAST, size // 10))
            kinds = hand_in(handed_in, load_exercise(course, name), some)
            run = grade(handed_in, [name], out)
            counts = run.outcome["counts"]
            faulty += unexpected(out, name, kinds)
            (summary,) = (
                one
                for one in run.outcome["gradebook"]["summary"]["exercises"]
                if one["exercise"] == name
            )
            faults = counts["grader_faults"] + counts["course_faults"]
            figures = f"{run.wall:8.1f}{run.cpu:8.1f}{1000 * run.wall / run.total:9.0f}"
            print(
                f"{name:6}{counts['graded']:8}{faults:8}{figures}{summary['mean']:7.1f}", flush=True
            )
            whole += run.wall * size / some
        again = grade(handed_in, exercises, out)
    print(f"all of it for {size} students: {whole / 60:.1f} minutes")
    print(f"again, with nothing to do: {again.total} in {again.wall:.1f} s")
    if again.outcome["counts"]["kept"] != again.total:
        faulty.append(f"graded twice: {again.outcome['counts']}")
    sys.exit("\n".join(faulty) or 0)


if __name__ == "__main__":
    main()
