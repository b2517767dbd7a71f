"""What discovery decides beyond the form of a source."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path

import pytest
from handed_in import EXERCISES, make_folder, pairs, said, search, zipped

from grader.batch.discovery.discover import discover
from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.roster import read_roster
from grader.batch.found import Discovery

NAME = "ex03_conv_layer"


@pytest.mark.parametrize(
    ("files", "taken", "rule"),
    [
        ((f"{NAME}.py", "my_ex03.py"), f"{NAME}.py", "own name"),
        ((f"old/deep/{NAME}.py", "my_ex03_final.py"), f"old/deep/{NAME}.py", "own name"),
        ((f"{NAME}.py", f"{NAME} (1).py", f"{NAME}-2.py"), f"{NAME}-2.py", "highest number"),
        ((f"{NAME}.py", f"old/{NAME}.py"), f"{NAME}.py", "fewer folders"),
        ((f"{NAME}.py", f"{NAME}.ipynb"), f"{NAME}.py", ".py goes before"),
        ((f"b/{NAME}.py", f"a/{NAME}.py"), f"a/{NAME}.py", "first by name"),
        (("EX03.py", "try_ex03-1.py"), "try_ex03-1.py", "highest number"),
    ],
)
def test_of_several_files_one_is_taken_by_a_rule_that_is_told(
    tmp_path: Path, files: tuple[str, ...], taken: str, rule: str
) -> None:
    source = make_folder(tmp_path / "class", {f"ada/{name}": name for name in files})
    result = search(source)
    assert pairs(result) == [("ada", "ex03", taken)]
    (warning,) = [warning for warning in result.warnings if warning.owner]
    assert (warning.owner, warning.exercise) == ("ada", "ex03")
    assert rule in warning.message.en
    assert all(f"class: ada/{name}" in warning.message.en for name in files)
    assert all(f"class: ada/{name}" in warning.message.zh for name in files)
    assert result.problems == ()


def test_an_unchanged_handout_is_passed_over_if_there_is_another_file(tmp_path: Path) -> None:
    handout = make_folder(tmp_path / "course", {"stub.py": "# TODO\nx = None\n"}) / "stub.py"
    files = {
        f"ada/{NAME}.py": "# TODO\r\nx = None\r\n",
        f"ada/{NAME}.ipynb": "{}",
        f"bob/{NAME}.py": "# TODO\nx = None\n",
    }
    result = search(make_folder(tmp_path / "class", files), handouts=(handout,))
    assert [(one.student, one.path.suffix) for one in result.found] == [
        ("ada", ".ipynb"),
        ("bob", ".py"),
    ]
    assert "handout, unchanged" in result.warnings[0].message.en


def test_the_source_named_last_goes_first(tmp_path: Path) -> None:
    first = make_folder(tmp_path / "first", {f"ada/{NAME}.py": "1", f"bob/{NAME}.py": "2"})
    (tmp_path / "again.zip").write_bytes(zipped({f"ada/{NAME}.py": "3", "eve/x.txt": ""}))
    result = search(first, tmp_path / "again.zip")
    assert pairs(result) == [("ada", "ex03", "3"), ("bob", "ex03", "2")]


def test_only_exercises_that_were_asked_for_are_found(tmp_path: Path) -> None:
    files = {"ada/ex03.py": "", "ada/ex04.py": "", "bob/ex04.py": "", "carol/essay.py": ""}
    result = search(make_folder(tmp_path / "class", files), exercises=EXERCISES[:1])
    assert [(one.student, one.exercise) for one in result.found] == [("ada", "ex03")]
    assert [warning.owner for warning in result.warnings] == ["bob", "carol"]


@pytest.mark.parametrize(
    "names", [("Ada", "ada"), ("É", "E\u0301"), ("a?b", "a*b"), ("straße", "STRASSE")]
)
def test_owners_that_would_be_one_folder_are_not_guessed(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    files = {f"{name}/ex03.py": "" for name in (*names, "zoe")}
    result = search(make_folder(tmp_path / "class", files))
    assert [one.student for one in result.found] == ["zoe"]
    assert len(result.problems) == len(names)
    assert all("several owners" in message for _, message in said(result))


def test_an_accent_written_in_two_ways_is_one_student_across_sources(tmp_path: Path) -> None:
    one = make_folder(tmp_path / "a", {"Rene\u0301/ex03.py": "3"})
    two = make_folder(tmp_path / "b", {"Ren\u00e9/ex04.py": "4"})
    result = search(one, two)
    assert pairs(result) == [("Ren\u00e9", "ex03", "3"), ("Ren\u00e9", "ex04", "4")]


def test_a_link_is_followed_only_to_a_file_of_the_same_student(tmp_path: Path) -> None:
    (tmp_path / "solution.py").write_text("secret")
    source = make_folder(
        tmp_path / "class",
        {"ada/ex03.py": "ada", "bob/src/real.py": "bob", "carol/notes.txt": "", "dan/a.txt": ""},
    )
    (source / "bob/ex03.py").symlink_to("src/real.py")
    (source / "carol/ex03.py").symlink_to("../ada/ex03.py")
    (source / "dan/ex03_conv_layer.py").symlink_to(tmp_path / "solution.py")
    (source / "dan/ex04.py").symlink_to("missing.py")
    (source / "dan/data").symlink_to(tmp_path)
    (source / "eve").symlink_to("ada")
    (source / "fay_ex03.py").symlink_to("ada/ex03.py")
    result = search(source)
    assert pairs(result) == [("ada", "ex03", "ada"), ("bob", "ex03", "bob")]
    assert result.found[1].path == source / "bob/src/real.py"
    assert [(problem.owner, problem.exercise) for problem in result.problems] == [
        ("carol", "ex03"),
        ("dan", "ex03"),
        ("dan", "ex04"),
        ("eve", None),
        ("fay", "ex03"),
    ]
    assert [warning.owner for warning in result.warnings] == ["dan"]


def test_pipes_sockets_and_large_files_are_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_folder(
        tmp_path / "c", {"ada/x": "", "bob/x": "", "eve/ex03.py": b"\0" * 3_000_000}
    )
    os.mkfifo(source / "ada/ex03.py")
    monkeypatch.chdir(source / "bob")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("ex03.py")
    result = search(source)
    assert result.found == ()
    assert [message.split(":")[0] for _, message in said(result)] == [
        "ex03.py is a pipe, a socket or a device, and is not opened",
        "ex03.py is a pipe, a socket or a device, and is not opened",
        "ex03.py is too large",
    ]


def test_a_folder_that_cannot_be_read_costs_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make_folder(tmp_path / "class", {"ada/ex03.py": "", "bob/ex03.py": ""})
    scan = os.scandir

    def refuse_ada(path: Path) -> object:
        if Path(path).name == "ada":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    # The super-user may read everything.
    monkeypatch.setattr("grader.batch.discovery.folders.os.scandir", refuse_ada)
    result = search(source)
    assert [one.student for one in result.found] == ["bob"]
    assert said(result) == [("ada", "ada cannot be read: Permission denied")]


def test_folders_too_deep_are_a_problem(tmp_path: Path) -> None:
    files = {"ada/" + "d/" * 40 + "ex03.py": "", "bob/ex03.py": ""}
    result = search(make_folder(tmp_path / "class", files))
    assert [one.student for one in result.found] == ["bob"]
    assert [problem.owner for problem in result.problems] == ["ada"]


def test_the_workspace_and_results_within_a_source_are_not_searched(tmp_path: Path) -> None:
    files = {"ada/ex03.py": "", "out/reports/ex03.py": "", "w/x/ex03.py": ""}
    source = make_folder(tmp_path / "class", files)
    result = discover([source], EXERCISES, workspace=source / "w", skip=[source / "out"])
    assert [one.student for one in result.found] == ["ada"]


def test_names_that_are_no_text_can_be_written_down(tmp_path: Path) -> None:
    folder = os.fsencode(make_folder(tmp_path / "class", {})) + b"/" + "张三".encode("gbk")
    Path(os.fsdecode(folder)).mkdir()
    Path(os.fsdecode(folder + b"/" + "作业ex03.py".encode("gbk"))).write_text("x")
    (found,) = search(tmp_path / "class").found
    assert (found.student, found.path.name) == ("张三", "作业ex03.py")
    assert found.path.read_text() == "x"
    assert str(found.path).encode()


def test_messages_cannot_be_forged_by_names(tmp_path: Path) -> None:
    name = "a\u202e\n\x1b[31m"
    result = search(
        make_folder(tmp_path / "class", {f"{name}/ex03.py": "", f"{name}/my_ex03.py": ""})
    )
    (found,) = result.found
    texts = [found.student, found.origin, result.warnings[0].message.en]
    assert all(text.isprintable() for text in texts)


ROSTER = """\
student,name,email,github,aliases
s1,Ada Lovelace,ada@example.edu,ada-l,countess|AL
s2,Alan Turing,alan@example.edu,,
s3,"Li, Wei",wei1@example.edu,,
s4,Li Wei,wei2@example.edu,,
s5,Grace Hopper,,,
"""


def with_roster(
    tmp_path: Path,
    files: dict[str, str | bytes],
    text: str = ROSTER,
    *,
    layout: LayoutName | None = None,
) -> Discovery:
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    source = make_folder(tmp_path / "class", files)
    return search(source, roster=read_roster(tmp_path / "roster.csv"), layout=layout)


@pytest.mark.parametrize("name", ["s1", "S1", "ada@example.edu", "ada-l", "AL", "Ada  LOVELACE"])
def test_a_roster_knows_students_by_all_that_it_says(tmp_path: Path, name: str) -> None:
    result = with_roster(tmp_path, {f"{name}/ex03.py": ""})
    assert [one.student for one in result.found] == ["s1"]
    assert result.missing == ("s2", "s3", "s4", "s5")


def test_who_is_not_in_the_roster_or_could_be_two_is_listed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "mallory/ex03.py": "",
        "mallory/ex04.py": "",
        "Li Wei/ex03.py": "",
        "s2/ex03.pdf": "",
        "s5/work.zip": b"broken",
        "empty/.keep": "",
    }
    result = with_roster(tmp_path, files)
    assert result.found == ()
    assert said(result) == [
        ("Li Wei", "Li Wei could be any of these students: s3, s4"),
        ("mallory", "mallory is not in the roster"),
        ("s5", "this is no archive, or one that is damaged at its beginning"),
    ]
    assert [warning.owner for warning in result.warnings] == ["s2"]
    assert result.missing == ("s1",)
    # A file that could be either one's is not said to be nobody's.
    assert result.not_graded == (
        *(("s2", "ex03"), ("s3", "ex03"), ("s4", "ex03")),
        *(("s5", "ex03"), ("s5", "ex04")),
    )
    assert result.roster == ("s1", "s2", "s3", "s4", "s5")


def test_who_handed_in_what_cannot_be_graded_is_told_without_a_roster_too(tmp_path: Path) -> None:
    folder = "_assignsubmission_file_"
    files: dict[str, str | bytes] = {
        f"Ada_1{folder}/ex03.py": "",
        f"Bob_2{folder}/ex03.zip": b"broken",
        f"Cat_3{folder}/homework.py": "",
        f"Dan_4{folder}/work.rar": b"Rar!",
        f"Dan_4{folder}/ex03.py": "",
        f"Eve_5{folder}/work.rar": b"Rar!",
    }
    result = search(make_folder(tmp_path / "class", files))
    # The source is about ex03 alone, so that whatever cannot be told belongs to it.
    assert result.not_graded == (("Bob_2", "ex03"), ("Cat_3", "ex03"), ("Eve_5", "ex03"))
    assert [one.student for one in result.found] == ["Ada_1", "Dan_4"]
    (warning,) = [one for one in result.warnings if one.owner == "Cat_3"]
    assert warning.message.en.endswith("is graded, only homework.py")


@pytest.mark.parametrize(
    "name",
    [
        "ex03_conv_layer.py.txt",
        "ex3_conv_layer.py",
        "deep/er/my_ex3.ipynb",
        "deep/er/exercise_03.ipynb.json",
        "练习3.py",
        "ex03_conv_layer.pdf",
        "EX3 (1).docx",
        "ex03.zip",
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["in a folder", "in an archive"])
def test_a_nearly_right_name_beside_a_right_one_is_told_and_not_missing(
    tmp_path: Path, name: str, *, packed: bool
) -> None:
    own: dict[str, str | bytes] = {
        "ex04_max_pool.py": "",
        "README.md": "",
        name: zipped({"conv.py": ""}) if name.endswith(".zip") else "",
    }
    files: dict[str, str | bytes] = {f"s1/{one}": value for one, value in own.items()}
    if packed:
        files = {"s1/work.zip": zipped(own)}
    result = with_roster(tmp_path, {**files, "s2/ex03.py": "", "s2/ex04.py": ""})
    assert [(one.student, one.exercise) for one in result.found] == [
        *(("s1", "ex04"), ("s2", "ex03"), ("s2", "ex04"))
    ]
    assert result.not_graded == (("s1", "ex03"),)
    (warning,) = result.warnings
    assert (warning.owner, warning.exercise) == ("s1", "ex03")
    last = name.rpartition("/")[2]
    assert warning.origin.endswith(name)
    assert warning.message.en == f"there is no file named for ex03, only {last}"
    assert "ex03" in warning.message.zh
    assert last in warning.message.zh
    assert warning.hint is not None


def test_what_lies_beside_a_submission_is_no_other_submission(tmp_path: Path) -> None:
    names = (
        *("ex04_max_pool.py", "README.md", "notes.txt", "helper.py", "index3.py", "exam3.py"),
        *("ex03_loss.png", "data/ex03_points.csv", "figures/ex3_filters.png", "ex13.py", "w3.zip"),
        *("ex4 (old).py", "ex04.pdf", "test_exact.py", ".ex3.py.swp", "__pycache__/ex3.py"),
        *("docs/ex03.md", "ex03_conv_layer.png", "ex03.pt", "ex03_report.pdf", "ex03_output.txt"),
    )
    files: dict[str, str | bytes] = {f"s1/{name}": "" for name in names}
    result = with_roster(tmp_path, {**files, "s1/w3.zip": zipped({"model.py": ""})})
    assert result.not_graded == ()
    assert (result.problems, result.warnings) == ((), ())


def test_whose_file_with_a_nearly_right_name_it_may_be_is_not_said_to_be_missing(
    tmp_path: Path,
) -> None:
    result = with_roster(tmp_path, {"Li Wei/ex3.py": "", "Li Wei/ex04.py": ""})
    assert result.not_graded == tuple((one, ex) for one in ("s3", "s4") for ex in ("ex03", "ex04"))
    assert [problem.owner for problem in result.problems] == ["Li Wei"]


def test_a_nearly_right_name_that_would_name_its_student_is_listed(tmp_path: Path) -> None:
    files = {
        "ada_ex03.py": "",
        "bob_ex3.py": "",
        "eve_ex3.py.txt": "",
        "notes.py": "",
        "ex3.png": "",
    }
    result = search(make_folder(tmp_path / "class", files))
    assert [one.student for one in result.found] == ["ada"]
    assert said(result) == [
        (None, "bob_ex3.py does not say whose it is"),
        (None, "eve_ex3.py.txt does not say whose it is"),
    ]


def test_what_is_handed_in_to_one_assignment_is_not_hidden_by_another(tmp_path: Path) -> None:
    folder = "Alan Turing_13_assignsubmission_file_"
    (tmp_path / "r.csv").write_text(ROSTER)
    result = search(
        make_folder(
            tmp_path / "4",
            {f"{folder}/ex04.py": "", "Ada Lovelace_1_assignsubmission_file_/ex04.py": ""},
        ),
        make_folder(
            tmp_path / "3",
            {f"{folder}/homework.py": "", "Ada Lovelace_1_assignsubmission_file_/ex03.py": ""},
        ),
        roster=read_roster(tmp_path / "r.csv"),
    )
    assert result.not_graded == (("s2", "ex03"),)
    assert [(one.owner, one.message.en[-16:]) for one in result.warnings] == [
        ("s2", "only homework.py")
    ]


def test_two_people_of_one_name_are_not_one_student(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "Ada Lovelace_11_assignsubmission_file_/ex03.py": "",
        "Ada Lovelace_12_assignsubmission_file_/ex03.py": "",
        "Alan Turing_13_assignsubmission_file_/ex03.py": "",
    }
    result = with_roster(tmp_path, files)
    assert [one.student for one in result.found] == ["s2"]
    assert [problem.owner for problem in result.problems] == [
        "Ada Lovelace_11",
        "Ada Lovelace_12",
    ]


def test_two_folders_that_only_a_name_leads_to_one_student_are_not_joined(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "Ada Lovelace/ex03.py": "",
        "ada_lovelace/ex04.py": "",
        "Alan Turing/ex03.py": "",
    }
    result = with_roster(tmp_path, files)
    assert [one.student for one in result.found] == ["s2"]
    assert [problem.owner for problem in result.problems] == ["Ada Lovelace", "ada_lovelace"]


WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade
Participant 11,Ada Lovelace,s1,ada@example.edu,Submitted for grading,,100
Participant 12,Ada Lovelace,s2,ada2@example.edu,Submitted for grading,,100
Participant 13,Alan Turing,s3,alan@example.edu,Submitted for grading,,100
"""


def test_moodles_worksheet_tells_namesakes_apart_and_worksheets_too(tmp_path: Path) -> None:
    def name(who: str, number: int) -> str:
        return f"{who}_{number}_assignsubmission_file_/ex03.py"

    right = {name("Ada Lovelace", 11): "1", name("Ada Lovelace", 12): "2"}
    wrong = {name("Grace Hopper", 13): "3"}
    result = with_roster(tmp_path, {**right, **wrong}, WORKSHEET)
    assert pairs(result) == [("s1", "ex03", "1"), ("s2", "ex03", "2")]
    assert [message for _, message in said(result)] == [
        "Grace Hopper_13: the roster has another name for this participant's number"
    ]


@pytest.mark.parametrize(
    ("status", "late"),
    [
        ("Submitted for grading - 2 hours 3 mins late", True),
        ("Submitted for grading - 1 day late - Graded", True),
        ("已提交请评分 - 迟2 小时 - 已评分", True),
        ("已提交并等待评分 - 迟交1天", True),
        ("Submitted for grading", False),
        ("Submitted for grading - Graded", False),
        ("No submission - Assignment is overdue by: 3 days", False),
        ("Submitted for grading - Extension granted until: Friday, 2 May 2026, 3:00 PM", False),
        ("已提交请评分 - 已评分", False),
        ("", False),
    ],
)
def test_moodles_worksheet_tells_what_came_late(tmp_path: Path, status: str, late: bool) -> None:  # noqa: FBT001
    worksheet = (
        "Identifier,Full name,ID number,Status,Grade,Maximum Grade\n"
        f'Participant 11,Ada Lovelace,s1,"{status}",,100\n'
        "Participant 13,Alan Turing,s3,Submitted for grading,,100\n"
    )
    files: dict[str, str | bytes] = {
        "Ada Lovelace_11_assignsubmission_file_/ex03.py": "1",
        "Alan Turing_13_assignsubmission_file_/ex03.py": "3",
    }
    result = with_roster(tmp_path, files, worksheet)
    assert [(one.student, one.late) for one in result.found] == [("s1", late), ("s3", False)]


def test_what_came_late_in_one_assignment_did_not_in_another(tmp_path: Path) -> None:
    late = WORKSHEET.replace("edu,Submitted for grading", "edu,Submitted for grading - 1 hour late")
    # The numbers of the worksheet are those of its own assignment.
    (tmp_path / "roster.csv").write_text(late)
    found = search(
        make_folder(tmp_path / "3", {"Alan Turing_13_assignsubmission_file_/ex03.py": ""}),
        make_folder(tmp_path / "4", {"Alan Turing_99_assignsubmission_file_/ex04.py": ""}),
        make_folder(tmp_path / "folders", {"s1/ex03.py": ""}),
        roster=read_roster(tmp_path / "roster.csv"),
    ).found
    assert [(one.student, one.exercise, one.late) for one in found] == [
        ("s1", "ex03", False),
        ("s3", "ex03", True),
        ("s3", "ex04", False),
    ]


def test_a_status_in_another_list_is_not_moodles(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"s1/ex03.py": ""}
    result = with_roster(tmp_path, files, "id,name,status\ns1,Ada,enrolled 3 days late\n")
    assert [one.late for one in result.found] == [False]


def test_canvas_numbers_come_from_its_gradebook(tmp_path: Path) -> None:
    gradebook = (
        "Student,ID,SIS User ID,SIS Login ID,Section,ex03 (77)\n"
        "    Points Possible,,,,,100\n"
        '"Lovelace, Ada",1201,s1,ada,A,\n"Turing, Alan",1202,s2,alan,A,\n"Student, Test",9,,,A,\n'
    )
    files: dict[str, str | bytes] = {
        "lovelaceada_1201_5_ex03.py": "ada",
        "impostor_1202_6_ex03.py": "not alan",
        "turingalan_1202_7_ex03.py": "alan",
    }
    # By itself, a number with two names is not Canvas's.
    result = with_roster(tmp_path, files, gradebook, layout="canvas")
    assert pairs(result) == [("s1", "ex03", "ada")]
    assert {problem.owner for problem in result.problems} == {"impostor_1202", "turingalan_1202"}


@pytest.mark.slow
def test_a_class_of_five_thousand_takes_seconds(tmp_path: Path) -> None:
    files = {f"s{number}/ex03_conv_layer.py": "x" for number in range(5000)}
    source = tmp_path / "class.zip"
    source.write_bytes(zipped(files))
    began = time.process_time()
    result = search(source)
    assert len(result.found) == len(files)
    # Five seconds where this was written; a square of the number would take minutes.
    assert time.process_time() - began < 30
