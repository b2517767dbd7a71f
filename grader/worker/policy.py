"""What a worker may do: the settings of the lock-down, which travel from the examiner."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

LAYERS: Final[dict[str, str]] = {
    "session": "a session and process group of its own; dies with the process that started it",
    "descriptors": "every open file but its own socket and output pipes is closed",
    "mount-namespace": "a file system that holds the interpreter, the libraries and its scratch",
    "network-namespace": "no network device, not even the loopback of the machine",
    "ipc-namespace": "System V memory, message queues and the host's name are out of sight",
    "pid-namespace": "other processes have no number that it could name",
    "scratch": "home, temporary and working folders in a folder that is removed afterwards",
    "environment": "variables that lead every cache and log into that folder",
    "limits": "memory, processor time, file size, open files, threads",
    "uid": "a user of its own, who owns nothing else",
    "capabilities": "no privilege is left, and none can be had",
    "no-new-privileges": "set-user-id programs give none either",
    "landlock": "the kernel refuses files outside, signals and abstract sockets",
    "seccomp": "the kernel refuses programs, processes, sockets, tracing, mounts and the like",
}
"""Every layer of the lock-down by name, in the order in which they are put on."""


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one worker may do and use."""

    scratch: str
    """An absolute path: the only folder in which it may write."""
    memory_bytes: int = 1024**3
    """Memory beyond what it has when it starts."""
    file_bytes: int = 256 * 1024**2
    """The size of a file; where its scratch is a memory disk, half of what fits there."""
    open_files: int = 256
    processes: int = 256
    """Threads that it may have. OpenMP and torch want a few dozen; it may start no process."""
    cpu_seconds: int = 600
    """A backstop; the examiner keeps the limits that count, from outside."""
    readable: tuple[str, ...] = ()
    """Folders that it may read beside the interpreter and the libraries, such as data sets."""
    mode: Literal["auto", "off"] = "auto"
    without: tuple[str, ...] = ()
    """Layers that are left out: tests and benchmarks show with it what each is for."""
    device: str = "cpu"
    """`cuda` and the like open the device files of the GPU."""

    @property
    def uses_gpu(self) -> bool:
        """Whether the driver of a GPU must be reached."""
        return self.device != "cpu"
