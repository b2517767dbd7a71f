from __future__ import annotations

import io
import statistics
from pathlib import Path

import msgspec
import pytest
from class_reports import (
    listed,
    make_check,
    make_fault,
    make_report,
    make_unrunnable,
    small_class,
    store,
)
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from grader.batch.gradebook import write_gradebook
from grader.batch.reports import Entry
from grader.batch.summary import Summary, Tally
from grader.batch.summary_page import print_summary
from grader.language import Language, Text
from grader.report.examination import Outcome
from grader.report.grades import Grades, Titles
from grader.report.model import Report


@pytest.fixture(autouse=True)
def _narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def entry_of(student: str, report: Report, *, late: bool = False) -> Entry:
    plain = msgspec.to_builtins(report)
    grades, titles = msgspec.convert(plain, Grades), msgspec.convert(plain, Titles)
    return Entry(student, report.exercise, grades, late, titles=lambda: titles)


def summed(*reports: Report, exercises: tuple[str, ...] = ("ex01",), late: bool = False) -> Summary:
    tally = Tally(exercises)
    for number, report in enumerate(reports):
        tally.add_student(f"s{number}", has_submission=True)
        tally.add(entry_of(f"s{number}", report, late=late))
    return tally.summary()


def shown(summary: Summary, language: Language = "en", encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="")
    print_summary(summary, language, file)
    file.flush()
    return raw.getvalue().decode(encoding)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=30))
def test_figures_are_those_of_the_statistics_module(quarters: list[int]) -> None:
    scores = [quarter / 4 for quarter in quarters]
    (found,) = summed(*(make_report(score=score) for score in scores)).exercises
    assert found.scored == found.handed_in == len(scores)
    assert found.mean == pytest.approx(statistics.fmean(scores), abs=0.0051)
    assert found.median == pytest.approx(statistics.median(scores), abs=0.0051)
    if len(scores) > 1:
        lower, _, upper = statistics.quantiles(scores, n=4, method="inclusive")
        assert found.lower_quartile == pytest.approx(lower, abs=0.0051)
        assert found.upper_quartile == pytest.approx(upper, abs=0.0051)
    assert sum(found.histogram) == len(scores)


def test_each_tenth_of_the_points_has_its_column() -> None:
    scores = (0, 9.99, 10, 30, 70, 99.99, 100, 100)
    (found,) = summed(*(make_report(score=score) for score in scores)).exercises
    assert found.histogram == (2, 1, 0, 1, 0, 0, 0, 1, 0, 3)


def test_faults_do_not_count_and_what_could_not_be_run_counts_as_nothing() -> None:
    summary = summed(make_report(), make_fault(), make_unrunnable(), late=True)
    (found,) = summary.exercises
    assert (found.handed_in, found.scored, found.mean, found.late) == (3, 2, 50, 3)
    assert [(one.student, one.fault_of) for one in summary.faults] == [("s1", "grader")]
    assert [one.student for one in summary.not_runnable] == ["s2"]
    # All checks of a file that cannot be run fail, which says nothing about any of them.
    assert summary.hardest == ()


def test_an_exercise_that_nobody_handed_in_has_no_figures() -> None:
    summary = summed(make_report(), exercises=("ex01", "ex02"))
    assert summary.exercises[1].missing == 1
    assert summary.exercises[1].mean is None
    assert "ex02" in shown(summary)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("columns", [30, 36, 45, 60, 80, 200])
def test_on_a_narrow_terminal_no_figure_is_cut(
    columns: int, language: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    scores = [number / 3 for number in range(299)]
    text = shown(summed(*(make_report(score=score) for score in scores)), language)
    lines = text.splitlines()
    (row,) = (line for line in lines if line.startswith("ex01"))
    figures = row.replace("…", " ").split()
    assert {"299", "49.7"} <= set(figures)
    assert ("24.8-74.5" in figures) == (columns >= (45 if language == "zh" else 60))
    assert ("██████████" in figures) == (columns >= (60 if language == "zh" else 80))
    assert any(line.endswith("█ 30") for line in lines)
    assert max(cell_len(line) for line in lines) <= columns


def test_the_hardest_check_is_first_with_the_mistake_that_most_made() -> None:
    def answers(first: Outcome, mistake: str | None) -> Report:
        easy = make_check("easy", first)
        return make_report(checks=(easy, make_check("hard", "failed", misconception=mistake)))

    given = [
        answers("passed", "b"),
        answers("passed", "a"),
        answers("failed", "a"),
        answers("passed", None),
    ]
    hardest = summed(*given).hardest
    assert [(one.check, one.passed, one.count) for one in hardest] == [
        ("hard", 0, 4),
        ("easy", 3, 4),
    ]
    assert (hardest[0].misconception, hardest[0].misconception_count) == ("a", 2)
    assert (hardest[1].misconception, hardest[1].misconception_count) == (None, 0)
    page = shown(summed(*given))
    assert "0%  ex01  hard works (0/4); most often a: 2" in page
    assert "hard 正确 (0/4)；最常见 a：2" in shown(summed(*given), "zh")


def test_a_summary_is_json_that_reads_back(tmp_path: Path) -> None:
    summary = write_gradebook(listed(small_class(tmp_path), ["ex01"], ["zoe"])).summary
    assert msgspec.json.decode(msgspec.json.encode(summary), type=Summary) == summary
    assert (summary.students, summary.reports, len(summary.unreadable)) == (5, 6, 1)
    assert summary.without_submission == ("zoe",)


def test_faults_come_first_and_then_what_cannot_be_read(tmp_path: Path) -> None:
    page = shown(write_gradebook(listed(small_class(tmp_path), ["ex01"], ["zoe"])).summary)
    order = [
        "Faults of ours: 1", "ex03 (1): bob, jr.", "the worker was lost",
        "Reports that cannot be read: 1", "reports/王小明/ex02.json",
        "Could not be run, 0 points (1): =1+1 ex02", "Handed in nothing (1): zoe",
        "Students: 5, reports: 6, late: 0", "ex01 Exercise ex01", "The hardest checks",
    ]  # fmt: skip
    positions = [page.index(part) for part in order]
    assert positions == sorted(positions)


def test_a_fault_that_all_share_is_told_once_with_its_place_and_cause() -> None:
    trace = "the suite is at fault: test_hidden.py:8: in <module>\n    raise X\nE   X: no licence\n"
    tally = Tally(["ex01", "ex02"])
    for number in range(300):
        tally.add(entry_of(f"s{number}", make_fault("ex02", trace)))
    tally.add(entry_of("eve", make_fault("ex01", "the worker was lost")))
    page = shown(tally.summary())
    told = page[: page.index("Students:")].splitlines()
    assert told[1].startswith("  ex02 (300): s0, s1, s2, ")
    assert "      E   X: no licence" in told
    assert page.count("test_hidden.py:8") == 1
    assert told[-3:-1] == ["  ex01 (1): eve", "      the worker was lost"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_class_in_trouble_still_fits_on_two_screens(language: Language, tmp_path: Path) -> None:
    exercises = [f"ex0{number}" for number in range(1, 9)]
    long = Text("a long title of a check or an exercise " * 3, "很长的标题" * 12)
    reports: dict[tuple[str, str], Report | bytes] = {}
    for number in range(300):
        for exercise in exercises:
            kind = (number + int(exercise[2:])) % 6
            failed = make_check(f"check-{kind}", "failed", misconception="some-known-mistake")
            report = make_report(exercise, (failed, make_check("b", "passed")), title=long)
            made = (report, report, report, make_fault(exercise, "lost " * 40),
                    make_unrunnable(exercise), b"{")[kind]  # fmt: skip
            reports[f"student-number-{number:03}", exercise] = made
    expected = [f"nobody{number}" for number in range(200)]
    summary = write_gradebook(listed(store(tmp_path, reports), exercises, expected)).summary
    lines = shown(summary, language).splitlines()
    assert len(lines) <= 60
    assert max(cell_len(line) for line in lines) <= 80
    for heading in ("Faults", "scored") if language == "en" else ("故障", "有成绩"):
        assert any(heading in line for line in lines)


def test_one_exercise_has_a_bar_for_each_tenth() -> None:
    page = shown(summed(*(make_report(score=score) for score in (5, 55, 55, 100))))
    bars = {line.split()[0]: line.split()[1:] for line in page.splitlines() if "-" in line[:10]}
    assert bars["0-10"] == ["█" * 20, "1"]
    assert bars["50-60"] == ["█" * 40, "2"]
    assert bars["60-70"] == ["0"]
    assert bars["90-100"] == ["█" * 20, "1"]


def test_a_terminal_without_blocks_gets_plain_letters() -> None:
    page = shown(summed(make_report(score=5), make_report()), encoding="ascii")
    assert "?" not in page
    assert "@" in page


def test_untrusted_text_is_neither_obeyed_nor_read_as_markup() -> None:
    tally = Tally(["ex01"])
    bad = "\x1b]0;x\x07[bold]eve[/bold]\nsecond"
    tally.add_student(bad, has_submission=False)
    tally.add(entry_of(bad, make_fault(message="\x1b[2Jgone\nfor good")))
    page = shown(tally.summary())
    assert "\x1b" not in page
    assert "Handed in nothing (1): [bold]eve[/bold] second" in page
    assert "\n      gone\n      for good\n" in page


def test_no_reports_at_all_is_no_error() -> None:
    assert "Students: 0, reports: 0" in shown(summed(exercises=()))
