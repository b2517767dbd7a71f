"""Real servers, with one nursery for most of the tests."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest
from grading import MINI_COURSE, MiniCourse, without_times
from waiting import wait_until

from grader.course.catalog import find_course, load_exercise
from grader.errors import ManifestError
from grader.language import Text
from grader.pipeline import GradeRequest, grade_submission, grade_with
from grader.report.model import Report
from grader.server import client as client_module
from grader.server.client import ServedExaminer, open_examiner
from grader.server.visit import Visit, server_state, stop_server
from grader.session.client import ExaminerClient
from grader.submission import read_submission

pytestmark = pytest.mark.slow

SOLUTION = MINI_COURSE / "solutions" / "ex90_mini" / "ex90_mini.py"
ENDLESS = "def double(x):\n    while True:\n        pass\n"
NURSERY_AND_ZYGOTE = 2


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a place of their own to the servers of this module, and end them afterwards."""
    folder = tmp_path_factory.mktemp("runtime")
    folder.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        yield folder
        stop_server()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def served(place: Path, told: list[str]) -> Iterator[ExaminerClient]:
    with open_examiner((), use_server=True, tell=lambda text: told.append(text.en)) as examiner:
        assert isinstance(examiner, ServedExaminer), told
        yield examiner


def request_for(file: Path) -> GradeRequest:
    exercise = load_exercise(find_course(MINI_COURSE), "ex90")
    return GradeRequest(exercise=exercise, file=file, seed=1, device="cpu", use_server=True)


def grade_by(examiner: ExaminerClient, file: Path) -> Report:
    request = request_for(file)
    return grade_with(examiner, request, read_submission(file))


def server() -> Visit:
    visit = server_state()
    assert visit is not None
    return visit


def family() -> list[psutil.Process]:
    return psutil.Process(server().pid).children(recursive=True)


def test_what_is_found_is_the_same_as_without_the_server(
    served: ExaminerClient, mini: MiniCourse, tmp_path: Path
) -> None:
    wrong = tmp_path / "ex90_mini.py"
    wrong.write_text(SOLUTION.read_text("utf-8").replace("2 * x", "x / 0"), encoding="utf-8")
    for file in (SOLUTION, wrong):
        own = grade_by(mini.client, file)
        lent = grade_by(served, file)
        assert without_times(json.loads(lent.to_json())) == without_times(json.loads(own.to_json()))


def test_a_worker_of_the_servers_knows_neither_pytest_nor_the_trusted_side(
    served: ExaminerClient, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(
        "import sys\n"
        "WORDS = ('pytest', '_pytest', 'pluggy')\n"
        "def double(x):\n"
        "    print('torch' in sys.modules, *(n for n in sys.modules if n.startswith(WORDS)))\n"
        "    print(*(n for n in sys.modules if n.startswith('grader')))\n"
        "    return 2 * x\n",
        encoding="utf-8",
    )
    assert grade_by(served, file).output.stdout.startswith("True\n\n")


def test_workers_come_from_the_nursery_and_examiners_from_another_process(
    served: ExaminerClient, tmp_path: Path
) -> None:
    (nursery,) = psutil.Process(server().pid).children()
    (zygote,) = nursery.children()
    (examiner,) = zygote.children()
    file = tmp_path / "ex90_mini.py"
    file.write_text(ENDLESS, encoding="utf-8")
    grading = threading.Thread(target=grade_by, args=[served, file])
    grading.start()
    wait_until(lambda: len(nursery.children()) >= 2)
    assert zygote.children() == [examiner]
    examiner.kill()
    grading.join()


def memory(process: psutil.Process) -> bytes:
    """Read what a process has written: the parts of its memory that stand for no file."""
    parts = []
    with (
        Path(f"/proc/{process.pid}/maps").open(encoding="utf-8") as maps,
        Path(f"/proc/{process.pid}/mem").open("rb", 0) as memory,
    ):
        for span, rights, *_, inode in (line.split()[:5] for line in maps):
            if rights.startswith("rw") and inode == "0":
                start, end = (int(number, 16) for number in span.split("-"))
                memory.seek(start)
                with contextlib.suppress(OSError):
                    parts.append(memory.read(end - start))
    return b"".join(parts)


@pytest.mark.skipif(os.getuid() != 0, reason="only root reads the memory of every process")
def test_suite_and_solution_are_in_the_memory_of_the_examiner_and_of_nobody_else(
    served: ExaminerClient, tmp_path: Path
) -> None:
    course = tmp_path / "course"
    shutil.copytree(MINI_COURSE, course)
    secrets = []
    for name in ("solutions/ex90_mini/ex90_mini.py", "tests/suites/ex90_mini/test_hidden.py"):
        secrets.append(f"mark{uuid.uuid4().hex}".encode())
        with (course / name).open("ab") as file:
            file.write(b"\nMARK = '%s'\n" % secrets[-1])
    exercise = load_exercise(find_course(course), "ex90")
    request = msgspec.structs.replace(request_for(SOLUTION), exercise=exercise)
    assert grade_with(served, request, read_submission(SOLUTION)).score == 100
    wait_until(lambda: len(family()) == NURSERY_AND_ZYGOTE + 1)
    own = psutil.Process(server().pid)
    (nursery,) = own.children()
    (zygote,) = nursery.children()
    (examiner,) = zygote.children()
    for process, is_trusted in ((examiner, True), (zygote, False), (nursery, False), (own, False)):
        held = memory(process)
        assert [secret in held for secret in secrets] == [is_trusted] * 2
        assert is_trusted or not [
            file for file in process.open_files() if file.path.startswith(str(course))
        ]


def test_a_submission_reaches_neither_the_socket_nor_the_token(
    served: ExaminerClient, place: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ex90_mini.py"
    file.write_text(
        "import os, signal, socket\n"
        f"PLACE = {str(place)!r} + '/torchgrade/'\n"
        "def attempt(act):\n"
        "    try:\n"
        "        act()\n"
        "    except OSError as error:\n"
        "        print('stopped')\n"
        "    else:\n"
        "        print('ALLOWED')\n"
        "def double(x):\n"
        "    attempt(lambda: socket.socket(socket.AF_UNIX).connect(PLACE + 'server.sock'))\n"
        "    attempt(lambda: open(PLACE + 'token').read())\n"
        "    attempt(lambda: os.listdir(PLACE))\n"
        "    attempt(lambda: open('/proc/%d/mem' % os.getppid(), 'rb'))\n"
        f"    attempt(lambda: os.kill({server().pid}, signal.SIGTERM))\n"
        "    print(sorted(n for n in os.environ if 'RUNTIME' in n or 'TOKEN' in n))\n"
        "    return 2 * x\n",
        encoding="utf-8",
    )
    lines = grade_by(served, file).output.stdout.split("\n")
    assert set(lines[:5]) == {"stopped"}
    assert lines[5] == "[]"
    assert server().state is not None


def test_an_examiner_ends_with_its_client_and_leaves_nothing(place: Path, tmp_path: Path) -> None:
    with open_examiner((), use_server=True) as examiner:
        grade_by(examiner, SOLUTION)
        with examiner.scratch() as scratch:
            (scratch / "left").mkdir()
        assert list(scratch.iterdir()) == []
    wait_until(lambda: len(family()) == NURSERY_AND_ZYGOTE)
    assert not scratch.exists()


def test_a_killed_client_leaves_nothing_and_the_next_is_served(place: Path, tmp_path: Path) -> None:
    with open_examiner((), use_server=True) as examiner:
        grade_by(examiner, SOLUTION)
    wait_until(lambda: server().state.sessions == 0)  # type: ignore[union-attr]
    wait_until(lambda: len(family()) == NURSERY_AND_ZYGOTE)
    file = tmp_path / "ex90_mini.py"
    file.write_text(ENDLESS, encoding="utf-8")
    temporary = tmp_path / "tmp"
    temporary.mkdir(mode=0o711)
    command = [sys.executable, "-m", "grader", "ex90", "--file", str(file)]
    environment = os.environ | {"GRADE_COURSE": str(MINI_COURSE), "TMPDIR": str(temporary)}
    environment |= {"GRADE_NO_SERVER": "0", "CI": ""}
    with subprocess.Popen(command, env=environment) as process:
        wait_until(lambda: len(family()) >= NURSERY_AND_ZYGOTE + 2)
        assert list(temporary.iterdir())
        process.kill()
    wait_until(lambda: len(family()) == NURSERY_AND_ZYGOTE)
    wait_until(lambda: not list(temporary.iterdir()))
    with open_examiner((), use_server=True) as examiner:
        assert grade_by(examiner, SOLUTION).score == 100


def test_an_examiner_that_was_killed_leaves_no_folder(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir(mode=0o711)
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    with open_examiner((), use_server=True) as examiner:
        request = msgspec.structs.replace(request_for(SOLUTION), again=True)
        grade_with(examiner, request, read_submission(SOLUTION))
        # That of the client, and that of the worker which stands ready.
        wait_until(lambda: len(list(temporary.iterdir())) == 2)
        (nursery,) = psutil.Process(server().pid).children()
        zygote = min(nursery.children(), key=lambda process: process.create_time())
        zygote.children()[0].kill()
    wait_until(lambda: not list(temporary.iterdir()))


def test_a_server_that_crashed_is_replaced_without_a_word(place: Path, told: list[str]) -> None:
    with open_examiner((), use_server=True):
        pass
    old = server().pid
    left = family()
    os.kill(old, signal.SIGKILL)
    _gone, alive = psutil.wait_procs(left, timeout=20)
    assert not alive
    report = grade_submission(request_for(SOLUTION), lambda text: told.append(text.en))
    assert report.score == 100
    assert told == []
    assert server().pid != old


def test_a_server_that_is_lost_in_the_middle_costs_nobody_a_grading(
    place: Path, told: list[str]
) -> None:
    with open_examiner((), use_server=True, tell=lambda text: told.append(text.en)) as examiner:
        os.kill(server().pid, signal.SIGKILL)
        assert grade_by(examiner, SOLUTION).score == 100
        assert len(told) == 1
        assert grade_by(examiner, SOLUTION).score == 100
    assert len(told) == 1


def test_a_module_that_cannot_be_imported_is_the_courses_fault(place: Path) -> None:
    with (
        pytest.raises(ManifestError, match="no_such_module"),
        open_examiner(("no_such_module",), use_server=True, tell=lambda _: None),
    ):
        pass


def test_two_first_clients_start_one_server(place: Path) -> None:
    stop_server()
    code = (
        "from grader.server.client import open_examiner\n"
        "from grader.server.visit import server_state\n"
        "with open_examiner((), use_server=True) as examiner:\n"
        "    print(type(examiner).__name__, server_state().pid)\n"
    )
    with (
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as one,
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other,
    ):
        said = {process.communicate(timeout=100)[0] for process in (one, other)}
    assert said == {f"ServedExaminer {server().pid}\n".encode()}


def test_a_server_of_another_version_is_replaced(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_examiner((), use_server=True):
        old = server().pid
    monkeypatch.setattr(client_module, "fingerprint", lambda _: "newer")
    with open_examiner((), use_server=True) as examiner:
        assert isinstance(examiner, ServedExaminer)
        assert server().pid != old
    wait_until(lambda: not psutil.pid_exists(old))


def test_an_idle_server_ends_and_leaves_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_server()
    monkeypatch.setenv("GRADE_SERVER_IDLE", "0.01")
    with open_examiner((), use_server=True) as examiner:
        assert grade_by(examiner, SOLUTION).score == 100
        all_of_it = [psutil.Process(server().pid), *family()]
    _gone, alive = psutil.wait_procs(all_of_it, timeout=20)
    assert not alive
    assert not (place / "torchgrade" / "server.sock").exists()


def failing(error: Exception) -> Any:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), PermissionError(13, "Permission denied")]
)
def test_where_no_server_can_be_started_grading_goes_on_with_a_word(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    told: list[Text] = []
    own: list[tuple[str, ...]] = []

    def start(preload: tuple[str, ...]) -> Any:
        own.append(preload)
        return _Nothing()

    monkeypatch.setattr(client_module, "start_server", failing(error))
    monkeypatch.setattr(client_module, "start_examiner", start)
    with open_examiner(("a",), use_server=True, tell=told.append):
        assert own == [("a",)]
    assert len(told) == 1
    assert str(error.strerror) in told[0].en
    assert "--no-server" in told[0].zh


@pytest.mark.parametrize("error", [ValueError("Expected `object`, got `int`"), EOFError()])
def test_why_there_is_no_server_is_told_in_the_readers_language(
    runtime: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    told: list[Text] = []
    monkeypatch.setattr(client_module, "start_examiner", lambda _preload: _Nothing())
    with monkeypatch.context() as patch:
        patch.setattr(client_module, "_open_session", failing(error))
        with open_examiner((), use_server=True, tell=told.append):
            pass
    (runtime / "torchgrade").chmod(0o755)
    with open_examiner((), use_server=True, tell=told.append):
        pass
    assert "无法理解" in told[0].zh
    assert "不是只属于当前用户的文件夹" in told[1].zh
    assert not re.search("[a-z]{3,} [a-z]{3,} [a-z]{3,}", "".join(text.zh for text in told))


class _Nothing:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None
