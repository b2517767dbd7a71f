"""A git server on this machine, and students who push to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
HOOK = ROOT / "grader" / "ci_templates" / "hook" / "post-receive"


def git(folder: Path, *words: str | bytes, given: bytes = b"", check: bool = True) -> str:
    """Run git in a folder, with no configuration but the folder's own."""
    finished = subprocess.run(
        ["git", *words],  # noqa: S607 - whichever git this machine has
        cwd=folder,
        input=given,
        capture_output=True,
        check=False,
        timeout=450,
        env=environment(folder),
    )
    said = (finished.stdout + finished.stderr).decode(errors="replace")
    assert not check or finished.returncode == 0, said
    return said


def environment(folder: Path) -> dict[str, str]:
    """Give the environment of a machine on which nobody is logged in."""
    return {
        "PATH": os.environ["PATH"],
        "TMPDIR": os.environ.get("TMPDIR", "/tmp"),  # noqa: S108 - where pytest's own lie
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }


class Student:
    """A bare repository on the server, and a student's clone of it."""

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.bare = root / f"{name}.git"
        self.clone = root / f"{name}-at-home"
        git(root, "init", "-q", "--bare", "--initial-branch=main", str(self.bare))
        git(root, "init", "-q", "--initial-branch=main", str(self.clone))
        git(self.clone, "remote", "add", "origin", str(self.bare))

    def install(self, settings: Mapping[str, str]) -> None:
        """Let the server grade what is pushed."""
        hook = self.bare / "hooks" / "post-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_bytes(HOOK.read_bytes())
        hook.chmod(0o755)
        for name, value in settings.items():
            git(self.bare, "config", f"torchgrade.{name}", value)

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    def commit(self, files: Mapping[str, str | bytes] | None = None, message: str = "work") -> str:
        """Commit everything, and give the commit."""
        self.write(files or {})
        git(self.clone, "add", "--all", "--force")
        git(self.clone, "commit", "-q", "--allow-empty", "-m", message)
        return self.head()

    def head(self) -> str:
        return git(self.clone, "rev-parse", "HEAD").strip()

    def push(self, ref: str = "HEAD:main") -> str:
        """Push, and give what the student reads."""
        said = git(self.clone, "push", "--force", "origin", ref)
        return "\n".join(line.rstrip() for line in said.splitlines())
