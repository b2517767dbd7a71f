"""Ed25519 keys, as OpenSSL (PEM) and OpenSSH write them; by the library cryptography."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from grader.errors import UsageError
from grader.language import Text
from grader.secrecy import forbid_tracing

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

__all__ = ["fingerprint", "new_keys", "read_private_key", "read_public_key"]

_MAX_BYTES: Final = 65_536
_SSH_PRIVATE: Final = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_SSH_PUBLIC: Final = b"ssh-ed25519 "


def new_keys() -> tuple[bytes, bytes]:
    """Make a pair of keys in PEM: the private one, which signs, and the public one."""
    library = _library()
    serialization = library.serialization
    private = library.ed25519.Ed25519PrivateKey.generate()
    secret: bytes = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    shown: bytes = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return secret, shown


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Read the key that signs; other processes of this user can no longer look into this one.

    Raises:
        UsageError: It cannot be read, is none, or is protected by a passphrase.
    """
    forbid_tracing()
    library, content = _library(), _read(path)
    load = (
        library.serialization.load_ssh_private_key
        if content.startswith(_SSH_PRIVATE)
        else library.serialization.load_pem_private_key
    )
    key: Ed25519PrivateKey = _loaded(
        load, content, path, library.ed25519.Ed25519PrivateKey, password=None
    )
    return key


def read_public_key(path: Path) -> Ed25519PublicKey:
    """Read the key that verifies.

    Raises:
        UsageError: It cannot be read, or is none.
    """
    library, content = _library(), _read(path)
    load = (
        library.serialization.load_ssh_public_key
        if content.startswith(_SSH_PUBLIC)
        else library.serialization.load_pem_public_key
    )
    key: Ed25519PublicKey = _loaded(load, content, path, library.ed25519.Ed25519PublicKey)
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """Name a key: the beginning of the SHA-256 of its 32 bytes, in base64."""
    return base64.b64encode(hashlib.sha256(key.public_bytes_raw()).digest())[:16].decode()


def _loaded(load: Any, content: bytes, path: Path, kind: Any, **options: None) -> Any:  # noqa: ANN401 - loaders and classes of a library that may be missing
    unsupported = _library().UnsupportedAlgorithm
    try:
        key = load(content, **options)
    except (ValueError, TypeError, unsupported) as error:
        raise _no_key(path, str(error).partition("\n")[0]) from error
    if not isinstance(key, kind):
        raise _no_key(path, f"it is a {type(key).__name__}")
    return key


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        raise _no_key(path, error.strerror or str(error)) from error


class _Library:
    """The parts of cryptography that are used, imported when they are."""

    def __init__(self) -> None:
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - an extra

        self.UnsupportedAlgorithm = UnsupportedAlgorithm
        self.serialization = serialization
        self.ed25519 = ed25519


def _library() -> _Library:
    try:
        return _Library()
    except ImportError as error:
        raise UsageError(
            Text(en="cryptography is not installed", zh="未安装 cryptography"),
            hint=Text(
                en="Install it with `pip install 'torchgrade[ci]'`.",
                zh="请运行 `pip install 'torchgrade[ci]'` 安装。",
            ),
        ) from error


def _no_key(path: Path, why: str) -> UsageError:
    return UsageError(
        Text(en=f"{path} is no Ed25519 key: {why}", zh=f"{path} 不是 Ed25519 密钥：{why}"),
        hint=Text(
            en="`grade verify --new-key FILE` makes a pair: FILE signs, FILE.pub verifies.",
            zh="`grade verify --new-key 文件` 会生成一对密钥：“文件”用于签名，“文件.pub”用于验证。",
        ),
    )
