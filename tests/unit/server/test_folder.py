from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from grader.server.folder import ServerFolder, UnsafeFolderError


def test_folder_socket_and_token_are_closed_to_others(runtime: Path) -> None:
    old = os.umask(0)
    try:
        with ServerFolder.open() as folder, folder.listen():
            folder.new_token()
            folder.lock()
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.path.iterdir()}
    finally:
        os.umask(old)
    assert folder.path == runtime / "torchgrade"
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700
    assert modes == {"server.sock": 0o600, "server.lock": 0o600, "token": 0o600}


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_folder_that_others_may_look_into_is_not_used(runtime: Path, mode: int) -> None:
    (runtime / "torchgrade").mkdir()
    (runtime / "torchgrade").chmod(mode)
    with pytest.raises(UnsafeFolderError, match="alone"):
        ServerFolder.open()


def test_a_link_in_the_place_of_the_folder_is_not_followed(runtime: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    (runtime / "torchgrade").symlink_to(elsewhere)
    with pytest.raises(OSError, match="torchgrade"):
        ServerFolder.open()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_not_used(runtime: Path) -> None:
    (runtime / "torchgrade").mkdir(mode=0o700)
    os.chown(runtime / "torchgrade", 12345, 12345)
    with pytest.raises(UnsafeFolderError, match="alone"):
        ServerFolder.open()


@pytest.mark.parametrize("runtime_mode", [None, 0o755])
def test_without_a_private_place_of_the_systems_the_folder_bears_the_users_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime_mode: int | None
) -> None:
    open_to_all = tmp_path / "open"
    if runtime_mode is not None:
        open_to_all.mkdir(mode=runtime_mode)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(open_to_all))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with ServerFolder.open() as folder:
        assert folder.path == tmp_path / f"torchgrade-{os.getuid()}"


def test_a_path_longer_than_an_address_may_be_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(mode=0o700, parents=True)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with ServerFolder.open() as folder, folder.listen() as listener:
        connection = folder.connect(1.0)
        assert connection is not None
        with connection, listener.accept()[0] as accepted:
            accepted.sendall(b"hello")
            assert connection.recv(5) == b"hello"


def test_nobody_listens_where_a_server_was_killed(runtime: Path) -> None:
    with ServerFolder.open() as folder:
        assert folder.connect(1.0) is None
        folder.listen().close()
        assert folder.socket_number() is not None
        assert folder.connect(1.0) is None
        with folder.listen():
            connection = folder.connect(1.0)
            assert connection is not None
            connection.close()


def test_the_place_of_the_server_is_taken_once(runtime: Path) -> None:
    with ServerFolder.open() as folder:
        lock = folder.lock()
        assert lock is not None
        assert folder.lock() is None
        os.close(lock)
        again = folder.lock()
        assert again is not None
        os.close(again)


def test_a_link_in_the_place_of_the_token_is_neither_read_nor_written(
    runtime: Path, tmp_path: Path
) -> None:
    with ServerFolder.open() as folder:
        target = tmp_path / "target"
        target.write_text("precious", encoding="ascii")
        (folder.path / "token").symlink_to(target)
        with pytest.raises(OSError, match="token"):
            folder.read_token()
        token = folder.new_token()
        assert target.read_text(encoding="ascii") == "precious"
        assert folder.read_token() == token


def test_a_folder_that_was_replaced_is_noticed(runtime: Path) -> None:
    with ServerFolder.open() as folder:
        assert folder.is_in_place()
        folder.path.rename(runtime / "moved")
        assert not folder.is_in_place()
        folder.path.mkdir(mode=0o700)
        assert not folder.is_in_place()
