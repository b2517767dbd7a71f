"""Fetches a data set through torchvision, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import msgspec

from grader.datasets.image_sets import ImageSet
from grader.datasets.store import DATA_VARIABLE, install
from grader.errors import DatasetUnavailableError
from grader.language import Text

__all__ = ["Progress", "fetch"]

Progress = Callable[[int], None]
"""Is told how many bytes of the archive are here."""

_POLL_SECONDS: Final = 0.1
_LAST_LINES: Final = 3


class _Answer(msgspec.Struct):
    """What the process prints when it fails."""

    kind: str
    detail: str


def fetch(image_set: ImageSet, folders: Sequence[Path], progress: Progress) -> Path:
    """Download a data set into the first folder that takes it, and return its root.

    Nothing is left of a download that fails or is interrupted.

    Raises:
        DatasetUnavailableError: There is no network, what came is damaged, or no folder could be
            written to.
    """
    return install(image_set, lambda folder: _download(image_set, folder, progress), folders)


def _download(image_set: ImageSet, folder: Path, progress: Progress) -> None:
    # -P: a file of the user's in the working folder must not be taken for a module.
    command = [sys.executable, "-P", "-m", "grader.datasets.vision"]
    command += [msgspec.json.encode(image_set).decode(), str(folder)]
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complaints:
        # The other end of its stdin tells it that we are gone.
        with subprocess.Popen(  # noqa: S603 - our own module
            command, stdin=subprocess.PIPE, stdout=said, stderr=complaints
        ) as process:
            try:
                _watch(process, folder / image_set.archive, progress)
            finally:
                process.kill()
                # Popen itself waits for a quarter of a second only after Ctrl-C.
                process.wait()
        if process.returncode != 0:
            raise _failure(image_set, _answer(said, complaints))


def _watch(process: subprocess.Popen[bytes], archive: Path, progress: Progress) -> None:
    """Tell how far it is until it ends: the file itself shows that, whatever torchvision prints."""
    while process.poll() is None:
        if archive.is_file():
            progress(archive.stat().st_size)
        time.sleep(_POLL_SECONDS)


def _answer(said: IO[bytes], complaints: IO[bytes]) -> _Answer:
    said.seek(0)
    try:
        return msgspec.json.decode(said.read(), type=_Answer)
    except msgspec.DecodeError:
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").strip().splitlines()
        return _Answer("broken", " ".join(lines[-_LAST_LINES:]))


def _failure(image_set: ImageSet, answer: _Answer) -> Exception:
    if answer.kind == "disk":
        # For `install`, which tries the next folder.
        return OSError(answer.detail)
    host = urlsplit(image_set.url).hostname
    name, detail = image_set.name, answer.detail
    message = {
        "network": Text(
            en=f"{name} could not be fetched: no connection to {host} ({detail})",
            zh=f"无法下载 {name}：连接不到 {host}（{detail}）",
        ),
        "damaged": Text(
            en=f"{name} could not be fetched: what came from {host} is damaged ({detail})",
            zh=f"无法下载 {name}：从 {host} 得到的文件已损坏（{detail}）",
        ),
    }.get(
        answer.kind,
        Text(en=f"{name} could not be fetched: {detail}", zh=f"无法下载 {name}：{detail}"),
    )
    return DatasetUnavailableError(message, hint=_hint(name))


def _hint(name: str) -> Text:
    return Text(
        en=f"Connect to the internet and run `grade data {name}` again, or copy the folder "
        f"cifar-10-batches-py from elsewhere and let {DATA_VARIABLE} name the folder around it. "
        "Until then the exercises use shapes10, which needs no network.",
        zh=f"请连接网络后再运行 `grade data {name}`；或从别处复制文件夹 cifar-10-batches-py，"
        f"并用环境变量 {DATA_VARIABLE} 指定它所在的文件夹。"
        "在此之前，练习会使用不需要网络的 shapes10。",
    )
