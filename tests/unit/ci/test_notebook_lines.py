from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest

from grader.submission.notebook_lines import find_lines


def notebook(*sources: str, kinds: str = "") -> Any:
    cells: list[dict[str, Any]] = []
    for source, kind in zip(sources, kinds.ljust(len(sources), "c"), strict=True):
        name = "markdown" if kind == "m" else "code"
        lines = source.splitlines(keepends=True)
        cells.append({"cell_type": name, "source": lines, "metadata": {}})
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("indent", [1, 2, 4])
@pytest.mark.parametrize("ending", ["", "\n"])
def test_each_line_of_code_is_found_in_the_file(indent: int, ending: str) -> None:
    made = notebook("# 标题", "import torch\n\nx = '中'\n", "y = 2", kinds="mcc")
    text = json.dumps(made, indent=indent, ensure_ascii=False) + ending
    lines = find_lines(text.encode())
    file = text.split("\n")
    assert "import torch" in file[lines[1, 1] - 1]
    assert "x = '中'" in file[lines[1, 3] - 1]
    assert "y = 2" in file[lines[2, 1] - 1]
    assert (2, 2) not in lines


def test_what_jupyter_itself_writes_is_understood() -> None:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1\nb = 2")])
    text = nbformat.writes(made)
    lines = find_lines(text.encode())
    assert "b = 2" in text.split("\n")[lines[1, 2] - 1]


def test_a_source_that_is_one_text_stands_on_one_line() -> None:
    made = notebook("x")
    made["cells"][0]["source"] = "a = 1\nb = 2"
    text = json.dumps(made, indent=1)
    lines = find_lines(text.encode())
    assert lines[1, 1] == lines[1, 2]
    assert "a = 1" in text.split("\n")[lines[1, 1] - 1]


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 100_000, json.dumps({"cells": 3}).encode(),
     json.dumps(notebook("x"), separators=(",", ":")).encode(), b'{"cells": [1]}'],
)  # fmt: skip
def test_of_a_file_that_is_laid_out_in_another_way_nothing_is_said(content: bytes) -> None:
    assert find_lines(content) == {}
