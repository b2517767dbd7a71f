from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SubmissionError
from grader.submission.notebook import read_code_cells

PATH = Path("ex03_conv_layer.ipynb")


def cells_of(notebook: object, max_bytes: int = 10_000) -> list[tuple[int | None, str]]:
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    return [(cell.index, cell.text) for cell in read_code_cells(text, PATH, max_bytes)]


def code(source: object) -> dict[str, Any]:
    return {"cell_type": "code", "source": source}


def test_code_cells_count_from_one_and_texts_do_not_count() -> None:
    markdown = {"cell_type": "markdown", "metadata": {}, "source": "# 卷积"}
    raw = {"cell_type": "raw", "metadata": {}, "source": "raw"}
    cells = [markdown, code("import torch"), raw, code(""), code("%matplotlib inline\nX = 1")]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    assert cells_of(notebook) == [
        (1, "import torch"),
        (2, ""),
        (3, "%matplotlib inline\nX = 1"),
    ]


def test_version_three_is_read() -> None:
    sheets = [
        {"cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python"}]},
        {"cells": [{"cell_type": "heading", "source": "x"}, {"cell_type": "code", "input": "c"}]},
    ]
    notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    assert cells_of(notebook) == [(1, "a = 1\nb = 2"), (2, "c")]


def test_version_one_is_read() -> None:
    cells = [{"cell_type": "code", "code": "a = 1", "prompt_number": 3}, {"cell_type": "text"}]
    assert cells_of({"nbformat": 1, "cells": cells}) == [(1, "a = 1")]


def test_a_version_of_the_future_is_read_where_cells_are_found() -> None:
    notebook = {"nbformat": 5, "nbformat_minor": 9, "new": {}, "cells": [code("a = 1")]}
    assert cells_of(notebook) == [(1, "a = 1")]


@pytest.mark.parametrize("metadata", [None, 3, [], {"kernelspec": None}, {"kernelspec": {}}])
def test_metadata_does_not_matter(metadata: object) -> None:
    cell = {"cell_type": "code", "source": "a = 1", "execution_count": 7, "metadata": metadata}
    assert cells_of({"metadata": metadata, "cells": [cell]}) == [(1, "a = 1")]


def test_cells_count_in_their_order_whatever_was_run_first() -> None:
    cells = [code("a = 1") | {"execution_count": 9}, code("a = 2") | {"execution_count": 2}]
    assert cells_of({"cells": cells}) == [(1, "a = 1"), (2, "a = 2")]


PYTHON = [
    {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    {"kernelspec": {"name": "python3"}, "language_info": {"name": "Python"}, "colab": {}},
    {"language_info": {"name": "ipython"}},
    {"kernelspec": {"language": "sage", "name": "sagemath"}},
    {"kernelspec": {"language": "R", "name": "ir"}, "language_info": {"name": "python"}},
    {"kernelspec": {"name": "my-env"}},
]


@pytest.mark.parametrize("metadata", PYTHON)
def test_a_notebook_that_may_be_python_is_read(metadata: object) -> None:
    assert cells_of({"metadata": metadata, "cells": [code("a = 1")]}) == [(1, "a = 1")]


@pytest.mark.parametrize(
    ("metadata", "language"),
    [
        ({"kernelspec": {"display_name": "R", "language": "R", "name": "ir"}}, "R"),
        ({"language_info": {"name": "julia"}}, "julia"),
        ({"kernelspec": {"language": "C++17", "name": "xcpp17"}}, "C++17"),
        ({"kernelspec": {"language": "\x1b[31mR<script>"}}, "31mRscript"),
    ],
)
def test_a_notebook_in_another_language_is_refused(metadata: object, language: str) -> None:
    with pytest.raises(SubmissionError, match="not in Python") as info:
        cells_of({"metadata": metadata, "cells": [code("a <- 1")]})
    assert f" in {language}," in info.value.message.en
    assert language in info.value.message.zh
    assert info.value.hint is not None


def test_a_cell_that_vs_code_notes_as_another_language_is_no_python() -> None:
    shell = code("ls -l") | {"metadata": {"vscode": {"languageId": "shellscript"}}}
    python = code("a = 1") | {"metadata": {"vscode": {"languageId": "python"}}}
    assert cells_of({"cells": [shell, python]}) == [(1, "%%shellscript\nls -l"), (2, "a = 1")]


def test_broken_json_is_named_by_its_line() -> None:
    with pytest.raises(SubmissionError) as info:
        cells_of('{\n"cells": [\n,]}')
    assert "no valid JSON, line 3" in info.value.message.en
    assert "不是有效的 JSON，第 3 行" in info.value.message.zh


def test_the_marks_of_a_merge_conflict_are_named() -> None:
    with pytest.raises(SubmissionError, match="marks of a conflict") as info:
        cells_of('{"cells": [\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n]}')
    assert "冲突" in info.value.message.zh


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (["a\r\n", "b\r", "c"], "a\nb\nc"),
        (None, ""),
        (3, ""),
        (["a", 3, "b"], "ab"),
        ("x = '\ud800'", "x = '?'"),
        ("x\0", "x\ufffd"),
    ],
)
def test_an_odd_source_is_still_a_cell(source: object, text: str) -> None:
    assert cells_of({"cells": [3, {}, code(source), code("Y = 2")]}) == [(1, text), (2, "Y = 2")]


@pytest.mark.parametrize("empty", ["", " \n", {"cells": []}, {"cells": [{"cell_type": "raw"}]}])
def test_a_notebook_without_code_is_one_empty_cell(empty: object) -> None:
    assert cells_of(empty) == [(1, "")]


@pytest.mark.parametrize(
    "text",
    [
        "import torch",
        "{",
        "[" * 200_000,
        '{"cells": NaN}',
        '{"cells": [], "x": Infinity}',
        "[]",
        "3",
        '{"cells": {}}',
        '{"worksheets": 3}',
        "1" * 10_000,
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_notebook_is_refused(text: str) -> None:
    with pytest.raises(SubmissionError, match="not a notebook") as info:
        cells_of(text)
    assert "notebook" in info.value.message.zh


def test_too_much_code_is_refused() -> None:
    assert cells_of({"cells": [code("x" * 10)]}, 10)
    with pytest.raises(SubmissionError, match="too much code"):
        cells_of({"cells": [code("x" * 6), code("x" * 5)]}, 10)
    with pytest.raises(SubmissionError, match="too much code"):
        cells_of({"cells": [code("")] * 5_001})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["cells", "worksheets", "cell_type", "source", "input", "x"]),
            inner | st.just("code"),
            max_size=4,
        )
    ),
)


@given(_JSON)
def test_any_json_gives_cells_or_is_refused(notebook: object) -> None:
    try:
        cells = cells_of(json.dumps(notebook))
    except SubmissionError:
        return
    assert [index for index, _ in cells] == list(range(1, len(cells) + 1))
