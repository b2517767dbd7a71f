"""Answers that a suite lends: helpers in the worker that are called as what the student writes."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator

from grader.errors import SuiteError
from grader.language import Text


@functools.cache
def defined_names(source: str) -> frozenset[str]:
    """Name what helper source defines itself; what it imports is no secret of the suite's."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        # The worker says so where it runs.
        return frozenset()
    return frozenset(name for statement in tree.body for name in _defined_by(statement))


def _defined_by(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))


def lends_an_answer(check_id: str, name: str) -> SuiteError:
    """Give the error about a check of something that is in the worker already."""
    return SuiteError(
        Text(
            en=f"{check_id} grades `{name}`, which this hidden check or an earlier one has defined "
            "in the worker, where the student's code can find it",
            zh=f"{check_id} 为 `{name}` 评分，而这个或更早的隐藏检查已用 define 在工作进程中"
            "定义了它，学生的代码可以找到它",
        ),
        hint=Text(
            en=f"Leave `{name}` out of the source of `define` until all its own checks are over.",
            zh=f"在 `{name}` 自己的检查全部结束之前，不要把它写进 `define` 的源代码。",
        ),
    )
