"""Reads the members of zip and tar archives one after the other, trusting nothing they say."""

from __future__ import annotations

import bz2
import contextlib
import lzma
import mmap
import os
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, Literal, NamedTuple, Protocol

from grader.batch.discovery.identity import decode_names, readable_name
from grader.batch.discovery.limits import Budget, too_many
from grader.batch.discovery.listing import RefusedError
from grader.language import Text

__all__ = ["BROKEN", "Member", "read_members"]

Kind = Literal["file", "folder", "special"]

BROKEN: Final = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the libraries raise for archives that are damaged or made to confuse them."""

_UTF8_FLAG: Final = 0x800
_ENCRYPTED_FLAG: Final = 0x1
_UNICODE_PATH: Final = 0x7075
_LOCAL_HEADER: Final = 30
# LZMA and what came later can ask for gigabytes of memory before the first byte.
_METHODS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2})
_TAIL: Final = 256 * 1024 * 1024
_CHUNK: Final = 32 * 1024
_XZ_MEMORY: Final = 256 * 1024 * 1024
_TAR_MAGIC_AT: Final = 257
_MAGIC_BYTES: Final = 265


class Member(NamedTuple):
    """One member; to be read before the next one is asked for."""

    name: str
    kind: Kind
    packed: int | None
    """Its bytes in the archive, where it is packed by itself."""
    open: Callable[[], IO[bytes]]
    refused: RefusedError | None = None


def read_members(path: Path, budget: Budget) -> Iterator[Member]:
    """Yield an archive's members. What it is, its first bytes say, not its name.

    Raises:
        RefusedError: It is no archive that can be read, encrypted as a whole, or breaks a limit.
        BaseException: Any of `BROKEN`, while members are read.
    """
    with path.open("rb") as file:
        head = file.read(_MAGIC_BYTES)
        file.seek(0)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
            yield from _zip_members(file, budget)
        elif decompressor := _decompressor(head):
            yield from _tar_members(_Inflated(file, decompressor, budget), budget)
        elif head[_TAR_MAGIC_AT:].startswith(b"ustar"):
            yield from _tar_members(_Inflated(file, _Stored, budget), budget)
        else:
            raise _no_archive(head)


def _zip_members(file: IO[bytes], budget: Budget) -> Iterator[Member]:
    _count_headers(file, budget)
    with zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        _check_overlap(infos)
        for info, name in zip(infos, _zip_names(infos), strict=True):
            # Bound now, since the caller opens it while this generator waits.
            def opened(info: zipfile.ZipInfo = info) -> IO[bytes]:
                return archive.open(info)

            yield Member(name, _zip_kind(info), info.compress_size, opened, _zip_refused(info))


def _count_headers(file: IO[bytes], budget: Budget) -> None:
    """Refuse a list of millions of members before the library makes an object of each.

    The list is at the end of the file; archives within this one, stored as they are, add theirs.
    """
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - _TAIL) // mmap.ALLOCATIONGRANULARITY * mmap.ALLOCATIONGRANULARITY
    file.seek(0)
    with mmap.mmap(file.fileno(), size - start, access=mmap.ACCESS_READ, offset=start) as tail:
        for number, _ in enumerate(re.finditer(rb"PK\x01\x02", tail)):
            if number >= budget.limits.entries:
                raise too_many(budget.limits)


def _check_overlap(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse members that share bytes: a bomb that has no large file and no high ratio."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise RefusedError(
                Text(
                    en="the zip's members overlap, as in a bomb",
                    zh="zip 中的文件相互重叠，疑似压缩炸弹",
                ),
                hint=Text(en="Pack the files again.", zh="请重新打包。"),
            )
        end = info.header_offset + _LOCAL_HEADER + info.compress_size


def _zip_names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """Return the members' names; those without the flag for UTF-8 can be in any encoding."""
    names = {id(info): _unicode_path(info.extra) or info.orig_filename for info in infos}
    raws = {id(info): raw for info in infos if (raw := _raw_name(info)) is not None}
    names |= zip(raws, decode_names(list(raws.values())), strict=True)
    return list(names.values())


def _raw_name(info: zipfile.ZipInfo) -> bytes | None:
    """Return the bytes of a name whose encoding is not told; the library takes it for 437."""
    if info.flag_bits & _UTF8_FLAG or _unicode_path(info.extra):
        return None
    with contextlib.suppress(UnicodeEncodeError):
        return info.orig_filename.encode("cp437")
    return None


def _unicode_path(extra: bytes) -> str | None:
    """Return the name in UTF-8 that some programs put beside one in an old encoding."""
    while len(extra) >= 4:  # noqa: PLR2004 - a field's kind and length
        kind, length = struct.unpack_from("<HH", extra)
        # A version and a checksum of the old name come first.
        if kind == _UNICODE_PATH and extra[4:5] == b"\x01":
            with contextlib.suppress(UnicodeDecodeError):
                return extra[9 : 4 + length].decode("utf-8")
        extra = extra[4 + length :]
    return None


def _zip_kind(info: zipfile.ZipInfo) -> Kind:
    if info.is_dir():
        return "folder"
    mode = info.external_attr >> 16
    return "file" if stat.S_IFMT(mode) in (0, stat.S_IFREG) else "special"


def _zip_refused(info: zipfile.ZipInfo) -> RefusedError | None:
    if info.flag_bits & _ENCRYPTED_FLAG:
        return RefusedError(
            Text(en="the archive asks for a password", zh="压缩包设置了密码"),
            hint=Text(en="Pack the files again, without one.", zh="请重新打包，不要设置密码。"),
        )
    if info.compress_type not in _METHODS:
        return RefusedError(
            Text(
                en="the zip is packed by a method that is not read here",
                zh="该 zip 使用了这里不支持的压缩方法",
            ),
            hint=Text(
                en="Pack it as an ordinary zip (method Deflate).",
                zh="请打包为普通的 zip（Deflate 方法）。",
            ),
        )
    return None


def _tar_members(stream: _Inflated, budget: Budget) -> Iterator[Member]:
    count = 0
    with tarfile.open(
        fileobj=stream,  # type: ignore[call-overload]  # all that is used of a file
        mode="r:",
        encoding="utf-8",
        errors="surrogateescape",
    ) as archive:
        while (info := archive.next()) is not None:
            count += 1
            if count > budget.limits.entries:
                raise too_many(budget.limits)
            # The library keeps every member that it has seen.
            archive.members.clear()
            yield Member(readable_name(info.name), _tar_kind(info), None, _opener(archive, info))
    stream.check_end()


def _opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        file = archive.extractfile(info)
        if file is None:
            msg = "no file"
            raise tarfile.TarError(msg)
        return file

    return opened


def _tar_kind(info: tarfile.TarInfo) -> Kind:
    if info.isdir():
        return "folder"
    return "file" if info.isreg() and not info.issparse() else "special"


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Stored:
    """Stands for no compression."""

    eof = False
    unused_data = b""

    def __init__(self) -> None:
        self._kept = b""

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        data = self._kept + data
        self._kept = data[max_length:]
        return data[:max_length]


class _Gzip:
    """Gives zlib the interface of the other two, which keep what they have not used."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


def _decompressor(head: bytes) -> Callable[[], _Decompressor] | None:
    if head.startswith(b"\x1f\x8b"):
        return _Gzip
    if head.startswith(b"BZh"):
        return bz2.BZ2Decompressor
    return _xz if head.startswith(b"\xfd7zXZ\x00") else None


class _Inflated:
    """A packed stream that can be read forwards, in small pieces, and up to a limit.

    `tarfile` reads a header's fields in one piece, however long they claim to be, and can be made
    to go back and read one header for ever. Neither is possible here.
    """

    def __init__(self, file: IO[bytes], new: Callable[[], _Decompressor], budget: Budget) -> None:
        self._file, self._new, self._budget = file, new, budget
        self._current = new()
        self._data = b""
        self._position = self._packed = 0
        self._ended = False
        self._last = b""

    def check_end(self) -> None:
        """Raise if the last block was not the end; the library stops at a damaged header as well.

        Raises:
            tarfile.ReadError: The archive is cut off or damaged.
        """
        is_whole = self._current.eof or isinstance(self._current, _Stored)
        if self._last.strip(b"\0") or not (self._last or is_whole):
            msg = "unexpected end of data"
            raise tarfile.ReadError(msg)

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        if whence != os.SEEK_SET or offset < self._position:
            msg = "a tar archive is read forwards only"
            raise tarfile.ReadError(msg)
        while self._position < offset and self.read(min(offset - self._position, _CHUNK)):
            pass
        return self._position

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _CHUNK:
            msg = "a field is too long"
            raise tarfile.ReadError(msg)
        while len(self._data) < size and (more := self._more()):
            self._data += more
        data, self._data = self._data[:size], self._data[size:]
        self._last = data
        self._position += len(data)
        return data

    def _more(self) -> bytes:
        while True:
            if self._current.eof:
                left = self._current.unused_data or self._read_packed()
                # Further streams may follow, or zeros as on a tape.
                if not left.strip(b"\0"):
                    return b""
                self._current = self._new()
                data = self._current.decompress(left, _CHUNK)
            else:
                # What was not used of the last piece comes out first.
                data = self._current.decompress(b"", _CHUNK) or self._feed()
            if data:
                self._budget.spend(len(data))
                self._budget.check_ratio(self._position + len(data), self._packed)
                return data
            if not self._current.eof and self._ended:
                return b""

    def _feed(self) -> bytes:
        packed = self._read_packed()
        return self._current.decompress(packed, _CHUNK) if packed else b""

    def _read_packed(self) -> bytes:
        packed = self._file.read(_CHUNK)
        self._ended = not packed
        self._packed += len(packed)
        return packed


def _no_archive(head: bytes) -> RefusedError:
    for magic, name in ((b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "RAR")):
        if head.startswith(magic):
            return RefusedError(
                Text(
                    en=f"{name} archives cannot be read here",
                    zh=f"这里无法读取 {name} 压缩包",
                ),
                hint=Text(
                    en="Unpack it and pack it again as a zip.",
                    zh="请解压后重新打包为 zip。",
                ),
            )
    return RefusedError(
        Text(
            en="this is no archive, or one that is damaged at its beginning",
            zh="这不是压缩包，或者它的开头已损坏",
        ),
        hint=Text(
            en="Upload or download it again, as a zip.",
            zh="请重新上传或下载，并使用 zip 格式。",
        ),
    )
