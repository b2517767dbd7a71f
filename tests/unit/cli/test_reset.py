"""`grade reset`: a task or a file as it was handed out, and the old file is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from doubling import ANSWER

from grader.course.catalog import Course
from grader.course.handouts import ORIGINALS
from grader.progress.store import STATE_VARIABLE
from grader.submission import read_submission

Grade = Callable[..., Any]


def test_reset_keeps_the_old_file_under_a_dated_name(
    grade: Grade, script: Path, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = script.read_bytes()
    script.write_text(ANSWER, encoding="utf-8")
    monkeypatch.chdir(small_course.root)

    ended = grade("reset", "ex01")

    assert ended.code == 0
    assert script.read_bytes() == original
    (kept,) = (small_course.root / ".grade" / "kept").iterdir()
    assert str(kept.relative_to(small_course.root)) in ended.out
    assert kept.read_text(encoding="utf-8") == ANSWER
    assert "is as it was handed out already" in grade("reset", "ex01").out


def test_reset_of_a_task_leaves_the_others(grade: Grade, script: Path) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    assert "double in " in grade("reset", "ex01", "double").out
    text = script.read_text(encoding="utf-8")
    assert 'FACTS = {"two": 2, "given": 1}' in text
    assert "raise NotImplementedError" in text
    assert "return x + x" not in text


def test_reset_works_in_a_course_without_solutions(grade: Grade, without_solutions: Path) -> None:
    original = without_solutions.read_bytes()
    without_solutions.write_text(ANSWER, encoding="utf-8")
    grade("reset", "ex01", "facts")
    assert "return x + x" in without_solutions.read_text(encoding="utf-8")
    grade("reset", "ex01")
    assert without_solutions.read_bytes() == original


def test_a_course_that_cannot_reset_says_how_to_get_the_file(
    grade: Grade, without_solutions: Path
) -> None:
    (without_solutions.parent / ORIGINALS / without_solutions.name).unlink()
    without_solutions.write_text(ANSWER, encoding="utf-8")
    without_solutions.with_suffix(".ipynb").unlink()
    ended = grade("reset", "ex01")
    assert ended.code == 2
    assert "Get the course's files once more" in ended.err
    assert without_solutions.read_text(encoding="utf-8") == ANSWER


def test_a_deleted_file_comes_back(grade: Grade, script: Path) -> None:
    original = script.read_bytes()
    script.unlink()
    script.with_suffix(".ipynb").unlink()
    assert grade("reset", "ex01").code == 0
    assert script.read_bytes() == original
    assert script.with_suffix(".ipynb").exists()


def test_reset_of_a_task_in_a_notebook_leaves_the_others(grade: Grade, script: Path) -> None:
    notebook = script.with_suffix(".ipynb")
    document = json.loads(notebook.read_bytes())
    before = [cell["source"] for cell in document["cells"]]
    for cell in document["cells"]:
        if cell["cell_type"] == "code" and cell["metadata"]["torchgrade"].get("task"):
            cell["source"] = ["mine = 1\n"]
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["x"]}]
    extra = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": 3}
    document["cells"] += [
        extra | {"source": "def double(x):\n    return 2 * x\nkept = 1"},
        extra | {"source": "!pip install x\ndef double(x): ..."},
    ]
    notebook.write_text(json.dumps(document), encoding="utf-8")
    script.unlink()

    assert grade("reset", "ex01", "double").code == 0

    cells = json.loads(notebook.read_bytes())["cells"]
    sources = ["".join(cell["source"]) for cell in cells]
    handed_out = ["".join(source) for source in before]
    task = next(
        n
        for n, cell in enumerate(cells)
        if cell["metadata"]["torchgrade"].get("task") == "double" and cell["cell_type"] == "code"
    )
    assert sources[task] == handed_out[task]
    assert cells[task]["outputs"] == []
    assert "mine = 1\n" in sources
    assert sources[-2:] == ["kept = 1", "!pip install x\ndef double(x): ..."]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("first", "encoding"),
    [("# 一", "gbk"), ("# coding: gbk 一", "gbk"), ("# -*- coding: utf-8 -*-", "utf-8-sig")],
)
def test_a_file_in_any_encoding_can_be_read_after_a_reset(
    grade: Grade, graded: Any, script: Path, first: str, encoding: str, line_end: str
) -> None:
    text = f"{first}\n# 我的笔记\n{ANSWER}".replace("\n", line_end)
    script.write_bytes(text.encode(encoding))
    grade("reset", "ex01", "double")
    content = script.read_bytes()
    assert content.count(b"\r\n") == (content.count(b"\n") if line_end == "\r\n" else 0)
    (cell,) = read_submission(script).cells
    assert "我的笔记" in cell.text
    assert "返回 x 的两倍" in cell.text
    compile(content, str(script), "exec")


def test_a_task_of_a_file_that_is_no_python_is_not_guessed(grade: Grade, script: Path) -> None:
    script.write_text("import torch\n\ndef double(x) return x\n", encoding="utf-8")
    ended = grade("reset", "ex01", "double")
    assert ended.code == 2
    assert "ex01_doubling.py, line 3 is no valid Python" in ended.err
    assert "def double(x) return x" in script.read_text(encoding="utf-8")


@pytest.mark.parametrize("place", ["", "~nobody-is-called-so/state"])
def test_what_cannot_be_kept_is_not_overwritten(
    grade: Grade, script: Path, small_course: Course, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    script.write_text(ANSWER, encoding="utf-8")
    (small_course.root / ".grade").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv(STATE_VARIABLE, place)
    ended = grade("reset", "ex01")
    assert ended.code == 2
    assert "so nothing was changed" in ended.err
    assert script.read_text(encoding="utf-8") == ANSWER
