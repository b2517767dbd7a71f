"""Finds the code in a notebook, of any version, even if the notebook breaks its schema."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

from grader.errors import SubmissionError
from grader.language import Text
from grader.worker.wire import CellSource

MAX_CELLS: Final = 5_000
"""Code cells of one notebook."""

_MAX_WORD: Final = 40
_WORD: Final = re.compile(r"\W")
# What git leaves in a file that two people changed.
_CONFLICT: Final = re.compile(r"^<{7} ", re.MULTILINE)
# Sage's code is Python with additions.
_PYTHON: Final = ("python", "sage")


def read_code_cells(text: str, path: Path, max_bytes: int) -> tuple[CellSource, ...]:
    """Return a notebook's code cells, numbered from 1 among the code cells, as a learner counts.

    The format is read by hand: the official library refuses notebooks with small faults, which
    editors make and readers do not notice.

    Args:
        text: The notebook's JSON; an empty file is a notebook without code.
        path: Named in errors.
        max_bytes: The most that all code together may hold.

    Raises:
        SubmissionError: It is no JSON, no notebook, in another language than Python, or holds too
            much code.
    """
    sources = _sources(_parse(text, path), path) if text.strip() else []
    size = sum(len(source.encode("utf-8", "replace")) for source in sources)
    if size > max_bytes or len(sources) > MAX_CELLS:
        msg = Text(en=f"{path} holds too much code", zh=f"{path} 中的代码过多")
        hint = Text(
            en="Keep the cells of the exercise, and move the others to another notebook.",
            zh="请只保留练习所需的单元格，把其余的移到另一个 notebook。",
        )
        raise SubmissionError(msg, hint=hint)
    return tuple(CellSource(number, source) for number, source in enumerate(sources or [""], 1))


def _parse(text: str, path: Path) -> Any:  # noqa: ANN401 - JSON may be anything
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if _CONFLICT.search(text):
            raise _conflict(path) from error
        line = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        line_zh = line.replace(", line ", "，第 ") + (" 行" if line else "")
        raise _no_notebook(path, f"no valid JSON{line}", f"不是有效的 JSON{line_zh}") from error


def _refuse_constant(name: str) -> NoReturn:
    msg = f"{name} is no JSON"
    raise ValueError(msg)


def _sources(notebook: object, path: Path) -> list[str]:
    cell_lists = list(_cell_lists(notebook))
    if not cell_lists:
        raise _no_notebook(path, "it has no list of cells", "没有单元格列表")
    _check_language(notebook, path)
    cells = itertools.chain.from_iterable(cell_lists)
    return [_code_of(cell) for cell in cells if isinstance(cell, dict) and _is_code(cell)]


def _is_code(cell: dict[str, Any]) -> bool:
    return cell.get("cell_type") == "code"


def _code_of(cell: dict[str, Any]) -> str:
    # Before version 4, the code of a cell was called its input; in version 1, its code.
    source = next((cell[key] for key in ("source", "input", "code") if key in cell), None)
    text = _clean(source)
    language = _dig(cell, "metadata", "vscode", "languageId")
    if isinstance(language, str) and "python" not in language.lower():
        # VS Code notes a cell of another language there, where Jupyter has a magic in the cell.
        return f"%%{_WORD.sub('', language)}\n{text}"
    return text


def _check_language(notebook: object, path: Path) -> None:
    """Refuse a notebook that says that it is in another language, and nowhere that it is Python."""
    said = [
        _dig(notebook, "metadata", "kernelspec", "language"),
        _dig(notebook, "metadata", "language_info", "name"),
        _dig(notebook, "metadata", "kernelspec", "name"),
    ]
    named = [word for word in said if isinstance(word, str) and word.strip()]
    languages = [word for word in said[:2] if word in named]
    if languages and not any(part in word.lower() for word in named for part in _PYTHON):
        raise _other_language(path, _shown(str(languages[0])))


def _shown(text: str) -> str:
    """Return the name of a language as it can stand in a message."""
    return re.sub(r"[^\w+#. -]", "", text)[:_MAX_WORD]


def _dig(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


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


def _conflict(path: Path) -> SubmissionError:
    msg = Text(
        en=f"{path} is not a notebook: git left the marks of a conflict in it",
        zh=f"{path} 不是有效的 notebook：其中留有 git 合并冲突的标记",
    )
    hint = Text(
        en="Take one of the versions, as `git checkout --ours FILE` or `--theirs` does.",
        zh="请选用其中一个版本，例如 `git checkout --ours 文件` 或 `--theirs`。",
    )
    return SubmissionError(msg, hint=hint)


def _other_language(path: Path, language: str) -> SubmissionError:
    msg = Text(
        en=f"{path} is a notebook in {language}, not in Python",
        zh=f"{path} 是 {language} 语言的 notebook，不是 Python",
    )
    hint = Text(
        en="Choose a Python kernel in Jupyter (Kernel > Change Kernel), and save the notebook.",
        zh="请在 Jupyter 中选择 Python 内核（Kernel > Change Kernel），再保存 notebook。",
    )
    return SubmissionError(msg, hint=hint)
