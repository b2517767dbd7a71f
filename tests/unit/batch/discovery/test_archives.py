"""Archives that are broken, or made to break what reads them."""

from __future__ import annotations

import io
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from handed_in import Files, make_folder, pairs, said, search, tarred, zipped
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.batch.discovery.limits import Budget, Limits
from grader.batch.discovery.listing import Listing
from grader.batch.discovery.unpack import unpack
from grader.batch.discovery.workspace import Workspace
from grader.batch.found import Discovery
from grader.errors import GraderFault, UsageError

SMALL = Limits(total_bytes=200_000, entries=20, ratio=50, free_bytes=50_000)
NAME = "ex03_conv_layer.py"


def unpacked(data: bytes, folder: Path, limits: Limits = SMALL) -> Listing:
    path = folder / "in.zip"
    path.write_bytes(data)
    listing = Listing()
    workspace = Workspace(folder / "workspace")
    unpack(path, "in", (), listing=listing, workspace=workspace, budget=Budget(limits))
    return listing


def in_a_class(tmp_path: Path, data: bytes, name: str = "work.zip") -> Discovery:
    """Search a class in which Mallory handed in `data`, and two others what is right."""
    files: Files = {
        "Ada_1_assignsubmission_file_/ex03.py": b"ada",
        f"Mallory_2_assignsubmission_file_/{name}": data,
        "Zoe_3_assignsubmission_file_/ex03.py": b"zoe",
    }
    source = tmp_path / "class.zip"
    source.write_bytes(zipped(files))
    return search(source)


def mallory_alone_pays(result: Discovery, *words: str) -> bool:
    problems = said(result)
    others = {one.student for one in result.found} >= {"Ada_1", "Zoe_3"}
    return (
        others
        and bool(problems)
        and all(owner == "Mallory_2" for owner, _ in problems)
        and all(any(word in message for _, message in problems) for word in words)
        and all(problem.hint is not None for problem in result.problems)
    )


def test_what_mallory_gets_wrong_is_not_found_in_a_right_archive(tmp_path: Path) -> None:
    result = in_a_class(tmp_path, zipped({NAME: "right"}))
    assert [one.student for one in result.found] == ["Ada_1", "Mallory_2", "Zoe_3"]
    assert result.problems == ()


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("w.tar", "w:"),
        ("w.tar.gz", "w:gz"),
        ("w.tgz", "w:gz"),
        ("w.tar.bz2", "w:bz2"),
        ("w.txz", "w:xz"),
    ],
)
def test_tar_archives_of_all_kinds_are_read(tmp_path: Path, name: str, mode: str) -> None:
    files: Files = {"big.bin": os.urandom(70_000), f"src/{NAME}": "x" * 512, "b/ex04.ipynb": "{}"}
    result = in_a_class(tmp_path, tarred(files, mode), name)
    assert [one[:2] for one in pairs(result) if one[0] == "Mallory_2"] == [
        ("Mallory_2", "ex03"),
        ("Mallory_2", "ex04"),
    ]
    assert result.problems == ()


def overlapping() -> bytes:
    """Make a zip whose members are all the same bytes."""
    data = bytearray(zipped({"a.py": "x" * 3000}))
    directory = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = bytes(data[directory:end])
    many = b"".join(entry[:46] + name + entry[50:] for name in (b"a.py", b"b.py", b"c.py"))
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 3, 3, len(many), directory, 0)
    return bytes(data[:directory]) + many + tail


def patched(data: bytes, **changes: int) -> bytes:
    """Change a field in the headers of a zip's first member."""
    offsets = {"flags": (6, 8), "method": (8, 10)}
    result = bytearray(data)
    for field, value in changes.items():
        local, central = offsets[field]
        struct.pack_into("<H", result, local, value)
        struct.pack_into("<H", result, data.index(b"PK\x01\x02") + central, value)
    return bytes(result)


def linked() -> bytes:
    link = tarfile.TarInfo(NAME)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return tarred({}, extra=[link])


RIGHT = zipped({NAME: "x = 1\n" * 200})


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("w.zip", b"", "no archive"),
        ("w.zip", b"hello", "no archive"),
        ("w.zip", RIGHT[:-30], "damaged"),
        ("w.zip", RIGHT[:40], "damaged"),
        ("w.zip", RIGHT[40:], "no archive"),
        ("w.zip", RIGHT.replace(RIGHT[50:60], b"0123456789"), "damaged"),
        ("w.zip", patched(RIGHT, flags=1), "password"),
        ("w.zip", patched(RIGHT, method=14), "method"),
        ("w.zip", patched(RIGHT, method=99), "method"),
        ("w.zip", overlapping(), "overlap"),
        ("w.7z", b"7z\xbc\xaf\x27\x1c" + bytes(40), "7z"),
        ("w.zip", b"Rar!\x1a\x07\x01\x00" + bytes(40), "RAR"),
        ("w.tar.gz", tarred({NAME: os.urandom(9000)})[:4000], "damaged"),
        ("w.tar", tarred({NAME: "x" * 2000}, "w:")[:1500], "damaged"),
        ("w.tar", tarred({"a.txt": "", NAME: "x"}, "w:")[:600], "damaged"),
        ("w.tgz", b"\x1f\x8b" + bytes(50), "damaged"),
        ("w.tar.gz", linked(), "link"),
        ("w.zip", zipped({NAME: bytes(3 * 1024 * 1024)}), "too large"),
        ("w.tar.gz", tarred({NAME: "", "zeros": bytes(40_000_000)}), "times its size"),
        ("w.zip", zipped({f"../{NAME}": ""}), "out of the archive"),
    ],
    # An archive holds the time at which it was made.
    ids=lambda value: "" if isinstance(value, bytes) else value,
)  # fmt: skip
def test_a_bad_archive_costs_its_owner_only(
    tmp_path: Path, name: str, data: bytes, word: str
) -> None:
    assert mallory_alone_pays(in_a_class(tmp_path, data, name), word)


def test_a_bad_source_is_a_problem_without_an_owner(tmp_path: Path) -> None:
    (tmp_path / "class.zip").write_bytes(zipped({"ada/ex03.py": "", "bob/ex03.py": ""})[:-40])
    make_folder(tmp_path / "good", {"ada/ex03.py": ""})
    result = search(tmp_path / "class.zip", tmp_path / "good")
    assert [one.student for one in result.found] == ["ada"]
    assert [problem.owner for problem in result.problems] == [None]
    assert "damaged" in result.problems[0].message.en


@pytest.mark.parametrize("name", ["missing", "ex03.py"])
def test_what_is_neither_folder_nor_archive_is_wrong_use(tmp_path: Path, name: str) -> None:
    (tmp_path / "ex03.py").touch()
    with pytest.raises(UsageError, match="neither a folder nor an archive"):
        search(tmp_path / name)


HOSTILE = [
    "/etc/ex03.py", "../ex03.py", "a/../../ex03.py", "C:/ex03.py", "C:ex03.py", "\\ex03.py",
    "..\\..\\ex03.py", "a\\..\\..\\ex03.py", "\\\\server\\share\\ex03.py", "//x/ex03.py",
    "a/" * 40 + "ex03.py", "x" * 300 + "ex03.py",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("pack", [zipped, tarred], ids=["zip", "tar"])
def test_names_that_lead_away_are_refused(tmp_path: Path, name: str, pack: object) -> None:
    assert callable(pack)
    listing = unpacked(pack({name: "x", "good/ex03.py": "y"}), tmp_path)
    assert [entry.parts for entry in listing.entries] == [("good", "ex03.py")]
    assert len(listing.refusals) == 1


def test_separators_of_windows_are_understood(tmp_path: Path) -> None:
    listing = unpacked(zipped({"work\\week 1\\ex03.py": "x"}), tmp_path)
    assert [entry.parts for entry in listing.entries] == [("work", "week 1", "ex03.py")]


def zip_of_kind(kind: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo(NAME)
        info.create_system = 3
        info.external_attr = (kind | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path, kind: int) -> None:
    listing = unpacked(zip_of_kind(kind), tmp_path)
    assert listing.entries == []
    assert "link or a device" in listing.refusals[0].message.en


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo(NAME)
    info.type, info.linkname = kind, "other.py"
    listing = unpacked(tarred({"other.py": "x"}, extra=[info]), tmp_path)
    assert [entry.parts for entry in listing.entries] == [("other.py",)]
    assert len(listing.refusals) == 1


def test_a_long_field_of_a_tar_is_not_read_at_once(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.XHDTYPE, 100_000
    data = info.tobuf(tarfile.USTAR_FORMAT) + bytes(100_352)
    listing = unpacked(data, tmp_path)
    assert "too long" in listing.refusals[0].message.en


def test_a_tar_that_leads_back_to_its_beginning_ends(tmp_path: Path) -> None:
    info = tarfile.TarInfo(NAME)
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    # A negative size, in base 256.
    header[124:136] = b"\xff" * 10 + b"\xfe\x00"
    header[148:156] = b" " * 8
    header[148:156] = f"{sum(header):06o}\0 ".encode()
    assert unpacked(bytes(header) + bytes(1024), tmp_path).refusals


@pytest.mark.parametrize("pack", [zipped, tarred], ids=["zip", "tar"])
def test_limits_hold_while_it_is_read(tmp_path: Path, pack: object) -> None:
    assert callable(pack)
    many = unpacked(pack({f"{number}.txt": "" for number in range(30)}), tmp_path)
    assert "more than 20 files" in many.refusals[0].message.en
    noise = {f"{number}.py": os.urandom(30_000) for number in range(10)}
    large = unpacked(pack(noise), tmp_path)
    assert "unpacks to more than" in large.refusals[0].message.en
    written = sum(path.stat().st_size for path in (tmp_path / "workspace").rglob("*.py"))
    assert 0 < written <= SMALL.total_bytes


def test_a_bomb_is_stopped_before_it_is_written(tmp_path: Path) -> None:
    listing = unpacked(zipped({"ex03.py": bytes(150_000), "ex04.py": b"fine"}), tmp_path)
    assert [entry.parts for entry in listing.entries] == [("ex04.py",)]
    assert "times its size" in listing.refusals[0].message.en
    assert [path.name for path in (tmp_path / "workspace").rglob("*.*")] == ["ex04.py"]


def test_a_list_of_a_million_members_is_not_read(tmp_path: Path) -> None:
    data = zipped({"ex03.py": ""}) + b"PK\x01\x02" * 30
    assert "more than 20 files" in unpacked(data, tmp_path).refusals[0].message.en


@pytest.mark.parametrize(("depth", "found"), [(1, True), (3, True), (4, False)])
def test_archives_in_archives_are_opened_three_deep(
    tmp_path: Path, depth: int, *, found: bool
) -> None:
    data = zipped({NAME: "deep"})
    for _ in range(depth - 1):
        data = zipped({"inner.zip": data})
    result = in_a_class(tmp_path, data)
    assert ("Mallory_2" in {one.student for one in result.found}) == found
    assert mallory_alone_pays(result, "more than 3 deep") != found


def test_all_archives_of_a_student_share_one_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = Limits(total_bytes=100_000, entries=100)
    monkeypatch.setattr("grader.batch.discovery.gathering.OF_A_STUDENT", limits)
    noise = {"helper.py": os.urandom(40_000)}
    files = {f"ada/{number}.zip": zipped(noise) for number in range(4)}
    files |= {"bob/1.zip": zipped(noise | {"ex03.py": b"bob"})}
    result = search(make_folder(tmp_path / "class", files))
    assert pairs(result) == [("bob", "ex03", "bob")]
    assert [problem.owner for problem in result.problems] == ["ada", "ada"]
    assert "unpacks to more than" in result.problems[0].message.en


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("张三_ex03.py".encode("gbk"), "张三_ex03.py"),
        ("张三_ex03.py".encode(), "张三_ex03.py"),
        ("José_ex03.py".encode("cp437"), "José_ex03.py"),
        ("René_ex03.py".encode("cp437"), "René_ex03.py"),
    ],
)
def test_names_in_old_encodings_are_read(tmp_path: Path, raw: bytes, name: str) -> None:
    placeholder = "q" * len(raw)
    data = zipped({placeholder: "x"}).replace(placeholder.encode(), raw)
    assert [entry.parts for entry in unpacked(data, tmp_path).entries] == [(name,)]


RARE = {"王珺": "gbk", "张三": "gbk", "联通": "gbk"}
WESTERN = {"Müller": "cp437", "Zoë": "cp437"}
MIXED = {"李雷": "gbk", "韩梅梅": "utf-8"}


@pytest.mark.parametrize("people", [RARE, WESTERN, MIXED, {"王珺": "gbk"}, {"Müller": "cp437"}])
def test_names_of_one_archive_are_read_together(tmp_path: Path, people: dict[str, str]) -> None:
    # The second byte of 珺 is a letter of ASCII, and in GBK 联通 could be UTF-8.
    raws = {f"{name}/ex03.py": f"{name}/ex03.py".encode(code) for name, code in people.items()}
    placeholders = [chr(ord("f") + index) * len(raw) for index, raw in enumerate(raws.values())]
    data = zipped(dict.fromkeys(placeholders, "x"))
    for placeholder, raw in zip(placeholders, raws.values(), strict=True):
        data = data.replace(placeholder.encode(), raw)
    found = {"/".join(entry.parts) for entry in unpacked(data, tmp_path).entries}
    assert found == set(raws)


def test_a_name_beside_the_old_one_counts(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("___ex03.py")
        right = "王芳_ex03.py".encode()
        fields = struct.pack("<BL", 1, zlib.crc32(b"___ex03.py")) + right
        info.extra = struct.pack("<HH", 0x7075, len(fields)) + fields
        archive.writestr(info, "x")
    assert [entry.parts for entry in unpacked(buffer.getvalue(), tmp_path).entries] == [
        ("王芳_ex03.py",)
    ]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_two_members_of_one_name_the_last_is_taken(tmp_path: Path) -> None:
    result = in_a_class(tmp_path, zipped([(NAME, "first"), (NAME, "last")]))
    assert ("Mallory_2", "ex03", "last") in pairs(result)
    assert "last in the archive" in result.warnings[0].message.en


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_thousands_of_members_of_one_name_take_no_longer_than_others(tmp_path: Path) -> None:
    limits = Limits(total_bytes=10**6, entries=10_000)
    listing = unpacked(zipped([(NAME, "x")] * 2000), tmp_path, limits)
    assert len({entry.path for entry in listing.entries}) == 2000


def test_only_what_can_be_a_submission_is_unpacked(tmp_path: Path) -> None:
    names = ("ex03.py", "helper.py", "a/b.ipynb", "data.bin", "x.so", "README.md", "ex04.py/x.txt")
    listing = unpacked(zipped(dict.fromkeys(names, "x")), tmp_path)
    kept = [entry.path for entry in listing.entries]
    assert [path.name for path in kept] == ["ex03.py", "helper.py", "b.ipynb"]
    assert kept[0].parent == kept[1].parent != kept[2].parent
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_workspace_that_cannot_be_written_to_is_nobodys_fault(tmp_path: Path) -> None:
    (tmp_path / "workspace").write_text("a file")
    with pytest.raises(GraderFault, match="could not be written"):
        unpacked(zipped({NAME: ""}), tmp_path)


def test_the_same_archive_gives_the_same_paths(tmp_path: Path) -> None:
    first = in_a_class(tmp_path, zipped({NAME: "x"}))
    assert in_a_class(tmp_path, zipped({NAME: "x"})) == first


part = st.one_of(
    st.sampled_from(["..", ".", "", "/", "C:", "a", "con", "ex03.py", "~", "\\", "e\u0301", "É"]),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
)


@given(st.lists(st.lists(part, min_size=1, max_size=5).map("/".join), min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_whatever_the_names_nothing_is_written_outside(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("names")
    outer = folder / "in" / "deeper"
    outer.mkdir(parents=True)
    members = [(f"{name}.py".replace("\0", ""), b"x") for name in dict.fromkeys(names)]
    for data in (zipped(dict(members)), tarred(dict(members))):
        listing = unpacked(data, outer)
        workspace = outer / "workspace"
        for entry in listing.entries:
            assert entry.path.read_bytes() == b"x"
            assert entry.path.resolve().is_relative_to(workspace.resolve())
        written = {path for path in folder.rglob("*") if path.is_file()}
        assert {path for path in written if workspace not in path.parents} == {outer / "in.zip"}
        assert len({entry.path for entry in listing.entries}) == len(listing.entries)


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9"]))
@settings(max_examples=150, deadline=None)
def test_random_bytes_are_refused_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, magic: bytes
) -> None:
    listing = unpacked(magic + data, tmp_path_factory.mktemp("noise"))
    assert listing.entries == []
    assert listing.refusals


@given(place=st.integers(0, 10_000), value=st.integers(0, 255), zip_it=st.booleans())
@settings(max_examples=200, deadline=None)
def test_a_changed_byte_never_breaks_the_search(
    tmp_path_factory: pytest.TempPathFactory, place: int, value: int, *, zip_it: bool
) -> None:
    files = {f"{number}/ex03.py": f"x = {number}\n" * 20 for number in range(3)}
    data = bytearray(zipped(files) if zip_it else tarred(files, "w:"))
    data[place % len(data)] = value
    folder = tmp_path_factory.mktemp("flip")
    listing = unpacked(bytes(data), folder)
    assert len(listing.entries) <= len(files)
    assert all(entry.path.resolve().is_relative_to(folder) for entry in listing.entries)
    assert {path.name for path in folder.iterdir()} <= {"in.zip", "workspace"}
