"""What a student handed in with a file goes with it, in every layout that can hold several."""

from __future__ import annotations

from pathlib import Path

import pytest
from handed_in import Files, make_folder, search, zipped

EX03 = "ex03_conv_layer.py"
MOODLE = "Ada Li_12_assignsubmission_file_"
METADATA = """\
submission_7:
  :submitters:
  - :name: Ada
    :sid: '1'
submission_8:
  :submitters:
  - :name: Bob
    :sid: '2'
"""


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(
            {f"ada/w1/{EX03}": "A", "ada/w1/net.py": "N", f"bob/{EX03}": "B", "bob/net.py": "no"},
            id="folders",
        ),
        pytest.param(
            {
                "ada.zip": zipped({EX03: "A", "net.py": "N"}),
                "bob.zip": zipped({EX03: "B", "net.py": "no"}),
            },
            id="an archive each",
        ),
        pytest.param(
            {
                f"{MOODLE}/{EX03}": "A",
                f"{MOODLE}/net.py": "N",
                f"Bob_13_assignsubmission_file_/{EX03}": "B",
                "Bob_13_assignsubmission_file_/net.py": "no",
            },
            id="moodle",
        ),
        pytest.param(
            {
                f"{MOODLE}{EX03}": "A",
                f"{MOODLE}net.py": "N",
                f"Bob_13_assignsubmission_file_{EX03}": "B",
                "Bob_13_assignsubmission_file_net.py": "no",
            },
            id="moodle flat",
        ),
        pytest.param(
            {
                f"liada_12_901_{EX03}": "A",
                "liada_12_902_net.py": "old",
                "liada_12_LATE_903_net-1.py": "older name, not this owner's form",
                "liada_12_904_net-1.py": "N",
                f"bob_13_905_{EX03}": "B",
                "bob_13_906_net.py": "no",
            },
            id="canvas",
        ),
        pytest.param(
            {
                "submission_metadata.yml": METADATA,
                f"submission_7/{EX03}": "A",
                "submission_7/net.py": "N",
                f"submission_8/{EX03}": "B",
                "submission_8/net.py": "no",
            },
            id="gradescope",
        ),
        pytest.param(
            {
                f"submitted/ada/w1/{EX03}": "A",
                "submitted/ada/w1/net.py": "N",
                f"submitted/bob/w1/{EX03}": "B",
                "submitted/bob/w1/net.py": "no",
            },
            id="nbgrader",
        ),
        pytest.param(
            {
                "w1-ada/.git/HEAD": "",
                f"w1-ada/src/{EX03}": "A",
                "w1-ada/src/net.py": "N",
                "w1-bob/.git/HEAD": "",
                f"w1-bob/src/{EX03}": "B",
                "w1-bob/src/net.py": "no",
            },
            id="clones",
        ),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["as a folder", "as a zip"])
def test_the_files_of_the_same_student_lie_beside(
    files: Files, tmp_path: Path, *, packed: bool
) -> None:
    source = tmp_path / "class"
    if packed:
        source = tmp_path / "class.zip"
        source.write_bytes(zipped(files))
    else:
        make_folder(source, files)
    found = {one.path.read_text(encoding="utf-8"): one for one in search(source).found}

    assert sorted(found) == ["A", "B"]
    beside = {way: path.read_text("utf-8") for way, path in found["A"].beside.items()}
    assert beside.pop(EX03) == "A"
    assert beside == {"net.py": "N"}


def test_what_lies_in_folders_below_is_there_and_what_lies_above_is_not(tmp_path: Path) -> None:
    student = {
        f"work/{EX03}": "A",
        "work/nets/blocks.py": "B",
        "work/.ipynb_checkpoints/net.py": "no",
        "work/__MACOSX/net.py": "no",
        "work/._net.py": "no",
        "net.py": "no",
    }
    source = make_folder(tmp_path / "class", {"ada.zip": zipped(student)})
    (one,) = search(source).found
    assert sorted(one.beside) == [EX03, "nets/blocks.py"]


def test_in_one_folder_for_all_nobody_sees_the_files_of_another(tmp_path: Path) -> None:
    source = make_folder(
        tmp_path / "class",
        {"ada_ex03.py": "import bob_ex03", "bob_ex03.py": "secret", "net.py": "whose?"},
    )
    found = {one.student: sorted(one.beside) for one in search(source).found}
    assert found == {"ada": ["ada_ex03.py"], "bob": ["bob_ex03.py"]}


def test_a_link_that_leads_away_is_not_beside(tmp_path: Path) -> None:
    source = make_folder(tmp_path / "class", {f"ada/{EX03}": "A", "bob/net.py": "B"})
    (source / "ada" / "net.py").symlink_to(source / "bob" / "net.py")
    (one,) = search(source).found
    assert sorted(one.beside) == [EX03]


@pytest.mark.parametrize("other", ["net-1.py", "net (1).py", "net（1）.py"])
@pytest.mark.parametrize("packed", [False, True], ids=["in a folder", "in an upload to canvas"])
def test_python_imports_the_file_of_that_name_not_one_with_a_number_behind_it(
    tmp_path: Path, other: str, *, packed: bool
) -> None:
    student = {
        EX03: "A",
        "net.py": "N",
        other: "an old try",
        "only (2).py": "alone",
    }
    files: Files = {f"ada/{name}": value for name, value in student.items()}
    if packed:
        files = {"liada_12_901_work.zip": zipped(student)}
    (one,) = search(make_folder(tmp_path / "class", files)).found
    beside = {way: path.read_text("utf-8") for way, path in one.beside.items()}
    assert beside == {EX03: "A", "net.py": "N", "only.py": "alone"}
