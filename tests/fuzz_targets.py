"""What reads bytes that others made: each reader, real inputs for it, and what it may raise.

Used by `tests/fuzz`, which is quick, and by `benchmarks/fuzz/fuzz.py`, which goes on for minutes.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sqlite3
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import torch
from class_reports import make_report

from grader.batch.class_list import read_class_list
from grader.batch.discovery.limits import Budget, Limits
from grader.batch.discovery.listing import Listing
from grader.batch.discovery.roster import read_roster
from grader.batch.discovery.unpack import unpack
from grader.batch.discovery.workspace import Workspace
from grader.batch.journal import Journal
from grader.course.manifest import read_manifest
from grader.errors import (
    ManifestError,
    ReportNotWrittenError,
    ReportUnreadableError,
    SubmissionError,
    UsageError,
)
from grader.report.read import parse_report
from grader.submission import read_submission
from grader.worker import facts, framing, tunnel, wire
from grader.worker.parsing import parse_cells
from grader.worker.values import Decoder, Encoder

ROOT: Final = Path(__file__).parents[1]
ARCHIVE_LIMITS: Final = Limits(total_bytes=20_000_000, entries=2_000)


class Target(NamedTuple):
    """A reader."""

    read: Callable[[bytes, Path], object]
    """Given the bytes, and a folder for itself."""
    may_raise: tuple[type[Exception], ...]
    seeds: Callable[[], list[bytes]]
    is_msgpack: bool = False


def keep(value: object) -> wire.Value:
    return wire.HandleValue(1, type(value).__name__, (), "")


def framed(message: wire.Request | wire.Response, blob: bytes | bytearray = b"") -> bytes:
    return b"".join(wire.encode(message, blob))


def unframed(data: bytes) -> tuple[bytearray, bytearray]:
    stream = io.BytesIO(data)

    def read(count: int) -> bytearray:
        chunk = stream.read(count)
        if len(chunk) < count:
            # The other side hung up; what is waited for is not reserved beforehand here.
            raise framing.WireError
        return bytearray(chunk)

    return framing.read_frame(read)


VALUES: Final = (
    None,
    [1, 2.5, True, "文", b"x", 2**70, (1, (2, (3,)))],
    {"a": [1], 2: {"b": None}, (1, 2): {3, 4}},
    [slice(1, None, 2), torch.Size([2, 3]), torch.float32, torch.device("cpu"), frozenset({1})],
    [torch.arange(6.0).reshape(2, 3), torch.nn.Parameter(torch.ones(2, 2)), torch.ones(0, 3)],
    [torch.ones(2, 3, dtype=torch.bool).T, torch.ones(2, dtype=torch.complex64), torch.tensor(7)],
    object(),
)


def response_seeds() -> list[bytes]:
    place = wire.Place(3, None, "f")
    fact = wire.ProblemFact("syntax", "SyntaxError", "no", 1, None, 2, "x", ("a",))
    seeds = [
        framed(wire.Ready(("landlock",), {"namespaces": "no"})),
        framed(wire.Raised("ValueError", ("Exception",), "no", place, None, ())),
        framed(wire.Refused("too_large", "much")),
        framed(
            wire.LoadReport(
                runnable=False,
                problems=(fact,),
                skipped=(),
                defined=(wire.NameFact("f", "function", 1, 2),),
                used=(),
            )
        ),
    ]
    for value in VALUES:
        encoder = Encoder(keep)
        encoded = encoder.encode(value)
        seeds.append(
            framed(wire.Returned(encoded, (wire.Operator("aten::add", place),)), encoder.blob)
        )
    return seeds


def request_seeds() -> list[bytes]:
    script = wire.CellSource(None, "x = 1")
    seeds = [
        framed(wire.Load((script,), "f.py", ("x",), run_all=False, device="cpu")),
        framed(wire.Begin(7, watch=True)),
        framed(wire.Get(0, "x")),
        framed(wire.Library("torch")),
        framed(wire.Define("x = 1", ("x",))),
    ]
    for value in VALUES:
        encoder = Encoder(keep, strides=True)
        encoded = encoder.encode(value)
        seeds.append(framed(wire.Call(1, (encoded,), {"a": 1}), encoder.blob))
    return seeds


def read_response(data: bytes, _: Path) -> None:
    header, blob = unframed(data)
    response = wire.decode_response(header)
    if isinstance(response, wire.Returned):
        Decoder(blob, lambda handle: handle).decode(response.value)


def read_request(data: bytes, _: Path) -> None:
    header, blob = unframed(data)
    request = wire.decode_request(header)
    if isinstance(request, wire.Call | wire.Probe):
        decoder = Decoder(blob, lambda handle: handle, restore=True)
        for value in (*request.args, *request.kwargs.values()):
            decoder.decode(value)


def read_handed_in(name: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        parsed = parse_cells(read_submission(path).cells)
        facts.find_names(parsed.statements)
        facts.find_uses(parsed.statements)
        facts.find_loops(parsed.statements)
        wire.encode(
            wire.LoadReport(parsed.is_parsed, tuple(parsed.problems), tuple(parsed.skipped), (), ())
        )

    return read


def script_seeds() -> list[bytes]:
    scripts = sorted((ROOT / "solutions").glob("*/*.py")) + sorted((ROOT / "samples").rglob("*.py"))
    found = [path.read_bytes() for path in scripts[:12]]
    return [*found, "# -*- coding: gbk -*-\nx = '中文'\n".encode("gbk"), b"# %%\n!ls\n# %%\nx=1\n"]


def notebook_seeds() -> list[bytes]:
    notebook = {
        "cells": [
            {"cell_type": "code", "source": ["import torch\n", "x = 1"], "metadata": {}},
            {"cell_type": "markdown", "source": "# a"},
            {"cell_type": "code", "source": "%%bash\nls"},
        ],
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
    }
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": "x=1"}]}], "nbformat": 3}
    real = [path.read_bytes() for path in sorted((ROOT / "exercises").glob("*/*.ipynb"))[:3]]
    return [json.dumps(notebook).encode(), json.dumps(old).encode(), *real]


def archive_seeds() -> list[bytes]:
    files = {"ada/ex03_conv_layer.py": b"x = 1\n" * 50, "b/ex01.ipynb": b"{}", "c.txt": b"no"}
    seeds = []
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        seeds.append(out.getvalue())
    for mode in ("w:", "w:gz", "w:bz2", "w:xz"):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode=mode) as tar:
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
        seeds.append(out.getvalue())
    return seeds


def read_archive(data: bytes, folder: Path) -> None:
    path = folder / "in.zip"
    path.write_bytes(data)
    with tempfile.TemporaryDirectory(dir=folder) as place:
        listing = Listing()
        workspace = Workspace(Path(place) / "workspace")
        budget = Budget(ARCHIVE_LIMITS)
        unpack(path, "in", (), listing=listing, workspace=workspace, budget=budget)
        for entry in listing.entries:
            assert entry.path.resolve().is_relative_to(Path(place).resolve())
    assert {one.name for one in folder.iterdir()} <= {"in.zip"}


def read_file(name: str, reader: Callable[[Path], object]) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        path = folder / name
        path.write_bytes(data)
        reader(path)

    return read


def manifest_seeds() -> list[bytes]:
    return [(ROOT / "exercises" / "ex01_nn_module" / "exercise.toml").read_bytes()]


def read_a_manifest(data: bytes, folder: Path) -> None:
    # Its folder has to have the exercise's name.
    path = folder / "ex01_nn_module" / "exercise.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    read_manifest(path)


def report_seeds() -> list[bytes]:
    return [make_report().to_json()]


def roster_seeds() -> list[bytes]:
    text = 'student,name,email,github,aliases\ns1,"Lovelace, Ada",a@b.c,ada,x|y\ns2,王小明,,,\n'
    canvas = 'Student,ID,SIS User ID,SIS Login ID,Section\n"B, A",1,2,ab,x\n'
    return [text.encode(), text.encode("gb18030"), text.encode("utf-16"), canvas.encode()]


def journal_seeds() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.sqlite"
        with Journal(path) as journal:
            journal.set_seed(7)
        with sqlite3.connect(path) as database:
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute(
                "INSERT INTO results VALUES ('s','ex01','k','graded',1.0,2.0,'x','2026-01-01')"
            )
        database.close()
        return [path.read_bytes()]


def read_journal(data: bytes, folder: Path) -> None:
    for left in folder.iterdir():
        left.unlink()
    path = folder / "journal.sqlite"
    path.write_bytes(data)
    with Journal(path) as journal:
        journal.seed()
        journal.finished("s", "ex01")


def class_seeds() -> list[bytes]:
    kept = {
        "exercises": ["ex01"],
        "rosters": {"class.csv": ["s1"]},
        "late": [["s1", "ex01"]],
        "not_graded": [["s1", "ex01", ["zip"]]],
    }
    return [msgspec.json.encode(kept)]


def tunnel_seeds() -> list[bytes]:
    messages: tuple[tunnel.Message, ...] = (
        tunnel.Hello(1, "0" * 64),
        tunnel.Prepared({"a": "no"}),
        tunnel.Launched(1, 7),
        tunnel.Refused(2, "no"),
        tunnel.Data(1, "stdout", b"text"),
        tunnel.Data(1, "wire", b"\0" * 5000),
        tunnel.Taken(1, "wire", 12),
        tunnel.CpuTime(1, 0.5),
        tunnel.End(1, "stderr"),
        tunnel.Exited(1, 9, was_short_of_memory=False),
    )
    return [tunnel.frame(message) for message in messages] + [
        b"".join(tunnel.frame(message) for message in messages)
    ]


def read_tunnel(data: bytes, _: Path) -> None:
    """Let a tunnel take what a container might send, with a worker at this end."""
    source, theirs = os.pipe()
    sink = os.open(os.devnull, os.O_WRONLY)
    local = [os.open(os.devnull, os.O_WRONLY) for _ in tunnel.STREAMS]
    end = tunnel.Tunnel(source, sink, lambda message: None)
    for stream, descriptor in zip(tunnel.STREAMS, local, strict=True):
        end.attach(1, stream, descriptor, reads=False)
    try:
        # What a pipe holds; more would block this one thread.
        os.write(theirs, data[:60_000])
        os.close(theirs)
        while end.pump(0):
            pass
    finally:
        end.close()
        os.close(source)
        os.close(sink)


TARGETS: Final[dict[str, Target]] = {
    "request": Target(read_request, (framing.WireError,), request_seeds, is_msgpack=True),
    "response": Target(read_response, (framing.WireError,), response_seeds, is_msgpack=True),
    "tunnel": Target(read_tunnel, (tunnel.TunnelError,), tunnel_seeds),
    "script": Target(read_handed_in("f.py"), (SubmissionError,), script_seeds),
    "notebook": Target(read_handed_in("f.ipynb"), (SubmissionError,), notebook_seeds),
    "archive": Target(read_archive, (), archive_seeds),
    "manifest": Target(read_a_manifest, (ManifestError,), manifest_seeds),
    "report": Target(
        lambda data, _: parse_report(data, name="r"), (ReportUnreadableError,), report_seeds
    ),
    "roster": Target(read_file("roster.csv", read_roster), (UsageError,), roster_seeds),
    "journal": Target(read_journal, (UsageError, ReportNotWrittenError), journal_seeds),
    "class": Target(
        read_file("class.json", lambda path: read_class_list(path.parent)),
        (UsageError,),
        class_seeds,
    ),
}


def feed(target: Target, data: bytes, folder: Path) -> None:
    """Give bytes to a reader; whatever it raises beyond what it may is a finding."""
    with contextlib.suppress(*target.may_raise):
        target.read(data, folder)
