"""Files as a folder, or as an archive whose bytes depend on nothing but them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from grader.atomic import write_atomically
from grader.errors import ReportNotWrittenError, UsageError
from grader.language import Text

__all__ = ["to_zip", "write_files"]

_DATE: Final = (1980, 1, 1, 0, 0, 0)
_FILE_MODE: Final = 0o644 << 16
_PROGRAM_MODE: Final = 0o755 << 16


def to_zip(files: Mapping[str, bytes], top: str = "", *, programs: Collection[str] = ()) -> bytes:
    """Make an archive: in order of the names, all of one date.

    Args:
        files: By path, with `/`.
        top: A folder in which all of them lie.
        programs: The paths of those that can be started.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{top}/{name}" if top else name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PROGRAM_MODE if name in programs else _FILE_MODE
            # Otherwise it tells what kind of machine wrote it.
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()


def write_files(files: Mapping[str, bytes], out: Path, *, force: bool) -> None:
    """Write files to a folder, or as an archive where `out` ends in `.zip`.

    Args:
        files: By path, with `/`.
        out: Where to; the folder is made.
        force: Replace what is there: files of the same name, or the archive. Other files stay.

    Raises:
        UsageError: There is something already.
        ReportNotWrittenError: The disk is full, or the folder may not be written to.
    """
    is_archive = out.suffix.lower() == ".zip"
    if not force and _is_taken(out):
        raise _taken(out)
    if is_archive:
        write_atomically(out, to_zip(files, out.stem))
        return
    for name, content in sorted(files.items()):
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            cause = error.strerror or str(error)
            raise ReportNotWrittenError(
                Text(en=f"{path.parent}: {cause}", zh=f"{path.parent}：{cause}"),
                hint=Text(
                    en="Name a folder that you may write to with `--out`.",
                    zh="请用 `--out` 指定有写权限的文件夹。",
                ),
            ) from error
        write_atomically(path, content)


def _is_taken(out: Path) -> bool:
    if out.is_dir():
        return any(out.iterdir())
    return out.exists()


def _taken(out: Path) -> UsageError:
    return UsageError(
        Text(en=f"{out} is there already", zh=f"{out} 已经存在"),
        hint=Text(
            en="Name another place, or add `--force`: it replaces files of the same name, and "
            "leaves all others.",
            zh="请换一个位置，或加上 `--force`：会替换同名文件，其他文件保持不变。",
        ),
    )
