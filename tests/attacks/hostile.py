"""One batch of attacks, of their twins and of honest answers, run as an instructor runs it."""

from __future__ import annotations

import csv
import ctypes
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import psutil
from attacks.corpus import Attack, Exercise, hand_in, twin_of
from grading import MINI_COURSE

from grader.language import LANGUAGES
from grader.report.model import Report
from grader.report.read import read_report
from grader.report.student import for_student
from grader.report.terminal import print_report

SEED: Final = 987_654_321
TOKEN: Final = "tok_3f1c9a77e0d84b52"  # noqa: S105 - a secret to be looked for
SUITE_MARK: Final = "MARK-OF-A-SUITE"
SOLUTION_MARK: Final = "MARK-OF-A-SOLUTION"
NEIGHBOUR_MARK: Final = "MARK-OF-A-NEIGHBOUR"
LEAK: Final = "LEAK"
"""What attacks write in front of what they got hold of; in no file does it stand in one piece."""
PLANTED: Final = "hostile"
"""Begins the name of whatever an attack makes outside of its own folder."""

_COURSES: Final = (MINI_COURSE, Path(__file__).parent / "course")
_SUBREAPER: Final = 36


class World:
    """The folders of one batch, and what stood in them before."""

    def __init__(self, root: Path, temporary: Path) -> None:
        self.root = root
        self.course = root / "course"
        self.handed_in = root / "handed-in"
        self.out = root / "out"
        self.home = root / "home"
        self.temporary = temporary
        """Apart from the others: a worker knows the path of its own folder."""
        for folder in (self.handed_in, self.home):
            folder.mkdir(parents=True)
        for course in _COURSES:
            shutil.copytree(course, self.course, dirs_exist_ok=True)
        (self.home / "credentials").write_text(TOKEN, encoding="utf-8")
        self.exercises = {name[:4]: self._prepare(name) for name in ("ex90_mini", "ex91_probes")}

    def _prepare(self, name: str) -> Exercise:
        """Mark what nobody may read, and give what attacks stand behind."""
        solution = self.course / "solutions" / name / f"{name}.py"
        right = solution.read_text(encoding="utf-8")
        _append(solution, f"# {SOLUTION_MARK}\n")
        _append(self.course / "tests" / "suites" / name / "test_hidden.py", f"# {SUITE_MARK}\n")
        if name == "ex90_mini":
            _hurry(self.course / "exercises" / name / "exercise.toml")
        return Exercise(name, right)

    def places(self) -> dict[str, str]:
        """Give the paths that an attacker might guess, by the names that attacks use."""
        return {
            "COURSE": str(self.course),
            "SOLUTION": str(self.course / "solutions" / "ex90_mini" / "ex90_mini.py"),
            "SUITE": str(self.course / "tests" / "suites" / "ex90_mini"),
            "HANDED_IN": str(self.handed_in),
            "NEIGHBOUR": str(self.handed_in / "honest-0000" / "ex90_mini.py"),
            "OUT": str(self.out),
            "HOME": str(self.home),
        }

    def environment(self) -> dict[str, str]:
        """Give the environment of a machine that holds secrets."""
        secrets = dict.fromkeys(("API_TOKEN", "GITHUB_TOKEN", "CANVAS_TOKEN"), TOKEN)
        github = {name: str(self.home / name) for name in ("GITHUB_ENV", "GITHUB_OUTPUT")}
        folders = {"HOME": self.home, "TMPDIR": self.temporary, "GRADE_COURSE": self.course}
        return (
            os.environ
            | secrets
            | github
            | {name: str(folder) for name, folder in folders.items()}
            | {"LANG": "C.UTF-8"}
        )


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _hurry(manifest: Path) -> None:
    """Shorten what attacks wait for."""
    text = manifest.read_text(encoding="utf-8")
    assert "load_seconds = 2" in text
    manifest.write_text(text.replace("load_seconds = 2", "load_seconds = 1"), encoding="utf-8")


class Batch(NamedTuple):
    """What a batch came to."""

    world: World
    done: subprocess.CompletedProcess[str]
    seconds: float
    reports: Mapping[str, Report]
    """By student; of one with several, the first."""
    gradebook: Mapping[str, Mapping[str, str]]
    twins: Mapping[str, str]
    """The student who handed in an attack's twin, by the attack's name."""
    honest: Sequence[str]
    left: Sequence[str]
    """Processes, files, sockets and shared memory that were not there before."""
    memory: Sequence[int]
    """Resident bytes of the command, ten times a second."""


def run_hostile_batch(
    world: World, attacks: Sequence[Attack], *, honest: int = 10, hostile: int | None = None
) -> Batch:
    """Hand everything in, grade it in one batch, and look at what is left.

    Args:
        world: Where all of it happens; used once.
        attacks: What is handed in.
        honest: How many honest answers stand beside them.
        hostile: How many attacks are handed in, the same ones again and again; each once where
            None.
    """
    students = _hand_in_all(world, attacks, honest, hostile)
    before = set(_traces(world))
    with _adopting_orphans() as orphans:
        done, seconds, memory = _grade(world)
        left = [f"process {process}" for process in orphans()]
    left += sorted(set(_traces(world)) - before)
    return Batch(world, done, seconds, _reports(world), _gradebook(world), *students, left, memory)


def _hand_in_all(
    world: World, attacks: Sequence[Attack], honest: int, hostile: int | None
) -> tuple[dict[str, str], list[str]]:
    twins: dict[str, str] = {}
    for number in range(hostile or len(attacks)):
        attack = attacks[number % len(attacks)]
        exercise = world.exercises[attack.exercise]
        name = attack.name if hostile is None else f"{number:04}-{attack.name}"
        folder = world.handed_in / name
        folder.mkdir()
        hand_in(attack, folder, exercise, world.places())
        text = twin_of(attack, exercise)
        twins[name] = f"twin-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
        _write(world, twins[name], exercise, text)
    students = [f"honest-{number:04}" for number in range(honest)]
    for number, student in enumerate(students):
        exercise = list(world.exercises.values())[number % 2]
        _write(world, student, exercise, f"{exercise.right}\n# {NEIGHBOUR_MARK}\n")
    return twins, students


def _write(world: World, student: str, exercise: Exercise, text: str) -> None:
    folder = world.handed_in / student
    folder.mkdir(exist_ok=True)
    (folder / f"{exercise.name}.py").write_text(text, encoding="utf-8")


def _grade(world: World) -> tuple[subprocess.CompletedProcess[str], float, list[int]]:
    command = [sys.executable, "-m", "grader.cli", "batch", str(world.handed_in)]
    command += ["--out", str(world.out), "--sandbox", "strict", "--jobs", "2", "--seed", str(SEED)]
    started = time.monotonic()
    said = world.root / "said.txt"
    memory: list[int] = []
    with said.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            command, env=world.environment(), cwd=world.root, stdout=file, stderr=file
        )
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                memory.append(watched.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(0.1)
        code = process.wait()
    seconds = time.monotonic() - started
    text = said.read_text(encoding="utf-8")
    return subprocess.CompletedProcess(command, code, text, ""), seconds, memory


def _reports(world: World) -> dict[str, Report]:
    reports: dict[str, Report] = {}
    for path in sorted(world.out.glob("reports/*/*.json")):
        reports.setdefault(path.parent.name, read_report(path))
    return reports


def _gradebook(world: World) -> dict[str, dict[str, str]]:
    path = world.out / "gradebook.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student"]: row for row in csv.DictReader(file)}


def score_of(batch: Batch, student: str) -> float:
    """Give a student's score; 0 for one of whom nothing was graded."""
    report = batch.reports.get(student)
    if report is None:
        return 0.0
    assert report.score is not None, report.fault
    return report.score


def shown_to(report: Report) -> str:
    """Give everything that a student gets, as one text."""
    seen = for_student(report)
    texts = [msgspec.json.encode(seen).decode()]
    for language in LANGUAGES:
        page = io.StringIO()
        print_report(seen, language, page)
        texts.append(page.getvalue())
    return "\n".join(texts)


def leaks_in(batch: Batch, report: Report) -> list[str]:
    """Give what a student gets to see and must not."""
    shown = shown_to(report)
    secrets = (LEAK, TOKEN, SUITE_MARK, SOLUTION_MARK, NEIGHBOUR_MARK, str(SEED))
    return [secret for secret in (*secrets, str(batch.world.root)) if secret in shown]


class _adopting_orphans:  # noqa: N801 - reads as what it does
    """Make orphans of the block ours, so that none can be missed."""

    def __enter__(self) -> _Orphans:
        _be_subreaper(1)
        return _Orphans({child.pid for child in psutil.Process().children(recursive=True)})

    def __exit__(self, *_: object) -> None:
        _be_subreaper(0)


class _Orphans:
    def __init__(self, known: set[int]) -> None:
        self._known = known

    def __call__(self) -> Iterator[str]:
        deadline = time.monotonic() + 2
        while (children := self._new()) and time.monotonic() < deadline:
            time.sleep(0.05)
        return iter([f"{child.pid} {child.name()}" for child in children])

    def _new(self) -> list[psutil.Process]:
        found = psutil.Process().children(recursive=True)
        return [child for child in found if child.pid not in self._known]


def _be_subreaper(value: int) -> None:
    assert ctypes.CDLL(None).prctl(_SUBREAPER, value, 0, 0, 0) == 0


def _traces(world: World) -> Iterator[str]:
    """Name what an attack could have left on the machine, or changed."""
    for folder in (world.course, world.handed_in, world.home):
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                yield f"{path.relative_to(world.root)} {digest[:12]}"
    for path in (*world.temporary.rglob("*"), *world.root.glob("*")):
        if path.name not in {"out", "said.txt"}:
            yield str(path)
    for folder in map(Path, ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/")):  # noqa: S108
        if folder.is_dir():
            yield from (str(path) for path in folder.glob(f"{PLANTED}*"))
    sockets = Path("/proc/net/unix").read_text(encoding="utf-8", errors="replace")
    yield from re.findall(rf"@{PLANTED}\S*", sockets)
    for kind in ("shm", "msg", "sem"):
        lines = Path(f"/proc/sysvipc/{kind}").read_text(encoding="utf-8").splitlines()[1:]
        yield from (f"{kind} {' '.join(line.split()[:2])}" for line in lines)
