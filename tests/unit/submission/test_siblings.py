"""Which modules go with a submission, and what its reader is told about that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.language import Text
from grader.submission import Submission, decode_submission
from grader.submission.siblings import with_files, with_siblings


def read(text: str, files: Mapping[str, str | bytes]) -> Submission:
    """Read a submission with files that are in memory."""

    def content(way: str) -> bytes:
        value = files[way]
        return value if isinstance(value, bytes) else value.encode()

    submission = decode_submission(text.encode(), Path("main.py"))
    return with_files(submission, dict(zip(files, files, strict=True)), content)


def modules(submission: Submission) -> dict[str, str]:
    return {one.module: one.text for one in submission.siblings}


def test_a_package_needs_no_file_of_its_own() -> None:
    found = read("from nets.blocks import Block", {"nets/blocks.py": "B"})
    assert modules(found) == {"nets": "", "nets.blocks": "B"}
    assert list(modules(found)) == ["nets", "nets.blocks"]


def test_imports_within_a_package_begin_there() -> None:
    files = {
        "nets/__init__.py": "from .blocks import Block\nfrom . import sizes\nfrom .. import main",
        "nets/blocks.py": "from .sizes import WIDTH\nfrom ..net import x\nfrom ...up import x",
        "nets/sizes.py": "",
        "net.py": "",
        "blocks.py": "not this one",
    }
    found = modules(read("import nets", files))
    assert sorted(found) == ["net", "nets", "nets.blocks", "nets.sizes"]


def test_what_is_imported_is_named_in_both_languages() -> None:
    (note,) = read("import net, blocks", {"net.py": "N", "blocks/__init__.py": "B"}).notes
    assert "net.py, blocks/__init__.py" in note.en
    assert "net.py, blocks/__init__.py" in note.zh


@pytest.mark.parametrize("name", ["random", "torch"])
def test_the_name_of_a_library_stays_the_library_and_that_is_said(name: str) -> None:
    found = read(f"import {name}\nimport net", {f"{name}.py": "fake", "net.py": "N"})
    assert modules(found) == {"net": "N"}
    assert f"{name}.py is not used" in found.notes[1].en


def test_files_that_nothing_imports_change_nothing() -> None:
    alone = read("x = 'net'", {})
    assert read("x = 'net'", {"net.py": "N", "other.py": "O"}) == alone


def test_the_content_is_known_by_all_that_is_imported() -> None:
    files = {"net.py": "import blocks", "blocks.py": "x = 1", "other.py": "x = 1"}
    known = read("import net", files).content_sha256
    assert read("import net", files | {"other.py": "x = 2"}).content_sha256 == known
    assert read("import net", files | {"blocks.py": "x = 2"}).content_sha256 != known
    assert read("import net", {}).content_sha256 == read("import net", {}).sha256


def test_modules_that_import_each_other_are_read_once() -> None:
    found = read("import one", {"one.py": "import two", "two.py": "import one, main"})
    assert sorted(modules(found)) == ["one", "two"]


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({f"m{n}.py": f"import m{n + 1}" for n in range(40)}, id="many"),
        pytest.param({"m0.py": "import m1\n", "m1.py": "#" * 2**21}, id="large"),
    ],
)
def test_too_much_is_left_out_and_that_is_said(files: dict[str, str]) -> None:
    found = read("import m0", files)
    assert 1 <= len(found.siblings) <= 30
    assert "left out" in found.notes[-1].en


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xfe\xff"])
def test_what_is_no_text_is_left_out(content: bytes) -> None:
    assert read("import net", {"net.py": content}).siblings == ()


def test_a_file_that_cannot_be_read_is_left_out() -> None:
    def refuse(_: None) -> bytes:
        raise SubmissionError(Text("a pipe", "管道"))

    submission = decode_submission(b"import net", Path("main.py"))
    assert with_files(submission, {"net.py": None}, refuse) == submission


def test_names_that_lead_elsewhere_are_not_looked_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret.py"
    secret.write_text("x = 1", "utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "link.py").symlink_to(secret)
    (inner / "loop.py").symlink_to(inner / "loop.py")
    text = f"import link, loop\nfrom .. import secret\nimport {'a' * 5000}\nimport a{'.a' * 2000}"
    submission = decode_submission(text.encode(), inner / "main.py")
    assert with_siblings(submission, inner).siblings == ()
