"""Signatures beside reports: `ex03.json.sig` is about the bytes of `ex03.json`, all of them.

The file is JSON: `format`, `algorithm`, `key` (which one, see `keys.fingerprint`) and `signature`,
in base64. What is signed is a word of ours, which no other use of the key begins with, and the
report's bytes. A report has the digest of what was handed in, so the signature is about that too.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec

from grader.atomic import write_atomically
from grader.errors import UsageError
from grader.language import Text
from grader.report.read import parse_report
from grader.signing.keys import fingerprint

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

    from grader.report.model import Report

__all__ = ["Verdict", "sign_report", "signature_path", "verify_report"]

_FORMAT: Final = 1
_PURPOSE: Final = b"torchgrade report 1\0"
_MAX_BYTES: Final = 64 * 2**20


class _Signature(msgspec.Struct, frozen=True, kw_only=True):
    """The content of the file."""

    format: int = _FORMAT
    algorithm: Literal["ed25519"] = "ed25519"
    key: str
    signature: str


class Verdict(NamedTuple):
    """What verifying came to."""

    report: Report | None
    """What can be trusted; None where nothing can."""
    reason: Text | None
    """Why it cannot be trusted; None where it can."""


def signature_path(report: Path) -> Path:
    """Say where a report's signature lies."""
    return report.with_name(f"{report.name}.sig")


def sign_report(report: Path, key: Ed25519PrivateKey) -> None:
    """Sign a report that lies on the disk, unless this key has signed just this one already.

    Raises:
        UsageError: It cannot be read.
        ReportNotWrittenError: The signature could not be written.
    """
    content = _read(report)
    signature = _Signature(
        key=fingerprint(key.public_key()),
        signature=base64.b64encode(key.sign(_PURPOSE + content)).decode(),
    )
    # Ed25519 gives the same signature again, so that nothing changes where nothing has.
    write_atomically(signature_path(report), msgspec.json.encode(signature) + b"\n")


def verify_report(path: Path, key: Ed25519PublicKey, submission: Path | None = None) -> Verdict:
    """Say whether a report is, byte for byte, what the owner of a key has signed.

    Args:
        path: The report; its signature lies beside it.
        key: The public key of whoever should have signed it.
        submission: The file that it should be about; any where None.

    Raises:
        UsageError: A file cannot be read, or is no report of this version.
    """
    content = _read(path)
    reason = _refusal(content, signature_path(path), key)
    if reason is not None:
        return Verdict(None, reason)
    report = parse_report(content, name=str(path))
    if submission is not None:
        digest = hashlib.sha256(_read(submission)).hexdigest()
        if digest != report.submission.sha256:
            return Verdict(None, _another_submission(submission))
    return Verdict(report, None)


def _refusal(content: bytes, path: Path, key: Ed25519PublicKey) -> Text | None:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra

    try:
        written = msgspec.json.decode(path.read_bytes(), type=_Signature)
        signature = base64.b64decode(written.signature, validate=True)
    except FileNotFoundError:
        return Text(en=f"there is no signature {path.name}", zh=f"没有签名文件 {path.name}")
    except (OSError, ValueError, msgspec.DecodeError) as error:
        return Text(en=f"{path.name} is no signature: {error}", zh=f"{path.name} 不是签名：{error}")
    if written.format != _FORMAT:
        return Text(
            en=f"{path.name} has the format {written.format}",
            zh=f"{path.name} 的格式是 {written.format}",
        )
    try:
        key.verify(signature, _PURPOSE + content)
    except InvalidSignature:
        if written.key != fingerprint(key):
            return Text(
                en=f"it was signed with another key: {written.key}, not {fingerprint(key)}",
                zh=f"它是用另一个密钥签名的：{written.key}，而不是 {fingerprint(key)}",
            )
        return Text(
            en="it was changed after it was signed, or made anew without a signature",
            zh="签名之后它被改动过，或重新生成后没有签名",
        )
    return None


def _another_submission(path: Path) -> Text:
    return Text(
        en=f"it is about another submission than {path.name}",
        zh=f"它对应的提交不是 {path.name}",
    )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        cause = error.strerror or str(error)
        raise UsageError(
            Text(en=f"{path} cannot be read: {cause}", zh=f"无法读取 {path}：{cause}"),
            hint=Text(en="Look at the name of the file.", zh="请检查文件名。"),
        ) from error
