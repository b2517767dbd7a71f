"""A student's notebook grades like a script, whatever Jupyter and its relatives made of it."""

from __future__ import annotations

import base64
import copy
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading import Grading, all_checks

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.course.notebook import make_notebook
from grader.course.texts import readme_of
from grader.language import Language
from grader.report.model import Report
from grader.report.terminal import print_report

ROOT = Path(__file__).parents[2]
EXERCISES = sorted(path.parent.name for path in ROOT.glob("exercises/*/exercise.toml"))
Notebook = dict[str, Any]


def answered(exercise: Exercise, language: Language = "en") -> Notebook:
    """Give the exercise's notebook with the solution in its cells."""
    lines = exercise.solution.read_text(encoding="utf-8").splitlines(keepends=True)
    # The author's marks stand on lines of their own, or at the end of one.
    solution = "".join(line for line in lines if not line.lstrip().startswith("### "))
    made = make_notebook(exercise, solution, readme_of(exercise), language)
    notebook: Notebook = json.loads(made)
    return notebook


def code_cells(notebook: Notebook) -> list[Notebook]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def code_cell(source: str) -> Notebook:
    cell: Notebook = nbformat.v4.new_code_cell(source)
    return cell


def lines_before(notebook: Notebook, text: str) -> None:
    for cell in code_cells(notebook):
        cell["source"] = [text, *cell["source"]]


def with_outputs_of_an_odd_order(notebook: Notebook) -> None:
    picture = base64.b64encode(bytes(range(256)) * 40).decode()
    outputs = [
        {"output_type": "stream", "name": "stderr", "text": ["\x1b[31mWarning\x1b[0m\n"]},
        {"output_type": "display_data", "data": {"image/png": picture}, "metadata": {}},
        {"output_type": "error", "ename": "NameError", "evalue": "x", "traceback": ["x"]},
    ]
    for number, cell in enumerate(code_cells(notebook)):
        cell |= {"outputs": outputs, "execution_count": 90 - 7 * number}


def with_magics_and_shell_lines(notebook: Notebook) -> None:
    lines_before(notebook, "%matplotlib inline\n!pip install -q torch\nfiles = !ls\nfiles?\n")


def with_timed_cells(notebook: Notebook) -> None:
    lines_before(notebook, "%%time\n")


def with_captured_cells(notebook: Notebook) -> None:
    lines_before(notebook, "%%capture out\n%%time\n")


def with_extra_cells(notebook: Notebook) -> None:
    extra = [
        code_cell("%%bash\nls -l"),
        code_cell("%%writefile notes.txt\nThese are no statements."),
        code_cell("import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show();"),
        code_cell("while True:\n    pass"),
        code_cell("this is no Python"),
        code_cell(""),
        nbformat.v4.new_raw_cell("raw"),
        nbformat.v4.new_markdown_cell("# 我的笔记"),
    ]
    notebook["cells"] = [
        cell
        for index, own in enumerate(notebook["cells"])
        for cell in (own, extra[index % len(extra)])
    ]


def without_metadata(notebook: Notebook) -> None:
    del notebook["metadata"]
    for cell in notebook["cells"]:
        for key in ("metadata", "id", "outputs", "execution_count"):
            cell.pop(key, None)


def with_indented_cells(notebook: Notebook) -> None:
    for cell in code_cells(notebook):
        cell["source"] = ["    " + line for line in cell["source"]]


def with_one_string_a_cell_and_windows_lines(notebook: Notebook) -> None:
    for cell in code_cells(notebook):
        cell["source"] = "".join(cell["source"]).replace("\n", "\r\n")


def from_colab(notebook: Notebook) -> None:
    lines_before(notebook, "from google.colab import drive\ndrive.mount('/content/drive')\n")
    lines_before(notebook, "# @title 练习 { display-mode: 'form' }\n")
    code_cells(notebook)[0]["source"].insert(0, "!nvidia-smi\n")
    notebook["metadata"] = {
        "colab": {"provenance": [], "gpuType": "T4"},
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "accelerator": "GPU",
    }
    for cell in notebook["cells"]:
        cell["metadata"] = {"id": "x1", "colab": {"base_uri": "https://localhost/"}}


def from_vs_code(notebook: Notebook) -> None:
    shell = code_cell("cd ..\nls -l")
    shell["metadata"] = {"vscode": {"languageId": "shellscript"}}
    notebook["cells"].insert(1, shell)
    for cell in code_cells(notebook)[1:]:
        cell["metadata"] = {"vscode": {"languageId": "python"}}
    notebook["metadata"]["kernelspec"]["display_name"] = ".venv"


def of_the_future(notebook: Notebook) -> None:
    notebook |= {"nbformat": 5, "nbformat_minor": 0, "schema": "new"}


SHAPES: list[Callable[[Notebook], None]] = [
    with_outputs_of_an_odd_order,
    with_magics_and_shell_lines,
    with_timed_cells,
    with_captured_cells,
    with_extra_cells,
    without_metadata,
    with_indented_cells,
    with_one_string_a_cell_and_windows_lines,
    from_colab,
    from_vs_code,
    of_the_future,
]


@pytest.fixture(scope="session")
def linear(course: Course) -> Exercise:
    """Give the exercise that is graded in every shape."""
    return load_exercise(course, "ex06")


def write(folder: Path, exercise: Exercise, notebook: Notebook | bytes) -> Path:
    path = folder / f"{exercise.name}.ipynb"
    data = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
    path.write_bytes(data)
    return path


def lost(report: Report) -> list[tuple[str, object]]:
    return [(check.id, check.message) for check in all_checks(report) if check.outcome != "passed"]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_a_right_notebook_gets_100(
    grading: Grading, linear: Exercise, tmp_path: Path, shape: Callable[[Notebook], None]
) -> None:
    notebook = answered(linear)
    before = copy.deepcopy(notebook)
    shape(notebook)
    assert notebook != before

    report = grading.grade(linear.id, write(tmp_path, linear, notebook))

    assert lost(report) == []
    assert report.score == 100


@pytest.mark.parametrize("exercise_name", EXERCISES)
def test_every_notebook_with_the_solution_in_it_gets_100(
    grading: Grading, course: Course, tmp_path: Path, exercise_name: str
) -> None:
    exercise = load_exercise(course, exercise_name[:4])
    notebook = answered(exercise)
    with_outputs_of_an_odd_order(notebook)
    with_magics_and_shell_lines(notebook)

    report = grading.grade(exercise.id, write(tmp_path, exercise, notebook))

    assert lost(report) == []
    assert report.score == 100


@pytest.mark.parametrize("version", [2, 3])
def test_a_notebook_of_an_old_version_gets_100(
    grading: Grading, linear: Exercise, tmp_path: Path, version: int
) -> None:
    new = nbformat.from_dict(answered(linear))
    old = nbformat.convert(new, 3)
    old |= {"nbformat": version}
    assert "worksheets" in old

    assert grading.grade(linear.id, write(tmp_path, linear, dict(old))).score == 100


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_notebook_in_another_encoding_gets_100(
    grading: Grading, linear: Exercise, tmp_path: Path, encoding: str
) -> None:
    data = json.dumps(answered(linear, "zh"), ensure_ascii=False).encode(encoding)
    assert grading.grade(linear.id, write(tmp_path, linear, data)).score == 100


def test_a_notebook_with_fifty_megabytes_of_output_gets_100(
    grading: Grading, linear: Exercise, tmp_path: Path
) -> None:
    notebook = answered(linear)
    code_cells(notebook)[1]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "loss 0.5\n" * (50 * 1024 * 1024 // 9)}
    ]
    path = write(tmp_path, linear, notebook)
    assert path.stat().st_size > 50 * 1024 * 1024
    assert grading.grade(linear.id, path).score == 100


@pytest.mark.parametrize("mark", ["# %%", "# In[3]:"])
def test_a_script_in_percent_format_gets_100(
    grading: Grading, linear: Exercise, tmp_path: Path, mark: str
) -> None:
    notebook = answered(linear)
    with_magics_and_shell_lines(notebook)
    cells = ["".join(cell["source"]) for cell in code_cells(notebook)]
    path = tmp_path / f"{linear.name}.py"
    path.write_text("".join(f"{mark}\n{cell}\n\n" for cell in cells), encoding="utf-8")

    report = grading.grade(linear.id, path)

    assert lost(report) == []
    assert report.score == 100


@pytest.mark.parametrize("exercise_name", EXERCISES)
def test_a_notebook_as_it_is_handed_out_scores_nothing_and_says_what_is_missing(
    grading: Grading, exercise_name: str
) -> None:
    file = ROOT / "exercises" / exercise_name / f"{exercise_name}.ipynb"
    report = grading.grade(exercise_name[:4], file)
    assert report.score == 0
    for check in all_checks(report):
        assert check.message is not None
        assert check.message.en.startswith("not written yet:"), check.id


def test_a_message_names_the_cell_and_the_line_in_it(
    grading: Grading, linear: Exercise, tmp_path: Path
) -> None:
    notebook = answered(linear)
    # A text above and a magic within the cell; only cells of code count, and only lines of a cell.
    with_extra_cells(notebook)
    target = next(c for c in code_cells(notebook) if "def linear(" in "".join(c["source"]))
    target["source"] = (
        "%%time\n!ls\ndef linear(x, weight, bias=None):\n    return x @ weight @ undefined"
    )
    cell = code_cells(notebook).index(target) + 1

    report = grading.grade(linear.id, write(tmp_path, linear, notebook))

    assert report.score == 75
    broken = [check for check in all_checks(report) if check.outcome != "passed"]
    places = {(check.where.cell, check.where.line) for check in broken if check.where}
    assert places == {(cell, 4)}
    assert f"cell {cell}, line 4" in shown(report, "en")
    assert f"第 {cell} 个代码单元格第 4 行" in shown(report, "zh")


def shown(report: Report, language: Language) -> str:
    page = io.StringIO()
    print_report(report, language, page)
    return page.getvalue()
