"""A locked-down process as a whole: what it cannot do, and what it can."""

from __future__ import annotations

import os
import platform
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.worker.policy import LAYERS
from grader.worker.selftest import REQUIRED_ACTS
from grader.worker.selftest_targets import ALLOWED

if TYPE_CHECKING:
    from unit.worker.conftest import Locked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")
is_root = hasattr(os, "geteuid") and os.geteuid() == 0
needs_root = pytest.mark.skipif(not is_root, reason="needs root")

IDENTITIES = [
    pytest.param("root", marks=needs_root),
    pytest.param("container-root", marks=needs_root),
    "user",
]


def _targets(secret: Path, listener: int, abstract_name: str) -> dict[str, object]:
    return {
        "secret_file": str(secret),
        "foreign_folder": str(secret.parent),
        "other_pid": os.getpid(),
        "tcp_port": listener,
        "abstract_name": abstract_name,
    }


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize("blocked", [(), ("unshare",)], ids=["namespaces", "no-namespaces"])
def test_every_forbidden_act_is_stopped(
    ask: Locked,
    secret: Path,
    listener: int,
    abstract_name: str,
    identity: str,
    blocked: tuple[str, ...],
) -> None:
    targets = _targets(secret, listener, abstract_name)
    found = ask("selftest", identity=identity, blocked=blocked, targets=targets)["value"]
    assert set(found) == set(REQUIRED_ACTS)
    assert [act for act, end in found.items() if end == ALLOWED] == []
    assert not (secret.parent / "written_by_selftest").exists()


def test_the_selftest_notices_what_is_allowed(
    ask: Locked, secret: Path, listener: int, abstract_name: str
) -> None:
    targets = _targets(secret, listener, abstract_name)
    found = ask("selftest", policy={"mode": "off"}, targets=targets)["value"]
    limited = {"exceed_memory", "exceed_file_size", "use_foreign_descriptor"}
    assert {found[act] for act in limited} <= {
        "stopped: ENOMEM",
        "stopped: EFBIG",
        "stopped: EBADF",
    }
    for act in ("read_secret_file", "write_outside", "connect_tcp", "connect_abstract_socket"):
        assert found[act] == ALLOWED
    for act in ("run_program", "start_process", "signal_other", "exceed_shared_memory"):
        assert found[act] == ALLOWED


@needs_root
def test_root_gets_every_layer(ask: Locked) -> None:
    found = ask("describe")["value"]
    assert found["missing"] == {}
    assert found["layers"] == list(LAYERS)
    assert found["uid"] >= 0x7000_0000 or 30_000 <= found["uid"] < 55_000
    assert found["groups"] == []
    assert found["pid"] == 1
    assert found["host"] == "worker"


@needs_root
def test_root_of_a_container_changes_its_user_and_takes_a_user_namespace(ask: Locked) -> None:
    found = ask("describe", identity="container-root")["value"]
    assert "uid" in found["layers"]
    assert "mount-namespace" in found["layers"]
    assert set(found["missing"]) == {"pid-namespace"}


@pytest.mark.parametrize("blocked", [(), ("unshare",)], ids=["namespaces", "no-namespaces"])
def test_an_ordinary_user_gets_landlock_and_seccomp(ask: Locked, blocked: tuple[str, ...]) -> None:
    found = ask("describe", identity="user", blocked=blocked)["value"]
    assert {"landlock", "seccomp", "capabilities", "no-new-privileges"} <= set(found["layers"])
    assert {"uid", "pid-namespace"} <= set(found["missing"])
    assert all(found["missing"].values())
    assert ("mount-namespace" in found["missing"]) == bool(blocked)


def test_each_layer_is_either_on_or_missing(ask: Locked) -> None:
    found = ask("describe", identity="user", blocked=("prctl", "seccomp"))["value"]
    assert sorted([*found["layers"], *found["missing"]]) == sorted(LAYERS)
    assert {"session", "no-new-privileges"} <= set(found["missing"])


def test_off_leaves_only_what_harms_nobody(ask: Locked) -> None:
    found = ask("describe", policy={"mode": "off"})["value"]
    harmless = ["session", "descriptors", "scratch", "environment", "limits"]
    assert sorted(found["layers"]) == sorted(harmless)
    assert set(found["missing"].values()) == {"switched off"}
    assert found["root"] == "allowed"
    assert found["pid"] > 1
    assert found["uid"] == os.getuid()


@pytest.mark.parametrize("mode", ["auto", "off"])
def test_it_works_two_folders_deep_in_its_scratch(ask: Locked, tmp_path: Path, mode: str) -> None:
    found = ask("describe", policy={"mode": mode})["value"]
    scratch = str(tmp_path / "scratch")
    assert Path(found["folder"]).parents[1] == Path(scratch)
    assert found["home"] == f"{scratch}/home"
    assert found["temporary"] == f"{scratch}/tmp"  # noqa: S108 - not the shared one
    assert {"home", "tmp", "cache", "work"} <= set(found["scratch"])


@pytest.mark.parametrize("identity", IDENTITIES)
@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("train", 16 * 62 * 62),
        ("start_threads", list(range(20))),
        ("save_and_load", [1.0, 1.0, 1.0]),
        ("load_data", 3),
        ("import_late", ["picture.png"]),
        ("dump_on_signal", True),
        ("start_program", "EPERM"),
    ],
)
def test_life_goes_on(ask: Locked, identity: str, act: str, expected: object) -> None:
    assert ask(act, identity=identity)["value"] == expected


def test_tensorboard_writes_beside_the_working_folder(ask: Locked) -> None:
    assert ask("write_events")["value"] == 1


@pytest.mark.parametrize("identity", IDENTITIES)
def test_no_right_is_left(ask: Locked, identity: str) -> None:
    found = ask("rights", identity=identity)["value"]
    assert found == {"capabilities": 0, "dumpable": 0, "no_new_privs": 1, "regain": "EPERM"}


@pytest.mark.parametrize(
    ("how", "ends"),
    [
        # The first process of a pid namespace dies of another signal; see `namespaces`.
        ("kill", {-signal.SIGKILL, -signal.SIGSYS}),
        ("abort", {-signal.SIGABRT, -signal.SIGSEGV}),
        ("fault", {-signal.SIGSEGV}),
        ("exit", {3}),
        ("cpu", {-signal.SIGXCPU, -signal.SIGKILL}),
    ],
)
def test_the_end_of_a_worker_is_seen_from_outside(ask: Locked, how: str, ends: set[int]) -> None:
    assert ask("end_by", policy={"cpu_seconds": 1}, how=how)["status"] in ends


def test_an_ordinary_users_worker_dies_of_the_real_signal(ask: Locked) -> None:
    assert ask("end_by", identity="user", how="kill")["status"] == -signal.SIGKILL
    assert ask("end_by", identity="user", how="abort")["status"] == -signal.SIGABRT


@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_calls_by_other_numbers_end_the_worker(ask: Locked) -> None:
    assert ask("end_by", how="x32")["status"] == -signal.SIGSYS


@needs_root
def test_nothing_of_the_scratch_reaches_the_disk(ask: Locked, tmp_path: Path) -> None:
    ask("save_and_load")
    assert list((tmp_path / "scratch").iterdir()) == []
