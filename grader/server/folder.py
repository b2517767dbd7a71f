"""The private folder in which client and server find each other.

It is held open, and what lies in it is reached through the descriptor: a path that somebody
else could lead elsewhere is followed once, and the address of a socket can be as long as it is.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import stat
import tempfile
from pathlib import Path
from typing import Final, Self

from grader.language import Text
from grader.server.protocol import peer_of

_SOCKET: Final = "server.sock"
_LOCK: Final = "server.lock"
_TOKEN: Final = "token"  # noqa: S105 - the name of a file
_MAX_TOKEN: Final = 100
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class UnsafeFolderError(OSError):
    """The folder is not this user's alone."""

    def __init__(self, said: Text) -> None:
        """Say it in both languages."""
        super().__init__(said.en)
        self.said = said


class ServerFolder:
    """The folder, checked: a real one, owned by this user, closed to all others."""

    def __init__(self, descriptor: int, path: Path) -> None:
        """Take over an open descriptor of the folder."""
        self._descriptor = descriptor
        self.path = path

    @classmethod
    def open(cls) -> Self:
        """Open the user's folder, and make it where it is missing.

        Raises:
            OSError: It cannot be made, or it is not this user's alone.
        """
        path = _place()
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=0o700)
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            _require_private(os.fstat(descriptor), path)
        except OSError:
            os.close(descriptor)
            raise
        return cls(descriptor, path)

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._descriptor)

    def __enter__(self) -> Self:
        """Give the folder itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of it."""
        self.close()

    # -- what the server does

    def lock(self) -> int | None:
        """Take the place of the one server; the descriptor holds it.

        Returns:
            None where another server has it.
        """
        import fcntl  # noqa: PLC0415 - not on Windows, where this module is imported too

        lock = self._open(_LOCK, os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock

    def listen(self) -> socket.socket:
        """Make the socket; to be called by whoever holds the lock."""
        self.forget_socket()
        listener = socket.socket(socket.AF_UNIX)
        # Whatever the user's own mask is, nobody else may ever connect.
        mask = os.umask(0o177)
        try:
            listener.bind(self._address())
            listener.listen()
        except OSError:
            listener.close()
            raise
        finally:
            os.umask(mask)
        return listener

    def forget_socket(self) -> None:
        """Remove the socket's name."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_SOCKET, dir_fd=self._descriptor)

    def socket_number(self) -> int | None:
        """Give the inode of the socket that bears the name now."""
        try:
            return os.stat(_SOCKET, dir_fd=self._descriptor, follow_symlinks=False).st_ino
        except OSError:
            return None

    def is_in_place(self) -> bool:
        """Tell whether clients still find this folder under its name."""
        try:
            there = self.path.lstat()
        except OSError:
            return False
        own = os.fstat(self._descriptor)
        return (there.st_dev, there.st_ino) == (own.st_dev, own.st_ino)

    def new_token(self) -> str:
        """Write and give a secret that only a reader of this folder can know.

        A worker that could connect, for want of one lock, still cannot read it, by another.
        """
        token = secrets.token_hex()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_TOKEN, dir_fd=self._descriptor)
        with open(self._open(_TOKEN, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:  # noqa: PTH123
            file.write(token.encode("ascii"))
        return token

    # -- what a client does

    def read_token(self) -> str:
        """Give the secret of the server that listens."""
        with open(self._open(_TOKEN, os.O_RDONLY), "rb") as file:  # noqa: PTH123
            return file.read(_MAX_TOKEN).decode("ascii", "replace")

    def connect(self, timeout_seconds: float) -> socket.socket | None:
        """Connect to the server.

        Returns:
            None where there is none.

        Raises:
            OSError: It does not answer, or belongs to another user.
        """
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(timeout_seconds)
        try:
            connection.connect(self._address())
            _require_own(connection)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        except OSError:
            connection.close()
            raise
        return connection

    # -- how it is done

    def _address(self) -> str:
        return f"/proc/self/fd/{self._descriptor}/{_SOCKET}"

    def _open(self, name: str, flags: int) -> int:
        flags |= os.O_NOFOLLOW | os.O_CLOEXEC
        return os.open(name, flags, mode=0o600, dir_fd=self._descriptor)


def _place() -> Path:
    """Choose the folder: where the system keeps such things for the user, or among the temporary.

    The system's is emptied when the user logs out, and no one else can take the name there.
    """
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(runtime):  # noqa: PTH117 - it may be empty, which a Path is not
        with contextlib.suppress(OSError):
            _require_private(os.lstat(runtime), Path(runtime))
            return Path(runtime, "torchgrade")
    return Path(tempfile.gettempdir(), f"torchgrade-{os.getuid()}")


def _require_private(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & _OTHERS:
        raise UnsafeFolderError(
            Text(
                en=f"{path} is not a folder of this user's alone",
                zh=f"{path} 不是只属于当前用户的文件夹",
            )
        )


def _require_own(connection: socket.socket) -> None:
    if peer_of(connection).uid != os.getuid():
        raise UnsafeFolderError(
            Text(en="the server belongs to another user", zh="该服务属于另一个用户")
        )
