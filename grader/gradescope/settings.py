"""How to grade, as the archive says it."""

from __future__ import annotations

from typing import Final

import msgspec

from grader.errors import GraderFault
from grader.language import Language, Text

__all__ = ["SETTINGS_NAME", "Settings", "decode_settings", "encode_settings"]

SETTINGS_NAME: Final = "autograder.json"


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an instructor chose when the archive was made."""

    exercise: str
    """The exercise's full name."""
    language: Language
    """The language of what students read."""
    sandbox: str
    """`strict` or `auto`."""
    seed: int
    """The same for all submissions, so that all are graded alike."""


def encode_settings(settings: Settings) -> bytes:
    """Write the file's content."""
    return msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n"


def decode_settings(content: bytes) -> Settings:
    """Read the file's content.

    Raises:
        GraderFault: The archive is damaged, or of another version.
    """
    try:
        return msgspec.json.decode(content, type=Settings)
    except msgspec.MsgspecError as error:
        raise GraderFault(
            Text(
                en=f"{SETTINGS_NAME} cannot be read: {error}",
                zh=f"无法读取 {SETTINGS_NAME}：{error}",
            ),
            hint=Text(
                en="Make the archive anew with `grade export gradescope`.",
                zh="请用 `grade export gradescope` 重新生成压缩包。",
            ),
        ) from error
