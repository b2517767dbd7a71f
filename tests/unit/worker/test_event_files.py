"""What TensorBoard's writer leaves in a folder, and what is read from it."""

from __future__ import annotations

import struct
import threading
from pathlib import Path

import pytest
import torch
from tensorboard.summary.writer import event_file_writer
from torch.utils.tensorboard import SummaryWriter

from grader.worker.event_files import read_events, write_events_in_thread


@pytest.fixture(autouse=True)
def in_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file_writer, "_AsyncWriter", event_file_writer._AsyncWriter)
    write_events_in_thread()


def write(folder: Path, tag: str, *steps: int) -> None:
    with SummaryWriter(str(folder)) as writer:
        for step in steps:
            images = torch.full((1, 3, 2, 4), step / 255)
            writer.add_images(tag, images, step)


def test_images_are_read_in_the_order_written(tmp_path: Path) -> None:
    write(tmp_path, "input", 3, 1)
    write(tmp_path, "output", 7)
    write(tmp_path, "input", 2)
    steps, pictures, has_graph = read_events(str(tmp_path))
    assert steps == {"input": [3, 1, 2], "output": [7]}
    assert [int(picture.max()) for picture in pictures["input"]] == [3, 1, 2]
    assert pictures["output"][0].shape == (2, 4, 3)
    assert not has_graph
    assert read_events(str(tmp_path), pictures=False) == (steps, {}, False)


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_a_graph_is_seen(tmp_path: Path) -> None:
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_graph(torch.nn.Identity(), torch.zeros(1))
    assert read_events(str(tmp_path)) == ({}, {}, True)


def test_no_thread_writes_and_what_was_flushed_is_there(tmp_path: Path) -> None:
    threads = threading.active_count()
    writer = SummaryWriter(str(tmp_path))
    writer.add_images("input", torch.zeros(1, 3, 2, 2), 5)
    writer.flush()
    assert threading.active_count() == threads
    assert read_events(str(tmp_path))[0] == {"input": [5]}
    writer.close()


def test_a_writer_that_was_closed_takes_no_more(tmp_path: Path) -> None:
    writer = event_file_writer.EventFileWriter(str(tmp_path))
    writer.close()
    writer.close()
    with pytest.raises(OSError, match="closed"):
        writer.flush()


@pytest.mark.parametrize("kept", [0, 5, 30, -3])
def test_a_file_that_was_cut_off_gives_what_is_whole(tmp_path: Path, kept: int) -> None:
    write(tmp_path, "input", 1, 2)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:kept])
    steps, _, _ = read_events(str(tmp_path))
    assert steps == ({} if kept >= 0 else {"input": [1]})


@pytest.mark.parametrize(
    "follows",
    [b"\xff" * 40, struct.pack("<Q", 2**63) + bytes(40), struct.pack("<Q", 4) + bytes(4) + b"text"],
)
def test_what_is_no_event_ends_a_file(tmp_path: Path, follows: bytes) -> None:
    write(tmp_path, "input", 1)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes() + follows + bytes(4))
    write(tmp_path, "output", 2)
    assert read_events(str(tmp_path))[0] == {"input": [1], "output": [2]}


def test_other_files_and_a_folder_that_is_missing_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("none", encoding="utf-8")
    (tmp_path / "tfevents").mkdir()
    assert read_events(str(tmp_path)) == ({}, {}, False)
    assert read_events(str(tmp_path / "missing")) == ({}, {}, False)
