"""Makes folders and archives such as students and learning platforms hand in."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.batch.discovery.discover import discover
from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.students import Roster
from grader.batch.found import Discovery

EXERCISES = ("ex03_conv_layer", "ex04_max_pool")

Files = Mapping[str, bytes | str]


def content(value: bytes | str) -> bytes:
    return value if isinstance(value, bytes) else value.encode()


def make_folder(folder: Path, files: Files) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content(value))
    return folder


def zipped(files: Files | Iterable[tuple[str, bytes | str]]) -> bytes:
    pairs = files.items() if isinstance(files, Mapping) else files
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in pairs:
            archive.writestr(name, content(value))
    return buffer.getvalue()


def tarred(files: Files, mode: str = "w:gz", extra: Iterable[tarfile.TarInfo] = ()) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for info in extra:
            archive.addfile(info)
        for name, value in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content(value))
            archive.addfile(info, io.BytesIO(content(value)))
    return buffer.getvalue()


def search(
    *sources: Path,
    workspace: Path | None = None,
    exercises: tuple[str, ...] = EXERCISES,
    roster: Roster | None = None,
    layout: LayoutName | None = None,
    handouts: tuple[Path, ...] = (),
) -> Discovery:
    return discover(
        sources,
        exercises,
        workspace=workspace or sources[0].parent / "workspace",
        roster=roster,
        layout=layout,
        handouts=handouts,
    )


def pairs(discovery: Discovery) -> list[tuple[str, str, str]]:
    """Return student, exercise and what the file says."""
    return [
        (one.student, one.exercise, one.path.read_text(encoding="utf-8")) for one in discovery.found
    ]


def said(discovery: Discovery) -> list[tuple[str | None, str]]:
    return [(problem.owner, problem.message.en) for problem in discovery.problems]
