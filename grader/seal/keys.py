"""The key of a sealed file: from a file or the environment, and out of sight once it was read."""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from grader.errors import UsageError
from grader.language import Text, text
from grader.secrecy import forbid_tracing, wipe_variable

__all__ = ["KEY_VARIABLE", "read_key", "take_key"]

KEY_VARIABLE: Final = "GRADE_SEAL_KEY"
_MAX_BYTES: Final = 65_536
_SHORTEST_PASSPHRASE: Final = 16
_IDENTITY: Final = "AGE-SECRET-KEY-"


def take_key(
    key_file: Path | None, environment: MutableMapping[str, str] | None = None
) -> str | None:
    """Read the key, and make it unreadable for other processes of this user.

    The variable is taken out of the environment, and out of what the kernel shows of it; a process
    that could be traced by another of the same user no longer can.

    Args:
        key_file: Where it stands; the variable GRADE_SEAL_KEY where None.
        environment: The variables of this process, unless a test has its own.

    Returns:
        The key; None where there is neither a file nor a variable.

    Raises:
        UsageError: The file cannot be read, or what is in it is no key.
    """
    variables = os.environ if environment is None else environment
    forbid_tracing()
    if KEY_VARIABLE in variables:
        wipe_variable(KEY_VARIABLE)
    given = variables.pop(KEY_VARIABLE, None)
    if key_file is not None:
        return read_key(key_file)
    return None if given is None or not given.strip() else _checked(given, KEY_VARIABLE)


def read_key(path: Path) -> str:
    """Read a key's file: an identity as age writes it, or a passphrase on a line of its own.

    Raises:
        UsageError: It cannot be read, or is no key.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _no_key(str(path), text(str(error))) from error
    return _checked(content, str(path))


def _checked(content: str, name: str) -> str:
    lines = [line.strip() for line in content.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) != 1:
        count = len(lines)
        raise _no_key(
            name,
            Text(
                en=f"{count} lines that could be one, in place of 1",
                zh=f"可能是密钥的有 {count} 行，应当只有 1 行",
            ),
        )
    if not lines[0].startswith(_IDENTITY) and len(lines[0]) < _SHORTEST_PASSPHRASE:
        raise _no_key(
            name,
            Text(
                en=f"a passphrase needs {_SHORTEST_PASSPHRASE} characters",
                zh=f"口令至少需要 {_SHORTEST_PASSPHRASE} 个字符",
            ),
        )
    return lines[0]


def _no_key(name: str, why: Text) -> UsageError:
    return UsageError(
        Text(en=f"{name} holds no key: {why.en}", zh=f"{name} 中没有密钥：{why.zh}"),
        hint=Text(
            en="`grade seal --new-key FILE` makes one; keep it where students cannot read it.",
            zh="`grade seal --new-key 文件` 会生成密钥；请保存在学生读不到的地方。",
        ),
    )
