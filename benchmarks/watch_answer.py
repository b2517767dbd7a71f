"""How long `grade watch` takes to answer a save.

`python benchmarks/watch_answer.py [ROUNDS] [--server]`

For each exercise, a copy of the course is watched; its file is saved again and again, right and
unwritten in turn, the way editors do it: a new file takes the old one's name. The time runs from
that until the line that ends the answer has been read. CPU seconds are those of the program and
everything below it, from one save to the next: the next worker is started after the answer.

With `--server`, the warm server lends the examiner, as it does where nobody says otherwise. It is
this run's own, in a folder for temporary files, and its CPU seconds count too.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psutil
from timing import ROOT

from grader.server.visit import server_state, stop_server

END = "Waiting for the next save."
BETWEEN_SAVES = 0.3
SETTLING = 3.0
"""After the first answer, in which forks are made cheaper: a student reads that answer."""


class Answer(NamedTuple):
    """What one save took."""

    is_right: bool
    wall_seconds: float
    cpu_seconds: float


class Watched:
    """A running `grade watch`, and its server where it has one."""

    def __init__(self, process: subprocess.Popen[str], *, uses_server: bool) -> None:
        self._process = process
        self._programs = [psutil.Process(process.pid)]
        self._uses_server = uses_server

    def wait_until_ready(self) -> None:
        """Read the first answer, and leave the processes the moment that a reader would."""
        self.read_answer()
        if self._uses_server:
            visit = server_state()
            if visit is None:
                sys.exit("no server was started")
            self._programs.append(psutil.Process(visit.pid))
        time.sleep(SETTLING)

    def read_answer(self) -> None:
        """Read until the line that ends an answer."""
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        for line in self._process.stdout:
            if END in line:
                return
        sys.exit("grade watch ended")

    def cpu_seconds(self) -> float:
        """Add up the processor time of the program and what it has started."""
        total = 0.0
        for program in self._programs:
            for process in (program, *program.children(recursive=True)):
                total += sum(process.cpu_times()[:4])
        return total


@contextmanager
def watched(course: Path, exercise: str, *, uses_server: bool) -> Iterator[Watched]:
    """Start `grade watch` on a course, and end it, and its server."""
    environment = os.environ | {"GRADE_COURSE": str(course), "GRADE_LANG": "en"}
    command = [sys.executable, "-m", "grader.cli", "watch", exercise]
    if not uses_server:
        command.append("--no-server")
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, bufsize=1
    ) as process:
        try:
            yield Watched(process, uses_server=uses_server)
        finally:
            process.terminate()
            if uses_server:
                stop_server()


def save(file: Path, content: bytes) -> None:
    """Save as editors do."""
    new = file.with_suffix(".tmp")
    new.write_bytes(content)
    new.replace(file)


def answers(course: Path, name: str, rounds: int, *, uses_server: bool) -> Iterator[Answer]:
    """Save a file again and again."""
    file = course / "exercises" / name / f"{name}.py"
    stub = file.read_bytes()
    solution = (ROOT / "solutions" / name / f"{name}.py").read_bytes()
    with watched(course, name.partition("_")[0], uses_server=uses_server) as program:
        program.wait_until_ready()
        for number in range(2 * rounds):
            is_right = number % 2 == 0
            content = (solution if is_right else stub) + f"# {number}\n".encode()
            cpu, start = program.cpu_seconds(), time.perf_counter()
            save(file, content)
            program.read_answer()
            taken = time.perf_counter() - start
            time.sleep(BETWEEN_SAVES)
            yield Answer(is_right, taken, program.cpu_seconds() - cpu)


def show(name: str, word: str, taken: Sequence[Answer]) -> None:
    """Print a row."""
    wall = [answer.wall_seconds for answer in taken]
    cpu = statistics.median(answer.cpu_seconds for answer in taken)
    print(f"{name:18} {word:9} {statistics.median(wall):8.3f}  {max(wall):8.3f}  {cpu:6.3f}")


def measure(rounds: int, *, uses_server: bool) -> None:
    """Measure all exercises and print a table."""
    print("exercise           file      median s   worst s   cpu s")
    with tempfile.TemporaryDirectory(prefix="watch-answer-") as folder:
        os.environ |= {"XDG_RUNTIME_DIR": folder, "GRADE_NO_SERVER": "0", "CI": ""}
        course = Path(folder, "course")
        for part in ("exercises", "solutions", "tests/suites"):
            shutil.copytree(ROOT / part, course / part)
        for name in sorted(path.name for path in (course / "exercises").iterdir()):
            taken = list(answers(course, name, rounds, uses_server=uses_server))
            for word, is_right in (("right", True), ("unwritten", False)):
                show(name, word, [answer for answer in taken if answer.is_right == is_right])


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rounds", nargs="?", type=int, default=12)
    parser.add_argument("--server", action="store_true", help="let the warm server lend workers")
    arguments = parser.parse_args()
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    how = "with the warm server" if arguments.server else "without a server"
    print(f"{arguments.rounds} saves each, {how}; {load}")
    measure(arguments.rounds, uses_server=arguments.server)


if __name__ == "__main__":
    main()
