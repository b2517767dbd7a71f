"""`%grade` in a real kernel, on a copy of the miniature course."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
from grading import MINI_COURSE
from nbclient import NotebookClient

from grader.server.visit import stop_server

pytestmark = [
    pytest.mark.slow,
    # Jupyter's packages warn of one another.
    pytest.mark.filterwarnings("default"),
]

SOLUTION = (MINI_COURSE / "solutions" / "ex90_mini" / "ex90_mini.py").read_text(encoding="utf-8")
ATTACK = "</iframe><script>document.title = 'stolen'</script>"


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the path of the exercise's notebook, which the kernel takes for its own."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    course = tmp_path / "course"
    shutil.copytree(MINI_COURSE, course)
    path = course / "exercises" / "ex90_mini" / "ex90_mini.ipynb"
    # The second grading need not wait for torch.
    for name, value in (
        ("XDG_RUNTIME_DIR", str(runtime)),
        ("GRADE_NO_SERVER", "0"),
        ("CI", ""),
        ("GRADE_LANG", "en"),
        ("JPY_SESSION_NAME", str(path)),
    ):
        monkeypatch.setenv(name, value)
    yield path
    stop_server()


def save(path: Path, sources: list[str]) -> Any:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    content = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(content, path)
    return content


def execute(path: Path, content: Any, **options: Any) -> list[Any]:
    client = NotebookClient(
        content, timeout=200, resources={"metadata": {"path": str(path.parent)}}, **options
    )
    client.execute()
    return [cell.outputs for cell in content.cells]


class Outline(HTMLParser):
    """The elements of a cell's output, and the page in its frame."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.frame: dict[str, str | None] = {}
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "iframe":
            self.frame = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def feedback(outputs: list[Any]) -> Any:
    (found,) = [one for one in outputs if one.output_type == "display_data"]
    return found.data


def printed(outputs: list[Any], stream: str = "stdout") -> str:
    return "".join(
        one.text for one in outputs if one.output_type == "stream" and one.name == stream
    )


def test_the_saved_notebook_is_graded_and_the_feedback_shown(notebook: Path) -> None:
    wrong = SOLUTION.replace("return 2 * x", f"raise ValueError({ATTACK!r})")
    content = save(
        notebook,
        [
            "%load_ext grader",
            wrong,
            "%grade ex90",
            "extra = 1",
            "%grade ex90 --lang zh",
            "%grade",
            "import sys\nprint(sys.modules.keys() & {'pytest', 'grader.session'})",
        ],
    )
    # What the student changes before the second grading, and does not save.
    content.cells[3].source = "extra = 2"
    outputs = execute(notebook, content)

    first = feedback(outputs[2])
    outline = Outline(first["text/html"])
    assert outline.tags == ["p", "div", "iframe"]
    assert outline.frame["sandbox"] == ""
    page = str(outline.frame["srcdoc"])
    assert page.startswith("<!DOCTYPE html>")
    assert "script" not in Outline(page).tags
    assert "stolen" in Outline(page).text
    assert "Content-Security-Policy" in page
    assert re.search(r"ex90_mini\.ipynb, as it was saved at \d\d:\d\d:\d\d\.", outline.text)
    assert "not saved" not in outline.text
    assert "Score: 70 / 100" in first["text/plain"]
    assert "\x1b" not in first["text/plain"]

    second = feedback(outputs[4])
    assert Outline(second["text/html"]).tags == ["p", "p", "div", "iframe"]
    assert "尚未保存" in second["text/html"]
    assert "70 / 100" in second["text/plain"]
    assert "ex90" in printed(outputs[5])
    assert printed(outputs[6]).strip() == "set()"
    assert "".join(printed(outputs[each], "stderr") for each in (2, 4, 5)) == ""


def test_what_cannot_be_graded_is_said_in_a_sentence(notebook: Path) -> None:
    content = save(
        notebook,
        [
            "%load_ext grader",
            "%grade ex77",
            "%grade watch ex90",
            "%grade ex90 --file 'x",
            "%grade ex90 --file nowhere.ipynb",
            "%unload_ext grader",
            "%grade ex90",
        ],
    )
    outputs = execute(notebook, content, allow_errors=True)
    said = [printed(each, "stderr") for each in outputs]
    assert "ex77" in said[1]
    assert "hint:" in said[1]
    assert "terminal" in said[2]
    assert "quotation mark" in said[3]
    assert "nowhere.ipynb" in said[4]
    assert "Traceback" not in "".join(said[:6])
    assert "not found" in said[6]
