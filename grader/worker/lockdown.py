"""Locks a worker down: in the forked child, before a byte of a submission is read.

The order matters. Namespaces come first, while root may still make them; the limits are read
while /proc is in sight; the user changes before its privileges go; Landlock opens its paths as
that user; seccomp comes last, since it refuses half of what the others call.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Final

import msgspec

from grader.worker import filesystem, identity, limits, namespaces
from grader.worker.filesystem import confine_files, enter_private_root
from grader.worker.policy import LAYERS, Policy
from grader.worker.readable import readable_paths
from grader.worker.syscalls import forbid_system_calls, prepare_rules

__all__ = [
    "LAYERS",
    "Lockdown",
    "Policy",
    "lock_down",
    "new_pid_namespace_for_children",
    "prepare",
    "readable_paths",
]

_WORKING_FOLDER: Final = ("work", "submission")
"""Two levels deep: learners write to `../logs` and `../data`."""
_SWITCHED_OFF: Final = "switched off"


class Lockdown(msgspec.Struct, frozen=True):
    """What became of a lock-down."""

    layers: list[str]
    """The layers that are on."""
    missing: dict[str, str]
    """The layers that this platform lacks, or that are switched off, each with the reason."""


def lock_down(policy: Policy, keep_fds: set[int]) -> Lockdown:
    """Lock this process down, for good. Never raises: what fails is reported.

    Args:
        policy: What the process may do.
        keep_fds: The descriptors that stay open, beside 0, 1 and 2.
    """
    if policy.mode != "off":
        prepare()
    layers = _Layers(policy.without)
    data_now, number = limits.data_bytes(), identity.process_number()
    uid = identity.own_uid(number)
    layers.put_on("session", identity.start_session)
    layers.put_on("descriptors", lambda: close_descriptors(keep_fds))
    if policy.mode != "off":
        _enter_namespaces(layers, policy, uid)
    layers.put_on("scratch", lambda: enter_scratch(policy.scratch))
    layers.put_on("environment", lambda: set_environment(policy.scratch))
    if policy.mode != "off":
        _change_user(layers, policy, uid)
    own_user = layers.has("uid") or layers.in_user_namespace
    layers.put_on("limits", lambda: limits.set_limits(policy, data_now, own_user=own_user))
    if policy.mode != "off":
        _give_up_rights(layers, policy)
    return layers.result()


class _Layers:
    """Puts layers on, and keeps account."""

    def __init__(self, without: Iterable[str]) -> None:
        self._on: set[str] = set()
        self._missing = dict.fromkeys(without, _SWITCHED_OFF)
        self.in_user_namespace = False

    def put_on(self, name: str, action: Callable[[], object]) -> None:
        """Put a layer on, unless an earlier try succeeded, or it is known to be missing."""
        if name in self._on or name in self._missing:
            return
        try:
            action()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the others must be put on
            self.lack(name, f"{error}" or type(error).__name__)
        else:
            self._on.add(name)

    def lack(self, name: str, reason: str) -> None:
        """Note that a layer cannot be had."""
        self._missing[name] = reason

    def wants(self, name: str) -> bool:
        """Tell whether a layer is yet to be put on."""
        return name not in self._on and name not in self._missing

    def has(self, name: str) -> bool:
        """Tell whether a layer is on."""
        return name in self._on

    def result(self) -> Lockdown:
        """Give the account, in the order of `LAYERS`."""
        reasons = dict.fromkeys(LAYERS, _SWITCHED_OFF) | self._missing
        return Lockdown(
            layers=[name for name in LAYERS if name in self._on],
            missing={name: reasons[name] for name in LAYERS if name not in self._on},
        )


def _enter_namespaces(layers: _Layers, policy: Policy, uid: int) -> None:
    layers.put_on("pid-namespace", namespaces.check_pid_namespace)
    wanted = [name for name in namespaces.KINDS if layers.wants(name)]
    if not wanted:
        return
    try:
        if not namespaces.may_make_namespaces():
            # Root of a container, mostly, may change its user and no more: then the new user
            # makes a user namespace, like any other ordinary user.
            if identity.can_change_user():
                _change_user(layers, policy, uid)
            namespaces.enter_user_namespace()
            layers.in_user_namespace = namespaces.counts_users_apart()
        missing = namespaces.enter_namespaces(wanted)
    except OSError as error:
        missing = dict.fromkeys(wanted, str(error))
    for name in wanted:
        if name in missing:
            layers.lack(name, missing[name])
        elif name == "mount-namespace":
            layers.put_on(name, lambda: enter_private_root(policy))
        else:
            layers.put_on(name, lambda: None)


def _change_user(layers: _Layers, policy: Policy, uid: int) -> None:
    def change() -> None:
        # Before the privilege to do it goes with the user.
        identity.drop_bounding_set()
        # In the private root every folder can be entered.
        needed = () if layers.has("mount-namespace") else readable_paths()
        identity.change_user(uid, policy.scratch, needed)

    layers.put_on("uid", change)


def _give_up_rights(layers: _Layers, policy: Policy) -> None:
    private_root = layers.has("mount-namespace")
    layers.put_on("capabilities", identity.drop_capabilities)
    layers.put_on("no-new-privileges", identity.refuse_new_privileges)
    layers.put_on("landlock", lambda: confine_files(policy, private_root=private_root))
    layers.put_on("seccomp", lambda: forbid_system_calls(policy))


def close_descriptors(keep: set[int]) -> None:
    """Close every descriptor but 0, 1, 2 and those to keep."""
    low = 3
    # A range that ends before it begins would close everything from there on.
    for descriptor in sorted(one for one in keep if one >= low):
        os.closerange(low, descriptor)
        low = descriptor + 1
    os.closerange(low, max(low, os.sysconf("SC_OPEN_MAX")))


def enter_scratch(scratch: str) -> None:
    """Make the folders of a worker, and work in one of them."""
    os.umask(0o077)
    for name in ("home", "tmp", "cache", "config", os.path.join(*_WORKING_FOLDER)):
        os.makedirs(os.path.join(scratch, name), mode=0o700, exist_ok=True)
    os.chdir(os.path.join(scratch, *_WORKING_FOLDER))


def set_environment(scratch: str) -> None:
    """Lead everything that a library keeps for later into the scratch folder."""
    cache = os.path.join(scratch, "cache")
    temporary = os.path.join(scratch, "tmp")
    os.environ.update(
        dict.fromkeys(("TMPDIR", "TMP", "TEMP"), temporary)
        | dict.fromkeys(("USER", "LOGNAME", "USERNAME"), "student")
        | {
            "HOME": os.path.join(scratch, "home"),
            "USERPROFILE": os.path.join(scratch, "home"),
            "XDG_CACHE_HOME": cache,
            "XDG_CONFIG_HOME": os.path.join(scratch, "config"),
            "XDG_DATA_HOME": os.path.join(scratch, "config"),
            "MPLCONFIGDIR": os.path.join(scratch, "config"),
            "MPLBACKEND": "Agg",
            "TORCH_HOME": os.path.join(cache, "torch"),
            "TORCHINDUCTOR_CACHE_DIR": os.path.join(cache, "inductor"),
            "TRITON_CACHE_DIR": os.path.join(cache, "triton"),
            "CUDA_CACHE_PATH": os.path.join(cache, "cuda"),
            "HF_HOME": os.path.join(cache, "huggingface"),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
    )
    sys.dont_write_bytecode = True
    tempfile.tempdir = None


def new_pid_namespace_for_children(policy: Policy) -> AbstractContextManager[bool]:
    """Let a child that is forked in this block have a pid namespace of its own.

    See `grader.worker.namespaces`. Whatever the children would each have to find out again is
    found out here, once.
    """
    if policy.mode != "off":
        prepare()
    return namespaces.new_pid_namespace_for_children(policy)


@functools.cache
def prepare() -> None:
    """Import and look up what a lock-down needs: once, in the process that forks.

    Elsewhere at the start of the lock-down, since some of it runs a program to find a library.
    """
    for name in ("resource", "sandlock", "pyseccomp"):
        # What is missing is reported by the worker that misses it.
        with contextlib.suppress(ImportError, OSError, RuntimeError):
            importlib.import_module(name)
    identity.mapped_ids()
    with contextlib.suppress(OSError):
        filesystem.prepare()
    with contextlib.suppress(ImportError, OSError, RuntimeError):
        prepare_rules()
