"""`grade batch` as an instructor runs it: killed, interrupted, twice at once, resumed."""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import psutil
import pytest
from grading import MINI_COURSE
from waiting import is_left_behind, wait_until

GRADE = [sys.executable, "-m", "grader.cli"]
WRONG = "def double(x):\n    return 3 * x\n"
SLOW = "import time\n\n\ndef double(x):\n    time.sleep(0.2)\n    return 3 * x\n"


class Class:
    """A course, what was handed in, and where the results go."""

    def __init__(self, root: Path) -> None:
        self.course = root / "course"
        shutil.copytree(MINI_COURSE, self.course)
        self.handed_in = root / "handed-in"
        self.out = root / "out"
        self.temporary = root / "temporary"
        self.temporary.mkdir(mode=0o711)
        self.solution = self.course / "solutions" / "ex90_mini" / "ex90_mini.py"

    def hand_in(self, student: str, content: str | None = None) -> Path:
        path = self.handed_in / student / "ex90_mini.py"
        path.parent.mkdir(parents=True)
        text = self.solution.read_text(encoding="utf-8") if content is None else content
        path.write_text(text, encoding="utf-8")
        return path

    def command(self, *options: str) -> list[str]:
        return [*GRADE, "batch", str(self.handed_in), "--out", str(self.out), *options]

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "GRADE_COURSE": str(self.course),
            "LANG": "C.UTF-8",
            "TMPDIR": str(self.temporary),
        }

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*options),
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def start(self, *options: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*options),
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def reports(self) -> list[Path]:
        return sorted(self.out.glob("reports/*/*.json"))

    def gradebook(self) -> list[dict[str, str]]:
        with (self.out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def wait_for_reports(self, count: int) -> None:
        wait_until(lambda: len(self.reports()) >= count, seconds=60)


@pytest.fixture
def students(tmp_path: Path) -> Class:
    return Class(tmp_path)


def test_a_class_gets_reports_a_gradebook_and_a_summary(students: Class) -> None:
    students.hand_in("ada")
    students.hand_in("李雷", WRONG)

    done = students.run("--jobs", "2")

    assert done.returncode == 0, done.stderr
    assert "2/2" in done.stderr
    rows = {row["student"]: row for row in students.gradebook()}
    assert rows["ada"]["ex90"] == rows["ada"]["total"] == "100"
    assert float(rows["李雷"]["ex90"]) < 100
    report = json.loads((students.out / "reports" / "ada" / "ex90.json").read_bytes())
    assert report["environment"]["trust"] == "isolated"
    assert sorted(path.name for path in students.out.iterdir() if path.name[0] != ".") == [
        "checks.csv",
        "class.json",
        "gradebook.csv",
        "journal.sqlite",
        "reports",
    ]


def test_a_fault_is_told_until_it_is_mended_and_retried(students: Class, tmp_path: Path) -> None:
    students.hand_in("ada")
    suite = students.course / "tests" / "suites" / "ex90_mini" / "test_visible.py"
    text = suite.read_text(encoding="utf-8")
    # What is at fault lies outside of all that a result is known by.
    away = tmp_path / "licence-server-is-away"
    away.touch()
    check = f"if Path({str(away)!r}).exists():\n    raise RuntimeError('no licence')\n"
    suite.write_text(
        text.replace("import torch\n", f"import torch\nfrom pathlib import Path\n\n{check}", 1)
    )

    first = students.run("--jobs", "1")
    assert (first.returncode, "RuntimeError: no licence" in first.stdout) == (4, True)
    assert students.gradebook()[0]["notes"] == "fault: ex90"
    away.unlink()
    # Nothing that counts has changed, so that the fault is kept, and told again.
    again = students.run("--jobs", "1")
    assert (again.returncode, "1 of them finished before" in again.stderr) == (4, True)
    retried = students.run("--jobs", "1", "--retry-faults")
    assert retried.returncode == 0, retried.stdout
    assert students.gradebook()[0] == {"student": "ada", "ex90": "100", "total": "100", "notes": ""}


def test_an_archive_and_a_roster(students: Class, tmp_path: Path) -> None:
    students.hand_in("ada")
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.write(students.handed_in / "ada" / "ex90_mini.py", "ada/ex90_mini.py")
        file.writestr("bob/ex90_mini.py", WRONG)
        file.writestr("../../evil.py", "print('out')")
    roster = tmp_path / "roster.csv"
    roster.write_text("id,name\nada,Ada\nbob,Bob\neve,Eve\n", encoding="utf-8")
    students.handed_in = archive

    done = students.run("--roster", str(roster), "--json", "-")

    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["counts"]["graded"] == 2
    assert outcome["discovery"]["missing"] == ["eve"]
    assert [row["student"] for row in students.gradebook()] == ["ada", "bob", "eve"]
    # What the next run looks at is another class.
    students.handed_in = tmp_path / "handed-in"
    other = tmp_path / "other.csv"
    other.write_text("id\nada\nkim\n", encoding="utf-8")
    said = students.run("--roster", str(other)).stderr
    assert "from other rosters: 2 (bob, eve)" in said
    assert f"delete its entry in class.json: {roster}" in said
    assert [row["student"] for row in students.gradebook()] == ["ada", "bob", "eve", "kim"]
    assert not list(tmp_path.parent.rglob("evil.py"))


def test_a_killed_batch_goes_on_and_comes_to_the_same_gradebook(students: Class) -> None:
    for number in range(8):
        students.hand_in(f"s{number}", SLOW if number % 2 else None)
    process = students.start("--jobs", "1", "--seed", "3")
    students.wait_for_reports(2)
    process.kill()
    process.communicate()
    before = {path: path.read_bytes() for path in students.reports()}
    assert len(before) < 8

    resumed = students.run("--jobs", "2")
    book = (students.out / "gradebook.csv").read_bytes()
    checks = (students.out / "checks.csv").read_bytes()

    assert resumed.returncode == 0, resumed.stderr
    kept = sum(path.read_bytes() == content for path, content in before.items())
    # The one that was written last may not have been noted yet.
    assert kept >= len(before) - 1
    shutil.rmtree(students.out)
    students.run("--jobs", "1", "--seed", "3")
    assert (students.out / "gradebook.csv").read_bytes() == book
    assert (students.out / "checks.csv").read_bytes() == checks


def test_a_killed_batch_leaves_no_temporary_folder(students: Class) -> None:
    for number in range(8):
        students.hand_in(f"s{number}", SLOW)
    process = students.start("--jobs", "2")
    students.wait_for_reports(3)
    assert list(students.temporary.iterdir())

    process.kill()
    process.communicate()

    wait_until(lambda: not list(students.temporary.iterdir()), seconds=10)


@pytest.mark.skipif(sys.platform != "linux", reason="names there are text, and no disk is full")
def test_where_and_what_is_printed_can_be_anything(students: Class) -> None:
    students.hand_in("ada")
    students.out = students.out.with_name(os.fsdecode(b"o\xff"))
    outcome = students.out.with_name("outcome.json")

    done = students.run("--jobs", "1", "--json", str(outcome))

    assert done.returncode == 0, done.stderr
    assert json.loads(outcome.read_bytes())["gradebook"]["gradebook"].endswith(
        "o\\udcff/gradebook.csv"
    )
    for stdout, code in {">&-": 0, ">/dev/full": 5}.items():
        line = f"{shlex.join(students.command())} {stdout}"
        shell = subprocess.run(
            ["/bin/sh", "-c", line], env=students.environment(), capture_output=True, check=False
        )
        said = shell.stderr.decode()
        assert shell.returncode == code, said
        assert "Traceback" not in said
        assert ("the gradebook is written" in said) == (code == 5)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_ctrl_c_ends_quickly_and_says_how_to_go_on(students: Class, engine: str) -> None:
    if engine == "dask":
        pytest.importorskip("distributed")
    for number in range(8):
        students.hand_in(f"s{number}", SLOW)
    process = students.start("--jobs", "2", "--engine", engine)
    students.wait_for_reports(1)
    children = psutil.Process(process.pid).children(recursive=True)

    # As from a terminal: to all that stand in its foreground.
    os.killpg(process.pid, signal.SIGINT)
    pressed = time.monotonic()
    _, said = process.communicate(timeout=20)
    took = time.monotonic() - pressed

    assert process.returncode == 130
    assert took < 4, "two seconds where nothing else is to do"
    assert "the same command goes on" in said
    assert "Traceback" not in said
    assert "distributed" not in said
    assert not [child for child in children if is_left_behind(child)]


def test_a_second_batch_on_one_folder_is_refused(students: Class) -> None:
    for number in range(4):
        students.hand_in(f"s{number}", SLOW)
    first = students.start("--jobs", "1")
    students.wait_for_reports(1)

    # Held, so that it has not ended before the second begins.
    first.send_signal(signal.SIGSTOP)
    second = students.run()
    first.send_signal(signal.SIGCONT)
    first.communicate(timeout=60)

    assert second.returncode == 2
    assert "another batch" in second.stderr
    assert first.returncode == 0
    assert len(students.gradebook()) == 4


def test_a_folder_without_submissions_says_so(students: Class) -> None:
    students.handed_in.mkdir()

    done = students.run()

    assert done.returncode == 2
    assert "hint" in done.stderr


def test_the_parent_never_imports_torch(students: Class) -> None:
    students.hand_in("ada")
    command = [sys.executable, "-X", "importtime", *students.command()[1:]]

    done = subprocess.run(
        command, env=students.environment(), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "grader.batch.run" in imported
    assert not imported & {"torch", "pytest", "_pytest", "numpy"}
