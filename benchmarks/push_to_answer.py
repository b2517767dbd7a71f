"""How long a push waits for its answer, beside `grade ex03` on the same file.

`python benchmarks/push_to_answer.py [ROUNDS]`

`git push`: a bare repository with the hook of `grade init-ci hook`, torch not yet in memory; its
processor time has that of the process in which it is graded. `grade ci`: a step of CI in the clone,
with suites that are sealed, which writes for all readers.
"""

from __future__ import annotations

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from timing import ROOT, Cost, print_table, rounds_from_arguments

SAMPLE = ROOT / "samples" / "ex03_half_right.py"
ANSWER = "exercises/ex03_conv_layer/ex03_conv_layer.py"
BASELINE = "grade ex03"
PR_SET_CHILD_SUBREAPER = 36


class Server:
    """A git server in a folder, and a clone of its one repository."""

    def __init__(self, folder: Path) -> None:
        self.bare = folder / "ada.git"
        self.clone = folder / "ada"
        program = folder / "grade"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m grader "$@"\n')
        program.chmod(0o755)
        run("git", "init", "-q", "--bare", "--initial-branch=main", self.bare)
        run("git", "init", "-q", "--initial-branch=main", self.clone)
        run("git", "remote", "add", "origin", self.bare, cwd=self.clone)
        settings = {"course": ROOT, "out": folder / "grading", "program": program}
        for name, value in settings.items():
            run("git", "config", f"torchgrade.{name}", value, cwd=self.bare)
        run(sys.executable, "-m", "grader", "init-ci", "hook", "--out", self.bare / "hooks")

    def commit(self, source: str) -> None:
        """Commit an answer to ex03."""
        path = self.clone / ANSWER
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
        run("git", "add", ".", cwd=self.clone)
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        run("git", *identity, "commit", "-q", "-m", "work", cwd=self.clone)


def run(*command: object, cwd: Path = ROOT) -> str:
    """Run a command that has to succeed, or to end with a score below full marks."""
    finished = subprocess.run(
        [str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False
    )
    if finished.returncode not in (0, 1):
        sys.exit(f"{command} ended with {finished.returncode}:\n{finished.stderr}")
    return finished.stdout + finished.stderr


def cost_of(*command: object, cwd: Path = ROOT) -> tuple[Cost, str]:
    """Run a command, wait for what it left running, and give what all of it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    said = run(*command, cwd=cwd)
    wall = time.perf_counter() - start
    reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, cpu), said


def reap() -> None:
    """Wait for every process that lost its parent, which is ours then."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            return


def median(costs: Sequence[Cost]) -> Cost:
    """Give the median of each of both times."""
    return Cost(
        statistics.median(cost.wall_seconds for cost in costs),
        statistics.median(cost.cpu_seconds for cost in costs),
    )


def main() -> None:
    """Alternate both, and print the table."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    source = SAMPLE.read_text(encoding="utf-8")
    costs: dict[str, list[Cost]] = {BASELINE: [], "git push": [], "grade ci": []}
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        grade = (sys.executable, "-m", "grader")
        key, sealed = Path(folder) / "key", Path(folder) / "suites.sealed"
        run(*grade, "seal", "--new-key", key)
        run(*grade, "seal", "--out", sealed, "--key-file", key)
        server.commit("# as it was handed out\n")
        for number in range(rounds_from_arguments(5)):
            server.commit(f"{source}\n# {number}\n")
            cost, said = cost_of("git", "push", "-q", "origin", "HEAD:main", cwd=server.clone)
            if "ex03" not in said or " / 100" not in said:
                sys.exit(f"the push was not answered:\n{said}")
            costs["git push"].append(cost)
            opened = ("--suites", sealed, "--key-file", key, "--repo", server.clone)
            cost, said = cost_of(*grade, "ci", "--out", Path(folder) / f"ci-{number}", *opened)
            if "ex03" not in said or " / 100" not in said:
                sys.exit(f"the step of CI gave no answer:\n{said}")
            costs["grade ci"].append(cost)
            command = (*grade, "ex03", "--sandbox", "strict", "--no-server")
            costs[BASELINE].append(cost_of(*command, "--file", server.clone / ANSWER)[0])
    print_table({name: median(runs) for name, runs in costs.items()}, BASELINE)


if __name__ == "__main__":
    main()
