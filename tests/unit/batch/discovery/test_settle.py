"""Which student of the roster an owner is: known, or listed with the cure, but never guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import make_folder, pairs, said, search

from grader.batch.discovery.roster import read_roster
from grader.batch.found import Discovery


def graded(tmp_path: Path, files: dict[str, str], roster: str | None = None) -> Discovery:
    source = make_folder(tmp_path / "class", files)
    if roster is None:
        return search(source)
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    return search(source, roster=read_roster(tmp_path / "roster.csv"))


def clones(*names: str) -> dict[str, str]:
    files = {f"{name}/ex03.py": name for name in names}
    return {**files, **{f"{name}/.git/HEAD": "" for name in names}}


LOGINS = "student,name,github\n1,Ada Lovelace,ada-l\n2,Bob,bob\n3,Mallory,\n4,Grace Hopper,\n"


@pytest.mark.parametrize("login", ["1", "AdaLovelace", "ada-lovelace"])
def test_a_login_chosen_to_equal_a_number_or_name_takes_nobodys_place(
    tmp_path: Path, login: str
) -> None:
    result = graded(tmp_path, clones(f"week3-{login}", "week3-ada-l", "week3-bob"), LOGINS)
    assert pairs(result) == [("1", "ex03", "week3-ada-l"), ("2", "ex03", "week3-bob")]
    message = f"{login}: the roster gives another login to 1, who has this number or name"
    assert said(result) == [(login, message)]
    assert result.missing == ("3", "4")


def test_a_wrong_login_is_not_graded_in_the_absence_of_the_right_one(tmp_path: Path) -> None:
    result = graded(tmp_path, clones("week3-1", "week3-bob"), LOGINS)
    assert pairs(result) == [("2", "ex03", "week3-bob")]
    assert result.not_graded == (("1", "ex03"),)


def test_who_has_no_login_in_the_roster_is_known_by_number_or_name(tmp_path: Path) -> None:
    result = graded(tmp_path, clones("week3-3", "week3-GraceHopper", "week3-bob"), LOGINS)
    assert [one.student for one in result.found] == ["2", "3", "4"]
    assert result.problems == ()


def test_two_clones_of_an_assignment_that_lead_to_one_student_are_two_people(
    tmp_path: Path,
) -> None:
    result = graded(tmp_path, clones("week3-3", "week3-mallory", "week3-bob"), LOGINS)
    assert pairs(result) == [("2", "ex03", "week3-bob")]
    assert [(owner, "several owners" in message) for owner, message in said(result)] == [
        ("3", True),
        ("mallory", True),
    ]


def test_clones_of_several_assignments_are_one_persons_if_the_login_is_one(tmp_path: Path) -> None:
    # Alone in its assignment, a clone does not show that all logins begin alike.
    files = clones("ex03-uni-ada", "ex03-uni-bob")
    files |= {"ex04-max-pool-uni-ada/.git/HEAD": "", "ex04-max-pool-uni-ada/ex04.py": ""}
    result = graded(tmp_path, files, "student,github\n1,uni-ada\n2,uni-bob\n")
    assert [(one.student, one.exercise) for one in result.found] == [
        ("1", "ex03"),
        ("1", "ex04"),
        ("2", "ex03"),
    ]
