"""Git repositories such as students push."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

ZEROS: Final = "0" * 40
_WHO: Final = {
    "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_AUTHOR_DATE": "2026-01-02T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-02T00:00:00Z",
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_ALLOW_PROTOCOL": "file",
}  # fmt: skip


class StudentRepository:
    """A repository with a working copy."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str, data: bytes | None = None) -> str:
        finished = subprocess.run(
            ["git", *arguments],  # noqa: S607 - wherever it is on this machine
            cwd=self.folder, env=os.environ | _WHO, input=data, check=True,
            capture_output=True, timeout=60,
        )  # fmt: skip
        return finished.stdout.decode().strip()

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def commit(self, message: str = "work", **files: str | bytes) -> str:
        for name, content in files.items():
            self.write(name, content)
        return self.save(message)

    def save(self, message: str = "work") -> str:
        """Commit the working copy as it is, and give the commit's id."""
        self.git("add", "-A", "--force")
        self.git(
            "commit", "-q", "--allow-empty", "--no-verify", "--cleanup=verbatim", "-m", message
        )
        return self.git("rev-parse", "HEAD")
