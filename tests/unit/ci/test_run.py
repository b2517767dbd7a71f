from __future__ import annotations

import contextlib
import io
import json
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from grading import MINI_COURSE, MiniCourse
from student_repository import StudentRepository

from grader.ci import run
from grader.ci.outputs import print_result, write_outputs
from grader.ci.run import PushRequest, PushResult, grade_push, seed_of
from grader.ci.verdict import exit_code_of
from grader.course.catalog import find_course, load_exercise
from grader.course.models import Exercise
from grader.errors import GraderError, UsageError
from grader.report.model import Report
from grader.seal.age import new_key
from grader.seal.package import open_sealed, seal
from grader.session import jobs
from grader.session.client import ExaminerClient

NAME = "ex90_mini.py"
HOSTILE = ("conftest.py", "sitecustomize.py", "usercustomize.py", "torch.py", "pytest.py",
           "grader.py", "grader/__init__.py", "msgspec.py")  # fmt: skip
CASES = MINI_COURSE.parent / "cases"


def case(name: str) -> bytes:
    return (CASES / name / NAME).read_bytes()


class Pool:
    """Stands in for the pool: its examiner is that of the whole test run."""

    def __init__(self, client: ExaminerClient) -> None:
        self.client = client
        self.scratch = client.scratch
        self.started = 0
        self.jobs: list[jobs.Request] = []
        self.error: GraderError | None = None

    @contextlib.contextmanager
    def __call__(self, preload: Sequence[str]) -> Iterator[Pool]:
        self.started += 1
        yield self

    def examiner(self) -> Any:
        return self

    def ask(self, request: jobs.Request, timeout_seconds: float | None = None) -> jobs.Answer:
        self.jobs.append(request)
        if self.error is not None:
            raise self.error
        return self.client.ask(request, timeout_seconds)

    def close(self) -> None:
        """Leave it to the test run."""


@pytest.fixture
def pool(monkeypatch: pytest.MonkeyPatch, mini_client: ExaminerClient) -> Pool:
    stand_in = Pool(mini_client)
    monkeypatch.setattr(run, "ExaminerPool", stand_in)
    return stand_in


@pytest.fixture
def exercise() -> Exercise:
    return load_exercise(find_course(MINI_COURSE), "ex90")


@pytest.fixture
def request_(student: StudentRepository, exercise: Exercise, tmp_path: Path) -> PushRequest:
    return PushRequest(
        student.folder,
        (exercise,),
        frozenset({exercise.name}),
        tmp_path / "out",
        sandbox="auto",
        compare=True,
    )


def scores(result: PushResult) -> list[tuple[float | None, float | None]]:
    return [(_score(one.report), _score(one.base_report)) for one in result.graded]


def _score(report: Report | None) -> float | None:
    return None if report is None else report.score


def test_what_a_push_changes_is_graded_and_compared(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    student.commit("first", **{NAME: case("right")})
    student.commit("worse", **{NAME: case("wrong_value")})
    result = grade_push(request_, {})
    ((now, before),) = scores(result)
    assert before == 100
    assert now is not None
    assert now < 100
    assert exit_code_of(result, min_score=None, compare=True) == 1
    assert exit_code_of(result, min_score=now, compare=False) == 0
    assert exit_code_of(result, min_score=now + 1, compare=False) == 1
    assert exit_code_of(result, min_score=None, compare=False) == 1


def test_a_push_that_is_no_worse_is_good_enough_below_full_marks(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    student.commit("first", **{NAME: case("empty")})
    student.commit("better", **{NAME: case("wrong_value")})
    result = grade_push(request_, {})
    assert exit_code_of(result, min_score=None, compare=True) == 0
    assert exit_code_of(result, min_score=100, compare=True) == 1


def test_the_same_push_is_graded_once_and_gives_the_same_bytes(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    student.commit("first", **{NAME: case("empty")})
    student.commit("work", **{NAME: case("wrong_value")})
    first = grade_push(request_, {})
    path = request_.out / "reports" / "ex90.json"
    content = path.read_bytes()
    assert len(pool.jobs) == 2
    assert grade_push(request_, {}) == first
    assert path.read_bytes() == content
    assert (len(pool.jobs), pool.started) == (2, 1)
    # What somebody changed, or took away, is graded again, and comes out the same.
    path.write_bytes(content.replace(b'"score": ', b'"score":  ', 1))
    again = grade_push(request_, {})
    assert scores(again) == scores(first)
    assert len(pool.jobs) == 3
    seeds = {job.seed for job in pool.jobs if isinstance(job, jobs.Job) and job.submission.cells}
    assert len(seeds) == 2


def test_the_seed_comes_from_what_students_do_not_have(exercise: Exercise) -> None:
    assert seed_of(exercise, "a") == seed_of(exercise, "a")
    assert seed_of(exercise, "a") != seed_of(exercise, "b")
    hidden = {"test_visible.py": b"", "test_hidden.py": b"", exercise.solution.name: b""}
    assert seed_of(msgspec.structs.replace(exercise, sources=hidden), "a") != seed_of(exercise, "a")


def test_sealed_suites_grade_like_the_course(
    student: StudentRepository, request_: PushRequest, pool: Pool, exercise: Exercise
) -> None:
    student.commit("work", **{NAME: case("wrong_value")})
    key = new_key().splitlines()[1]
    opened = open_sealed(seal([exercise], key), key, Path("suites.sealed"))
    sealed = grade_push(request_._replace(exercises=opened, out=request_.out / "sealed"), {})
    assert scores(sealed) == scores(grade_push(request_, {}))
    for job in pool.jobs:
        assert key.encode() not in msgspec.msgpack.encode(job, enc_hook=str)


def test_what_students_may_not_see_goes_to_another_folder_if_at_all(
    student: StudentRepository, request_: PushRequest, pool: Pool, tmp_path: Path
) -> None:
    student.commit("work", **{NAME: case("wrong_value")})
    grade_push(request_._replace(private=tmp_path / "private"), {})
    full = json.loads((tmp_path / "private/reports/ex90.json").read_bytes())
    shown = json.loads((request_.out / "reports/ex90.json").read_bytes())
    assert (full["environment"]["seed"] is None, shown["environment"]["seed"]) == (False, None)
    assert full["score"] == shown["score"]


def test_what_is_no_submission_scores_nothing_and_says_why(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    (student.folder / NAME).symlink_to("/etc/passwd")
    student.save()
    (one,) = grade_push(request_, {}).graded
    assert one.report is not None
    assert (one.report.status, one.report.score) == ("not_runnable", 0)
    assert "is a link" in one.report.problems[0].message.en
    assert pool.jobs == []


def test_a_fault_of_ours_is_neither_a_0_nor_remembered(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    student.commit("work", **{NAME: case("right")})
    pool.error = GraderError("the machine broke")
    result = grade_push(request_, {})
    assert exit_code_of(result, min_score=0, compare=False) == 5
    pool.error = None
    assert scores(grade_push(request_, {})) == [(100, None)]


def test_a_push_that_touches_nothing_starts_nothing(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    student.commit("work", **{"notes.txt": "x"})
    result = grade_push(request_, {})
    assert (result.graded, pool.started) == ((), 0)
    assert exit_code_of(result, min_score=None, compare=False) == 0
    shown = io.StringIO()
    print_result(result, "zh", shown, {})
    assert "没有可评分的内容" in shown.getvalue()


def test_files_that_try_to_steer_the_grading_change_nothing(
    student: StudentRepository, request_: PushRequest, pool: Pool, tmp_path: Path
) -> None:
    trap = tmp_path / "sprung"
    code = (
        f"open({str(trap)!r}, 'w').close()\nimport pytest\npytest.skip(allow_module_level=True)\n"
    )
    suite = "tests/suites/ex90_mini"
    hostile: dict[str, str | bytes] = dict.fromkeys(HOSTILE, code)
    hostile[f"{suite}/test_hidden.py"] = code
    hostile |= {"pytest.ini": "[pytest]\naddopts = -k nothing\n", "setup.cfg": "[tool:pytest]\n"}
    hostile |= {".github/workflows/grade.yml": "on: push\n", "exercise.toml": "broken"}
    hostile[f"{suite}/checks.lock.json"] = "{}"
    hostile[NAME] = case("wrong_value")
    student.commit("work", **hostile)
    with contextlib.chdir(student.folder):
        hostile_scores = scores(grade_push(request_, {}))
    assert not trap.exists()
    plain = StudentRepository(tmp_path / "plain")
    plain.commit("work", **{NAME: case("wrong_value")})
    other = request_._replace(repository=plain.folder, out=tmp_path / "other")
    assert scores(grade_push(other, {})) == hostile_scores


def test_two_runs_do_not_write_the_same_folder(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    from grader.batch.output import locked  # noqa: PLC0415 - what the other run holds

    student.commit("work", **{NAME: case("right")})
    with locked(request_.out), pytest.raises(UsageError, match="is writing"):
        grade_push(request_, {})


def test_every_reader_gets_its_file(
    student: StudentRepository, request_: PushRequest, pool: Pool, tmp_path: Path
) -> None:
    student.commit("first", **{NAME: case("right")})
    student.commit("work", **{f"deep/{NAME}": case("wrong_value")})
    result = grade_push(request_, {})
    variables = {
        "GITHUB_STEP_SUMMARY": str(tmp_path / "step"),
        "GITHUB_OUTPUT": str(tmp_path / "o"),
    }
    write_outputs(result, request_.out, [], "en", variables)
    names = {path.name for path in request_.out.iterdir() if not path.name.startswith((".", "j"))}
    assert names == {"badge.svg", "codequality.json", "reports", "result.json", "results.sarif",
                     "summary.md"}  # fmt: skip
    entry = json.loads((request_.out / "result.json").read_bytes())["exercises"][0]
    assert (entry["path"], entry["score_before"]) == (f"deep/{NAME}", None)
    assert (tmp_path / "step").read_bytes() == (request_.out / "summary.md").read_bytes()
    assert re.fullmatch(
        r"exercises=ex90\nscore=[\d.]+\nmax-score=100\n",
        (tmp_path / "o").read_text(encoding="utf-8"),
    )
    quality = json.loads((request_.out / "codequality.json").read_bytes())
    assert {issue["location"]["path"] for issue in quality} == {f"deep/{NAME}"}


def test_what_a_submission_says_can_be_no_command_of_the_log(
    student: StudentRepository, request_: PushRequest, pool: Pool
) -> None:
    source = "def double(x):\n    raise ValueError('\\n::error::forged\\n::stop-commands::x')\n"
    student.commit("work", **{NAME: source})
    shown = io.StringIO()
    print_result(grade_push(request_, {}), "en", shown, {"GITHUB_ACTIONS": "true"})
    lines = shown.getvalue().splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    end = lines.index(f"::{token}::")
    assert len(token) == 32
    assert not [line for line in lines[1:end] if line.startswith("::")]
    assert all(
        re.match(r"::(error|warning) file=ex90_mini\.py,line=\d+,", one) for one in lines[end + 1 :]
    )
    assert lines[end + 1 :]
    assert not [line for line in lines[end + 1 :] if "forged" in line and "%0A" not in line]


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="descriptors and /proc")
def test_a_submission_finds_no_key_wherever_it_looks(
    mini: MiniCourse, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    key = new_key().splitlines()[1]
    monkeypatch.setenv("GRADE_SEAL_KEY", key)
    source = f"""
import glob, os
def double(x):
    told = [str(os.environ)]
    paths = glob.glob("/proc/*/environ") + glob.glob("/proc/*/cmdline")
    for path in ["/proc/self/environ", *paths]:
        try:
            told.append(open(path, "rb").read().decode(errors="replace"))
        except OSError:
            pass
    if any({key[:20]!r} + {key[20:]!r} in one for one in told):
        raise RuntimeError("found it")
    return 2 * x
"""
    answer = tmp_path / NAME
    answer.write_text(source, encoding="utf-8")
    report = mini.grade(answer, sandbox="strict")
    task = next(task for task in report.tasks if task.id == "double")
    assert task.score > 0
    assert "found it" not in report.to_json().decode()
