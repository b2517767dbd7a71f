from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from export_layouts import GRADESCOPE
from grading import MINI_COURSE

from grader.errors import SandboxError, SuiteError
from grader.gradescope import run
from grader.gradescope.run import run_autograder
from grader.language import Text
from grader.submission import read_submission
from grader.submission.siblings import with_siblings

RIGHT = (MINI_COURSE / "solutions/ex90_mini/ex90_mini.py").read_text(encoding="utf-8")


def results(root: Path) -> Any:
    document = json.loads((root / "results" / "results.json").read_bytes())
    jsonschema.validate(document, GRADESCOPE)
    return document


def hand_in(root: Path, content: str | bytes, name: str = "ex90_mini.py") -> Path:
    path = root / "submission" / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.usefixtures("graded_here")
def test_partial_scores_and_visibility_come_out_and_the_whole_report_for_instructors(
    root: Path,
) -> None:
    hand_in(root, RIGHT.replace("2 * x", "3 * x"))
    log = io.StringIO()
    assert run_autograder(root, log) == 0
    document = results(root)
    assert document["score"] == 70
    assert {test["visibility"] for test in document["tests"]} == {"visible", "hidden"}
    assert sum(test["score"] for test in document["tests"]) == 70
    assert document["stdout_visibility"] == "hidden"
    assert "(0, 0)" in log.getvalue(), "instructors see values of hidden checks"
    assert "seed: 7" in log.getvalue()
    hidden = [test["output"] for test in document["tests"] if test["visibility"] == "hidden"]
    assert not any("got" in output for output in hidden)
    # A later submission is given these results.
    assert "seed" not in json.dumps(document)


@pytest.mark.usefixtures("graded_here")
def test_what_gradescope_says_is_shown_and_changes_no_score(root: Path) -> None:
    hand_in(root, RIGHT)
    metadata = {
        "created_at": "2026-07-01T01:00:00Z",
        "assignment": {"due_date": "2026-07-01T00:00:00Z"},
        "users": [{"name": "Ada"}, {"name": "Bob"}],
        "previous_submissions": [{"score": "40"}],
    }
    (root / "submission_metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    run_autograder(root, io.StringIO())
    document = results(root)
    assert document["score"] == 100
    assert document["output"].splitlines()[:3] == [
        "Handed in 1 h 0 min after the due date.",
        "Submission 2. Best score before: 40.",
        "Group: Ada, Bob.",
    ]
    assert document["extra_data"]["late_by_s"] == 3600


@pytest.mark.usefixtures("graded_here")
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00" * 100, b"def double(x:\n"])
def test_a_file_that_cannot_be_run_scores_nothing_with_the_reason(
    root: Path, content: bytes
) -> None:
    hand_in(root, content)
    assert run_autograder(root, io.StringIO()) == 0
    document = results(root)
    assert document["score"] == 0
    assert document["extra_data"]["status"] == "not_runnable"
    assert len(document["output"].splitlines()) > 2


def test_no_file_at_all_scores_nothing_and_names_the_one_that_is_missing(root: Path) -> None:
    assert run_autograder(root, io.StringIO()) == 0
    document = results(root)
    assert document["score"] == 0
    assert "nothing that was handed in is named for ex90_mini" in document["output"]


def test_a_link_to_the_solution_is_not_followed(root: Path) -> None:
    solution = root / "source" / "course" / "solutions" / "ex90_mini" / "ex90_mini.py"
    (root / "submission" / "ex90_mini.py").symlink_to(solution)
    run_autograder(root, io.StringIO())
    assert results(root)["score"] == 0


@pytest.mark.parametrize("name", ["helper.py", "helper/__init__.py"])
def test_a_module_that_is_a_link_to_the_solution_is_not_read(root: Path, name: str) -> None:
    solution = root / "source" / "course" / "solutions" / "ex90_mini" / "ex90_mini.py"
    link = root / "submission" / name
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(solution)
    path = hand_in(root, "from helper import *\nimport helper\n")
    found = with_siblings(read_submission(path), path.parent)
    assert all("torch" not in sibling.text for sibling in found.siblings)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (SandboxError(Text("no locks here", "没有隔离")), 5),
        (SuiteError(Text("the suite is broken", "测试套件有误")), 4),
        (ZeroDivisionError("a fault of ours"), 5),
    ],
)
def test_a_fault_of_ours_is_told_and_is_no_zero(
    root: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def fail(_request: object) -> None:
        raise error

    monkeypatch.setattr(run, "grade_submission", fail)
    hand_in(root, RIGHT)
    log = io.StringIO()
    assert run_autograder(root, log) == code
    document = results(root)
    assert "score" not in document
    assert not any("score" in test for test in document["tests"])
    assert "not your code" in document["output"]
    assert str(error) in log.getvalue()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"exercise": "ex77", "language": "en"}'])
def test_a_damaged_archive_is_told_as_a_fault_of_ours(root: Path, content: bytes) -> None:
    (root / "source" / "autograder.json").write_bytes(content)
    assert run_autograder(root, io.StringIO()) == 5
    assert "autograder.json cannot be read" in results(root)["output"]
