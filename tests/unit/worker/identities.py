"""The users under which a nursery may run, for tests that root starts."""

# Paths go by `os`, as in the worker.
# ruff: noqa: PTH102

from __future__ import annotations

import os
import sys

from unit.worker import lockdown_acts

from grader.worker import kernel

NOBODY = 65534


def open_interpreter() -> None:
    """Let other users reach an interpreter that lies in a folder of root's alone."""
    home = "/root"
    if not os.path.realpath(sys.base_prefix).startswith(f"{home}/"):
        return
    top = os.path.realpath(sys.base_prefix).split("/")[2]
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount(f"{home}/{top}", "/mnt", "", kernel.MS_BIND)
    kernel.mount("tmpfs", home, "tmpfs", 0, "mode=755")
    os.mkdir(f"{home}/{top}")
    kernel.mount("/mnt", f"{home}/{top}", "", kernel.MS_BIND)
    kernel.unmount("/mnt")


def become(identity: str, scratch: str) -> None:
    """Take the identity under which a nursery might run."""
    if os.geteuid() != 0 or identity == "root":
        return
    if identity == "open-root":
        # What root mounts when nothing stops it is to be gone with it.
        kernel.unshare(kernel.CLONE_NEWNS)
        kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    open_interpreter()
    if identity == "open-root":
        return
    if identity == "container-root":
        lockdown_acts.lose_capability(kernel.CAP_SYS_ADMIN)
        return
    os.chown(scratch, NOBODY, NOBODY)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    kernel.control_process(kernel.PR_SET_DUMPABLE, 1)
