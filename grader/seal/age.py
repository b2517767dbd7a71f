"""Encryption in the format age (age-encryption.org/v1), by the library pyrage.

A key is an X25519 identity or a passphrase. Whoever has a file can open it with age's own program.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any, Final

from grader.errors import UsageError
from grader.language import Text, text

__all__ = ["decrypt", "encrypt", "new_key"]

_IDENTITY: Final = "AGE-SECRET-KEY-"
_HEADER: Final = b"age-encryption.org/v1\n"
_WRONG_KEY: Final = ("no matching keys", "decryption failed")
"""What the library says, in lower case, of a key that the file was not made for."""
_OTHER_BEGINNING: Final = Text(
    en="it does not begin as such a file does", zh="它的开头与这种文件不同"
)


def new_key() -> str:
    """Make a key's file, as `age-keygen` writes it."""
    identity = _library().x25519.Identity.generate()
    return f"# public key: {identity.to_public()}\n{identity}\n"


def encrypt(content: bytes, key: str) -> bytes:
    """Encrypt with a key.

    Raises:
        UsageError: It is no key, or the library is not installed.
    """
    pyrage = _library()
    encrypted: bytes
    if key.startswith(_IDENTITY):
        encrypted = pyrage.encrypt(content, [_identity(pyrage, key).to_public()])
    else:
        encrypted = pyrage.passphrase.encrypt(content, key)
    return encrypted


def decrypt(content: bytes, key: str, name: str) -> bytes:
    """Decrypt what `encrypt` made.

    Args:
        content: The whole file; one that lacks a byte is refused.
        key: What it was encrypted with.
        name: What to call the file in an error's message.

    Raises:
        UsageError: The key is another, or the file is cut off, changed, or no such file.
    """
    pyrage = _library()
    if not content.startswith(_HEADER):
        raise _damaged(name, _OTHER_BEGINNING)
    try:
        if key.startswith(_IDENTITY):
            decrypted: bytes = pyrage.decrypt(content, [_identity(pyrage, key)])
        else:
            decrypted = pyrage.passphrase.decrypt(content, key)
    except pyrage.DecryptError as error:
        if any(words in str(error).lower() for words in _WRONG_KEY):
            raise _wrong_key(name) from error
        raise _damaged(name, text(str(error))) from error
    return decrypted


def _identity(pyrage: ModuleType, key: str) -> Any:  # noqa: ANN401 - it publishes no types
    try:
        return pyrage.x25519.Identity.from_str(key)
    except pyrage.IdentityError as error:
        raise UsageError(
            Text(en=f"the key is cut off or misspelt: {error}", zh=f"密钥不完整或有误：{error}"),
            hint=Text(
                en="Copy the whole line that begins with AGE-SECRET-KEY-.",
                zh="请完整复制以 AGE-SECRET-KEY- 开头的那一行。",
            ),
        ) from error


def _library() -> ModuleType:
    try:
        import pyrage  # noqa: PLC0415 - an extra, which most commands do not need
    except ImportError as error:
        raise UsageError(
            Text(en="pyrage is not installed", zh="未安装 pyrage"),
            hint=Text(
                en="Install it with `pip install 'torchgrade[ci]'`.",
                zh="请运行 `pip install 'torchgrade[ci]'` 安装。",
            ),
        ) from error
    library: ModuleType = pyrage
    return library


def _wrong_key(name: str) -> UsageError:
    return UsageError(
        Text(en=f"{name} was sealed with another key", zh=f"{name} 是用另一个密钥封装的"),
        hint=Text(
            en="Give the key that sealed it, or seal the course again: "
            "`grade seal --out FILE --key-file KEY`.",
            zh="请提供封装时使用的密钥，或重新封装课程：`grade seal --out 文件 --key-file 密钥`。",
        ),
    )


def _damaged(name: str, why: Text) -> UsageError:
    return UsageError(
        Text(en=f"{name} is cut off or changed: {why.en}", zh=f"{name} 不完整或被改动：{why.zh}"),
        hint=Text(
            en="Get the file once more, or seal the course again: `grade seal --out FILE`. "
            "In git, mark it as binary.",
            zh="请重新获取该文件，或重新封装课程：`grade seal --out 文件`。"
            "在 git 中请标记为二进制文件。",
        ),
    )
