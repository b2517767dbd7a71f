"""Where files out of archives are put: by names of ours, so that no name can lead elsewhere."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Final

from grader.batch.discovery.identity import safe_id
from grader.batch.discovery.listing import Parts
from grader.errors import GraderFault
from grader.language import Text

__all__ = ["Workspace"]

_FLAGS: Final = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_TRUNC
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_BINARY", 0)
)
_DIGEST: Final = 20


class Workspace:
    """A folder with one folder below it for each folder of an archive.

    The same archive gives the same paths again, so that a search can be repeated.
    """

    def __init__(self, root: Path) -> None:
        """Use `root`, which is made when it is needed."""
        self.root = root
        self._folders: set[Path] = set()
        self._copies: dict[tuple[str, Parts, str], int] = {}

    @contextmanager
    def new_file(self, archive: str, parts: Parts) -> Iterator[tuple[Path, IO[bytes]]]:
        """Open a file to be written, for its owner's eyes only; remove it if that goes wrong.

        Args:
            archive: Tells archives apart.
            parts: The way to the file within the archive.

        Raises:
            GraderFault: It cannot be written; no student is to blame for that.
        """
        path = self._free_path(archive, parts)
        try:
            self._make_folder(path.parent)
            file = os.fdopen(os.open(path, _FLAGS, 0o600), "wb")
        except OSError as error:
            raise _not_written(path, error) from error
        try:
            with file:
                yield path, file
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise

    def copy(self, path: Path, archive: str, name: str) -> Path:
        """Copy a file that has a name which cannot be written down.

        Raises:
            GraderFault: It cannot be read or written.
        """
        with self.new_file(archive, (name,)) as (target, file):
            try:
                with path.open("rb") as source:
                    shutil.copyfileobj(source, file)
                file.flush()
            except OSError as error:
                raise _not_written(target, error) from error
        return target

    def _free_path(self, archive: str, parts: Parts) -> Path:
        """Return where to put a file; one that has the name of another gets its own folder."""
        name = _file_name(parts[-1])
        # Names that differ in case only are one file on macOS and Windows.
        wanted = (archive, parts[:-1], name.casefold())
        copy = self._copies.get(wanted, 0)
        self._copies[wanted] = copy + 1
        said = "\0".join((archive, str(copy), *parts[:-1]))
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
        return self.root / digest[:_DIGEST] / name

    def _make_folder(self, folder: Path) -> None:
        if folder not in self._folders:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folders.add(folder)


def write_all(file: IO[bytes], path: Path, data: bytes) -> None:
    """Write, and tell a full disk from a broken archive.

    Raises:
        GraderFault: The bytes cannot be written.
    """
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise _not_written(path, error) from error


def _file_name(name: str) -> str:
    pure = PurePosixPath(name)
    return (safe_id(pure.stem) or "file") + pure.suffix.lower()


def _not_written(path: Path, error: OSError) -> GraderFault:
    cause = error.strerror or str(error)
    return GraderFault(
        Text(en=f"{path} could not be written: {cause}", zh=f"无法写入 {path}：{cause}"),
        hint=Text(
            en="Free some space, or choose an output folder that you may write to.",
            zh="请清理磁盘空间，或者换一个有写权限的输出文件夹。",
        ),
    )
