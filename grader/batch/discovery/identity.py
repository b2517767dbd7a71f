"""Names of people and files that others chose, made fit to be shown, compared or written."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from typing import Final, Literal

__all__ = [
    "decode_name",
    "decode_names",
    "name_key",
    "plain_key",
    "safe_id",
    "shown",
    "some_shown",
    "without_invisible_ends",
]

MAX_CHARACTERS: Final = 100
# A component of a path holds 255 bytes on every common file system; reports add a suffix.
MAX_BYTES: Final = 220
_DIGEST: Final = 8
_MAX_SHOWN: Final = 300
_MAX_NAMED: Final = 3

# Windows forbids these in names; a shell or a spreadsheet trips over the rest.
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# With any suffix, Windows takes these for devices.
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)
# Controls, formatting (reading order among them), halves of characters, private use, unassigned.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FIRST_HIGH: Final = 0x80


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


def without_invisible_ends(text: str) -> str:
    """Return `text` without what nobody sees before and behind it: spaces, and marks of format."""
    ends = {c for c in text if c.isspace() or unicodedata.category(c) in _INVISIBLE}
    return text.strip("".join(ends))


def some_shown(names: Sequence[str]) -> str:
    """Return the first of these names, as they can stand in a message."""
    more = ", …" if len(names) > _MAX_NAMED else ""
    return ", ".join(map(shown, names[:_MAX_NAMED])) + more


def decode_name(raw: bytes) -> str:
    """Decode a file's name of unknown encoding: UTF-8, GBK, or the code page 437 of old zips."""
    return raw.decode(_encoding_of(raw) or "cp437")


def decode_names(raws: Sequence[bytes]) -> list[str]:
    """Decode names that one program wrote, in one encoding as far as can be told.

    Together they tell more of it: a short name in GBK can be UTF-8 as well, and one with a rare
    character may be known for Chinese by its neighbours only.
    """
    together = _encoding_of(b"/".join(raws))
    return [raw.decode(together) if together else decode_name(raw) for raw in raws]


def _encoding_of(raw: bytes) -> Literal["utf-8", "gbk"] | None:
    with contextlib.suppress(UnicodeDecodeError):
        raw.decode("utf-8")
        return "utf-8"
    with contextlib.suppress(UnicodeDecodeError):
        # Most characters of GBK are two bytes that ASCII lacks. In a code page for Western names
        # it is mostly a letter of one such byte that makes a pair, with one of ASCII behind it.
        pairs = [c.encode("gbk") for c in raw.decode("gbk") if not c.isascii()]
        if 2 * sum(pair[1] >= _FIRST_HIGH for pair in pairs) >= len(pairs):
            return "gbk"
    return None


def readable_name(name: str) -> str:
    """Return a name that the operating system gave, decoding the bytes that are not UTF-8."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return decode_name(os.fsencode(name))
    return name
