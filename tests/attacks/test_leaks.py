"""What a submission can see and leave behind."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import psutil
import pytest
from grading import MINI_COURSE, MiniCourse

from grader.report.student import for_student
from grader.session.client import ExaminerClient

SOLUTION = (MINI_COURSE / "solutions" / "ex90_mini" / "ex90_mini.py").read_text(encoding="utf-8")
SPY = SOLUTION.replace("return 2 * x", "return spy(x)")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, mini_client: ExaminerClient) -> MiniCourse:
    return MiniCourse.copy_to(tmp_path_factory.mktemp("leaks") / "course", mini_client)


def printed_by(course: MiniCourse, tmp_path: Path, body: str) -> str:
    """Grade a file whose `spy(x)` has this body, and give what it printed."""
    file = tmp_path / "ex90_mini.py"
    spy = "def spy(x):\n    " + body.replace("\n", "\n    ") + "\n    return 2 * x\n\n"
    file.write_text(spy + SPY, encoding="utf-8")
    return course.grade(file).output.stdout


def test_the_worker_has_neither_suite_nor_solution_nor_pytest_loaded(
    course: MiniCourse, tmp_path: Path
) -> None:
    words = ("grader", "pytest", "test_", "reference", "solution", "click", "rich")
    code = (
        "import json, sys\nfound = [name for name in sys.modules if name == 'torch' or "
        f"name.startswith({words!r})]\nprint(json.dumps(found))"
    )
    assert json.loads(printed_by(course, tmp_path, code).splitlines()[0]) == ["torch"]


def test_files_of_the_course_and_of_the_machine_are_closed(
    course: MiniCourse, tmp_path: Path
) -> None:
    paths = [course.solution, course.suite / "test_hidden.py", "/etc/shadow", "/proc/1/environ"]
    code = (
        "for path in {paths}:\n    try:\n        open(path).read()\n        print('READ', path)\n"
    )
    code += "    except OSError as error:\n        print('closed', type(error).__name__)"
    seen = printed_by(course, tmp_path, code.replace("{paths}", repr([str(p) for p in paths])))
    assert "READ" not in seen
    assert seen.count("closed") >= len(paths)


def test_no_program_socket_or_process_can_be_started(course: MiniCourse, tmp_path: Path) -> None:
    code = (
        "import os, socket, subprocess\n"
        "acts = {'program': lambda: subprocess.run(['/bin/true']),\n"
        "        'fork': os.fork,\n"
        "        'socket': lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM),\n"
        "        'kill': lambda: os.kill(os.getppid() or -1, 9)}\n"
        "for name, act in acts.items():\n"
        "    try:\n        act()\n        print('DONE', name)\n"
        "    except OSError as error:\n        print('refused', name)"
    )
    seen = printed_by(course, tmp_path, code)
    assert "DONE" not in seen
    assert seen.count("refused") >= 4


def test_nothing_is_left_behind(course: MiniCourse, tmp_path: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    code = (
        "import threading, time, tempfile\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=False).start()\n"
        "open('left.txt', 'w').write('x'); tempfile.mkdtemp()\nprint(tempfile.gettempdir())"
    )
    folder = printed_by(course, tmp_path, code).splitlines()[0]
    assert not Path(folder).exists()
    left = set(psutil.Process().children(recursive=True)) - before
    # A worker may stand ready for the next submission; the thread shows whose had this one.
    assert len(left) <= 1
    assert all(process.num_threads() == 1 for process in left)


def test_a_student_never_sees_hidden_inputs_values_or_paths(
    course: MiniCourse, tmp_path: Path
) -> None:
    """P35: an exception that carries its input would carry a hidden test out."""
    file = tmp_path / "ex90_mini.py"
    leak = "def spy(x):\n    raise ValueError('leak' + repr(x.tolist()))\n\n"
    file.write_text(leak + SPY, encoding="utf-8")
    report = course.grade(file)
    hidden = [
        check
        for task in for_student(report).tasks
        for check in task.checks
        if check.visibility == "hidden" and check.outcome != "passed"
    ]
    assert hidden
    text = msgspec.json.encode(hidden).decode()
    # The line itself is the student's own; what it made of a hidden input is not.
    assert "leak[" not in text
    assert str(course.root) not in msgspec.json.encode(for_student(report)).decode()
