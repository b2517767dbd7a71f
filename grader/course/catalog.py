"""Finds a course on disk, and the exercises in it."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import grader
from grader.course.lock import FORMAT, Lock, read_lock
from grader.course.manifest import (
    MANIFEST_NAME,
    Manifest,
    Outline,
    read_manifest,
    read_outline,
)
from grader.course.models import Exercise
from grader.errors import CourseError, ManifestError, UnknownExerciseError, UsageError
from grader.language import Text

__all__ = [
    "COURSE_VARIABLE",
    "Course",
    "find_course",
    "find_exercise",
    "list_exercises",
    "load_exercise",
    "load_exercises",
    "make_exercise",
    "match_exercise",
    "preloads_beside",
]

COURSE_VARIABLE: Final = "GRADE_COURSE"
_FOLDER = re.compile(r"ex\d\d_[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"(?:ex)?(\d{1,2})", re.IGNORECASE)
_SHORTEST_PART: Final = 3


class Course(NamedTuple):
    """A folder with exercises, and what belongs to them."""

    root: Path

    @property
    def exercises(self) -> Path:
        """What students get, a folder for each exercise."""
        return self.root / "exercises"

    @property
    def solutions(self) -> Path:
        """The annotated solutions."""
        return self.root / "solutions"

    @property
    def suites(self) -> Path:
        """The suites with their pinned lists of checks."""
        return self.root / "tests" / "suites"


def find_course(start: Path | None = None) -> Course:
    """Find the course to work on.

    The folder that GRADE_COURSE names wins; then the nearest one at or above `start`; then the
    one that this program was installed from.

    Args:
        start: Where to look first; None means the working folder.

    Raises:
        UsageError: There is none.
    """
    if chosen := os.environ.get(COURSE_VARIABLE):
        return _chosen_course(Path(chosen))
    begin = (start or _working_folder()).absolute()
    installed_from = Path(grader.__file__).parents[1]
    for folder in (begin, *begin.parents, installed_from):
        if _is_course(folder):
            return Course(folder)
    raise UsageError(
        Text(
            en=f"{begin} is in no course: no folder above it has exercises/",
            zh=f"{begin} 不在任何课程中：其上级文件夹都没有 exercises/",
        ),
        hint=Text(
            en=f"Change to the course's folder, or name it in the variable {COURSE_VARIABLE}.",
            zh=f"请进入课程文件夹，或用环境变量 {COURSE_VARIABLE} 指定它。",
        ),
    )


def _working_folder() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        raise UsageError(
            Text(
                en="the folder that this terminal is in does not exist any more",
                zh="这个终端所在的文件夹已经不存在",
            ),
            hint=Text(
                en="Change to the course's folder with `cd`.", zh="请用 `cd` 进入课程文件夹。"
            ),
        ) from error


def list_exercises(course: Course) -> tuple[str, ...]:
    """List the names of all exercises, such as `ex03_conv_layer`, in order.

    Raises:
        CourseError: The folder with the exercises cannot be read.
    """
    try:
        folders = [each for each in course.exercises.iterdir() if _FOLDER.fullmatch(each.name)]
        return tuple(sorted(each.name for each in folders if (each / MANIFEST_NAME).is_file()))
    except OSError as error:
        cause = error.strerror or str(error)
        raise CourseError(
            Text(
                en=f"{course.exercises} cannot be read: {cause}",
                zh=f"无法读取 {course.exercises}：{cause}",
            ),
            hint=Text(en="Check its permissions.", zh="请检查它的权限。"),
        ) from error


def list_outlines(course: Course) -> tuple[Outline, ...]:
    """Read the outlines of all exercises, in order.

    Raises:
        ManifestError: The beginning of a manifest breaks a rule.
    """
    return tuple(
        read_outline(course.exercises / name / MANIFEST_NAME) for name in list_exercises(course)
    )


def load_outline(course: Course, name: str) -> Outline:
    """Read the outline of the exercise that `name` means.

    Raises:
        UnknownExerciseError: The course has no such exercise.
        ManifestError: The beginning of its manifest breaks a rule.
    """
    return read_outline(course.exercises / find_exercise(course, name) / MANIFEST_NAME)


def find_exercise(course: Course, name: str) -> str:
    """Find the full name of the exercise that `name` means: `3`, `ex03`, `conv_layer`.

    Raises:
        UnknownExerciseError: There is none; the hint lists names that come near.
    """
    return match_exercise(list_exercises(course), name)


def match_exercise(names: tuple[str, ...], name: str) -> str:
    """Find the one of some full names that `name` means.

    Raises:
        UnknownExerciseError: There is none; the hint lists names that come near.
    """
    wanted = name.strip().lower().replace("-", "_").removesuffix(".py").removesuffix(".ipynb")
    if number := _NUMBER.fullmatch(wanted):
        wanted = f"ex{int(number[1]):02d}"
    for full in names:
        exercise_id, _, slug = full.partition("_")
        if wanted in (full, exercise_id, slug):
            return full
    raise UnknownExerciseError(
        Text(en=f"there is no exercise {name!r}", zh=f"没有名为 {name!r} 的练习"),
        hint=_nearest(wanted, names),
    )


def load_exercise(course: Course, name: str) -> Exercise:
    """Load an exercise with its pinned checks.

    Args:
        course: Where it belongs.
        name: Its number, id, slug or full name.

    Raises:
        UnknownExerciseError: The course has no such exercise.
        ManifestError: Its manifest or its list of checks breaks a rule.
    """
    full = find_exercise(course, name)
    manifest = read_manifest(course.exercises / full / MANIFEST_NAME)
    return make_exercise(course, manifest, read_lock(course.suites / full, manifest.tasks))


def load_exercises(course: Course, names: Sequence[str]) -> tuple[Exercise, ...]:
    """Load the exercises that are named, each once; all of the course where none is.

    Raises:
        UnknownExerciseError: The course has no such exercise.
        ManifestError: A manifest or a list of checks breaks a rule.
    """
    full = dict.fromkeys(find_exercise(course, name) for name in names) or list_exercises(course)
    return tuple(load_exercise(course, name) for name in full)


def load_unpinned(course: Course, name: str) -> Exercise:
    """Load an exercise without its checks: for those who are about to pin them, or need none.

    Raises:
        UnknownExerciseError: The course has no such exercise.
        ManifestError: Its manifest breaks a rule.
    """
    full = find_exercise(course, name)
    manifest = read_manifest(course.exercises / full / MANIFEST_NAME)
    return make_exercise(course, manifest, Lock(FORMAT, ()))


def preloads_beside(exercise: Exercise) -> tuple[str, ...]:
    """List the modules that the exercises of the same course name in `preload`.

    What is wrong in another exercise's manifest is for those to hear who work on that one.
    """
    course = Course(exercise.folder.parents[1])
    found: dict[str, None] = {}
    for name in list_exercises(course):
        with contextlib.suppress(ManifestError):
            found |= dict.fromkeys(load_unpinned(course, name).preload)
    return tuple(found)


def make_exercise(course: Course, manifest: Manifest, lock: Lock) -> Exercise:
    """Put an exercise together from its manifest and its pinned checks."""
    name = f"{manifest.id}_{manifest.slug}"
    return Exercise(
        id=manifest.id,
        slug=manifest.slug,
        title=manifest.title,
        tasks=manifest.tasks,
        limits=manifest.limits,
        preload=manifest.preload,
        onednn=manifest.onednn,
        signs=manifest.signs,
        topics=manifest.topics,
        misconceptions=manifest.misconceptions,
        checks=lock.checks,
        withheld=lock.withheld,
        folder=course.exercises / name,
        solution=course.solutions / name / f"{name}.py",
        suite=course.suites / name,
    )


def _is_course(folder: Path) -> bool:
    course = Course(folder)
    try:
        return course.exercises.is_dir() and (course.suites.is_dir() or course.solutions.is_dir())
    except OSError:
        # What may not be looked into cannot be worked on.
        return False


def _chosen_course(folder: Path) -> Course:
    if _is_course(folder):
        return Course(folder.absolute())
    raise UsageError(
        Text(
            en=f"{COURSE_VARIABLE} names {folder}, which is no course: exercises/ is missing",
            zh=f"{COURSE_VARIABLE} 指向 {folder}，但那里没有课程：缺少 exercises/",
        ),
        hint=Text(
            en=f"Set {COURSE_VARIABLE} to the folder that contains exercises/, or unset it.",
            zh=f"请把 {COURSE_VARIABLE} 设为包含 exercises/ 的文件夹，或取消设置。",
        ),
    )


def _nearest(wanted: str, names: tuple[str, ...]) -> Text:
    # Parts are compared as well, so that `convlayer` and `conv` lead to `ex03_conv_layer`.
    spelled = {part: name for name in names for part in (name, name[:4], name[5:])}
    near = [spelled[part] for part in difflib.get_close_matches(wanted, spelled, cutoff=0.7)]
    near += [name for name in names if len(wanted) >= _SHORTEST_PART and wanted in name]
    if near:
        listed = ", ".join(dict.fromkeys(near))
        return Text(en=f"Did you mean {listed}?", zh=f"你是不是想找 {listed}？")
    return Text(en="Run `grade list` to see the exercises.", zh="运行 `grade list` 查看所有练习。")
