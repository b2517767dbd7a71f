"""Names of people and files that others chose, made fit to be shown, compared or written."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import Final

__all__ = ["decode_name", "name_key", "plain_key", "safe_id", "shown"]

MAX_CHARACTERS: Final = 100
# A component of a path holds 255 bytes on every common file system; reports add a suffix.
MAX_BYTES: Final = 220
_DIGEST: Final = 8
_MAX_SHOWN: Final = 300

# Windows forbids these in names; a shell or a spreadsheet trips over the rest.
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# With any suffix, Windows takes these for devices.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
# Controls, formatting (reading order among them), halves of characters, private use, unassigned.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# In GBK, as Chinese Windows writes it, characters outside ASCII are pairs of high bytes.
_HIGH_PAIRS: Final = re.compile(rb"(?:[\x00-\x7f]|[\x81-\xfe][\x80-\xfe])+")


def safe_id(raw: str) -> str | None:
    """Return `raw` as an id that can be a folder's name on Linux, macOS and Windows.

    The result is in NFC, has at most 100 characters, no separator, control or formatting
    character, no dot, dash or tilde in front, no dot or space behind, and is no device of Windows.
    An id that obeys all this comes back unchanged.

    Returns:
        The id, or None if nothing is left that could name a person.
    """
    name = unicodedata.normalize("NFC", raw)
    name = "".join("_" if unicodedata.category(c) in _INVISIBLE else c for c in name)
    name = " ".join(_FORBIDDEN.sub("_", name).split()).rstrip(". ")
    if not any(c.isalnum() for c in name):
        return None
    if name[0] in ".-~":
        name = "_" + name[1:]
    if _DEVICE.match(name):
        name = "_" + name
    return _shortened(name)


def _shortened(name: str) -> str:
    if len(name) <= MAX_CHARACTERS and len(name.encode()) <= MAX_BYTES:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:_DIGEST]
    kept = name[: MAX_CHARACTERS - _DIGEST - 1]
    kept = kept.encode()[: MAX_BYTES - _DIGEST - 1].decode("utf-8", "ignore")
    # A cut can leave the halves of a composed character apart, or a space at the end.
    return unicodedata.normalize("NFC", f"{kept.rstrip('. ')}~{digest}")


def plain_key(value: str) -> str:
    """Return what two spellings of an id, a login or an address have in common.

    Two ids with the same key could not lie side by side on macOS or Windows.
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).casefold()).strip()


def name_key(name: str) -> str:
    """Return a person's name without case, spaces and punctuation, which downloads leave out."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in unicodedata.normalize("NFC", folded) if c.isalnum())


def shown(text: str) -> str:
    """Return `text` as it can stand in a message: on one line, all of it visible."""
    visible = "".join("\ufffd" if unicodedata.category(c) in _INVISIBLE else c for c in text)
    return visible if len(visible) <= _MAX_SHOWN else visible[: _MAX_SHOWN - 1] + "…"


def decode_name(raw: bytes) -> str:
    """Decode a file's name of unknown encoding: UTF-8, GBK, or the code page 437 of old zips."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if _HIGH_PAIRS.fullmatch(raw):
        try:
            return raw.decode("gbk")
        except UnicodeDecodeError:
            pass
    return raw.decode("cp437")


def readable_name(name: str) -> str:
    """Return a name that the operating system gave, decoding the bytes that are not UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return decode_name(os.fsencode(name))
    return name
