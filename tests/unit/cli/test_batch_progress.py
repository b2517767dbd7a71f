"""What a batch says while it runs, where nobody sits at a terminal."""

from __future__ import annotations

import io
import os
import re
import sys
import time

import pytest
from rich.cells import cell_len

from grader.batch.task import Result
from grader.cli.batch_progress import show_progress, told_duration
from grader.language import Language

RESULT = Result("ada", "ex01", "key", "graded", 1.0, 1.0, None, b"")


def test_a_stream_that_takes_no_more_stops_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    gone = open(writer, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it cannot be closed as usual
    monkeypatch.setattr(sys, "stderr", gone)
    with show_progress("en", 1) as display:
        display.planned(1, 0)
        display.finished(RESULT)
    monkeypatch.undo()
    with pytest.raises(BrokenPipeError):
        gone.close()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "6 submissions, 3 of them finished before",
                "4/6 graded, 0 faults",
                "5/6 graded, 3.0/min, 20 s left, 0 faults",
                "6/6 graded, 1.3/s, 1 fault",
            ],
        ),
        (
            "zh",
            [
                "共 6 份提交，其中 3 份之前已评完",
                "已评 4/6，故障 0",
                "已评 5/6，每分钟 3.0 份，预计还需 20 秒，故障 0",
                "已评 6/6，每秒 1.3 份，故障 1",
            ],
        ),
    ],
)
def test_lines_say_how_far_it_is_and_count_no_start(
    language: Language,
    said: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with show_progress(language, 2) as display:
        display.planned(6, 3)
        now += 30  # torch is imported
        display.finished(RESULT)
        now += 20
        display.finished(RESULT)
        now -= 18.4  # as if many had come since
        display.finished(Result("eve", "ex01", "key", "grader_fault", None, None, "grader", b""))
    assert capsys.readouterr().err.splitlines() == said


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Grading ━ 2/6 3.0/min 80 s left slots 2 faults 1"),
        ("zh", "评分中 ━ 2/6 每分钟 3.0 份 剩余 80 秒 并行 2 故障 1"),
    ],
)
def test_a_bar_says_it_in_one_language_and_fits_a_narrow_window(
    language: Language, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with show_progress(language, 2) as display:
        display.planned(6, 0)
        now += 30  # torch is imported
        display.finished(RESULT)
        now += 20
        display.finished(Result("eve", "ex01", "key", "grader_fault", None, None, "grader", b""))
    lines = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "\r", terminal.getvalue()).splitlines()
    last = [line for line in lines if line.strip()][-1]
    assert re.sub("[━╸╺]+", "━", " ".join(last.split())) == said
    assert cell_len(last) <= 60


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [(99, "99 s", "99 秒"), (720, "12 min", "12 分钟"), (12000, "3 h 20 min", "3 小时 20 分钟")],
)
def test_times_are_told_as_one_says_them(seconds: float, en: str, zh: str) -> None:
    assert (told_duration(seconds, "en"), told_duration(seconds, "zh")) == (en, zh)
