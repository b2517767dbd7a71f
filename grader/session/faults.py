"""What is said where a suite, a solution or the examiner itself broke."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Literal

import torch

from grader.course.models import Exercise
from grader.errors import GraderError, GraderFault, SuiteError
from grader.language import Text
from grader.report.examination import Examination
from grader.session import jobs


def breaks_on_solution(exercise: Exercise, check_id: str, error: BaseException) -> SuiteError:
    """Say that a check breaks on the reference solution, too."""
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if str(exercise.suite) in line.filename]
    at = f"{Path(own[-1].filename).name}:{own[-1].lineno}" if own else exercise.suite.name
    detail = f"{check_id} ({at}): {type(error).__name__}: {error}"
    return SuiteError(
        Text(
            en=f"a check breaks on the reference solution too: {detail}",
            zh=f"检查在参考答案上也会出错：{detail}",
        )
    )


def fault_of(error: GraderError, of: Literal["course", "grader"]) -> Examination:
    """Give the examination of a submission that could not be examined, through no fault of its."""
    return Examination(
        status="grader_fault", fault=error.message, fault_of=of, torch=str(torch.__version__)
    )


def failed(error: GraderError) -> jobs.Failed:
    """Put an error into an answer."""
    return jobs.Failed(type(error).__name__, error.message, error.hint)


def broken(error: Exception) -> GraderFault:
    """Make a fault of the grader of what nobody expected."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    detail = f"{type(error).__name__}: {error} ({place}, Python {sys.version.split()[0]})"
    return GraderFault(
        Text(en=f"the examiner broke: {detail}", zh=f"评分进程出错：{detail}"),
        hint=Text(
            en="This is a fault of the grader; please report it with this line.",
            zh="这是评分程序自身的错误；请附上这一行信息反馈给我们。",
        ),
    )
