"""`kit.json`: what a kit was made from, so that whoever grades later can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from grader.errors import UsageError
from grader.language import Text

__all__ = ["IDENTITY_NAME", "Identity", "decode_identity", "encode_identity", "read_identity"]

IDENTITY_NAME: Final = "kit.json"
_FORMAT: Final = 1


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the file."""

    format: int = _FORMAT
    grader: str
    """The version of the program that made the kit."""
    exercises: dict[str, str]
    """By name, the digest of what each asks for; see `grader.course.fingerprint`."""
    handouts: dict[str, str]
    """By path in the kit, the SHA-256 of each file that students work on, as they got it."""


def encode_identity(identity: Identity) -> bytes:
    """Write it as people can read it."""
    return msgspec.json.format(msgspec.json.encode(identity), indent=2) + b"\n"


def decode_identity(content: bytes, name: str = IDENTITY_NAME) -> Identity:
    """Read it.

    Raises:
        UsageError: It is none, or one of another format.
    """
    try:
        identity = msgspec.json.decode(content, type=Identity)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _unreadable(name, str(error)) from error
    if identity.format != _FORMAT:
        raise _unreadable(name, f"format {identity.format}")
    return identity


def read_identity(folder: Path) -> Identity | None:
    """Read the one of a kit; None where there is none, as in a whole course.

    Raises:
        UsageError: It cannot be read.
    """
    path = folder / IDENTITY_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(str(path), error.strerror or str(error)) from error
    return decode_identity(content, str(path))


def _unreadable(name: str, why: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{name} is not what `grade kit` wrote: {why}",
            zh=f"{name} 不是 `grade kit` 写出的内容：{why}",
        ),
        hint=Text(
            en="Take the file from the kit that you were given.",
            zh="请从收到的学习包中恢复这个文件。",
        ),
    )
