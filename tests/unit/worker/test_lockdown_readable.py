"""Which paths are readable, for a checkout and for a package that lies among the libraries."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.worker.readable import readable_paths

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="paths are bound on Linux alone")

ROOT = Path(__file__).parents[3]

SCRIPT = """
import json, os, sys
site, scratch, blocked = sys.argv[1:]
sys.path.insert(0, site)
from grader.worker import lockdown
if blocked:
    import errno, pyseccomp
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "unshare")
    rules.load()
done = lockdown.lock_down(lockdown.Policy(scratch=scratch), set())
def readable(path):
    try:
        open(os.path.join(site, path)).close()
    except OSError:
        return False
    return True
paths = ("library.py", "grader/worker/wire.py", "grader/errors.py",
         "grader/session/workers.py", "solutions/ex01.py", "tests/suites/hidden.py")
found = [path for path in paths if readable(path)]
layers = ("mount-namespace", "landlock", "seccomp")
print(json.dumps([*(name in done.layers for name in layers), found]))
"""


@pytest.mark.parametrize("blocked", ["", "unshare"])
def test_an_installed_package_hides_the_course_beside_it(tmp_path: Path, blocked: str) -> None:
    for folder in (tmp_path, *list(tmp_path.parents)[:2]):
        folder.chmod(0o755)
    site = tmp_path / "lib" / "site-packages"
    shutil.copytree(ROOT / "grader", site / "grader")
    for name in ("solutions/ex01.py", "tests/suites/hidden.py", "library.py"):
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("answer = 42\n")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    command = [sys.executable, "-I", "-c", SCRIPT, str(site), str(scratch), blocked]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    private_root, landlock, seccomp, found = json.loads(answer)
    assert private_root == (not blocked)
    assert landlock
    # Nothing was prepared before: a fresh interpreter must find libseccomp all the same.
    assert seccomp
    assert found == ["library.py", "grader/worker/wire.py"]


def test_the_course_of_a_checkout_is_in_no_readable_folder() -> None:
    # Asked in an isolated interpreter, as a nursery is: this one has the tests on its path.
    code = (
        "from grader.worker.readable import readable_one_by_one, readable_paths\n"
        "print(*readable_paths(), *readable_one_by_one(), sep='\\n')"
    )
    command = [sys.executable, "-I", "-c", code]
    paths = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert paths
    for path in paths:
        real = os.path.realpath(path)
        for hidden in ("solutions", "tests", "exercises", "grader/session", "grader/errors.py"):
            assert not str(ROOT / hidden).startswith(real.rstrip("/") + "/")
            assert str(ROOT / hidden) != real


def test_the_interpreter_and_the_worker_are_readable() -> None:
    real = [os.path.realpath(path) for path in readable_paths()]
    for needed in (os.__file__, pytest.__file__, str(ROOT / "grader" / "worker" / "wire.py")):
        target = os.path.realpath(needed)
        assert any(target.startswith(folder + "/") or target == folder for folder in real)
