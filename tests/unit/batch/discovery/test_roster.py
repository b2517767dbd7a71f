from __future__ import annotations

from pathlib import Path

import pytest

from grader.batch.discovery.owners import Key, KeyKind
from grader.batch.discovery.roster import read_roster
from grader.batch.discovery.students import Roster
from grader.errors import UsageError

TEXT = "学号,姓名,邮箱\n1,王小明,wang@example.edu\n2,李 雷,li@example.edu\n"


def roster(tmp_path: Path, data: bytes | str) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_roster(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_spreadsheets_of_all_kinds_are_read(
    tmp_path: Path, encoding: str, delimiter: str, end: str
) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", end)
    made = roster(tmp_path, text.encode(encoding))
    assert made.ids == ("1", "2")
    assert made.know([Key("name", "李雷")]).students == ("2",)


@pytest.mark.parametrize(
    ("text", "kind", "value", "student"),
    [
        ("student\nada\n", "any", "ADA", "ada"),
        ("sep=;\nid;name\n1;Ada\n", "name", "ada", "1"),
        ("Student ID,First name,Last name\n1,Ada,Lovelace\n", "name", "Lovelace Ada", "1"),
        ('id,name\n1,"Lovelace, Ada"\n', "name", "ada lovelace", "1"),
        ("identifier,github_username,github_id,name\nada,ada-l,77,\n", "any", "ada-l", "ada"),
        ("login,name\nadal,Ada\n", "name", "Ada", "adal"),
        ("email,name\na@x.edu,Ada\n", "email", "A@X.edu", "a@x.edu"),
        ("name\nAda Lovelace\n", "any", "ada lovelace", "Ada Lovelace"),
        ("Student,Student ID\nAda,1\n", "name", "ada", "1"),
        ("id,aliases\n1,countess | AL\n", "any", "al", "1"),
        ("Identifier,Email address,Grade\nParticipant 9,a@x.e,\n", "participant", "9", "a@x.e"),
        ('id,name\n="00123",Ada\n', "id", "00123", "00123"),
        ('id,name\n"=""00123""",Ada\n', "id", "00123", "00123"),
        ("标识符,姓名,学号,状态,Grade\n参与者 9,王芳,1,,\n", "participant", "9", "1"),
    ],
)  # fmt: skip
def test_usual_headers_are_understood(
    tmp_path: Path, text: str, kind: KeyKind, value: str, student: str
) -> None:
    assert roster(tmp_path, text).know([Key(kind, value)]).students == (student,)


def test_a_number_of_one_kind_is_not_taken_for_another(tmp_path: Path) -> None:
    made = roster(tmp_path, "id,name\n123,Ada\n")
    assert made.know([Key("participant", "123")]).students == ()
    assert made.know([Key("canvas", "123")]).students == ()
    assert made.know([Key("id", "123")]).students == ("123",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no column"),
        ("colour,shape\nred,round\n", "names no column"),
        ("id,name\n", "lists no students"),
        ("id,name\n1,Ada\n,Bob\n2,Carol\n,Dan\n", "no id in line 3, 5"),
        ("id\nada\nbob\nAda\n", "lines 2, 4 have the same id ada"),
        ("id\na?\na*\n", "lines 2, 3 have the same id a_"),
        ("id,name\n1,Ada,surplus\n", "line 2: more cells"),
        ("id,name\n1,Ada\n..,Bob\n", "no id in line 3"),
        ('sep=,\nid,name\n1,Ada\n2,"Bob\n3,Cat\n', "in the row that begins in line 4"),
        ('id,name\n1,"Ada" B.\n', "in the row that begins in line 2"),
    ],
)
def test_what_is_wrong_is_told_with_its_lines(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError) as info:
        roster(tmp_path, text)
    assert words in info.value.message.en
    assert info.value.hint is not None


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Filters (7)
,,,,,Manual Posting
    Points Possible,,,,,100
"Lovelace, Ada",501,1,ada,Week 3,
"Student, Test",502,,8f1c,Week 3,
"""
SPLIT = """\
LastName,FirstName,ID,SIS User ID,SIS Login ID,Section
    Points Possible,,,,,
Lovelace,Ada,501,1,ada,Week 3
Student,Test,502,,8f1c,Week 3
"""
TRANSLATED = CANVAS.replace("Points Possible", "满分").replace("Manual Posting", "手动发布")


@pytest.mark.parametrize("text", [CANVAS, SPLIT, TRANSLATED])
def test_canvas_gradebook_is_read_as_it_is(tmp_path: Path, text: str) -> None:
    made = roster(tmp_path, text)
    assert made.ids == ("1",)
    for key in (Key("canvas", "501"), Key("name", "Ada Lovelace"), Key("any", "ada")):
        assert made.know([key]).students == ("1",)


def test_canvas_gradebook_without_numbers_of_the_school_is_read(tmp_path: Path) -> None:
    text = "Student,ID,Section,Task\n,,,Manual Posting\n    Points Possible,,,9\nAda,501,W,\n"
    assert roster(tmp_path, text).ids == ("501",)


@pytest.mark.parametrize("character", ["\v", "\f", "\x85", "\u2028"])
def test_only_an_end_of_line_ends_a_row(tmp_path: Path, character: str) -> None:
    made = roster(tmp_path, f"id,name\n1,Ada{character}Lovelace\n2,Bob\n")
    assert made.ids == ("1", "2")
    assert made.know([Key("name", "Ada Lovelace")]).students == ("1",)


@pytest.mark.parametrize("mark", ["\u200b", "\u202a", "\ufeff", "\xa0"])
def test_what_nobody_sees_beside_an_id_is_no_part_of_it(tmp_path: Path, mark: str) -> None:
    assert roster(tmp_path, f"id,name\n{mark}20230001{mark} ,Ada\n").ids == ("20230001",)


def test_a_missing_or_binary_roster_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        read_roster(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="is not text"):
        roster(tmp_path, b"\x7fELF\x02\0\0\0\x08\0")
    with pytest.raises(UsageError, match="is a workbook, not a CSV"):
        roster(tmp_path, b"PK\x03\x04\x14\0\0\0\x08\0")


def test_western_names_are_not_read_as_chinese_ones(tmp_path: Path) -> None:
    # Their bytes could be GBK as well.
    text = "id,name\n1,Zoëlle Müller\n2,Günther Grün\n"
    assert text.encode("cp1252").decode("gbk") != text
    with pytest.raises(UsageError, match="is neither UTF-8 nor GBK") as info:
        roster(tmp_path, text.encode("cp1252"))
    assert info.value.hint is not None
    assert "CSV UTF-8" in info.value.hint.en


def test_chinese_names_with_rare_characters_are_read(tmp_path: Path) -> None:
    # The second byte of 镕 and 喆 is one of ASCII or near it.
    text = "学号,姓名\n1,朱镕\n2,陶喆\n"
    assert roster(tmp_path, text.encode("gbk")).know([Key("name", "朱镕")]).students == ("1",)


def test_empty_lines_and_short_rows_do_no_harm(tmp_path: Path) -> None:
    assert roster(tmp_path, "id,name,email\n\n1\n,,\n2,Bob\n").ids == ("1", "2")
