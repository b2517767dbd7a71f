"""Reads a student's git repository: commits, names and contents, and nothing else of it.

Only plumbing is used, which knows no hooks, filters, attributes, external programs or aliases, and
which never looks at the working copy. What is graded is what the commit holds.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

from grader.errors import GraderFault, UsageError
from grader.language import Text

__all__ = ["Change", "Entry", "Repository"]

_SECONDS: Final = 120
_MAX_LISTING: Final = 64 * 2**20
_COMMIT: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENVIRONMENT: Final = ("PATH", "TMPDIR", "SYSTEMROOT")
_SETTINGS: Final = (
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    # Renames are looked for among this many files, and no more.
    "diff.renameLimit=400",
)


class Entry(NamedTuple):
    """A file of a commit."""

    mode: str
    """As git has it: `100644` and `100755` are files, `120000` a link, `160000` a submodule."""
    blob: str
    size: int

    @property
    def is_file(self) -> bool:
        """Whether it is a file, rather than a link or another repository."""
        return self.mode in ("100644", "100755", "100664")


class Change(NamedTuple):
    """A path that differs between two commits."""

    old: str | None
    """None where the path is new."""
    new: str | None
    """None where the path is gone."""


class Repository:
    """A repository on this machine, with or without a working copy."""

    def __init__(self, folder: Path) -> None:
        """Take the folder.

        Raises:
            UsageError: It is no repository, or git is not installed.
        """
        self._folder = folder.absolute()
        self._listed: dict[str, dict[str, Entry]] = {}
        if not folder.is_dir() or self._ask("rev-parse", "--git-dir") is None:
            raise UsageError(
                Text(en=f"{folder} is no git repository", zh=f"{folder} 不是 git 仓库"),
                hint=Text(
                    en="Name one with `--repo`; `grade exNN --file FILE` needs no git.",
                    zh="请用 `--repo` 指定仓库；`grade exNN --file 文件` 可以不用 git 直接评分。",
                ),
            )

    def commit(self, name: str) -> str | None:
        """Give the id of a commit that a name, such as `HEAD^`, stands for; None without one."""
        if not name or name.startswith("-") or "\0" in name:
            return None
        said = self._ask(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        found = (said or b"").decode(errors="replace").strip()
        return found if _COMMIT.fullmatch(found) else None

    def fork_point(self, one: str, other: str) -> str | None:
        """Give the last commit that two have in common; None where none is here."""
        said = self._ask("merge-base", one, other)
        found = (said or b"").decode(errors="replace").split()
        return found[0] if found and _COMMIT.fullmatch(found[0]) else None

    def files(self, commit: str) -> dict[str, Entry]:
        """List the files of a commit, by path; what is a link or a submodule too."""
        if commit not in self._listed:
            self._listed[commit] = self._list(commit)
        return self._listed[commit]

    def _list(self, commit: str) -> dict[str, Entry]:
        listed = self._require("ls-tree", "-r", "-z", "-l", "--full-tree", commit)
        found: dict[str, Entry] = {}
        for line in listed.split(b"\0"):
            facts, _, path = line.partition(b"\t")
            mode, _kind, blob, size = (facts.decode("ascii").split() + [""] * 4)[:4]
            if path:
                entry = Entry(mode, blob, int(size) if size.isdigit() else 0)
                found[os.fsdecode(path)] = entry
        return found

    def changes(self, base: str, head: str) -> list[Change]:
        """List what differs between two commits; a file that moved counts once."""
        said = self._require(
            *("diff-tree", "-r", "-z", "--raw", "-M", "--no-ext-diff", "--no-textconv"),
            *("--full-index", base, head),
        )
        parts = iter(said.split(b"\0"))
        found: list[Change] = []
        for facts in parts:
            if not facts.startswith(b":"):
                continue
            kind, path = facts.decode("ascii").rpartition(" ")[2], os.fsdecode(next(parts))
            if kind.startswith(("R", "C")):
                found.append(Change(path, os.fsdecode(next(parts))))
            else:
                found.append(Change(None if kind == "A" else path, None if kind == "D" else path))
        return found

    def content(self, entry: Entry) -> bytes:
        """Read a file's content, as the commit holds it: no filter and no conversion."""
        return self._require("cat-file", "blob", entry.blob)

    def _require(self, *arguments: str) -> bytes:
        said = self._ask(*arguments)
        if said is None:
            raise GraderFault(
                Text(
                    en=f"git could not read {self._folder}: git {arguments[0]} failed",
                    zh=f"git 无法读取 {self._folder}：git {arguments[0]} 失败",
                ),
                hint=Text(
                    en="Is the repository whole? `git fsck` tells. Clone it once more.",
                    zh="仓库是否完整？可用 `git fsck` 检查，或重新克隆。",
                ),
            )
        return said

    def _ask(self, *arguments: str) -> bytes | None:
        """Run git; None where it fails."""
        settings = (*_SETTINGS, f"safe.directory={self._folder}")
        command = ["git", "--no-pager", "--no-replace-objects", "--literal-pathspecs"]
        command += [part for setting in settings for part in ("-c", setting)]
        try:
            finished = subprocess.run(  # noqa: S603 - no shell; what a student names is no option
                [*command, *arguments],
                cwd=self._folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise GraderFault(
                Text(en=f"git could not be run: {error}", zh=f"无法运行 git：{error}"),
                hint=Text(
                    en="Install git, and look whether the folder is there.",
                    zh="请安装 git，并检查文件夹是否存在。",
                ),
            ) from error
        if finished.returncode != 0 or len(finished.stdout) > _MAX_LISTING:
            return None
        return finished.stdout


def _environment() -> dict[str, str]:
    """Give git no setting of anybody's, and no way to the network or to a terminal."""
    allowed = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    return allowed | {
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_ATTR_NOSYSTEM": "1",
    }
