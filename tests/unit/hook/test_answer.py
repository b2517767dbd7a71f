from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from class_reports import make_fault, make_report, store
from export_cases import SECRET, half

from grader.errors import UsageError
from grader.hook.answer import print_answer
from grader.hook.drain import LATEST
from grader.hook.queue import Outcome, Push, Pushed
from grader.hook.receive import Answered, parse_pushed
from grader.language import Text
from grader.report.model import Report

COMMIT = "c" * 40
PUSH = Push(1, "ada", Path("/srv/ada.git"), Pushed("0" * 40, COMMIT, "refs/heads/main"), 0)
NOTHING = Text("", "")


def said(out: Path, outcomes: list[Outcome] | None, language: Any = "en", **facts: Any) -> str:
    answered = Answered(PUSH, outcomes, 2, has_failed=False)._replace(**facts)
    file = io.StringIO()
    print_answer(answered, {"ex01": Text("Doubling", "加倍")}, out, language, file)
    return file.getvalue()


def stored(out: Path, report: Report) -> list[Outcome]:
    store(out, {(PUSH.owner, "ex01"): report})
    return [Outcome("ex01", "report", NOTHING)]


def test_full_marks_are_one_line(tmp_path: Path) -> None:
    text = said(tmp_path, stored(tmp_path, make_report()))
    assert text == "grade: main cccccccc\n  ex01  Doubling  100 / 100\n"


def test_what_is_missing_is_shown_and_nothing_hidden_or_obeyed(tmp_path: Path) -> None:
    text = said(tmp_path, stored(tmp_path, half()))
    assert "  ex01  Doubling  40 / 100\n" in text
    assert "look at the sum" in text
    assert SECRET not in text
    assert "\x1b" not in text
    assert not any(line.lstrip().startswith("::") for line in text.splitlines())


def test_a_fault_of_ours_is_told_as_one(tmp_path: Path) -> None:
    outcomes = stored(tmp_path, make_fault())
    text = said(tmp_path, [outcomes[0]._replace(kind="fault")])
    assert "not graded: the fault is ours and costs you nothing" in text
    assert "0 / 100" not in text


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Outcome("ex01", "handout", NOTHING), "  ex01  Doubling  not begun: the file is as it"),
        (Outcome("ex01", "refused", Text("a\nb\x1b[2J", "")), "  ex01  Doubling  a b\n"),
        (Outcome("", "refused", Text("no commit", "")), "  no commit\n"),
    ],
)
def test_what_has_no_report_has_its_line(tmp_path: Path, outcome: Outcome, line: str) -> None:
    assert line in said(tmp_path, [outcome])


def test_a_push_without_a_change_shows_what_counts_so_far(tmp_path: Path) -> None:
    store(tmp_path / LATEST, {("ada", "ex01"): half()})
    text = said(tmp_path, [])
    assert "no exercise has changed" in text
    assert "  ex01  Doubling  40 / 100\n" in text


def test_when_the_time_is_up_it_says_where_the_report_will_be(tmp_path: Path) -> None:
    text = said(tmp_path, None)
    assert f"reports/ada/{COMMIT}/" in text
    assert "pushes before yours: 2" in text
    assert "前面还有 2 次推送" in said(tmp_path, None, "zh")
    assert "could not be started" in said(tmp_path, None, has_failed=True)


def test_lines_of_git_are_read_and_all_but_branches_left_out() -> None:
    old, new, zero = "a" * 40, "b" * 40, "0" * 40
    lines = [
        f"{old} {new} refs/heads/main",
        f"{old} {zero} refs/heads/deleted",
        f"{zero} {new} refs/tags/v1",
        f"{zero} {new} refs/replace/{old}",
        f"{zero} {new} refs/heads/$(id) and more",
    ]
    pushed = parse_pushed("\n".join(lines).encode() + b"\n")
    assert [one.ref for one in pushed] == ["refs/heads/main", "refs/heads/$(id) and more"]
    assert parse_pushed(f"{old} {new} refs/heads/\xff\n".encode("latin-1"))[0].ref.endswith("xff")


@pytest.mark.parametrize("lines", [b"hello\n", b"a b c\n", b"\xff\xfe\n", f"{'a' * 40}\n".encode()])
def test_what_git_does_not_write_is_refused(lines: bytes) -> None:
    with pytest.raises(UsageError, match="hook of a git server"):
        parse_pushed(lines)
