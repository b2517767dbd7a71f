from __future__ import annotations

import errno
import http.client
import os
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import msgspec
import psutil
import pytest

from grader.datasets import vision
from grader.datasets.fetch import fetch
from grader.datasets.image_sets import ImageSet
from grader.datasets.store import locate
from grader.errors import DatasetUnavailableError

Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


def ignore(_done: int) -> None:
    pass


def sending(content: bytes, promised: int | None = None) -> Callable[[Any], None]:
    """Answer with a content, of which the header may promise more."""

    def respond(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(promised or len(content)))
        request.end_headers()
        if request.command == "GET":
            request.wfile.write(content)

    return respond


def stalling(request: BaseHTTPRequestHandler) -> None:
    sending(b"only the beginning", promised=10_000)(request)
    if request.command == "GET":
        request.wfile.flush()
        time.sleep(60)


def at(image_set: ImageSet, url: str) -> ImageSet:
    return msgspec.structs.replace(image_set, url=url)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_a_download_ends_as_a_complete_copy_and_nothing_else(
    small: Any, serve: Serve, tmp_path: Path
) -> None:
    wanted = at(small.image_set, serve(sending(small.archive)))
    assert fetch(wanted, [tmp_path], ignore) == tmp_path
    assert locate(wanted, [tmp_path]) == tmp_path
    assert [path.name for path in tmp_path.iterdir()] == ["cifar-10-batches-py"]


@pytest.mark.slow
def test_no_connection_is_told_as_that(small: Any, tmp_path: Path) -> None:
    wanted = at(small.image_set, f"http://127.0.0.1:{free_port()}/small.tar.gz")
    with pytest.raises(DatasetUnavailableError) as caught:
        fetch(wanted, [tmp_path], ignore)
    assert "no connection to 127.0.0.1 (Connection refused)" in caught.value.message.en
    assert "shapes10, which needs no network" in str(caught.value.hint)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_progress_follows_the_file_and_an_interrupt_removes_it(
    small: Any, serve: Serve, tmp_path: Path
) -> None:
    seen: list[int] = []

    def interrupt(done: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    wanted = at(small.image_set, serve(stalling))
    with pytest.raises(KeyboardInterrupt):
        fetch(wanted, [tmp_path], interrupt)
    assert seen in ([0], [18])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_download_ends_with_the_command_that_started_it(
    small: Any, serve: Serve, tmp_path: Path
) -> None:
    wanted = msgspec.json.encode(at(small.image_set, serve(stalling))).decode()
    code = f"""
import msgspec
from pathlib import Path
from grader.datasets.fetch import fetch
from grader.datasets.image_sets import ImageSet
fetch(msgspec.json.decode({wanted!r}, type=ImageSet), [Path({str(tmp_path)!r})], print)
"""
    command = [sys.executable, "-u", "-c", code]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (child,) = psutil.Process(process.pid).children()
        process.kill()
    child.wait(timeout=10)


@pytest.fixture
def download(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], dict[str, str]]:
    """Download in this process, and give what it says of its failure."""
    monkeypatch.setattr(vision, "_end_with_parent", lambda: None)
    before = socket.getdefaulttimeout()
    monkeypatch.setattr(socket, "setdefaulttimeout", lambda _seconds: before)

    def run(url: str) -> dict[str, str]:
        description = msgspec.json.encode(at(small.image_set, url)).decode()
        assert vision.main(description, str(tmp_path)) == 1
        answer = capfd.readouterr().out.splitlines()[-1]
        return msgspec.json.decode(answer, type=dict[str, str])

    return run


def test_a_truncated_archive_is_damaged(small: Any, serve: Serve, download: Any) -> None:
    half = small.archive[: len(small.archive) // 2]
    assert download(serve(sending(half)))["kind"] == "damaged"


def test_a_connection_that_breaks_off_is_noticed(small: Any, serve: Serve, download: Any) -> None:
    half = small.archive[: len(small.archive) // 2]
    answer = download(serve(sending(half, promised=len(small.archive))))
    assert answer["kind"] in {"damaged", "network"}


def test_the_page_of_a_portal_is_damaged(serve: Serve, download: Any) -> None:
    assert download(serve(sending(b"<html>Log in first</html>")))["kind"] == "damaged"


def test_a_server_without_the_file_is_a_matter_of_the_network(serve: Serve, download: Any) -> None:
    answer = download(serve(lambda request: request.send_error(404)))
    assert answer["kind"] == "network"
    assert "Not Found" in answer["detail"]


def test_a_folder_that_takes_no_files_is_a_matter_of_the_disk(
    small: Any, serve: Serve, download: Any, tmp_path: Path
) -> None:
    (tmp_path / small.image_set.archive).mkdir()
    assert download(serve(sending(small.archive)))["kind"] == "disk"


@pytest.mark.parametrize(
    ("error", "kind", "detail"),
    [
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), "disk", "No space left on device"),
        (urllib.error.URLError(TimeoutError("timed out")), "network", "timed out"),
        (ConnectionResetError(errno.ECONNRESET, "reset by peer"), "network", "reset by peer"),
        (http.client.IncompleteRead(b""), "network", "IncompleteRead(0 bytes read)"),
    ],
)
def test_errors_are_sorted_by_what_the_user_can_do(
    error: Exception, kind: str, detail: str
) -> None:
    assert (vision._kind(error), vision._detail(error)) == (kind, detail)


def test_a_full_disk_is_tried_in_the_next_folder(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(_image_set: ImageSet, folder: Path, _progress: Any) -> None:
        if folder.is_relative_to(tmp_path / "full"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        small.put_into(folder)

    monkeypatch.setattr("grader.datasets.fetch._download", download)
    places = [tmp_path / "full", tmp_path / "cache"]
    assert fetch(small.image_set, places, ignore) == tmp_path / "cache"
