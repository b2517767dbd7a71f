"""`grade watch` on a real terminal, and without one; the gradings themselves are stand-ins."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest
from grading import MINI_COURSE
from rich.cells import cell_len

STAND_IN = Path(__file__).parents[1] / "watch_stand_in.py"
SECONDS = 30
MINI = "exercises/ex90_mini/ex90_mini.py"


class Terminal:
    """A program on a terminal of 80 by 24, and what stands on its screen."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""
        ours, theirs = pty.openpty()
        self._ours = ours
        self.resize(24, 80)
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one thread
        )

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.screen.resize(lines, columns)

    def press(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def read(self, seconds: float = 0.1) -> bool:
        if not select.select([self._ours], [], [], seconds)[0]:
            return False
        try:
            new = os.read(self._ours, 65536)
        except OSError:
            return False
        self.written += new
        self._stream.feed(new)
        return bool(new)

    @property
    def text(self) -> str:
        # A wide character takes two cells, of which the second is empty.
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait_for(self, words: str) -> str:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if words in self.text:
                return self.text
            self.read()
        pytest.fail(f"{words!r} never came; the screen is:\n{self.text}")

    def wait_for_end(self) -> int:
        end = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < end:
            self.read()
        while self.read(0.05):
            pass
        assert self.process.returncode is not None, self.text
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self.theirs)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    shutil.copytree(MINI_COURSE, tmp_path / "course")
    return tmp_path / "course"


@pytest.fixture
def environment(course: Path, tmp_path: Path) -> dict[str, str]:
    # Where these are set, as pytest-xdist's workers find them, nobody asks the terminal.
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("LINES", "COLUMNS")
    }
    return inherited | {
        "GRADE_COURSE": str(course),
        "GRADE_STATE": str(tmp_path / "state"),
        "GRADE_LANG": "en",
        "TERM": "xterm-256color",
        "NO_COLOR": "1",
    }


@pytest.fixture
def start(course: Path, environment: dict[str, str]) -> Iterator[Callable[..., Terminal]]:
    started: list[Terminal] = []

    def begin(*words: str, **variables: str) -> Terminal:
        command = [sys.executable, str(STAND_IN), "watch", *words]
        started.append(Terminal(command, environment | variables))
        return started[-1]

    yield begin
    for terminal in started:
        terminal.close()


def save(course: Path, text: str) -> None:
    """Save as editors do: a new file takes the old one's name."""
    file = course / MINI
    new = file.with_suffix(".swp")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def test_a_save_is_answered_and_keys_work(start: Callable[..., Terminal], course: Path) -> None:
    terminal = start("ex90")
    terminal.wait_for("Waiting for the next save.")
    assert "Score: 0 / 100" in terminal.text
    assert terminal.text.splitlines()[-1].startswith("h hint   n next")

    save(course, "# total\n# double_example\n")
    terminal.wait_for("Score: 40 / 100")
    terminal.press("h")
    assert "Look at what the function gives back." in terminal.wait_for("hint 1 of 3")
    terminal.press("h")
    terminal.wait_for("hint 2 of 3")
    terminal.press("l")
    terminal.wait_for("0 of 1 exercises done")
    terminal.press("\x1b[A")
    terminal.press("l")
    terminal.wait_for("A miniature exercise")
    terminal.press("n")
    terminal.wait_for("No other exercise is left to do.")
    terminal.press("q")
    assert terminal.wait_for_end() == 0
    assert termios.tcgetattr(terminal.theirs) == terminal.before
    assert b"Traceback" not in terminal.written
    assert terminal.written.endswith(b"\x1b[?1049l")


def test_only_what_has_changed_is_written_again(
    start: Callable[..., Terminal], course: Path
) -> None:
    terminal = start("ex90")
    terminal.wait_for("Waiting for the next save.")
    written = len(terminal.written)
    terminal.press("n")
    terminal.wait_for("No other exercise")
    again = terminal.written[written:]
    assert b"A miniature exercise" not in again
    assert b"\x1b[2J" not in again


def test_a_slow_grading_can_be_left(start: Callable[..., Terminal], course: Path) -> None:
    save(course, "# slow\n")
    terminal = start("ex90")
    terminal.wait_for("Starting")
    terminal.press("l")
    terminal.wait_for("0 of 1 exercises done")
    terminal.press("q")
    assert terminal.wait_for_end() == 0


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_who_is_stopped_gives_the_terminal_back_quietly(
    start: Callable[..., Terminal], number: signal.Signals, code: int
) -> None:
    terminal = start("ex90")
    terminal.wait_for("Waiting for the next save.")
    if number == signal.SIGINT:
        terminal.press("\x03")
    else:
        terminal.process.send_signal(number)
    assert terminal.wait_for_end() == code
    assert termios.tcgetattr(terminal.theirs) == terminal.before
    assert b"\x1b[?1049l" in terminal.written
    assert b"Traceback" not in terminal.written


def test_a_new_size_is_filled(start: Callable[..., Terminal]) -> None:
    terminal = start("ex90")
    terminal.wait_for("Waiting for the next save.")
    terminal.resize(10, 80)
    terminal.wait_for("more lines: grade ex90")
    terminal.resize(60, 100)
    end = time.monotonic() + SECONDS
    while "more lines" in terminal.text and time.monotonic() < end:
        terminal.read()
    assert terminal.text.splitlines()[-1].startswith("h hint")
    terminal.resize(10, 40)
    terminal.wait_for("r grade again\nq quit")
    terminal.press("h")
    terminal.wait_for("hint 1 of")
    terminal.resize(6, 40)
    terminal.wait_for("more lines: grade hint ex90 --again")


def test_chinese_fits_and_aligns(start: Callable[..., Terminal]) -> None:
    terminal = start("ex90", GRADE_LANG="zh")
    terminal.wait_for("等待下一次保存")
    terminal.press("l")
    row = next(line for line in terminal.wait_for("完成了 0 个").splitlines() if "ex90" in line)
    assert row.endswith("0/100")
    assert cell_len(row) <= 80
    assert "h 提示" in terminal.text.splitlines()[-1]


def test_a_lost_examiner_and_a_file_that_cannot_be_read_end_nothing(
    start: Callable[..., Terminal], course: Path
) -> None:
    save(course, "# crash\n")
    terminal = start("ex90")
    terminal.wait_for("Score: 0 / 100")
    (course / MINI).write_bytes(b"\xff\xfe\x00")
    terminal.wait_for("hint: ")
    save(course, "# fault\n")
    terminal.wait_for("This costs you nothing.")
    save(course, "# fine\n")
    assert "This costs you nothing." not in terminal.wait_for("Score: 0 / 100")


def test_without_a_terminal_plain_lines_are_printed(
    course: Path, environment: dict[str, str]
) -> None:
    with subprocess.Popen(
        [sys.executable, str(STAND_IN), "watch", "ex90", "--poll"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout is not None
        try:
            lines = read_answer(process.stdout)
            assert "Score: 0 / 100\n" in lines
            save(course, "# fine\n")
            lines = read_answer(process.stdout)
            assert lines[0].startswith("Grading ")
            assert not any("\x1b" in line for line in lines)
        finally:
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=SECONDS)[0]
    assert process.returncode == 130
    assert "Traceback" not in rest


def read_answer(out: Iterator[str]) -> list[str]:
    lines = []
    for line in out:
        lines.append(line)
        if "Waiting for the next save." in line:
            return lines
    pytest.fail("".join(lines))


def test_an_unknown_exercise_is_refused_before_anything_starts(
    course: Path, environment: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "grader.cli", "watch", "ex55"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=SECONDS,
    )
    assert done.returncode == 2
    assert "there is no exercise 'ex55'" in done.stderr
