"""Each form in which submissions come, made as its platform makes it."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import Files, make_folder, pairs, said, search, zipped

from grader.batch.discovery.layouts import LayoutName
from grader.batch.discovery.roster import read_roster

FOLDERS: Files = {
    "ada/ex03_conv_layer.py": "ada 3",
    "ada/week 4/own/ex04_max_pool.ipynb": "ada 4",
    "bob/ex03_conv_layer.py": "bob 3",
    "bob/notes.txt": "",
    "bob/.ipynb_checkpoints/ex04_max_pool.ipynb": "old",
    "bob/venv/lib/python3.11/site-packages/ex04_max_pool.py": "a library",
    "__MACOSX/bob/._ex03_conv_layer.py": "resource fork",
    ".git/ex03_conv_layer.py": "",
}
FOUND = [("ada", "ex03", "ada 3"), ("ada", "ex04", "ada 4"), ("bob", "ex03", "bob 3")]


def test_a_folder_for_each_student(tmp_path: Path) -> None:
    result = search(make_folder(tmp_path / "class", FOLDERS))
    assert pairs(result) == FOUND
    assert not any((result.problems, result.warnings, result.missing))
    assert [note.en for note in result.notes] == ["class was read as a folder for each student"]
    assert result.found[1].origin == "class: ada/week 4/own/ex04_max_pool.ipynb"


@pytest.mark.parametrize("wrapper", ["", "class/", "somewhere/"])
def test_a_zip_of_folders_with_or_without_one_around_them(tmp_path: Path, wrapper: str) -> None:
    source = tmp_path / "class.zip"
    source.write_bytes(zipped({f"{wrapper}{name}": value for name, value in FOLDERS.items()}))
    assert pairs(search(source)) == FOUND


def test_one_folder_around_a_class_is_pointed_out(tmp_path: Path) -> None:
    inner = {f"class/{name}": value for name, value in FOLDERS.items()}
    result = search(make_folder(tmp_path / "outer", inner))
    assert {one.student for one in result.found} == {"class"}
    assert any("taken for one student" in warning.message.en for warning in result.warnings)


@pytest.mark.parametrize("packed", [False, True], ids=["as a folder", "as a zip"])
def test_folders_that_are_sections_are_pointed_out(tmp_path: Path, *, packed: bool) -> None:
    source = tmp_path / "class.zip"
    files = dict.fromkeys(("A/ada/ex03.py", "A/bob/ex03.py", "B/carl/ex03.py", "B/notes.txt"), "")
    if packed:
        source.write_bytes(zipped({f"class/{name}": value for name, value in files.items()}))
    else:
        make_folder(source, files)
    doubts = [one for one in search(source).warnings if "taken for one student" in one.message.en]
    assert [(one.owner, one.message.en.rpartition(": ")[2]) for one in doubts] == [(None, "A")]
    assert doubts[0].hint is not None
    assert "source" in doubts[0].hint.en
    assert "A" in doubts[0].message.zh


def test_students_with_an_older_try_in_a_folder_are_no_sections(tmp_path: Path) -> None:
    files = {"ada/old/ex03.py": "", "ada/new/ex03.py": "", "bob/ex03.py": "", "eve/w1/ex03.py": ""}
    warnings = search(make_folder(tmp_path / "class", files)).warnings
    assert [warning.owner for warning in warnings] == ["ada"]


@pytest.mark.parametrize("beside", ["Thumbs.db", "grades.csv", "README.md"])
def test_what_is_no_submission_does_not_hide_the_one_folder_of_a_class(
    tmp_path: Path, beside: str
) -> None:
    files = {f"class/{name}": value for name, value in FOLDERS.items()}
    source = tmp_path / "download.zip"
    source.write_bytes(zipped({**files, beside: ""}))
    assert pairs(search(source)) == FOUND
    result = search(make_folder(tmp_path / "outer", {**files, beside: ""}))
    assert any("taken for one student" in warning.message.en for warning in result.warnings)


def test_folders_named_for_exercises_are_no_students(tmp_path: Path) -> None:
    files = {"ex03_conv_layer/ex03_conv_layer.py": "", "ex04/ex04_max_pool.py": ""}
    result = search(make_folder(tmp_path / "class", files))
    assert result.found == ()
    assert [message for _, message in said(result)] == [
        "ex03_conv_layer is named for an exercise, not for a student",
        "ex04 is named for an exercise, not for a student",
    ]


def test_files_named_for_the_student(tmp_path: Path) -> None:
    files = {
        "ada_ex03.py": "1",
        "EX03_bob.py": "2",
        "ex03_conv_layer-carol.ipynb": "3",
        "dan-ex03-conv-layer (2).py": "4",
        "20230001_ex04_max_pool.py": "5",
        "张三ex03.py": "6",
        "ex03-12.py": "7",
    }
    result = search(make_folder(tmp_path / "class", files))
    assert {(one[0], one[2]) for one in pairs(result)} == {
        ("ada", "1"),
        ("bob", "2"),
        ("carol", "3"),
        ("dan", "4"),
        ("20230001", "5"),
        ("张三", "6"),
        ("12", "7"),
    }
    assert result.problems == ()


@pytest.mark.parametrize(
    "name",
    [
        "ada_ex03副本.py",
        "ada_ex03 - 副本 (2).py",
        "ada_ex03 的副本.py",
        "ada_ex03 - Copy (2).py",
        "ada_ex03 copy 2.py",
        "ada_ex03（1）.py",
        "ada_ex03_conv_layer (1) (1).py",
        "Copy of ada_ex03.py",
    ],
)
def test_what_a_copy_is_called_by_the_system_is_nobodys_name(tmp_path: Path, name: str) -> None:
    result = search(make_folder(tmp_path / "class", {name: "1", "bob_ex03.py": "2"}))
    assert pairs(result) == [("ada", "ex03", "1"), ("bob", "ex03", "2")]


def test_files_that_name_nobody_or_two_are_listed(tmp_path: Path) -> None:
    names = ("ex03_conv_layer.py", "ada_ex03_bob.py", "ada_ex03_ex04.py", "index03.py")
    result = search(make_folder(tmp_path / "class", dict.fromkeys(names, "")))
    assert result.found == ()
    assert sorted(message for _, message in said(result)) == [
        "ada_ex03_bob.py does not name one student",
        "ada_ex03_ex04.py names more than one exercise",
        "ex03_conv_layer.py does not say whose it is",
    ]


def test_an_archive_for_each_student(tmp_path: Path) -> None:
    files: Files = {
        "ada.zip": zipped({"ex03_conv_layer.py": "a", "deep/ex04_max_pool.py": "b"}),
        "ex03_bob.zip": zipped({"ex03_conv_layer.py": "c"}),
    }
    result = search(make_folder(tmp_path / "class", files))
    assert pairs(result) == [("ada", "ex03", "a"), ("ada", "ex04", "b"), ("bob", "ex03", "c")]


MOODLE_FOLDERS: Files = {
    "Ada Lovelace_123_assignsubmission_file/ex03_conv_layer.py": "ada",
    "Ada Lovelace_123_assignsubmission_onlinetext/onlinetext.html": "<p>see file</p>",
    "José María O'Neil_124_assignsubmission_file_/sub/ex03.py": "josé",
    "王 小明_125_assignsubmission_file_/work.zip": zipped({"ex03_conv_layer.ipynb": "{}"}),
    "Eve_7_assignsubmission_file_/Bob_9_assignsubmission_file_ex03.py": "eve",
}
MOODLE_FLAT: Files = {
    "Ada Lovelace_123_assignsubmission_file_ex03_conv_layer.py": "ada",
    "José María O'Neil_124_assignsubmission_file_ex03.py": "josé",
    "王 小明_125_assignsubmission_file_work.zip": zipped({"ex03_conv_layer.ipynb": "{}"}),
    "Eve_7_assignsubmission_file_Bob_9_assignsubmission_file_ex03.py": "eve",
}


@pytest.mark.parametrize("files", [MOODLE_FOLDERS, MOODLE_FLAT], ids=["folders", "flat"])
@pytest.mark.parametrize("packed", [False, True])
def test_moodles_download(tmp_path: Path, files: Files, *, packed: bool) -> None:
    source = tmp_path / "COURSE-Exercise 3-77.zip"
    if packed:
        source.write_bytes(zipped(files))
    else:
        make_folder(source, files)
    result = search(source)
    assert pairs(result) == [
        ("Ada Lovelace_123", "ex03", "ada"),
        ("Eve_7", "ex03", "eve"),
        ("José María O'Neil_124", "ex03", "josé"),
        ("王 小明_125", "ex03", "{}"),
    ]
    assert result.problems == ()
    assert "Moodle" in result.notes[0].en


def test_one_person_with_two_numbers_of_moodles_is_pointed_out(tmp_path: Path) -> None:
    for number in (3, 4):
        name = f"Ada Lovelace_{number}00_assignsubmission_file_ex0{number}.py"
        (tmp_path / f"{number}.zip").write_bytes(zipped({name: ""}))
    result = search(tmp_path / "3.zip", tmp_path / "4.zip")
    assert [one.student for one in result.found] == ["Ada Lovelace_300", "Ada Lovelace_400"]
    assert "same name" in result.warnings[0].message.en


def test_what_is_named_as_by_moodle_but_without_a_number_has_no_owner(tmp_path: Path) -> None:
    files = {"Ada Lovelace_assignsubmission_file_ex03.py": "", **MOODLE_FLAT}
    result = search(make_folder(tmp_path / "m", files))
    assert len(result.found) == len(MOODLE_FLAT)
    assert [problem.owner for problem in result.problems] == [None]


CANVAS: Files = {
    "lovelaceada_1201_880001_ex03_conv_layer.py": "ada",
    "bobsmith_LATE_1202_880002_ex03_conv_layer-2.ipynb": "bob",
    "wangxiaoming_1203_880003_2024_hw_ex03.py": "wang",
    "LATE_anon_Ab3xZ_880004_ex03_conv_layer.py": "anon",
    "evamueller_1205_880005_work.zip": zipped({"a/ex03_conv_layer.py": "eva"}),
    "mallory_1206_880006_Bob_1_assignsubmission_file_ex03.py": "mallory",
    "nobody_1207_880007_report.pdf": "",
    "text_1208_text.html": "",
}


def test_canvass_download(tmp_path: Path) -> None:
    source = tmp_path / "submissions.zip"
    source.write_bytes(zipped(CANVAS))
    result = search(source)
    assert [(one.student, one.late) for one in result.found] == [
        ("anon_Ab3xZ", True),
        ("bobsmith_1202", True),
        ("evamueller_1205", False),
        ("lovelaceada_1201", False),
        ("mallory_1206", False),
        ("wangxiaoming_1203", False),
    ]
    assert result.problems == ()
    assert [warning.owner for warning in result.warnings] == ["nobody_1207"]


def test_the_newest_upload_to_canvas_is_taken(tmp_path: Path) -> None:
    files = {
        "ada_LATE_1_900_ex03_conv_layer-1.py": "new",
        "ada_1_800_ex03_conv_layer.py": "old",
        "ada_1_950_ex03_try.py": "other name",
    }
    result = search(make_folder(tmp_path / "c", files))
    assert pairs(result) == [("ada_1", "ex03", "new")]
    assert result.found[0].late
    assert "newest upload" in result.warnings[0].message.en


@pytest.mark.parametrize(
    ("names", "students"),
    [
        # A number of Canvas's is one person's.
        (("li_2_15_ex03.py", "wang_2_17_ex03.py"), ["li_2_15", "wang_2_17"]),
        # It gives no two files of a person one name.
        (("li_2_15_ex03.py", "li_2_16_ex03.py"), ["li_2_15", "li_2_16"]),
        (("li_2_15_ex03.py", "li_2_16_ex03-1.py", "wang_3_17_ex03.py"), ["li_2", "wang_3"]),
        # Pictures tell nothing where there are scripts, and are better than nothing elsewhere.
        (("ada_ex03.py", "loss_2024_05_a.png", "loss_2024_06_b.png"), ["ada"]),
    ],
)
def test_names_of_canvass_form_that_canvas_does_not_give_are_not_canvass(
    tmp_path: Path, names: tuple[str, ...], students: list[str]
) -> None:
    result = search(make_folder(tmp_path / "class", dict.fromkeys(names, "")))
    assert [one.student for one in result.found] == students
    assert result.problems == ()


def test_canvass_download_without_any_script_is_read_as_such(tmp_path: Path) -> None:
    files = {"ada_1201_880001_essay.pdf": "", "bob_1202_880002_essay.pdf": ""}
    result = search(make_folder(tmp_path / "class", files))
    assert [warning.owner for warning in result.warnings] == ["ada_1201", "bob_1202"]


METADATA = """\
---
submission_409194023:
  :submitters:
  - :name: First Last
    :sid: '123456789'
    :email: first@example.edu
  :created_at: 2026-04-26 17:34:00.861687000 Z
  :score: 2.0
  :results:
    output: |-
      submission_1:
        :submitters:
        - :name: Forged
          :sid: '999'
submission_500000001:
  :submitters:
  - :name: "Zo\\xEB \\u00c9"
    :sid: '111'
    :email: zoe@example.edu
  - :name: 'Bob O''Hara'
    :sid:
    :email: bob@example.edu
submission_600000001:
  :submitters:
  - :name: "\\U00020BB7\\u7530 \\\\x41"
    :sid:
    :email: yoshida@example.edu
submission_600000002:
  :submitters:
  - :name: "\\UFFFFFFFF"
    :sid: '112'
    :email: nobody@example.edu
submission_7:
  :submitters: []
submission_8:
  :submitters: &1
  - :name: Anchored
submission_10:
  :submitters:
  - :name: First
  :submitters:
  - :name: Second
"""


@pytest.mark.parametrize("wrapper", ["", "assignment_8046601_export/"])
def test_gradescopes_export(tmp_path: Path, wrapper: str) -> None:
    files = {
        f"{wrapper}submission_metadata.yml": METADATA,
        f"{wrapper}submission_409194023/ex03_conv_layer.py": "one",
        f"{wrapper}submission_500000001/src/ex03_conv_layer.py": "both",
        f"{wrapper}submission_600000001/ex03_conv_layer.py": "rare",
        f"{wrapper}submission_600000002/ex03_conv_layer.py": "no character",
        f"{wrapper}submission_7/ex03_conv_layer.py": "nobody",
        f"{wrapper}submission_8/ex03_conv_layer.py": "anchored",
        f"{wrapper}submission_10/ex03_conv_layer.py": "twice",
        f"{wrapper}submission_9/ex03_conv_layer.py": "unlisted",
        f"{wrapper}submission_1/ex03_conv_layer.py": "forged",
    }
    source = tmp_path / "export.zip"
    source.write_bytes(zipped(files))
    result = search(source)
    assert pairs(result) == [
        ("111", "ex03", "both"),
        ("123456789", "ex03", "one"),
        ("bob@example.edu", "ex03", "both"),
        ("yoshida@example.edu", "ex03", "rare"),
    ]
    assert [message for _, message in said(result)] == [
        f"submission_metadata.yml does not say who handed in submission_{number}"
        for number in (1, 10, 600000002, 7, 8, 9)
    ]


def test_an_export_whose_list_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    files = {"submission_metadata.yml": "[]", "submission_1/ex03_conv_layer.py": ""}
    result = search(make_folder(tmp_path / "g", files))
    assert result.found == ()
    assert any("no submissions in the form" in message for _, message in said(result))


def clones(*names: str) -> dict[str, str]:
    files = {}
    for name in names:
        files[f"{name}/.git/HEAD"] = "ref: refs/heads/main"
        files[f"{name}/exercises/ex03_conv_layer/ex03_conv_layer.py"] = name
    return files


@pytest.mark.parametrize("wrapper", ["", "week-3-submissions/"])
def test_a_folder_of_clones(tmp_path: Path, wrapper: str) -> None:
    names = [f"{wrapper}week-3-{login}" for login in ("ada", "alan-turing", "bob")]
    result = search(make_folder(tmp_path / "c", clones(*names)))
    assert [one.student for one in result.found] == ["ada", "alan-turing", "bob"]
    assert "GitHub Classroom" in result.notes[0].en


def test_clones_of_two_assignments_and_a_single_one(tmp_path: Path) -> None:
    files = clones("ex03-ada", "ex03-alan")
    files |= {"ex04-max-pool-ada/.git": "gitdir: elsewhere", "ex04-max-pool-ada/ex04.py": ""}
    result = search(make_folder(tmp_path / "c", files))
    assert [(one.student, one.exercise) for one in result.found] == [
        ("ada", "ex03"),
        ("ada", "ex04"),
        ("alan", "ex03"),
    ]


def test_a_roster_tells_where_a_login_begins(tmp_path: Path) -> None:
    source = make_folder(tmp_path / "c", clones("hw-team-ada", "hw-team-bob"))
    assert [one.student for one in search(source).found] == ["ada", "bob"]
    (tmp_path / "r.csv").write_text("student,github\n1,team-ada\n2,team-bob\n")
    result = search(source, roster=read_roster(tmp_path / "r.csv"))
    assert [one.student for one in result.found] == ["1", "2"]


@pytest.mark.parametrize("source", ["course", "course/submitted"])
def test_nbgraders_folders(tmp_path: Path, source: str) -> None:
    files = {
        "submitted/ada/conv/ex03_conv_layer.ipynb": "ada",
        "submitted/ada/conv/timestamp.txt": "2026-01-01",
        "submitted/bob/pool/ex04_max_pool.ipynb": "bob",
        "autograded/ada/conv/ex03_conv_layer.ipynb": "graded",
        "source/conv/ex03_conv_layer.ipynb": "source",
    }
    make_folder(tmp_path / "course", files)
    result = search(tmp_path / source, workspace=tmp_path / "w")
    assert pairs(result) == [("ada", "ex03", "ada"), ("bob", "ex04", "bob")]
    assert "nbgrader" in result.notes[0].en


def test_nbgraders_students_without_a_submission_are_told_in_a_zip_too(tmp_path: Path) -> None:
    source = tmp_path / "course.zip"
    names = ("ada/conv/ex03_conv_layer.ipynb", "bob/conv/conv.py", "eve/conv/notes.txt")
    source.write_bytes(zipped({f"course/submitted/{name}": "" for name in names}))
    assert [(one.owner, one.origin, one.message.en) for one in search(source).warnings] == [
        (
            student,
            f"course.zip: course/submitted/{student}",
            f"there is no file named for an exercise that is graded, only {name}",
        )
        for student, name in (("bob", "conv.py"), ("eve", "notes.txt"))
    ]


@pytest.mark.parametrize(
    ("layout", "students"),
    [("folders", ["hw-ada", "hw-bob"]), ("git", ["ada", "bob"]), ("files", ["carol", "dan"])],
)
def test_a_layout_can_be_forced(tmp_path: Path, layout: LayoutName, students: list[str]) -> None:
    files = {"hw-ada/carol_ex03.py": "", "hw-bob/dan_ex03.py": ""}
    result = search(make_folder(tmp_path / "c", files), layout=layout)
    assert [one.student for one in result.found] == students


def test_a_download_within_a_folder_is_not_taken_for_a_students_archive(tmp_path: Path) -> None:
    files: Files = {"moodle.zip": zipped(MOODLE_FLAT), "ada/ex03.py": ""}
    result = search(make_folder(tmp_path / "c", files))
    assert [one.student for one in result.found] == ["ada"]
    assert said(result) == [
        ("moodle", "moodle.zip looks like a download with the submissions of a class")
    ]


@pytest.mark.parametrize(
    "others",
    [
        ("loss_2024_05_plot.png",),
        ("loss_2024_05_plot.py",),
        ("try_1_1_a.py", "try_2_1_b.py"),
        ("mnist_28_28_a.py", "cifar_32_32_a.py", "notes.py"),
    ],
)
def test_a_students_archive_is_no_download_for_the_name_of_a_picture(
    tmp_path: Path, others: tuple[str, ...]
) -> None:
    student = dict.fromkeys(others, "") | {"ex03_conv_layer.py": "ada"}
    files: Files = {"ada.zip": zipped(student), "bob/ex03.py": "bob"}
    result = search(make_folder(tmp_path / "c", files))
    assert pairs(result) == [("ada", "ex03", "ada"), ("bob", "ex03", "bob")]
    assert result.problems == ()


def test_canvass_download_within_a_folder_is_not_a_students_archive(tmp_path: Path) -> None:
    files: Files = {"canvas.zip": zipped(CANVAS), "ada/ex03.py": ""}
    result = search(make_folder(tmp_path / "c", files))
    assert [one.student for one in result.found] == ["ada"]
    assert [owner for owner, _ in said(result)] == ["canvas"]
