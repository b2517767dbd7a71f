from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.course.catalog import Course, list_exercises, load_exercise
from grader.course.models import Exercise
from grader.errors import CourseError, UsageError
from grader.kit.archive import to_zip, write_files
from grader.kit.contents import Grader, make_kit
from grader.kit.leaks import require_no_leak

Grade = Callable[..., Any]
BY_NAME = Grader("torchgrade==1.0", {})
SHORTEST = 22
SECRET_PARTS = ("solutions", "wrong", "test_hidden", "equivalent", ".git/", "checks.json")


@pytest.fixture(scope="module")
def exercises(course: Course) -> list[Exercise]:
    return [load_exercise(course, name) for name in list_exercises(course)]


@pytest.fixture(scope="module")
def kit(exercises: list[Exercise]) -> dict[str, bytes]:
    return make_kit(exercises, BY_NAME, "en")


def lines_of(*paths: Path) -> set[str]:
    return {
        line.strip() for path in paths for line in path.read_text(encoding="utf-8").splitlines()
    }


def test_no_line_of_a_solution_a_wrong_answer_or_a_hidden_suite_is_in_it(
    kit: dict[str, bytes], course: Course
) -> None:
    public = lines_of(*course.exercises.glob("*/*.md"), *course.exercises.glob("*/*.toml"))
    public |= lines_of(*course.exercises.glob("*/ex*.py"))
    visible = lines_of(*course.suites.glob("*/test_visible.py"))
    answers = lines_of(*course.solutions.rglob("*.py"))
    hidden = lines_of(*course.suites.glob("*/test_hidden.py"))
    secrets = (answers - public) | (hidden - public - visible)
    secrets = {line for line in secrets if len(line) >= SHORTEST}
    secrets = {
        line for line in secrets if not line.startswith(("def ", "class ", "import ", "from "))
    }
    assert len(secrets) > 2000
    text = b"\n".join(kit.values()).decode()
    told = {line.strip() for line in text.splitlines()}
    # Notebooks hold their lines within JSON.
    told |= {json.loads(f"[{line.rstrip(',')}]")[0].strip() for line in told if quoted(line)}
    assert secrets & told == set()


def quoted(line: str) -> bool:
    return re.fullmatch(r'"([^"\\]|\\.)*",?', line) is not None


def test_it_holds_what_students_need_and_nothing_else(
    kit: dict[str, bytes], exercises: list[Exercise]
) -> None:
    for exercise in exercises:
        folder = f"exercises/{exercise.name}"
        suite = f"tests/suites/{exercise.name}"
        for name in (
            f"{folder}/{exercise.name}.py", f"{folder}/{exercise.name}.ipynb",
            f"{folder}/README.md", f"{folder}/README.zh.md", f"{folder}/exercise.toml",
            f"{folder}/hints.toml", f"{suite}/test_visible.py", f"{suite}/checks.lock.json",
        ):  # fmt: skip
            assert kit[name], name
    assert {"README.md", "README.zh.md", "kit.json", "requirements.txt"} <= set(kit)
    assert [name for name in kit if any(part in name for part in SECRET_PARTS)] == []
    assert kit["requirements.txt"] == b"torchgrade==1.0\n"


def test_of_hidden_checks_the_list_tells_no_more_than_the_points(
    kit: dict[str, bytes], exercises: list[Exercise]
) -> None:
    for exercise in exercises:
        lock = json.loads(kit[f"tests/suites/{exercise.name}/checks.lock.json"])
        hidden = [check for check in exercise.checks if check.visibility != "visible"]
        visible = sum(check["points"] for check in lock["checks"])
        assert round(visible + sum(lock["withheld"].values()), 6) == 100
        for check in hidden:
            assert check.title.en not in json.dumps(lock, ensure_ascii=False)


def test_students_are_told_the_visible_points_in_both_languages(kit: dict[str, bytes]) -> None:
    assert "of 100 points are visible" in kit["README.md"].decode()
    assert "100 分中有" in kit["README.zh.md"].decode()


def test_the_same_course_gives_the_same_bytes(
    kit: dict[str, bytes], exercises: list[Exercise]
) -> None:
    again = make_kit(exercises, BY_NAME, "en")
    assert to_zip(again, "kit") == to_zip(dict(reversed(kit.items())), "kit")
    with zipfile.ZipFile(io.BytesIO(to_zip(kit, "kit"))) as archive:
        assert archive.testzip() is None
        assert {name.partition("/")[0] for name in archive.namelist()} == {"kit"}


@pytest.mark.parametrize("secret", ["solution", "wrong", "hidden"])
def test_a_line_that_must_not_leave_the_house_is_found_and_named(
    kit: dict[str, bytes], exercises: list[Exercise], secret: str
) -> None:
    exercise = exercises[1]
    wrong = exercise.solution.parent / "wrong" / "size_rounds_up.py"
    path = {
        "solution": exercise.solution, "wrong": wrong,
        "hidden": exercise.suite / "test_hidden.py",
    }[secret]  # fmt: skip
    name = f"tests/suites/{exercise.name}/test_visible.py"
    with pytest.raises(CourseError, match=re.escape(f"{name}:")) as caught:
        require_no_leak(kit | {name: path.read_bytes()}, exercises)
    assert str(path) in str(caught.value)


def test_a_line_is_found_within_the_wheel_too(
    kit: dict[str, bytes], exercises: list[Exercise]
) -> None:
    wheel = to_zip({"grader/solution.py": exercises[0].solution.read_bytes()})
    with pytest.raises(CourseError, match=r"w\.whl!grader/solution\.py:"):
        require_no_leak(kit | {"wheels/w.whl": wheel}, exercises)


def test_what_is_there_already_is_kept_unless_it_is_to_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already"):
        write_files({"a/b.txt": b"1"}, tmp_path, force=False)
    assert not (tmp_path / "a").exists()
    write_files({"a/b.txt": b"1"}, tmp_path, force=True)
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"1"
    assert (tmp_path / "mine.txt").exists()
    archive = tmp_path / "kit.zip"
    write_files({"b.txt": b"1"}, archive, force=False)
    with pytest.raises(UsageError, match="is there already"):
        write_files({"b.txt": b"1"}, archive, force=False)


def test_the_command_makes_one_exercise_with_a_wheel_that_is_given(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    from grader.cli import main  # noqa: PLC0415 - as a user starts it

    monkeypatch.setenv("GRADE_COURSE", str(course.root))
    wheel = tmp_path / "torchgrade-1.0-py3-none-any.whl"
    wheel.write_bytes(to_zip({"grader/__init__.py": b""}))
    out = tmp_path / "kit"
    words = ["--exercise", "3", "--wheel", str(wheel), "--lang", "zh", "--ci", "github"]
    with pytest.raises(SystemExit) as ended:
        main(["kit", "--out", str(out), *words])
    assert not ended.value.code
    assert capsys.readouterr().out == f"{out}\n"
    assert (out / "wheels" / wheel.name).read_bytes() == wheel.read_bytes()
    assert (out / "requirements.txt").read_text(encoding="utf-8") == f"./wheels/{wheel.name}\n"
    assert [path.name for path in (out / "exercises").iterdir()] == ["ex03_conv_layer"]
    notebook = (out / "exercises/ex03_conv_layer/ex03_conv_layer.ipynb").read_text(encoding="utf-8")
    assert '"language": "zh"' in notebook
    assert b"grade ci" in (out / ".github/actions/grade/action.yml").read_bytes()
    both = ["kit", "--out", str(out), "--wheel", str(wheel), "--requirement", "torchgrade==1"]
    with pytest.raises(SystemExit) as ended:
        main(both)
    assert ended.value.code == 2
