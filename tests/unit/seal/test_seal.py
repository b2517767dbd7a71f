from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from grading import MiniCourse

from grader.course.catalog import Course, find_course, load_exercise
from grader.course.fingerprint import suite_sha256
from grader.course.models import Exercise
from grader.errors import UsageError
from grader.kit.archive import to_zip
from grader.pipeline import GradeRequest, grade_with
from grader.seal.age import encrypt, new_key
from grader.seal.keys import KEY_VARIABLE, read_key, take_key
from grader.seal.package import open_sealed, seal
from grader.submission import read_submission

PATH = Path("suites.sealed")


@pytest.fixture
def key() -> str:
    return new_key().splitlines()[1]


@pytest.fixture
def exercise(small_course: Course) -> Exercise:
    exercise = load_exercise(small_course, "ex01")
    (exercise.suite / "test_visible.py").write_text("# shown\n", encoding="utf-8")
    wrong = exercise.solution.parent / "wrong"
    wrong.mkdir()
    (wrong / "double_squares.py").write_text("# wrong\n", encoding="utf-8")
    return exercise


def test_what_was_sealed_is_opened_without_a_disk(
    exercise: Exercise, key: str, small_course: Course
) -> None:
    sealed = seal([exercise], key)
    on_disk = suite_sha256(exercise)
    shutil.rmtree(small_course.root)
    (found,) = open_sealed(sealed, key, PATH)
    assert (found.checks, found.tasks, found.limits) == (
        exercise.checks, exercise.tasks, exercise.limits,
    )  # fmt: skip
    assert suite_sha256(found) == on_disk
    assert b"return 2 * x" in found.sources["ex01_doubling.py"]


def test_it_grades_as_the_course_on_the_disk_does(mini: MiniCourse, key: str) -> None:
    exercise = load_exercise(find_course(mini.root), "ex90")
    sealed = seal([exercise], key)
    answer = mini.root / "ex90_mini.py"
    shutil.copy(mini.solution, answer)
    before = mini.grade(answer)
    shutil.rmtree(mini.root / "solutions")
    shutil.rmtree(mini.root / "tests")
    (opened,) = open_sealed(sealed, key, PATH)
    request = GradeRequest(exercise=opened, file=answer, seed=1, device="cpu")
    after = grade_with(mini.client, request, read_submission(answer))
    assert after.fault is None
    assert after.score == before.score == 100
    assert after.environment.suite_sha256 == before.environment.suite_sha256


def test_nothing_of_it_can_be_read_without_the_key(exercise: Exercise, key: str) -> None:
    sealed = seal([exercise], key)
    for secret in (b"return 2 * x", b"test_hidden", b"double", key.encode()):
        assert secret not in sealed


def test_another_key_is_named_as_such(exercise: Exercise, key: str) -> None:
    other = new_key().splitlines()[1]
    for wrong in (other, "a passphrase that is long enough"):
        with pytest.raises(UsageError, match=r"suites\.sealed was sealed with another key"):
            open_sealed(seal([exercise], key), wrong, PATH)


@pytest.mark.parametrize("left", [0, 10, 60, 300, -40, -1])
def test_a_file_that_is_cut_off_is_named_as_such(exercise: Exercise, key: str, left: int) -> None:
    with pytest.raises(UsageError, match="is cut off or changed"):
        open_sealed(seal([exercise], key)[:left], key, PATH)


def test_a_changed_byte_is_found_wherever_it_is(exercise: Exercise, key: str) -> None:
    sealed = seal([exercise], key)
    for place in range(0, len(sealed), 97):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(UsageError):
            open_sealed(bytes(changed), key, PATH)


def test_whoever_has_only_the_public_key_cannot_make_one(exercise: Exercise, key: str) -> None:
    # A passphrase and the identity are secret; what an identity encrypts to is not.
    label = b'{"grader":"1","exercises":[],"code":"' + b"0" * 64 + b'"}'
    forged = encrypt(to_zip({"seal.json": label}), key)
    with pytest.raises(UsageError, match="somebody without the key made it"):
        open_sealed(forged, key, PATH)


@pytest.mark.parametrize("files", [{}, {"seal.json": b"{"}, {"other": b""}])
def test_what_is_no_sealed_course_is_refused(files: dict[str, bytes], key: str) -> None:
    with pytest.raises(UsageError, match="is not what `grade seal` wrote"):
        open_sealed(encrypt(to_zip(files), key), key, PATH)
    with pytest.raises(UsageError, match="is not what `grade seal` wrote"):
        open_sealed(encrypt(b"no archive", key), key, PATH)


def test_a_passphrase_seals_too(exercise: Exercise) -> None:
    words = "twelve monkeys type on"
    assert open_sealed(seal([exercise], words), words, PATH)


def test_a_key_is_read_as_age_writes_it(tmp_path: Path) -> None:
    file = tmp_path / "key.txt"
    file.write_text(new_key(), encoding="ascii")
    assert read_key(file).startswith("AGE-SECRET-KEY-1")
    for bad in (
        "",
        "# only a comment\n",
        "too short\n",
        "two long enough lines\ntwo long lines!!\n",
    ):
        file.write_text(bad, encoding="ascii")
        with pytest.raises(UsageError, match="holds no key"):
            read_key(file)
    with pytest.raises(UsageError, match="holds no key"):
        read_key(tmp_path / "missing")
    with pytest.raises(UsageError, match="cut off or misspelt"):
        encrypt(b"", "AGE-SECRET-KEY-1CUTOFF")


def test_the_variable_is_used_up(key: str) -> None:
    environment = {KEY_VARIABLE: f"  {key}\n", "PATH": "/bin"}
    assert take_key(None, environment) == key
    assert environment == {"PATH": "/bin"}
    assert take_key(None, environment) is None


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_no_process_of_this_user_finds_the_key_in_the_environment(key: str) -> None:
    code = """
import os
from grader.seal.keys import take_key
key = take_key(None)
own = open("/proc/self/environ", "rb").read() if os.getuid() == 0 else b""
print(key[:14], key.encode() in own, "GRADE_SEAL_KEY" in os.environ)
"""
    environment = os.environ | {KEY_VARIABLE: key}
    finished = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True,
        timeout=60,
    )  # fmt: skip
    assert finished.stdout.split() == ["AGE-SECRET-KEY", "False", "False"]
