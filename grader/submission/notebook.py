"""Finds the code in a notebook, of any version, even if the notebook breaks its schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from grader.errors import SubmissionError
from grader.language import Text
from grader.worker.wire import CellSource

MAX_CELLS: Final = 5_000
"""Code cells of one notebook."""


def read_code_cells(text: str, path: Path, max_bytes: int) -> tuple[CellSource, ...]:
    """Return a notebook's code cells, numbered from 1 among the code cells, as a learner counts.

    The format is read by hand: the official library refuses notebooks with small faults, which
    editors make and readers do not notice.

    Args:
        text: The notebook's JSON; an empty file is a notebook without code.
        path: Named in errors.
        max_bytes: The most that all code together may hold.

    Raises:
        SubmissionError: It is no JSON, no notebook, or holds too much code.
    """
    sources = list(_sources(_parse(text, path), path)) if text.strip() else []
    size = sum(len(source.encode("utf-8", "replace")) for source in sources)
    if size > max_bytes or len(sources) > MAX_CELLS:
        msg = Text(en=f"{path} holds too much code", zh=f"{path} 中的代码过多")
        raise SubmissionError(msg)
    return tuple(CellSource(number, source) for number, source in enumerate(sources or [""], 1))


def _parse(text: str, path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise _no_notebook(path, "no valid JSON", "不是有效的 JSON") from error


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _sources(notebook: object, path: Path) -> Iterator[str]:
    found = False
    for cells in _cell_lists(notebook):
        found = True
        for cell in cells:
            if isinstance(cell, dict) and cell.get("cell_type") == "code":
                # Before version 4, the code of a cell was called its input.
                yield _clean(cell.get("source", cell.get("input")))
    if not found:
        raise _no_notebook(path, "it has no list of cells", "没有单元格列表")


def _cell_lists(notebook: object) -> Iterator[list[Any]]:
    if not isinstance(notebook, dict):
        return
    sheets = notebook.get("worksheets")
    for holder in [notebook, *(sheets if isinstance(sheets, list) else [])]:
        cells = holder.get("cells") if isinstance(holder, dict) else None
        if isinstance(cells, list):
            yield cells


def _clean(source: object) -> str:
    """Join a cell's lines; JSON can hold halves of characters, which no text can."""
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    text = (
        text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _no_notebook(path: Path, reason: str, reason_zh: str) -> SubmissionError:
    msg = Text(
        en=f"{path} is not a notebook: {reason}",
        zh=f"{path} 不是有效的 notebook：{reason_zh}",
    )
    hint = Text(
        en="Open it in Jupyter and save it again, or hand in a .py file.",
        zh="请在 Jupyter 中打开并重新保存，或改为提交 .py 文件。",
    )
    return SubmissionError(msg, hint=hint)
