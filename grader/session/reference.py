"""The reference solution of an exercise, as a module of this process."""

from __future__ import annotations

import sys
from types import ModuleType

from grader.course.models import Exercise
from grader.course.sources import solution_source
from grader.errors import SuiteError
from grader.language import Text


def read_reference(exercise: Exercise) -> bytes:
    """Read the source of the reference solution.

    Raises:
        SuiteError: It cannot be read.
    """
    try:
        return solution_source(exercise)
    except OSError as error:
        raise _broken(exercise, error) from error


def load_reference(exercise: Exercise, source: bytes) -> ModuleType:
    """Run the reference solution as a module of this process.

    Raises:
        SuiteError: It cannot be run.
    """
    module = ModuleType(f"reference_{exercise.name}")
    module.__file__ = str(exercise.solution)
    sys.modules[module.__name__] = module
    try:
        exec(compile(source, str(exercise.solution), "exec"), module.__dict__)  # noqa: S102
    except Exception as error:
        raise _broken(exercise, error) from error
    return module


def _broken(exercise: Exercise, error: Exception) -> SuiteError:
    detail = f"{exercise.solution}: {type(error).__name__}: {error}"
    return SuiteError(
        Text(en=f"the solution cannot be run: {detail}", zh=f"参考答案无法运行：{detail}"),
        hint=Text(
            en="This is for the course's author to mend; it costs nobody a point.",
            zh="这需要课程作者修复；不会扣任何人的分。",
        ),
    )
