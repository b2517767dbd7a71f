"""What the acts of the self-test are aimed at."""

from __future__ import annotations

from typing import Final

import msgspec

ALLOWED: Final = "allowed"
"""What an act says that nothing stopped."""


class SelfTestTargets(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the acts are aimed at. Everything must exist outside, for else nothing is proved."""

    secret_file: str
    """A file that a worker must not read, such as a reference solution."""
    foreign_folder: str
    """A folder outside scratch, in which the trusted side can write."""
    other_pid: int
    """A living process that is not the worker's, by its number on the machine."""
    sibling_pid: int = 0
    """Another worker; 0 for none."""
    tcp_port: int = 0
    """A port on the loopback where somebody listens; 0 for none."""
    abstract_name: str = ""
    """The name of an abstract socket where somebody listens; empty for none."""
    socket_path: str = ""
    """A socket with a file, where somebody listens; empty for none."""
    memory_bytes: int = 1024**3
    """The limit of the policy."""
    file_bytes: int = 256 * 1024**2
    """The limit of the policy."""
    open_files: int = 256
    """The limit of the policy."""
