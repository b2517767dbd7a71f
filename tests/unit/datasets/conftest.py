"""A small data set in CIFAR-10's files, the archive that holds it, and servers that send it."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import numpy as np
import pytest

from grader.datasets import image_sets
from grader.datasets.cifar_format import CifarBatch, encode_batch, encode_meta
from grader.datasets.image_sets import BASE_FOLDER, CIFAR10, META, ImageSet
from grader.datasets.shapes10_files import shapes10_files
from grader.datasets.store import DATA_VARIABLE

Respond = Callable[[BaseHTTPRequestHandler], None]


class Small(NamedTuple):
    """Twelve images that stand in for the real CIFAR-10."""

    image_set: ImageSet
    files: dict[str, bytes]
    archive: bytes

    def put_into(self, folder: Path) -> None:
        (folder / BASE_FOLDER).mkdir(parents=True)
        for name, content in self.files.items():
            (folder / BASE_FOLDER / name).write_bytes(content)


@pytest.fixture(scope="session")
def shapes10() -> dict[str, bytes]:
    """Give the files of shapes10, drawn now."""
    return dict(shapes10_files())


@pytest.fixture(scope="session")
def small() -> Small:
    images = np.arange(2 * 3 * 32 * 32, dtype=np.uint32).astype(np.uint8).reshape(2, 3, 32, 32)
    files = {
        name: encode_batch(
            CifarBatch(images + np.uint8(number), np.array([number, 9])), "a batch", ["a", "b"]
        )
        for number, name in enumerate([*CIFAR10.train, *CIFAR10.test])
    }
    files[META] = encode_meta([f"kind {number}" for number in range(10)], 2)
    archive = _archive(files)
    md5 = {name: _md5(content) for name, content in files.items()}
    image_set = ImageSet(
        name="cifar10",
        title=CIFAR10.title,
        folder=".",
        train={name: md5[name] for name in CIFAR10.train},
        test={name: md5[name] for name in CIFAR10.test},
        meta_md5=md5[META],
        url="http://127.0.0.1:9/small.tar.gz",
        archive="small.tar.gz",
        archive_md5=_md5(archive),
        archive_bytes=len(archive),
    )
    return Small(image_set, files, archive)


@pytest.fixture
def as_cifar10(small: Small, monkeypatch: pytest.MonkeyPatch) -> Small:
    """Let the small set be what this program takes for CIFAR-10."""
    known = (small.image_set, image_sets.SHAPES10)
    monkeypatch.setattr(image_sets, "IMAGE_SETS", known)
    monkeypatch.setattr("grader.datasets.store.IMAGE_SETS", known)
    return small


@pytest.fixture
def data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shapes10: dict[str, bytes]
) -> Path:
    """Give the only folder in which data sets are looked for; in this process, none is drawn."""
    folder = tmp_path / "data"
    monkeypatch.setattr("grader.datasets.shapes10_files.shapes10_files", shapes10.items)
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    return folder


@pytest.fixture
def serve() -> Iterator[Callable[[Respond], str]]:
    """Start servers; each answers all requests in one way. Gives its address."""
    servers: list[ThreadingHTTPServer] = []

    def start(respond: Respond) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                respond(self)

            do_HEAD = do_GET  # noqa: N815 - the name that http.server looks for

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/small.tar.gz"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _archive(files: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"{BASE_FOLDER}/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return written.getvalue()


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
