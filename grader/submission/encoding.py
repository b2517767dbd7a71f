"""Turns the bytes of a source file into text, whatever an editor has made of it."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final, NamedTuple

from grader.errors import SubmissionError
from grader.language import Text

# The longer marks first: that of UTF-32 begins with that of UTF-16.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# PEP 263: in one of the first two lines, and in a comment.
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_COOKIE_LINES = 2
# Text has no other control characters; a picture or an archive is full of them.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_MAX_CONTROL_SHARE = 0.01
_OLD_END_OF_FILE = "\x1a"


class DecodedSource(NamedTuple):
    """A file's text, every line of which ends with a line feed."""

    text: str
    notes: tuple[Text, ...]
    """How it was read, where that was not as UTF-8."""


def decode_source(data: bytes, path: Path, *, has_cookie: bool = True) -> DecodedSource:
    """Decode a source file: by its byte order mark, its coding line, as UTF-8 or as GB18030.

    Args:
        data: The file's bytes.
        path: Named in errors.
        has_cookie: Whether a coding line counts, as it does in a script.

    Raises:
        SubmissionError: It is no text, or no encoding that could be meant fits.
    """
    decoded = _decode_marked(data) or _decode_plain(data, has_cookie=has_cookie)
    if decoded is None:
        raise _unknown_encoding(path)
    text = decoded.text.removesuffix(_OLD_END_OF_FILE)
    if "\0" in text or len(_CONTROL.findall(text)) > _MAX_CONTROL_SHARE * len(text):
        raise _no_text(path)
    return decoded._replace(text=text.replace("\r\n", "\n").replace("\r", "\n"))


def as_utf8(text: str) -> bytes:
    """Encode a script as UTF-8, and have its coding line, if it has one, say so."""
    lines = text.encode(errors="backslashreplace").split(b"\n")
    for number, line in enumerate(lines[:_COOKIE_LINES]):
        if cookie := _COOKIE.match(line):
            lines[number] = line[: cookie.start(1)] + b"utf-8" + line[cookie.end(1) :]
            break
    return b"\n".join(lines)


def _decode_marked(data: bytes) -> DecodedSource | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _decode(data.removeprefix(mark) if encoding == "utf-8" else data, encoding)
            if text is not None:
                return DecodedSource(text, () if encoding == "utf-8" else (_note(encoding),))
    return None


def _decode_plain(data: bytes, *, has_cookie: bool) -> DecodedSource | None:
    declared = _declared_encoding(data) if has_cookie else None
    candidates = ["utf-8", "gb18030"] if declared is None else [declared, "utf-8", "gb18030"]
    for encoding in dict.fromkeys(candidates):
        text = _decode(data, encoding)
        if text is not None:
            as_said = encoding in ("utf-8", declared)
            return DecodedSource(text, () if as_said else (_note(encoding),))
    return None


def _declared_encoding(data: bytes) -> str | None:
    for line in data.split(b"\n", _COOKIE_LINES)[:_COOKIE_LINES]:
        if match := _COOKIE.match(line):
            return match[1].decode("ascii", "replace").lower()
        # Only a comment or an empty line may come before it.
        if line.strip() and not line.lstrip().startswith(b"#"):
            return None
    return None


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
        # Some codecs give halves of characters, which cannot be written down again.
        text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _note(encoding: str) -> Text:
    name = encoding.upper()
    return Text(
        en=f"The file was read as {name}. Save it as UTF-8 to be safe everywhere.",
        zh=f"文件按 {name} 编码读取。建议另存为 UTF-8，以免在别处出现乱码。",
    )


def _unknown_encoding(path: Path) -> SubmissionError:
    msg = Text(
        en=f"{path} is neither UTF-8 nor any encoding that it names",
        zh=f"{path} 既不是 UTF-8，也不符合文件中声明的编码",
    )
    hint = Text(
        en="Open it in your editor and save it as UTF-8.",
        zh="请用编辑器打开它，并另存为 UTF-8。",
    )
    return SubmissionError(msg, hint=hint)


def _no_text(path: Path) -> SubmissionError:
    msg = Text(
        en=f"{path} is not text: it holds bytes that no source file has",
        zh=f"{path} 不是文本文件：其中含有源代码里不会出现的字节",
    )
    hint = Text(
        en="Was another kind of file renamed? Hand in the .py or .ipynb file itself.",
        zh="是不是把别的文件改了名？请提交 .py 或 .ipynb 文件本身。",
    )
    return SubmissionError(msg, hint=hint)
