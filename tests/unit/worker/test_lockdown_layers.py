"""Each layer alone: without it, its test fails."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from unit.worker.conftest import Locked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are those of Linux")
needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root"
)


def test_session(ask: Locked) -> None:
    assert ask("only_session", locked=False)["value"] == {"leads": True, "dies": True}


def test_descriptors(ask: Locked) -> None:
    assert ask("only_descriptors", locked=False)["value"] == [True, True]


def test_limits(ask: Locked) -> None:
    small = {"memory_bytes": 2**26, "file_bytes": 2**20, "open_files": 32}
    found = ask("only_limits", locked=False, policy=small)["value"]
    assert found == {"memory": "MemoryError", "file": "EFBIG", "descriptors": "EMFILE"}


@needs_root
def test_user(ask: Locked, secret: Path) -> None:
    secret.chmod(0o600)
    found = ask("only_user", locked=False, secret=str(secret))["value"]
    assert found["uid"] == found["owner"] != 0
    assert found["read"] == "EACCES"


@needs_root
def test_mount_namespace(ask: Locked, secret: Path) -> None:
    found = ask("only_private_root", locked=False, secret=str(secret))["value"]
    stat, mkdir, *seen = found
    assert (stat, mkdir) == ("ENOENT", "EROFS")
    assert "home" not in seen
    assert "boot" not in seen


@needs_root
def test_network_and_ipc_namespace(ask: Locked, listener: int) -> None:
    before, after, host = ask("only_network", locked=False, port=listener)["value"]
    assert before == "allowed"
    assert after == "ENETUNREACH"
    assert host == "worker"


@needs_root
def test_pid_namespace_and_the_way_back(ask: Locked) -> None:
    assert ask("pid_namespace", locked=False)["value"] == 1
    assert ask("pid_namespace", locked=False, policy={"mode": "off"})["value"] > 1


@pytest.mark.parametrize("identity", [pytest.param("root", marks=needs_root), "user"])
def test_landlock(ask: Locked, secret: Path, identity: str) -> None:
    found = ask(
        "only_landlock", locked=False, identity=identity, secret=str(secret), pid=os.getpid()
    )["value"]
    assert found == {
        "read": "EACCES",
        "folder": "EACCES",
        "signal": found["signal"],
        "mine": "allowed",
        "library": "allowed",
    }
    assert found["signal"] in ("EPERM", "ESRCH")


@pytest.mark.parametrize("identity", [pytest.param("root", marks=needs_root), "user"])
def test_seccomp(ask: Locked, identity: str) -> None:
    found = ask("only_seccomp", locked=False, identity=identity, pid=os.getpid())["value"]
    allowed = {name for name, end in found.items() if end == "allowed"}
    assert allowed == {"own", "pair"}
    assert {found[name] for name in found if name not in allowed} == {"EPERM"}
