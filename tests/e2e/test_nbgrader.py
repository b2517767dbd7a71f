"""nbgrader itself, from PyPI, hands a notebook out, takes it in, and it still grades."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading import Grading
from nbgrader_environment import install_nbgrader

from grader.course.catalog import Course, load_exercise
from grader.course.models import Exercise
from grader.course.notebook import make_notebook
from grader.course.texts import readme_of
from grader.language import LANGUAGES

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("exercises/*/*.ipynb"))

VALIDATE = """\
import sys
import nbformat
from nbgrader.nbgraderformat import MetadataValidator
for path in sys.argv[1:]:
    MetadataValidator().validate_nb(nbformat.read(path, as_version=4))
"""


class NbGrader:
    """nbgrader in an environment of its own, with a course of its own."""

    def __init__(self, python: Path, root: Path) -> None:
        self.python = python
        self.root = root
        (root / "nbgrader_config.py").write_text("c = get_config()\n", encoding="utf-8")

    def run(self, *arguments: str) -> str:
        """Run Python with nbgrader in the course, and return what it complained of."""
        # nbgrader starts `alembic`, and Jupyter its kernels, by their names.
        path = f"{self.python.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        home = dict.fromkeys(("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR"), str(self.root / "home"))
        # Each start would compile all of Jupyter anew.
        kept = {"PYTHONDONTWRITEBYTECODE": ""}
        finished = subprocess.run(
            [str(self.python), *arguments],
            cwd=self.root,
            env=os.environ | home | kept | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
            timeout=200,
        )
        assert finished.returncode == 0, finished.stderr
        return finished.stderr

    def release(self, assignment: str, *notebooks: Path) -> list[Path]:
        """Have an assignment generated, and return the notebooks that students would get."""
        source = self.root / "source" / assignment
        source.mkdir(parents=True)
        for notebook in notebooks:
            shutil.copy(notebook, source)
        self.run("-m", "nbgrader", "generate_assignment", assignment)
        return sorted((self.root / "release" / assignment).glob("*.ipynb"))


@pytest.fixture
def nbgrader(tmp_path: Path) -> NbGrader:
    try:
        return NbGrader(install_nbgrader(), tmp_path)
    except OSError as error:
        pytest.skip(f"nbgrader cannot be installed: {error}")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nbgrader_hands_notebooks_out_and_takes_them_in(
    nbgrader: NbGrader, grading: Grading, course: Course, tmp_path: Path
) -> None:
    chinese = _write_chinese(course, tmp_path / "zh")
    nbgrader.run("-c", VALIDATE, *map(str, [*NOTEBOOKS, *chinese]))

    released = nbgrader.release("all", *NOTEBOOKS)
    for before, after in zip(NOTEBOOKS, released, strict=True):
        assert _sources(before) == _sources(after), "students get the stub as it is"

    exercise = load_exercise(course, "ex06")
    (handed_out,) = nbgrader.release("ex06", exercise.folder / f"{exercise.name}.ipynb")
    handed_in = tmp_path / "submitted" / "ann" / "ex06" / handed_out.name
    handed_in.parent.mkdir(parents=True)
    _answer(handed_out, exercise, handed_in)
    nbgrader.run("-m", "nbgrader", "autograde", "ex06", "--create")
    nbgrader.run("-m", "nbgrader", "export")

    autograded = tmp_path / "autograded" / "ann" / "ex06" / handed_out.name
    for file in (handed_in, autograded):
        assert grading.grade(exercise.id, file).score == 100
    lines = (tmp_path / "grades.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row in csv.DictReader(lines) if row["assignment"] == "ex06"]
    assert (row["student_id"], float(row["max_score"])) == ("ann", 100), "the tasks' own points"


def _write_chinese(course: Course, folder: Path) -> list[Path]:
    folder.mkdir()
    paths = []
    for notebook in NOTEBOOKS:
        exercise = load_exercise(course, notebook.stem[:4])
        stub = notebook.with_suffix(".py").read_text(encoding="utf-8")
        paths.append(folder / notebook.name)
        paths[-1].write_bytes(make_notebook(exercise, stub, readme_of(exercise), LANGUAGES[1]))
    return paths


def _sources(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells]


def _answer(handed_out: Path, exercise: Exercise, to: Path) -> None:
    """Write the solution into the cells that a student got, beside an experiment."""
    solution = exercise.solution.read_text(encoding="utf-8")
    solved = json.loads(make_notebook(exercise, solution, readme_of(exercise)))
    answers = {cell["id"]: cell["source"] for cell in solved["cells"]}
    notebook: Any = nbformat.read(handed_out, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "%%time\n" + "".join(answers[cell.id])
    notebook.cells.insert(2, nbformat.v4.new_code_cell("!ls\nprint('an experiment')"))
    nbformat.write(notebook, to)
