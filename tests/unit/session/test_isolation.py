"""The self-test as `--sandbox strict` uses it: what it refuses, and what it remembers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import torch

from grader.doctor.run import examine_machine
from grader.errors import SandboxError
from grader.session import isolation_cache
from grader.session.acts import ACTS
from grader.session.isolation import SelfTestResult, cures, open_classes, require_isolation
from grader.session.isolation_cache import (
    digest_of_platform,
    is_known_good,
    one_at_a_time,
    remember_good,
)
from grader.worker.gpu import limit_gpu_memory, memory_fraction
from grader.worker.policy import LAYERS, Policy

TESTS = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="users are told apart otherwise")


def result(missing: tuple[str, ...] = (), allowed: tuple[str, ...] = ()) -> SelfTestResult:
    acts = {name: "allowed" if name in allowed else "stopped: EPERM" for name in ACTS}
    on = tuple(layer for layer in LAYERS if layer not in missing)
    return SelfTestResult(acts, on, dict.fromkeys(missing, "the kernel lacks it"))


def test_where_all_is_stopped_nothing_is_refused() -> None:
    for found in (result(), result(missing=("uid", "pid-namespace"))):
        assert open_classes(found) == ()
        require_isolation(found)


@pytest.mark.parametrize(
    ("layer", "act", "en", "cure"),
    [
        ("seccomp", "start_process", "Programs and processes", "libseccomp2"),
        ("landlock", "read_secret_file", "Files of others", "lsm=landlock"),
        ("limits", "exceed_memory", "Limits", "Mount /proc"),
    ],
)
def test_a_hole_is_refused_with_its_class_and_the_cure(
    layer: str, act: str, en: str, cure: str
) -> None:
    found = result((layer,), (act,))
    with pytest.raises(SandboxError) as caught:
        require_isolation(found)
    assert en in caught.value.message.en
    assert act in caught.value.message.zh
    assert caught.value.hint is not None
    assert cure in caught.value.hint.en
    assert [each.en for each in open_classes(found)] == [en]
    assert caught.value.exit_code == 5


def test_a_hole_that_no_layer_explains_still_gets_advice() -> None:
    assert "6.12" in cures(result(allowed=("open_many_files",)))[0].en


def test_an_act_that_was_not_tried_counts_as_a_hole() -> None:
    found = result()
    del found.acts["connect_tcp"]
    assert found.allowed == ("connect_tcp",)


@posix
def test_a_good_result_is_remembered_until_something_changes(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    assert not is_known_good("a", folder)
    remember_good("a", folder)
    assert is_known_good("a", folder)
    assert not is_known_good("b", folder)


@posix
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_others_may_write_is_not_believed(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "cache"
    remember_good("a", folder)
    place = folder if what == "folder" else folder / "self-test"
    place.chmod(place.stat().st_mode | 0o020)
    assert not is_known_good("a", folder)


@posix
def test_a_link_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    remember_good("a", folder)
    (folder / "self-test").rename(tmp_path / "elsewhere")
    (folder / "self-test").symlink_to(tmp_path / "elsewhere")
    assert not is_known_good("a", folder)


@posix
def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path: Path) -> None:
    occupied = tmp_path / "file"
    occupied.write_bytes(b"")
    for folder in (None, occupied / "cache"):
        with one_at_a_time(folder):
            remember_good("a", folder)
        assert not is_known_good("a", folder)


@posix
def test_the_digest_follows_what_matters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy, secret = Policy(scratch="/tmp/grade-a/worker0"), tmp_path / "solutions/ex01/ex01.py"  # noqa: S108
    first = digest_of_platform(policy, secret)
    for scratch in ("/tmp/grade-b/worker7", "/tmp/grade-b/grade-c/self-test"):  # noqa: S108
        assert digest_of_platform(Policy(scratch=scratch), secret) == first
    assert digest_of_platform(Policy(scratch="/elsewhere/grade-a/worker0"), secret) != first
    assert digest_of_platform(policy, tmp_path / "solutions/ex02/ex02.py") == first
    assert digest_of_platform(policy, Path("/elsewhere/solutions/ex01/ex01.py")) != first
    monkeypatch.setattr(isolation_cache, "VERSION", "0.0.0")
    assert digest_of_platform(policy, secret) != first


@posix
def test_a_known_result_costs_little(tmp_path: Path) -> None:
    policy, secret = Policy(scratch="/tmp/grade-a/worker0"), tmp_path / "s/ex01/ex01.py"  # noqa: S108
    folder = tmp_path / "cache"
    remember_good(digest_of_platform(policy, secret), folder)
    started = time.monotonic()
    with one_at_a_time(folder):
        assert is_known_good(digest_of_platform(policy, secret), folder)
    assert time.monotonic() - started < 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")
def test_a_real_worker_is_stopped_in_every_act() -> None:
    found = examine_machine()
    assert found.fault is None
    assert found.is_strict, [act.name for act in found.acts if not act.is_stopped]
    assert {act.name for act in found.acts} == set(ACTS)
    assert {fact.id for fact in found.facts} >= {"python", "disk", "memory", "devices", "encoding"}


AS_NOBODY = """
import os, sys
tests, scratch, blocked = sys.argv[1:]
sys.path.insert(0, tests)
from unit.worker.identities import become
from unit.worker.lockdown_acts import block_calls
become("user", scratch)
block_calls(blocked.split())
# A home that does not exist and could not be made.
os.environ.update(HOME="/no/home", TMPDIR=scratch)
from grader.cli import main
main(["doctor", "--json", "-"])
"""


@pytest.mark.slow
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root can become another user"
)
@pytest.mark.parametrize(
    ("blocked", "code"),
    [("", 0), ("unshare", 0), ("unshare seccomp", 5), ("landlock_create_ruleset", 0)],
)
def test_an_ordinary_user_without_a_home_is_told_what_holds(blocked: str, code: int) -> None:
    # Not below pytest's own folders: another run of pytest closes those to other users.
    with tempfile.TemporaryDirectory(prefix="doctor-") as folder:
        Path(folder).chmod(0o755)
        scratch = Path(folder) / "scratch"
        scratch.mkdir()
        ended = subprocess.run(
            [sys.executable, "-P", "-c", AS_NOBODY, str(TESTS), str(scratch), blocked],
            capture_output=True,
            check=False,
            cwd=scratch,
        )
    assert ended.returncode == code, ended.stderr.decode()
    found = json.loads(ended.stdout)
    assert {"uid", "pid-namespace"} <= set(found["missing"])
    assert found["is_strict"] == (code == 0)
    if code:
        titles = [each["en"] for each in found["open_classes"]]
        assert "Programs and processes" in titles
        assert any("libseccomp" in each["en"] for each in found["cures"])


@pytest.mark.parametrize(
    ("limit", "total", "share"), [(2**30, 2**32, 0.25), (2**33, 2**32, 1.0), (2**30, 0, 1.0)]
)
def test_the_share_of_a_gpu_is_the_limits(limit: int, total: int, share: float) -> None:
    assert memory_fraction(limit, total) == share


class _Cuda:
    """Stands for `torch.cuda` on a machine that has none."""

    def __init__(self, total: int) -> None:
        self.total_memory = total
        self.limits: list[tuple[float, torch.device]] = []

    def get_device_properties(self, _device: torch.device) -> _Cuda:
        return self

    def set_per_process_memory_fraction(self, share: float, device: torch.device) -> None:
        self.limits.append((share, device))


def test_the_allocator_of_a_gpu_is_told_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = _Cuda(8 * 2**30)
    monkeypatch.setattr(torch, "cuda", cuda)
    device = torch.device("cuda", 0)
    limit_gpu_memory(device, 2 * 2**30)
    limit_gpu_memory(torch.device("cpu"), 1)
    assert cuda.limits == [(0.25, device)]
