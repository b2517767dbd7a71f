from __future__ import annotations

from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import cast

import pytest
import torch

from grader.errors import SuiteError
from grader.session.failures import WorkerLost
from grader.session.remote import Link, RemoteModule
from grader.session.run import Run
from grader.session.student import Student


@pytest.fixture
def run(tmp_path: Path) -> Run:
    student = cast("Student", SimpleNamespace(names=[]))
    device = torch.device("cpu")
    return Run(student, ModuleType("reference"), seed=1, device=device, scratch=tmp_path)


def test_a_value_is_found_once(run: Run) -> None:
    found = []

    def find() -> int:
        found.append(1)
        return len(found)

    assert [run.once("a", find), run.once("a", find), run.once("b", find)] == [1, 1, 2]


def test_each_check_is_said_to_have_asked_for_what_one_of_them_asked(run: Run) -> None:
    run.once("a", lambda: run.student.names.append("ConvNet"))
    run.student.names.clear()

    run.once("a", lambda: None)

    assert run.student.names == ["ConvNet"]


def test_none_is_a_value_too(run: Run) -> None:
    values = iter([None, 1])

    assert [run.once("a", lambda: next(values)) for _ in range(2)] == [None, None]


def test_what_the_student_s_code_did_is_said_to_each_check(run: Run) -> None:
    tried = []

    def find() -> int:
        tried.append(1)
        raise WorkerLost("timeout", "10")

    for _ in range(2):
        with pytest.raises(WorkerLost):
            run.once("a", find)
    assert len(tried) == 1


def test_a_handle_is_not_kept(run: Run) -> None:
    with pytest.raises(SuiteError, match="handle"):
        run.once("a", lambda: RemoteModule(cast("Link", None)))
