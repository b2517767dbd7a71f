from __future__ import annotations

from pathlib import Path

import pytest

from grader.watch.mounts import Mount, mounts, silent_file_system

MOUNTS = [
    Mount("/", "ext4"),
    Mount("/mnt/c", "9p"),
    Mount("/mnt/d", "drvfs"),
    Mount("/home/ada/remote", "fuse.sshfs"),
    Mount("/home/ada/usb", "fuse.ntfs-3g"),
    Mount("/net", "nfs4"),
    Mount("/net/scratch", "xfs"),
    Mount("/twice", "ext4"),
    Mount("/twice", "cifs"),
]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/ada/course", None),
        ("/mnt/c/Users/Ada/course", "9p"),
        ("/mnt/cc/course", None),
        ("/mnt/d", "drvfs"),
        ("/home/ada/remote/course", "fuse.sshfs"),
        ("/home/ada/usb/course", None),
        ("/net/home/course", "nfs4"),
        ("/net/scratch/course", None),
        ("/twice/course", "cifs"),
    ],
)
def test_a_file_system_that_tells_of_no_changes_is_known(path: str, kind: str | None) -> None:
    assert silent_file_system(Path(path), MOUNTS) == kind


def test_a_link_into_another_file_system_is_followed(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    known = [Mount("/", "ext4"), Mount(str(tmp_path.resolve() / "far"), "nfs")]
    assert silent_file_system(tmp_path / "near", known) == "nfs"


def test_without_mounts_nothing_is_said() -> None:
    assert silent_file_system(Path("/"), []) is None


def test_this_system_can_be_asked() -> None:
    assert all(mount.folder for mount in mounts())
