"""Plays a container engine: runs on this machine what a container would run.

It knows as much of the command line of podman and docker as is used: `run`, `rm`, `version`, `info`
and `image inspect`. What it is asked for, and how it behaves, lies in a folder beside it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCRATCH = "/scratch"


class FakeEngine:
    """A program `podman` in a folder that is put on the PATH."""

    def __init__(self, folder: Path, name: str = "podman") -> None:
        self.folder = folder
        self.program = folder / name
        folder.mkdir(exist_ok=True)
        (folder / "scratch").mkdir(mode=0o711, exist_ok=True)
        # Workers that are other users pass through here.
        folder.chmod(0o711)
        self.program.write_text(f'#!/bin/sh\nexec {sys.executable} -P {__file__} {folder} "$@"\n')
        self.program.chmod(0o755)

    def behave(self, **how: object) -> None:
        """Say what shall go wrong, by the name of a word of the command line."""
        (self.folder / "behaviour.json").write_text(json.dumps(how))

    @property
    def commands(self) -> list[list[str]]:
        """What it was asked for."""
        log = self.folder / "commands.jsonl"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    @property
    def runs(self) -> list[list[str]]:
        """The containers that it was asked to run."""
        return [command for command in self.commands if command[0] == "run"]

    def kill_last(self) -> None:
        """Lose the last container that was started."""
        pid = int((self.folder / "pid").read_text())
        os.killpg(pid, signal.SIGKILL)


def main(folder: Path, words: list[str]) -> int:
    """Do as the engine would."""
    with (folder / "commands.jsonl").open("a") as log:
        log.write(json.dumps(words) + "\n")
    path = folder / "behaviour.json"
    how = json.loads(path.read_text()) if path.exists() else {}
    if words[0] in how:
        said, status = how[words[0]]
        sys.stderr.write(f"{said}\n")
        return int(status)
    if words[0] in ("version", "info"):
        sys.stdout.write("5.4.1\n")
    return _run(folder, words, how) if words[0] == "run" else 0


def _run(folder: Path, words: list[str], how: dict[str, str]) -> int:
    place = next(index for index, word in enumerate(words[1:], 1) if not word.startswith("-"))
    options, (image, program, *arguments) = words[1:place], words[place:]
    assert image.startswith("torchgrade-worker:"), image
    assert program == "python", program
    given = [option.partition("=")[2] for option in options if option.startswith("--env=")]
    environment = dict(each.split("=", 1) for each in given)
    # As the image has it.
    environment |= {"PYTHONPATH": str(how.get("package", ROOT)), "LC_ALL": "C.UTF-8"}
    arguments = [str(folder / "scratch") if word == SCRATCH else word for word in arguments]
    if "instead" in how:
        arguments = ["-c", how["instead"]]
    inner = subprocess.Popen(
        [sys.executable, *arguments], cwd="/", env=environment, start_new_session=True
    )
    (folder / "pid").write_text(str(inner.pid))
    return inner.wait()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
