"""Reads a repository by git's plumbing: trees and blobs, never a checkout.

Neither filters nor attributes nor replaced objects count, all of which a push can bring along, and
no configuration but the repository's own, which it cannot.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, NamedTuple

from grader.errors import GraderFault
from grader.language import Text

__all__ = ["MAX_ENTRIES", "Entry", "GitError", "Repository", "is_object_id", "is_zero"]

MAX_ENTRIES: Final = 50_000
"""Files of a commit that are looked at."""
_MAX_LISTING: Final = 32 * 2**20
_OBJECT_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_KEPT: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "SYSTEMROOT", "TMPDIR")


class GitError(GraderFault):
    """Git, or the repository, does not give what is asked for."""


class Entry(NamedTuple):
    """A file of a commit."""

    mode: str
    """`100644`, `100755`, `120000` (a link) or `160000` (a submodule)."""
    object_id: str
    size: int
    """Bytes; 0 for a submodule."""
    path: bytes
    """From the top on, with `/`; any bytes at all."""


class Repository:
    """A repository on this machine, bare or not."""

    def __init__(self, git_dir: Path) -> None:
        """Take the folder with its objects."""
        self.git_dir = git_dir

    def entries(self, commit: str) -> list[Entry]:
        """List the files of a commit, at most `MAX_ENTRIES`.

        Raises:
            GitError: There is no such commit, or it holds too much.
        """
        with self._start("ls-tree", "-r", "-z", "-l", "--full-tree", _checked(commit)) as output:
            listing = output.read(_MAX_LISTING + 1)
        lines = listing.split(b"\0")[:-1]
        if len(listing) > _MAX_LISTING or len(lines) > MAX_ENTRIES:
            raise GitError(
                Text(
                    en=f"the commit holds more than {MAX_ENTRIES} files",
                    zh=f"该提交包含超过 {MAX_ENTRIES} 个文件",
                ),
                hint=Text(
                    en="Push the exercises only, without libraries and data sets.",
                    zh="请只推送练习文件，不要包含库和数据集。",
                ),
            )
        return [_entry(line) for line in lines]

    def read(self, object_id: str, max_bytes: int) -> bytes:
        """Give the bytes of a blob, cut behind `max_bytes` + 1.

        Raises:
            GitError: There is no such blob.
        """
        with self._start("cat-file", "blob", _checked(object_id)) as output:
            return output.read(max_bytes + 1)

    def default_branch(self) -> str | None:
        """Give the branch that HEAD names, such as `refs/heads/main`, whether it exists or not."""
        try:
            with self._start("symbolic-ref", "--quiet", "HEAD") as output:
                return output.read(4096).decode(errors="backslashreplace").strip() or None
        except GitError:
            return None

    def commit_of(self, ref: str) -> str | None:
        """Give the commit that a branch is at, or None where there is none."""
        try:
            with self._start("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") as output:
                found = output.read(200).decode("ascii", "replace").strip()
        except GitError:
            return None
        return found if is_object_id(found) else None

    def setting(self, name: str) -> str | None:
        """Give a setting of the repository's own configuration, or None."""
        try:
            with self._start("config", "--local", "--get", name) as output:
                return output.read(4096).decode(errors="replace").strip() or None
        except GitError:
            return None

    @contextlib.contextmanager
    def _start(self, *arguments: str) -> Iterator[IO[bytes]]:
        command = ["git", f"--git-dir={self.git_dir}", *arguments]
        try:
            process = subprocess.Popen(  # noqa: S603 - arguments of our own; no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
                cwd=self.git_dir,
            )
        except OSError as error:
            raise GitError(
                Text(en=f"git cannot be started: {error}", zh=f"无法启动 git：{error}"),
                hint=Text(en="Install git on this machine.", zh="请在本机安装 git。"),
            ) from error
        with process:
            assert process.stdout is not None  # noqa: S101 - for mypy: it is a pipe
            yield process.stdout
            # What was read is enough; of the rest nobody wants to know.
            is_cut = bool(process.stdout.read(1))
            if is_cut:
                process.kill()
        if process.returncode and not is_cut:
            raise self._refused(arguments)

    def _refused(self, arguments: tuple[str, ...]) -> GitError:
        what = " ".join(arguments)
        return GitError(
            Text(
                en=f"`git {what}` fails in {self.git_dir}",
                zh=f"在 {self.git_dir} 中运行 `git {what}` 失败",
            ),
            hint=Text(
                en="Run `git fsck` there; push the branch anew.",
                zh="请在那里运行 `git fsck`，并重新推送该分支。",
            ),
        )


def is_object_id(text: str) -> bool:
    """Tell whether a text is the full id of an object."""
    return _OBJECT_ID.fullmatch(text) is not None


def is_zero(object_id: str) -> bool:
    """Tell whether an id stands for nothing, as that of a branch that is new or deleted."""
    return not object_id.strip("0")


def _checked(object_id: str) -> str:
    if is_object_id(object_id):
        return object_id
    message = Text(en=f"{object_id!r} is no object", zh=f"{object_id!r} 不是 git 对象")
    raise GitError(message)


def _entry(line: bytes) -> Entry:
    facts, _, path = line.partition(b"\t")
    mode, _kind, object_id, size = facts.split()
    return Entry(mode.decode(), object_id.decode(), int(size) if size.isdigit() else 0, path)


def _environment() -> dict[str, str]:
    """Give an environment without what a hook of git's has in it."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        # A push may bring refs/replace/, which would show one object for another.
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
