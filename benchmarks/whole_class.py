"""How long a class takes, exercise by exercise, from `grade batch` to the gradebook.

`python benchmarks/whole_class.py [STUDENTS] [exNN…]`; by default 300 students and ex01 to ex07.
What they hand in is drawn with a fixed seed: half are right answers of the course, in all their
styles, half are its known wrong ones.
"""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXERCISES = [f"ex0{number}" for number in range(1, 8)]


def hand_in(folder: Path, exercise: str, students: int) -> None:
    """Draw a submission for every student."""
    name = next((ROOT / "solutions").glob(f"{exercise}_*")).name
    right = sorted((ROOT / "tests" / "course" / "right" / exercise).glob("*.*"))
    wrong = sorted((ROOT / "solutions" / name / "wrong").glob("*.py"))
    draw = random.Random(exercise)  # noqa: S311 - a class, no secret
    for number in range(students):
        chosen = draw.choice(right if draw.random() < 0.5 else wrong)  # noqa: PLR2004 - half of them
        to = folder / f"student{number:04}" / f"{name}{chosen.suffix}"
        to.parent.mkdir(parents=True)
        shutil.copyfile(chosen, to)


def grade(folder: Path, exercise: str, out: Path) -> tuple[float, float, dict[str, int]]:
    """Grade the class; give wall and processor seconds and the counts."""
    command = [
        *(sys.executable, "-m", "grader.cli", "batch", str(folder), "--out", str(out)),
        *("--exercise", exercise, "--json", "-"),
    ]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = os.environ | {"GRADE_COURSE": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - start
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    counts: dict[str, int] = json.loads(done.stdout)["counts"]
    return wall, cpu, counts


def main() -> None:
    """Grade each exercise for a class of its own, and print a table."""
    given = sys.argv[1:]
    size = given[0] if given else "300"
    exercises = given[1:] or EXERCISES
    print(f"{'':6}{'graded':>8}{'faults':>8}{'wall s':>8}{'CPU s':>8}{'ms each':>9}")
    for exercise in exercises:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            hand_in(root / "in", exercise, int(size))
            wall, cpu, counts = grade(root / "in", exercise, root / "out")
        faults = counts["grader_faults"] + counts["course_faults"]
        each = 1000 * wall / counts["total"]
        graded = counts["graded"]
        print(f"{exercise:6}{graded:8}{faults:8}{wall:8.1f}{cpu:8.1f}{each:9.0f}", flush=True)


if __name__ == "__main__":
    main()
