from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.catalog import (
    COURSE_VARIABLE,
    Course,
    find_course,
    list_exercises,
    load_exercise,
    load_unpinned,
    preloads_beside,
)
from grader.errors import CourseError, ManifestError, UnknownExerciseError, UsageError


@pytest.mark.parametrize(
    "name",
    ["ex01", "EX01", "1", "01", "ex1", "doubling", "ex01_doubling", "ex01-doubling",
     "ex01_doubling.py"],
)  # fmt: skip
def test_an_exercise_is_found_by_each_of_its_names(small_course: Course, name: str) -> None:
    assert load_exercise(small_course, name).name == "ex01_doubling"


@pytest.mark.parametrize("name", ["doublin", "ex01_dubling", "doub", "ex001", "../ex01_doubling"])
def test_an_unknown_name_is_answered_with_near_ones(small_course: Course, name: str) -> None:
    with pytest.raises(UnknownExerciseError) as caught:
        load_exercise(small_course, name)
    assert caught.value.hint is not None
    assert "ex01_doubling" in caught.value.hint.en
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("name", ["zzz", "", "99"])
def test_a_name_that_is_near_nothing_is_sent_to_the_list(small_course: Course, name: str) -> None:
    with pytest.raises(UnknownExerciseError) as caught:
        load_exercise(small_course, name)
    assert caught.value.hint is not None
    assert "grade list" in caught.value.hint.en


def test_an_exercise_knows_its_files_and_its_checks(small_course: Course) -> None:
    exercise = load_exercise(small_course, "ex01")
    assert exercise.solution.is_file()
    assert exercise.suite == small_course.suites / "ex01_doubling"
    assert exercise.folder == small_course.exercises / "ex01_doubling"
    assert [check.id for check in exercise.checks] == ["double_one", "double_many", "facts[two]"]
    assert exercise.max_score == 100


def test_without_a_lock_only_the_unpinned_exercise_loads(small_course: Course) -> None:
    (small_course.suites / "ex01_doubling" / "checks.lock.json").unlink()
    assert load_unpinned(small_course, "ex01").checks == ()
    with pytest.raises(ManifestError) as caught:
        load_exercise(small_course, "ex01")
    assert caught.value.hint is not None
    assert "grade lock ex01" in caught.value.hint.en


def test_stray_folders_are_no_exercises(small_course: Course) -> None:
    (small_course.exercises / "ex02_draft").mkdir()
    (small_course.exercises / "notes").mkdir()
    assert list_exercises(small_course) == ("ex01_doubling",)


def test_a_course_is_found_from_a_folder_within_it(
    small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(COURSE_VARIABLE)
    assert find_course(small_course.exercises / "ex01_doubling") == small_course


def test_the_variable_wins_over_the_folder(small_course: Course, tmp_path: Path) -> None:
    assert find_course(tmp_path) == small_course


def test_a_variable_that_names_no_course_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COURSE_VARIABLE, str(tmp_path))
    with pytest.raises(UsageError, match="is no course"):
        find_course()


def test_exercises_that_may_not_be_read_are_the_courses_fault(
    small_course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(CourseError, match="exercises cannot be read: Permission denied"):
        list_exercises(small_course)


def test_a_folder_that_was_removed_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> None:
        raise FileNotFoundError

    # Not every system lets a process stay in a folder that is removed.
    monkeypatch.setattr(Path, "cwd", gone)
    with pytest.raises(UsageError, match="does not exist any more"):
        find_course()


def test_a_folder_that_may_not_be_looked_into_is_no_course(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADE_COURSE", raising=False)
    look = Path.is_dir

    def refuse(path: Path) -> bool:
        if tmp_path in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, "is_dir", refuse)

    # The one that this program was installed from is found instead.
    assert find_course(tmp_path).root != tmp_path


def test_what_the_exercises_of_a_course_preload_is_listed_also_beside_a_broken_one(
    small_course: Course,
) -> None:
    manifest = (small_course.exercises / "ex01_doubling" / "exercise.toml").read_text("utf-8")
    for name, preload in (("ex02_more", '["json", "csv"]'), ("ex03_broken", "[")):
        folder = small_course.exercises / name
        folder.mkdir()
        exercise_id, _, slug = name.partition("_")
        text = manifest.replace('"ex01"', f'"{exercise_id}"').replace('"doubling"', f'"{slug}"')
        text = text.replace('["torch.utils.data"]', preload)
        (folder / "exercise.toml").write_text(text, encoding="utf-8")
    found = preloads_beside(load_exercise(small_course, "ex01"))
    assert found == ("torch.utils.data", "json", "csv")
