"""Lists a source that is a folder. Links that lead away and special files are never opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from grader.batch.discovery.identity import readable_name, shown
from grader.batch.discovery.limits import max_bytes_of, too_large
from grader.batch.discovery.listing import Entry, Listing, Parts, RefusedError
from grader.batch.discovery.names import is_archive, is_ignored_folder, is_source
from grader.language import Text

__all__ = ["METADATA_NAME", "list_folder"]

METADATA_NAME: Final = "submission_metadata.yml"
"""Gradescope's list of submitters."""
MAX_DEPTH: Final = 32
"""Folders within folders."""


def list_folder(source: Path, *, skip: Sequence[Path] = ()) -> Listing:
    """List what a folder holds that can be a submission.

    A link counts only if it leads to a file in the same folder of the source, for in a student's
    folder it could name another student's work, a solution or any file of this machine. Links to
    folders are not followed.

    Args:
        source: The folder.
        skip: Folders to pass over, such as the one in which results are kept.
    """
    return _Walk(source, skip).listing


class _Walk:
    def __init__(self, source: Path, skip: Sequence[Path]) -> None:
        self.listing = Listing()
        self._root = Path(os.path.realpath(source))
        self._skip = {os.path.realpath(folder) for folder in skip}
        # Depth first and by name, without recursion: how deep it goes is not ours to say.
        waiting: list[tuple[Path, Parts]] = [(self._root, ())]
        while waiting:
            folder, parts = waiting.pop()
            waiting += reversed(list(self._visit(folder, parts)))

    def _visit(self, folder: Path, parts: Parts) -> Iterator[tuple[Path, Parts]]:
        """Note a folder's files and yield the folders in it."""
        try:
            with os.scandir(folder) as scan:
                found = sorted(scan, key=lambda entry: entry.name)
        except OSError as error:
            self.listing.refuse(parts, _unreadable(parts, error))
            return
        for entry in found:
            inner = (*parts, readable_name(entry.name))
            if entry.name == ".git":
                self.listing.clones.add(parts)
            elif entry.is_dir(follow_symlinks=False):
                if self._is_wanted_folder(entry, inner):
                    yield Path(entry.path), inner
            else:
                self._add_file(entry, inner)

    def _is_wanted_folder(self, entry: os.DirEntry[str], parts: Parts) -> bool:
        if is_ignored_folder(entry.name) or entry.path in self._skip:
            return False
        self.listing.see(parts, folder=True)
        if len(parts) > MAX_DEPTH:
            self.listing.refuse(parts, _too_deep(parts))
            return False
        return True

    def _add_file(self, entry: os.DirEntry[str], parts: Parts) -> None:
        name = parts[-1]
        is_metadata = name == METADATA_NAME and len(parts) <= 2  # noqa: PLR2004 - or in a wrapper
        leads_to_folder = entry.is_symlink() and _is_folder(entry)
        if not is_ignored_folder(name) or is_source(name):
            self.listing.see(parts, folder=leads_to_folder)
        if not (is_source(name) or is_archive(name) or is_metadata or leads_to_folder):
            return
        try:
            path = self._regular_file(Path(entry.path), parts)
        except RefusedError as error:
            self.listing.refuse(parts, error, is_minor=leads_to_folder and len(parts) > 1)
            return
        if is_metadata:
            self.listing.metadata[parts] = path
        else:
            self.listing.entries.append(Entry(parts, path))

    def _regular_file(self, path: Path, parts: Parts) -> Path:
        """Return the file itself, if it is one that may be read.

        Raises:
            RefusedError: It is a link that leads away, a pipe, a device, too large, or cannot be
                looked at.
        """
        try:
            status = path.lstat()
            if stat.S_ISLNK(status.st_mode):
                path = self._followed(path, parts)
                status = path.lstat()
        except (OSError, RuntimeError) as error:
            raise _unreadable(parts, error) from error
        if not stat.S_ISREG(status.st_mode):
            raise _special(parts)
        if status.st_size > max_bytes_of(parts[-1]):
            raise too_large(parts[-1])
        return path

    def _followed(self, link: Path, parts: Parts) -> Path:
        target = Path(os.path.realpath(link, strict=True))
        # Of a file at the top the owner is unknown yet, so that any link could be a theft.
        home = self._root.joinpath(*link.relative_to(self._root).parts[:1])
        if len(parts) == 1 or home.is_symlink() or not target.is_relative_to(home):
            raise _leads_away(parts)
        if target.is_dir() or any(
            is_ignored_folder(part) for part in target.relative_to(home).parts
        ):
            raise _leads_away(parts)
        return target


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _unreadable(parts: Parts, error: OSError | RuntimeError) -> RefusedError:
    reason = getattr(error, "strerror", None) or str(error)
    name = shown(parts[-1]) if parts else "."
    return RefusedError(
        Text(en=f"{name} cannot be read: {reason}", zh=f"无法读取 {name}：{reason}"),
        hint=Text(
            en="Check its permissions, and that it still exists.",
            zh="请检查它的权限，以及它是否仍然存在。",
        ),
    )


def _too_deep(parts: Parts) -> RefusedError:
    name = shown(parts[-1])
    return RefusedError(
        Text(
            en=f"{name} lies more than {MAX_DEPTH} folders deep and is not searched",
            zh=f"{name} 的文件夹嵌套超过 {MAX_DEPTH} 层，未作搜索",
        ),
        hint=Text(
            en="Move the submission up, next to the student's other files.",
            zh="请把提交的文件移到上层，与该学生的其他文件放在一起。",
        ),
    )


def _leads_away(parts: Parts) -> RefusedError:
    name = shown(parts[-1])
    return RefusedError(
        Text(
            en=f"{name} is a link that leads out of the student's folder, or to a folder",
            zh=f"{name} 是一个链接，它指向该学生的文件夹之外，或者指向文件夹",
        ),
        hint=Text(
            en="Put the file itself in its place; links are not followed.",
            zh="请放入文件本身；链接不会被打开。",
        ),
    )


def _special(parts: Parts) -> RefusedError:
    name = shown(parts[-1])
    return RefusedError(
        Text(
            en=f"{name} is a pipe, a socket or a device, and is not opened",
            zh=f"{name} 是管道、套接字或设备，不会被打开",
        ),
        hint=Text(en="Hand in an ordinary file.", zh="请提交普通文件。"),
    )
