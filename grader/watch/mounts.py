"""Which file systems do not tell of changes that are made elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

__all__ = ["Mount", "mounts", "silent_file_system"]

_SILENT: Final = frozenset({
    "9p", "drvfs", "virtiofs", "vboxsf", "prl_fs", "osxfs",  # of a machine around this one; WSL
    "nfs", "nfs3", "nfs4", "cifs", "smb2", "smb3", "smbfs", "afs", "afpfs", "ncpfs", "webdav",
    "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2",
})  # fmt: skip
# Programs that show what lies elsewhere: sshfs, rclone, gvfs, cloud drives.
_PROGRAMS: Final = ("fuse.", "fuseblk.", "macfuse", "osxfuse")
_LOCAL_PROGRAMS: Final = frozenset({"fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.ntfs-3g"})


class Mount(NamedTuple):
    """A place in the tree of folders at which a file system begins."""

    folder: str
    type: str


def silent_file_system(path: Path, known: Iterable[Mount] | None = None) -> str | None:
    """Name the type of the file system that a path lies on, if it does not tell of changes.

    The kernel of this machine hears only of what is written through itself. On a network file
    system, and in a Windows folder under WSL, an editor may write past it.

    Args:
        path: A folder.
        known: All mounts; None asks the system.
    """
    place = os.path.realpath(path)
    around = [mount for mount in (mounts() if known is None else known) if _holds(mount, place)]
    # Of several at one folder, the last one lies on top.
    kind = max(reversed(around), key=lambda mount: len(mount.folder), default=None)
    return kind.type if kind is not None and _is_silent(kind.type.lower()) else None


def mounts() -> list[Mount]:
    """List the mounts of this system; none where it does not tell."""
    import psutil  # noqa: PLC0415 - only who watches needs it

    try:
        found = psutil.disk_partitions(all=True)
    except (OSError, NotImplementedError):
        return []
    return [Mount(one.mountpoint, one.fstype) for one in found]


def _holds(mount: Mount, place: str) -> bool:
    try:
        return os.path.commonpath([mount.folder, place]) == os.path.normpath(mount.folder)
    except ValueError:  # drives of Windows, or a name that is no path
        return False


def _is_silent(kind: str) -> bool:
    return kind in _SILENT or (kind.startswith(_PROGRAMS) and kind not in _LOCAL_PROGRAMS)
