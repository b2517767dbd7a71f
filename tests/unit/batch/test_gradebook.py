from __future__ import annotations

import csv
import errno
import io
import os
import re
import tracemalloc
from pathlib import Path

import pytest
from class_reports import (
    listed,
    make_check,
    make_fault,
    make_report,
    make_unrunnable,
    small_class,
    store,
    with_times,
)
from hypothesis import given
from hypothesis import strategies as st

from grader.batch.csv_lines import csv_line, number, text_cell
from grader.batch.gradebook import write_gradebook
from grader.errors import ReportNotWrittenError, ReportUnreadableError, UsageError
from grader.language import Text

GOLDEN = Path(__file__).parent / "golden"
BOM = b"\xef\xbb\xbf"
LATE = {("bob, jr.", "ex01"), ("ada", "ex02")}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def row_of(path: Path, student: str) -> dict[str, str]:
    (row,) = (row for row in rows(path) if row["student"] == student)
    return row


def test_the_files_of_a_small_class_are_the_golden_ones(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    result = write_gradebook(listed(small_class(tmp_path), ["ex01", "ex02", "ex03"], ["zoe"], LATE))
    for path in (result.gradebook, result.checks):
        golden = GOLDEN / path.name
        if request.config.getoption("--update-goldens"):
            golden.write_bytes(path.read_bytes())
        assert path.read_bytes() == golden.read_bytes()


def test_a_second_writing_gives_the_same_bytes_whatever_the_times(tmp_path: Path) -> None:
    first = write_gradebook(
        listed(store(tmp_path / "a", {("ada", "ex01"): make_report()}), ["ex01"], ["bob"])
    )
    again = with_times(make_report(), 9.75)
    second = write_gradebook(
        listed(store(tmp_path / "b", {("ada", "ex01"): again}), ["ex01"], ["bob"])
    )
    assert first.gradebook.read_bytes() == second.gradebook.read_bytes()
    assert first.checks.read_bytes() == second.checks.read_bytes()


def test_what_could_not_be_graded_is_neither_missing_nor_without_a_row(tmp_path: Path) -> None:
    out = store(tmp_path, {("ada", "ex01"): make_report()})
    pairs = [("ada", "ex01"), ("ada", "ex02"), ("eve", "ex01")]
    first = write_gradebook(listed(out, ["ex01", "ex02"], ["zoe"], (), pairs))
    assert row_of(first.gradebook, "ada")["notes"] == "not_graded: ex01 ex02"
    assert row_of(first.gradebook, "eve")["notes"] == "missing: ex02; not_graded: ex01"
    summary = write_gradebook(out).summary
    assert summary == first.summary
    assert summary.without_submission == ("zoe",)
    assert [(one.missing, one.not_graded) for one in summary.exercises] == [(1, 2), (2, 1)]


def test_a_rebuilt_gradebook_keeps_who_is_missing_and_what_was_late(tmp_path: Path) -> None:
    out = small_class(tmp_path)
    first = write_gradebook(listed(out, ["ex01", "ex02", "ex03", "ex04"], ["zoe"], LATE))
    written = first.gradebook.read_bytes(), first.checks.read_bytes()
    first.gradebook.unlink()
    first.checks.unlink()
    rebuilt = write_gradebook(out)
    assert (rebuilt.gradebook.read_bytes(), rebuilt.checks.read_bytes()) == written
    assert rebuilt.summary == first.summary


def test_without_its_list_a_gradebook_has_what_the_reports_say(tmp_path: Path) -> None:
    out = small_class(tmp_path)
    write_gradebook(listed(out, ["ex01", "ex04"], ["zoe"], LATE))
    (out / "class.json").unlink()
    result = write_gradebook(out)
    names = [row["student"] for row in rows(result.gradebook)]
    assert names == ["'=1+1", "ada", "bob, jr.", "王小明"]
    assert list(rows(result.gradebook)[0]) == ["student", "ex01", "ex02", "ex03", "total", "notes"]
    assert not (out / "class.json").exists()


def test_a_broken_list_is_refused_before_anything_is_lost(tmp_path: Path) -> None:
    out = small_class(tmp_path)
    former = write_gradebook(listed(out, ["ex01"], ["zoe"], LATE)).gradebook.read_bytes()
    (out / "class.json").write_text('{"late": [', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        write_gradebook(out)
    assert "class.json" in caught.value.message.en
    assert caught.value.hint is not None
    assert (out / "gradebook.csv").read_bytes() == former


def test_not_handed_in_is_empty_and_not_zero_and_faults_cost_nothing(tmp_path: Path) -> None:
    reports = {
        ("ada", "ex01"): make_report(),
        ("ada", "ex02"): make_fault("ex02"),
        ("ada", "ex03"): make_unrunnable("ex03"),
    }
    result = write_gradebook(
        listed(store(tmp_path, reports), ["ex01", "ex02", "ex03", "ex04"], ["bob"])
    )
    ada, bob = rows(result.gradebook)
    assert [ada[f"ex0{n}"] for n in (1, 2, 3, 4)] == ["100", "", "0", ""]
    assert ada["total"] == "100"
    assert ada["notes"] == "missing: ex04; fault: ex02; not_runnable: ex03"
    assert list(bob.values()) == ["bob", "", "", "", "", "0", "missing: ex01 ex02 ex03 ex04"]
    faults = [row for row in rows(result.checks) if row["outcome"] == "grader_fault"]
    assert [(row["exercise"], row["check"], row["score"]) for row in faults] == [("ex02", "", "")]


def test_a_check_has_a_row_with_what_it_gave_and_the_mistake(tmp_path: Path) -> None:
    check = make_check("two", "failed", 12.5, visibility="after_due_date", misconception="squares")
    out = store(
        tmp_path, {("ada", "ex01"): make_report(checks=(make_check("one", "passed"), check))}
    )
    first, second = rows(write_gradebook(listed(out, ["ex01"])).checks)
    assert (first["check"], first["score"], first["misconception"]) == ("one", "50", "")
    assert list(second.values()) == [
        "ada", "ex01", "work", "two", "failed", "0", "12.5", "after_due_date", "squares",
    ]  # fmt: skip


BROKEN = {
    "truncated": make_report().to_json()[:200],
    "empty": b"",
    "foreign": b'{"score": 100}',
    "list": b"[1, 2]",
    "nested": b"[" * 200_000,
    "not_text": b"\xff\xfe\x00",
    "of_another_exercise": make_report("ex07").to_json(),
    "of_the_future": make_report().to_json().replace(b'"1.0"', b'"2.0"'),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_report_that_is_none_is_told_and_stops_nothing(case: str, tmp_path: Path) -> None:
    out = store(tmp_path, {("ada", "ex01"): BROKEN[case], ("bob", "ex01"): make_report()})
    result = write_gradebook(listed(out, ["ex01"]))
    assert row_of(result.gradebook, "ada")["ex01"] == ""
    assert row_of(result.gradebook, "ada")["notes"] == "unreadable: ex01"
    assert row_of(result.gradebook, "bob")["ex01"] == "100"
    assert [row["outcome"] for row in rows(result.checks)] == ["unreadable", "passed", "passed"]
    (problem,) = result.summary.unreadable
    assert problem.path == "reports/ada/ex01.json"
    assert "reports/ada/ex01.json" in problem.message.en
    assert str(tmp_path) not in problem.message.en + problem.message.zh


def test_a_folder_in_place_of_a_report_and_other_files_stop_nothing(tmp_path: Path) -> None:
    out = store(tmp_path, {("ada", "ex01"): make_report(), ("ada", "notes"): b"{}"})
    (out / "reports" / "ada" / "ex02.json").mkdir()
    (out / "reports" / "ada" / ".ex03.json.1234.tmp").write_bytes(b"{")
    (out / "reports" / "ada" / ".ex03.json").write_bytes(b"{")
    (out / "reports" / "stray.json").write_bytes(b"{")
    (out / "reports" / "nobody").mkdir()
    result = write_gradebook(out)
    (row,) = rows(result.gradebook)
    assert list(row.values()) == ["ada", "100", "", "100", "unreadable: ex02"]
    paths = [problem.path for problem in result.summary.unreadable]
    assert paths == ["reports/ada/ex02.json", "reports/ada/notes.json"]


def test_a_folder_that_cannot_be_listed_is_told_with_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = store(tmp_path, {("ada", "ex01"): make_report(), ("bob", "ex01"): make_report()})
    list_folder = os.listdir

    def refuse(path: Path) -> list[str]:
        if Path(path).name == "ada":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return list_folder(path)

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(ReportUnreadableError, match="ada could not be listed") as info:
        write_gradebook(out)
    assert info.value.hint is not None
    assert "permissions" in info.value.hint.en


@pytest.mark.skipif(os.name != "posix", reason="no such files here")
def test_a_pipe_in_place_of_a_report_is_not_waited_for(tmp_path: Path) -> None:
    out = store(tmp_path, {("ada", "ex01"): make_report()})
    os.mkfifo(out / "reports" / "ada" / "ex02.json")
    assert len(write_gradebook(out).summary.unreadable) == 1


@pytest.mark.skipif(os.name != "posix", reason="names there are text")
def test_names_that_are_no_text_stay_apart(tmp_path: Path) -> None:
    for name in (b"\xe9", b"\xea"):
        folder = Path(os.fsdecode(os.fsencode(tmp_path / "reports") + b"/" + name))
        try:
            folder.mkdir(parents=True)
        except OSError:
            pytest.skip("this file system takes text only")
        (folder / "ex01.json").write_bytes(make_report().to_json())
    result = write_gradebook(listed(tmp_path, (), [], {("\udce9", "ex01")}))
    assert [(row["student"], row["notes"]) for row in rows(result.gradebook)] == [
        ("\\udce9", "late: ex01"),
        ("\\udcea", ""),
    ]


def test_students_and_exercises_are_sorted_however_they_are_given(tmp_path: Path) -> None:
    out = store(tmp_path, {("m", "ex03"): make_report("ex03"), ("m", "ex01"): make_report()})
    result = write_gradebook(listed(out, ["ex02", "ex01"], ["z", "a", "z"]))
    header = result.gradebook.read_bytes().partition(b"\r\n")[0]
    assert header == b"student,ex01,ex02,ex03,total,notes"
    assert [row["student"] for row in rows(result.gradebook)] == ["a", "m", "z"]
    assert [row["exercise"] for row in rows(result.checks)] == ["ex01", "ex01", "ex03", "ex03"]


@pytest.mark.parametrize(("student", "start"), [("ada", b"student"), ("王小明", BOM + b"student")])
def test_the_mark_that_excel_needs_is_there_where_it_needs_it(
    student: str, start: bytes, tmp_path: Path
) -> None:
    result = write_gradebook(listed(store(tmp_path, {(student, "ex01"): make_report()}), ["ex01"]))
    for path in (result.gradebook, result.checks):
        content = path.read_bytes()
        assert content.startswith(start)
        assert content.count(b"\n") == content.count(b"\r\n")


def test_a_batch_without_any_submission_has_a_gradebook_too(tmp_path: Path) -> None:
    result = write_gradebook(listed(tmp_path, ["ex01"], ["ada"]))
    assert result.gradebook.read_bytes().decode().splitlines() == [
        "student,ex01,total,notes",
        'ada,,0,"missing: ex01"',
    ]
    assert result.summary.without_submission == ("ada",)


def test_a_full_disk_leaves_the_former_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = small_class(tmp_path)
    result = write_gradebook(listed(out, ["ex01"]))
    former = result.checks.read_bytes()
    store(out, {("new", "ex01"): make_report()})

    def fail(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("grader.atomic.os.fsync", fail)
    with pytest.raises(ReportNotWrittenError):
        write_gradebook(out)
    assert result.checks.read_bytes() == former
    assert list(out.glob(".*.tmp")) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4))
def test_what_is_written_is_what_csv_reads(texts: list[str]) -> None:
    line = csv_line(map(text_cell, texts))
    (read,) = csv.reader(io.StringIO(line, newline=""))
    for text, cell in zip(texts, read, strict=True):
        assert cell in (text, f"'{text}")


@given(st.text(st.sampled_from("=+-@;,|\t\r\n\"' a＝"), max_size=12))
def test_no_cell_begins_with_a_formula_wherever_a_spreadsheet_cuts(text: str) -> None:
    line = csv_line([text_cell(text), "100"])
    (cells,) = csv.reader(io.StringIO(line, newline=""))
    assert not re.match(r"\s*[=+\-@＝]|[\t\r\n]", cells[0])
    if not line.startswith('"'):
        assert not re.search("[;|\t\r\n]", line.removesuffix("\r\n"))


@given(st.integers(0, 10_000))
def test_points_are_written_in_hundredths_without_surplus(hundredths: int) -> None:
    text = number(hundredths / 100)
    assert round(float(text) * 100) == hundredths
    assert re.fullmatch(r"0|[1-9]\d*|\d+\.\d?[1-9]", text)


def test_a_total_is_free_of_binary_dust(tmp_path: Path) -> None:
    reports = {("ada", f"ex0{n}"): make_report(f"ex0{n}", score=0.1) for n in range(1, 4)}
    assert rows(write_gradebook(store(tmp_path, reports)).gradebook)[0]["total"] == "0.3"


def test_memory_does_not_grow_with_the_class(tmp_path: Path) -> None:
    checks = tuple(make_check(f"check{n}", "passed", 1) for n in range(100))
    content = make_report(checks=checks, notes=(Text("x" * 20_000, ""),)).to_json()

    def peak(students: int) -> int:
        out = store(
            tmp_path / str(students),
            {(f"student{n:03}", "ex01"): content for n in range(students)},
        )
        tracemalloc.start()
        write_gradebook(out)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return size

    peak(1)
    # 90 more reports of 50 kB; what grows is a row of the gradebook and the names.
    assert peak(100) - peak(10) < 150_000
