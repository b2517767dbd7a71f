from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import read_submission
from grader.submission.submission import MAX_NOTEBOOK_BYTES, MAX_SCRIPT_BYTES
from grader.worker.wire import CellSource


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_script_is_one_cell_without_a_number(tmp_path: Path) -> None:
    data = b"import torch\r\nX = 1\r\n"
    path = write(tmp_path / "ex03_conv_layer.py", data)
    submission = read_submission(path)
    assert submission.id == "ex03_conv_layer"
    assert submission.path == str(path)
    assert submission.sha256 == hashlib.sha256(data).hexdigest()
    assert submission.kind == "py"
    assert submission.cells == (CellSource(None, "import torch\nX = 1\n"),)
    assert submission.notes == ()


def test_a_notebook_is_its_code_cells(tmp_path: Path) -> None:
    cells = [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "source": "X = 1"}]
    path = write(tmp_path / "a.IPYNB", json.dumps({"cells": cells}).encode("utf-8-sig"))
    submission = read_submission(path)
    assert (submission.kind, submission.id) == ("ipynb", "a")
    assert submission.cells == (CellSource(1, "X = 1"),)


@pytest.mark.parametrize(
    ("encoding", "note"),
    [("utf-8", None), ("utf-8-sig", None), ("utf-16", "UTF-16"), ("gb18030", "GB18030")],
)
def test_a_notebook_is_read_in_every_encoding(
    tmp_path: Path, encoding: str, note: str | None
) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": "# 卷积"}]}, ensure_ascii=False)
    submission = read_submission(write(tmp_path / "a.ipynb", text.encode(encoding)))
    assert submission.cells == (CellSource(1, "# 卷积"),)
    assert [note in text.en for text in submission.notes if note] == ([True] if note else [])


def test_an_output_of_fifty_megabytes_does_not_matter(tmp_path: Path) -> None:
    picture = base64.b64encode(bytes(50 * 1024 * 1024)).decode()
    output = {"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}}
    cell = {"cell_type": "code", "source": "X = 1", "outputs": [output]}
    path = write(tmp_path / "a.ipynb", json.dumps({"cells": [cell]}).encode())
    assert path.stat().st_size > 65 * 1024 * 1024
    assert read_submission(path).cells == (CellSource(1, "X = 1"),)


def test_an_encoding_that_was_guessed_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "a.py", "# 卷积层\n".encode("gbk"))
    (note,) = read_submission(path).notes
    assert "GB18030" in note.en
    assert "GB18030" in note.zh


@pytest.mark.parametrize(("name", "index"), [("a.py", None), ("a.ipynb", 1)])
def test_an_empty_file_is_a_submission(tmp_path: Path, name: str, index: int | None) -> None:
    assert read_submission(write(tmp_path / name, b"")).cells == (CellSource(index, ""),)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real.py", b"X = 1")
    (tmp_path / "link.py").symlink_to("real.py")
    assert read_submission(tmp_path / "link.py").cells[0].text == "X = 1"


def refused(path: Path) -> SubmissionError:
    with pytest.raises(SubmissionError) as info:
        read_submission(path)
    assert str(path) in info.value.message.en
    assert str(path) in info.value.message.zh
    assert info.value.exit_code == 3
    return info.value


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("absent.py", "there is no file"),
        ("a\0b.py", "cannot be read"),
        ("x" * 300 + ".py", "cannot be read"),
        ("file.py/inner.py", "there is no file"),
    ],
)
def test_a_path_without_a_file_is_refused(tmp_path: Path, name: str, words: str) -> None:
    write(tmp_path / "file.py", b"")
    error = refused(tmp_path / name)
    assert words in error.message.en
    assert error.hint is not None


@pytest.mark.parametrize("name", ["folder", "folder.py"])
def test_a_folder_is_refused_with_the_advice_to_name_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    error = refused(tmp_path / name)
    assert "folder" in error.message.en
    assert error.hint is not None


@pytest.mark.parametrize("name", ["a.txt", "a.zip", "a", "py", ".py"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    assert "neither" in refused(write(tmp_path / name, b"X = 1")).message.en


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices have no path there")
def test_pipes_and_devices_are_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert "regular" in refused(tmp_path / "pipe.py").message.en
    (tmp_path / "zero.py").symlink_to("/dev/zero")
    assert "regular" in refused(tmp_path / "zero.py").message.en


def test_a_circle_of_links_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    assert "cannot be read" in refused(tmp_path / "a.py").message.en


@pytest.mark.parametrize(
    ("name", "limit"), [("a.py", MAX_SCRIPT_BYTES), ("a.ipynb", MAX_NOTEBOOK_BYTES)]
)
def test_the_size_is_measured_before_anything_is_read(
    tmp_path: Path, name: str, limit: int
) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(limit + 1)
    error = refused(path)
    assert "too large" in error.message.en
    assert error.hint is not None


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    line = b"# 0123456789012345678901234567\n"
    data = line * (MAX_SCRIPT_BYTES // len(line))
    assert len(read_submission(write(tmp_path / "a.py", data)).cells[0].text) == len(data)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.py", b"")
    path.chmod(0)
    assert "may not be read" in refused(path).message.en
