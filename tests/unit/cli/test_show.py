"""`grade show`: the text of an exercise in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from grader.course.catalog import Course

Grade = Callable[..., Any]


def test_a_text_is_rendered_with_formulas_and_pictures_in_letters(
    grade: Grade, script: Path, small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    (script.parent / "README.md").write_text(
        "# Doubling\n\n$$\\left\\lfloor \\frac{size - 1}{2} \\right\\rfloor$$ and $e^{-x}$.\n\n"
        "![A picture of it](pictures/it.svg)\n\n```python\nprice = '$5 $6'\n```\n",
        encoding="utf-8",
    )
    monkeypatch.chdir(small_course.root)
    out = grade("show", "ex01").out
    assert "⌊ (size - 1) / 2 ⌋" in out
    assert "e^(-x)" in out
    assert "Picture exercises/ex01_doubling/pictures/it.svg: A picture of it" in out
    assert "price = '$5 $6'" in out
    assert "#" not in out
    assert "**" not in out


def test_a_text_in_chinese_has_no_blanks_at_line_ends_and_no_cut_cells(
    grade: Grade, script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    (script.parent / "README.zh.md").write_text(
        "- 写入文件，\n  所以它；\n  `torch` 能读。\n- 另一项：\n\n"
        "| 项 | 已给出 |\n| --- | --- |\n"
        "| conv | 三个通道变成四个通道卷积核三步长一补零两圈不用偏置 |\n",
        encoding="utf-8",
    )
    out = grade("--lang", "zh", "show", "ex01").out
    assert "写入文件，所以它；torch 能读。" in out
    assert "另一项：" in out
    assert "…" not in out
    assert "不用偏置" in out.replace("\n", "").replace(" ", "")
    assert all(cell_len(line) <= 40 for line in out.splitlines())
