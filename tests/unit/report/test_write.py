from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import ReportNotWrittenError
from grader.report.model import Report
from grader.report.write import write_report

MakeReport = Callable[..., Report]


def test_a_report_takes_the_place_of_the_former_one(
    make_report: MakeReport, tmp_path: Path
) -> None:
    path = tmp_path / "report.json"
    path.write_text("former", encoding="utf-8")
    report = make_report()
    write_report(report, path)
    assert path.read_bytes() == report.to_json()
    assert list(tmp_path.glob("*.tmp")) == []


def assert_not_written(report: Report, path: Path, cause: str) -> None:
    with pytest.raises(ReportNotWrittenError) as caught:
        write_report(report, path)
    assert cause in caught.value.message.en
    assert str(path) in caught.value.message.zh
    assert caught.value.hint is not None
    assert caught.value.exit_code == 5


def test_a_missing_folder_is_an_error(make_report: MakeReport, tmp_path: Path) -> None:
    assert_not_written(make_report(), tmp_path / "none" / "report.json", "No such file")


def test_a_file_in_place_of_the_folder_is_an_error(make_report: MakeReport, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_not_written(make_report(), tmp_path / "file" / "report.json", "Not a directory")


def test_a_folder_in_place_of_the_file_is_an_error(make_report: MakeReport, tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    assert_not_written(make_report(), tmp_path / "report.json", "Is a directory")
    assert [path.name for path in tmp_path.glob("*report.json*")] == ["report.json"]


def test_a_full_disk_leaves_the_former_report_and_no_rubbish(
    make_report: MakeReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.json"
    path.write_text("former", encoding="utf-8")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("grader.atomic.os.fsync", fail)
    assert_not_written(make_report(), path, "No space left on device")
    assert path.read_text(encoding="utf-8") == "former"
    assert [entry.name for entry in tmp_path.glob("*report.json*")] == ["report.json"]


def test_a_link_is_followed(make_report: MakeReport, tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    link.symlink_to(target)
    report = make_report()
    write_report(report, link)
    assert link.is_symlink()
    assert target.read_bytes() == report.to_json()


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no such device here")
def test_a_device_is_written_to_and_never_replaced(make_report: MakeReport) -> None:
    assert_not_written(make_report(), Path("/dev/full"), "No space left")
    assert Path("/dev/full").is_char_device()


def test_a_pipe_gets_the_report(make_report: MakeReport, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    report = make_report()
    write_report(report, pipe)
    assert report.to_json().startswith(os.read(reader, 1024))
    os.close(reader)
