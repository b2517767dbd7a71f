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


def test_of_two_clones_that_could_be_of_one_login_none_is_taken(tmp_path: Path) -> None:
    # The assignment is `week-3` and the logins `ada` and `3-ada`, or `week`, `3-ada` and `3-3-ada`.
    files = clones("week-3-ada", "week-3-3-ada", "week-3-bob")
    result = graded(tmp_path, files, "student,github\n1,3-ada\n2,bob\n")
    assert pairs(result) == [("2", "ex03", "week-3-bob")]
    assert [owner for owner, _ in said(result)] == ["3-ada", "ada"]


def export(*submitters: tuple[str, str, str]) -> dict[str, str]:
    """Make an export of Gradescope, given name, number and address."""
    files, lines = {}, []
    for number, (name, sid, email) in enumerate(submitters):
        files[f"submission_{number}/ex03.py"] = email
        lines += [f"submission_{number}:", "  :submitters:", f"  - :name: {name}"]
        lines += [f"    :sid: '{sid}'", f"    :email: {email}"]
    return {**files, "submission_metadata.yml": "\n".join(lines)}


ADA, MALLORY = ("Ada", "123", "ada@x.edu"), ("Mallory", "123", "mal@x.edu")
BOB = ("Bob", "125", "bob@x.edu")


@pytest.mark.parametrize("roster", [None, "student\n123\n125\n"], ids=["no roster", "roster"])
def test_two_people_with_one_number_on_gradescope_are_not_one_student(
    tmp_path: Path, roster: str | None
) -> None:
    result = graded(tmp_path, export(MALLORY, ADA, BOB), roster)
    assert pairs(result) == [("125", "ex03", "bob@x.edu")]
    assert [problem.origin for problem in result.problems] == [
        "class: submission_0/ex03.py",
        "class: submission_1/ex03.py",
    ]
    people = "123 (mal@x.edu, Mallory) / 123 (ada@x.edu, Ada)"
    message = f"{people}: several owners would be the one student 123"
    assert said(result) == [("123", message)] * 2
    assert result.not_graded == (("123", "ex03"),)


@pytest.mark.parametrize(
    "roster",
    ["student,name\n123,Ada\n124,Mallory\n", "student,email\n123,ada@x.edu\n124,mal@x.edu\n"],
)
def test_a_number_that_does_not_go_with_the_name_or_address_is_listed(
    tmp_path: Path, roster: str
) -> None:
    result = graded(tmp_path, export(MALLORY, ADA), roster)
    assert pairs(result) == [("123", "ex03", "ada@x.edu")]
    assert said(result) == [
        ("123", "123 (mal@x.edu, Mallory) could be any of these students: 123, 124")
    ]
    assert result.problems[0].hint is not None
    # An alias would lead to one student more, and be no cure.
    assert "alias" not in result.problems[0].hint.en
    assert result.not_graded == (("124", "ex03"),)
    assert result.missing == ()


def test_what_one_person_submits_to_gradescope_twice_is_one_students(tmp_path: Path) -> None:
    result = graded(tmp_path, export(ADA, ADA))
    assert [one.student for one in result.found] == ["123"]
    assert result.problems == ()


@pytest.mark.parametrize(
    ("name", "alias"),
    [
        ("lovelaceada_12_900_ex03.py", "lovelaceada"),
        ("lovelaceada_12_900_ex03.py", "lovelaceada_12"),
        ("countess_ex03_final.py", "countess_ex03_final.py"),
        ("Countess L._12_assignsubmission_file_/ex03.py", "countess l"),
        ("Countess L._12_assignsubmission_file_/ex03.py", "Countess L._12"),
    ],
)
def test_what_a_platform_calls_a_student_can_be_an_alias(
    tmp_path: Path, name: str, alias: str
) -> None:
    unknown = graded(tmp_path, {name: ""}, "student,name\n1,Ada\n2,Bob\n")
    assert unknown.problems[0].hint is not None
    assert "aliases" in unknown.problems[0].hint.en
    result = graded(tmp_path, {name: ""}, f"student,name,aliases\n1,Ada,AL|{alias}\n2,Bob,\n")
    assert [one.student for one in result.found] == ["1"]


def test_a_name_on_gradescope_can_be_an_alias(tmp_path: Path) -> None:
    roster = "student,name,aliases\n1,Ada Lovelace,Countess\n"
    result = graded(tmp_path, export(("countess", "", "c@x.edu")), roster)
    assert [one.student for one in result.found] == ["1"]


def test_an_alias_tells_namesakes_apart(tmp_path: Path) -> None:
    files = {f"Ada Lovelace_{number}_assignsubmission_file_/ex03.py": "" for number in (12, 13)}
    roster = "student,name,aliases\n1,Ada Lovelace,Ada Lovelace_13\n2,Ada Lovelace,\n"
    result = graded(tmp_path, files, roster)
    assert [(one.student, one.origin.split("_")[1]) for one in result.found] == [("1", "13")]
    assert said(result) == [
        ("Ada Lovelace_12", "Ada Lovelace_12 could be any of these students: 1, 2")
    ]


def test_a_name_of_which_the_roster_has_an_alias_agrees_with_the_number(tmp_path: Path) -> None:
    files = {"Countess L._12_assignsubmission_file_/ex03.py": ""}
    worksheet = "Identifier,Full name,Aliases,Grade\nParticipant 12,Ada,{},\n"
    assert graded(tmp_path, files, worksheet.format("")).found == ()
    assert graded(tmp_path, files, worksheet.format("Countess L.")).problems == ()


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("lovelaceada_12_900_ex03.py", "Ada Lovelace"),
        ("lovelaceadabyron_12_900_ex03.py", "Ada Byron Lovelace"),
        ("byronlovelaceada_12_900_ex03.py", "Ada Byron Lovelace"),
        ("小明 王_12_assignsubmission_file_/ex03.py", "王小明"),
        ("Van A Nguyen_12_assignsubmission_file_/ex03.py", "Nguyen Van A"),
    ],
)
def test_names_are_known_with_the_surname_in_front_or_behind(
    tmp_path: Path, name: str, listed: str
) -> None:
    result = graded(tmp_path, {name: ""}, f"student,name\n1,{listed}\n2,Bob\n")
    assert [one.student for one in result.found] == ["1"]


def test_names_that_only_their_order_tells_apart_are_not_told_apart(tmp_path: Path) -> None:
    files = {"liwei_12_900_ex03.py": "", "bob_13_901_ex03.py": ""}
    result = graded(tmp_path, files, "student,name\n1,Li Wei\n2,Wei Li\n3,Bob\n")
    assert [one.student for one in result.found] == ["3"]
    assert said(result) == [("liwei_12", "liwei_12 could be any of these students: 1, 2")]


def test_a_folder_that_the_instructor_named_is_taken_at_its_word(tmp_path: Path) -> None:
    result = graded(tmp_path, {"Li Wei/ex03.py": ""}, "student,name\n1,Li Wei\n2,Wei Li\n")
    assert [one.student for one in result.found] == ["1"]


def team(*names: str) -> dict[str, str]:
    return {f"{name}_assignsubmission_file_/ex03.py": name for name in names}


TEAMS = team("Team 1-Ada Lovelace_12", "Team 1-Anne-Marie Dupont_13", "Default group-Bob_14")
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade
Participant 12,Ada Lovelace,ada@x.edu,Submitted for grading,
Participant 13,Anne-Marie Dupont,anne@x.edu,Submitted for grading,
Participant 14,Bob,bob@x.edu,Submitted for grading,
"""


NAMES = "email,name\nada@x.edu,Ada Lovelace\nanne@x.edu,Anne-Marie Dupont\nbob@x.edu,Bob\n"


@pytest.mark.parametrize("roster", [WORKSHEET, NAMES], ids=["worksheet", "names"])
def test_moodle_puts_a_teams_name_before_each_of_its_members(tmp_path: Path, roster: str) -> None:
    result = graded(tmp_path, TEAMS, roster)
    assert [one.student for one in result.found] == ["ada@x.edu", "anne@x.edu", "bob@x.edu"]
    assert result.problems == ()


def test_the_worksheet_of_another_assignment_is_seen_in_teams_too(tmp_path: Path) -> None:
    other = WORKSHEET.replace("12,Ada Lovelace", "12,Grace Hopper")
    result = graded(tmp_path, TEAMS, other)
    assert [owner for owner, _ in said(result)] == ["Team 1-Ada Lovelace_12"]


def test_a_dash_within_a_name_is_no_teams(tmp_path: Path) -> None:
    roster = "student,name\n1,Marie Dupont\n2,Bob\n"
    result = graded(tmp_path, team("Anne-Marie Dupont_13", "Bob_14"), roster)
    assert [one.student for one in result.found] == ["2"]
    assert said(result) == [("Anne-Marie Dupont_13", "Anne-Marie Dupont_13 is not in the roster")]
