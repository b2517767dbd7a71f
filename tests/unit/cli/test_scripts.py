"""`grade FILE`: which words are files, and what is said where a file is about nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.cli import main
from grader.cli.scripts import is_file_name
from grader.pipeline import GradeRequest


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(words)
    code = ended.value.code
    assert isinstance(code, int)
    return code, capsys.readouterr().err


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("word", ["nn.conv2d.py", "a/b.py", "1.ipynb", "../x.py", "a\\b.py", "a/"])
def test_words_that_are_files(word: str) -> None:
    assert is_file_name(word)


@pytest.mark.parametrize(
    "word", ["ex03", "3", "conv_layer", "ex03_conv_layer.py", "scripts", "x" * 300]
)
def test_words_that_are_exercises(word: str) -> None:
    assert not is_file_name(word)


def test_a_folder_is_one_unless_an_exercise_is_called_so(tmp_path: Path) -> None:
    for name in ("scripts", "linear"):
        (tmp_path / name).mkdir()
    assert is_file_name("scripts")
    assert not is_file_name("linear")


def test_an_exercise_file_that_is_there_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "ex03_conv_layer.py").touch()
    assert is_file_name("ex03_conv_layer.py")


def test_a_file_about_nothing_names_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.py").write_text("print(1)")
    code, said = run(capsys, "a.py")
    assert code == 2
    assert "grade ex01 --file a.py" in said


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "--lang", "zh", "a.py")
    assert code == 3
    assert "a.py" in said


def test_one_file_that_cannot_be_graded_does_not_keep_the_others_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text("print(1)")
    (tmp_path / "b.py").write_text("net = nn.Conv2d(3, 6, 3)")
    graded: list[str] = []

    def note(pairs: list[tuple[GradeRequest, object]], _tell: object) -> tuple[()]:
        graded.extend(request.file.name for request, _ in pairs)
        return ()

    monkeypatch.setattr("grader.pipeline.grade_together", note)
    code, said = run(capsys, "a.py", "b.py", "missing.py")
    assert graded == ["b.py"]
    assert code == 3
    assert "a.py" in said
    assert "missing.py" in said


def test_a_folder_that_may_not_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, look = tmp_path / "scripts", Path.iterdir
    folder.mkdir()

    def refuse(path: Path) -> Iterator[Path]:
        if path.name == folder.name:
            raise PermissionError
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    code, said = run(capsys, "scripts")
    assert code == 3
    assert "scripts may not be read\n\nhint: Check its permissions." in said


def test_a_folder_without_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "scripts").mkdir()
    code, said = run(capsys, "scripts")
    assert code == 2
    assert "scripts" in said
