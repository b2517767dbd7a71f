"""Threads that a submission starts, in a process of its own: what follows them stays for good."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

FOLLOWED = """
import contextlib, queue, threading
from grader.worker.threads import follow_threads

INSIDE = threading.local()

@contextlib.contextmanager
def context():
    INSIDE.yes = True
    yield

follow_threads(context)
DONE = queue.Queue()

def work(*values, **named):
    DONE.put((getattr(INSIDE, "yes", False), values, named))

"""
STARTS = {
    "thread": "threading.Thread(target=work, args=(1,), kwargs={'two': 2}).start()",
    "timer": "threading.Timer(0, work, (1,), {'two': 2}).start()",
    "by number": "import _thread; _thread.start_new_thread(work, (1,), {'two': 2})",
    "old name": "import _thread; _thread.start_new(work, (1,), {'two': 2})",
    # Newer releases have another one.
    "name of threading": (
        "threading._start_joinable_thread(lambda: work(1, two=2))"
        if hasattr(threading, "_start_joinable_thread")
        else "threading._start_new_thread(work, (1,), {'two': 2})"
    ),
    "pool": "from concurrent.futures import ThreadPoolExecutor as P; P(1).submit(work, 1, two=2)",
    "imported anew": (
        "import sys; del sys.modules['_thread']\n"
        "import _thread; _thread.start_new_thread(work, (1,), {'two': 2})"
    ),
    "made anew": (
        "from importlib.util import find_spec, module_from_spec as make\n"
        "make(find_spec('_thread')).start_new_thread(work, (1,), {'two': 2})"
    ),
    "made anew by another's spec": (
        "import _imp; from importlib.util import find_spec, module_from_spec as make\n"
        "fresh = make(find_spec('_imp'))\n"
        "fresh.create_builtin(find_spec('_thread')).start_new_thread(work, (1,), {'two': 2})"
    ),
}
CHANGING = """
import _imp
class Spec:
    names = iter(["_thread", "time"])
    name = property(lambda self: type("S", (str,), {})(next(self.names)))
_imp.create_builtin(Spec())
"""
REFUSED = {
    "a name that changes": (CHANGING, "TypeError: the name of a module is a str, not S"),
    "the C library": (
        "import ctypes; ctypes.CDLL(None).pthread_create",
        "RuntimeError: a thread is started with `threading`",
    ),
    "Python's own library": (
        "import ctypes; ctypes.pythonapi['PyThread_start_new_thread']",
        "RuntimeError: a thread is started with `threading`",
    ),
}


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FOLLOWED + code],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("name", STARTS)
def test_a_thread_runs_within_the_context_however_it_is_started(name: str) -> None:
    done = run(f"{STARTS[name]}\nprint(DONE.get(timeout=10))")
    assert done.stdout == "(True, (1,), {'two': 2})\n", done.stderr


@pytest.mark.parametrize("name", REFUSED)
def test_a_thread_behind_pythons_back_is_refused(name: str) -> None:
    code, said = REFUSED[name]
    assert run(code).stderr.splitlines()[-1] == said


def test_other_modules_and_functions_are_as_they_were() -> None:
    done = run(
        "from importlib.util import find_spec, module_from_spec as make\n"
        "import ctypes; ctypes.CDLL(None).getpid\n"
        "print(make(find_spec('_sre')).__name__, threading.Thread(target=work).start())"
    )
    assert done.stdout == "_sre None\n", done.stderr
