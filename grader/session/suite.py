"""Runs a hidden suite with pytest, in this process, against one submission."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec
import pytest
from pytest_jsonreport.plugin import JSONReport

from grader.course.models import Check, Exercise
from grader.errors import SuiteError
from grader.language import Text
from grader.report.examination import CheckResult
from grader.session.diagnosis import Finding
from grader.session.plugin import SuitePlugin

_INI: Final = Path(__file__).with_name("suite.ini")
_ARGUMENTS: Final = (
    "-c",
    str(_INI),
    "--noconftest",
    "--assert=plain",
    "--import-mode=importlib",
    "--capture=no",
    # What the terminal plugin prints goes nowhere; pytest-json-report needs its options.
    "--tb=short",
    "--no-header",
    "--no-summary",
    "--strict-markers",
    "--json-report-file=none",
    "--json-report-omit=log",
    "--json-report-omit=streams",
    *(
        part
        for name in (
            "cacheprovider",
            "warnings",
            "logging",
            "faulthandler",
            "unraisableexception",
            "threadexception",
            "doctest",
            "stepwise",
            "junitxml",
            "pastebin",
        )
        for part in ("-p", f"no:{name}")
    ),
    "-p",
    "pytest_jsonreport.plugin",
)
_FILES: Final = ("test_visible.py", "test_hidden.py")


def load_reference(exercise: Exercise) -> ModuleType:
    """Run the reference solution as a module of this process.

    Raises:
        SuiteError: It cannot be run.
    """
    module = ModuleType(f"reference_{exercise.name}")
    module.__file__ = str(exercise.solution)
    sys.modules[module.__name__] = module
    try:
        source = exercise.solution.read_text(encoding="utf-8")
        exec(compile(source, str(exercise.solution), "exec"), module.__dict__)  # noqa: S102
    except Exception as error:
        detail = f"{exercise.solution}: {type(error).__name__}: {error}"
        raise _suite_error(detail) from error
    return module


def run_suite(
    exercise: Exercise, plugin: SuitePlugin, scratch: Path, only: Iterable[str] | None = None
) -> dict[str, CheckResult]:
    """Run a suite.

    Args:
        exercise: Whose suite.
        plugin: What the suite works with; afterwards it tells what it collected.
        scratch: Where pytest puts the temporary folders of the reference; removed by the caller.
        only: The ids of the checks to run; all of them where None.

    Returns:
        A result per check that ran, by id. A check is passed only where pytest's own JSON report
        says so of its set-up, its call and its clean-up.

    Raises:
        SuiteError: The suite cannot be collected, or pytest broke.
    """
    wanted = None if only is None else set(only)
    options = ["--json-report-omit=keywords", "--basetemp", str(scratch / "reference")]
    report = _run_pytest(exercise, options, [plugin, _Selection(wanted)])
    if plugin.fault is not None:
        raise plugin.fault
    _require_collected(report)
    return {result.id: result for result in (_result(test) for test in report.get("tests", ()))}


def collect_checks(exercise: Exercise, plugin: SuitePlugin) -> tuple[Check, ...]:
    """List the checks that a suite declares, in its order.

    Raises:
        SuiteError: The suite cannot be collected.
    """
    report = _run_pytest(exercise, ["--collect-only"], [plugin])
    if plugin.fault is not None:
        raise plugin.fault
    _require_collected(report)
    return tuple(plugin.checks.values())


class _Selection:
    """Deselects what was not asked for."""

    def __init__(self, wanted: set[str] | None) -> None:
        self._wanted = wanted

    @pytest.hookimpl(hookwrapper=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        yield
        if self._wanted is not None:
            items[:] = [item for item in items if item.name.removeprefix("test_") in self._wanted]


def _run_pytest(exercise: Exercise, options: list[str], plugins: list[object]) -> dict[str, Any]:
    files = [str(exercise.suite / name) for name in _FILES]
    recorder = JSONReport()
    arguments = [*_ARGUMENTS, "--rootdir", str(exercise.suite), *options, *files]
    errors = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stderr(errors), _no_autoload():
        # A warning of torch's, or of a suite's, must never cost a point.
        warnings.simplefilter("ignore")
        code = pytest.main(arguments, plugins=[recorder, *plugins])
    _forget_suite(exercise)
    if recorder.report is None or code in (
        pytest.ExitCode.INTERNAL_ERROR,
        pytest.ExitCode.USAGE_ERROR,
    ):
        detail = f"{exercise.suite}: pytest ended with {code!r}\n{errors.getvalue()}"
        raise _suite_error(detail)
    report: dict[str, Any] = recorder.report
    return report


def _forget_suite(exercise: Exercise) -> None:
    """Drop the suite's modules: every exercise calls its files alike, and they may be edited."""
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(f"{exercise.suite}{os.sep}"):
            del sys.modules[name]


@contextlib.contextmanager
def _no_autoload() -> Iterator[None]:
    """Keep plugins that happen to be installed out of the run."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]


def _require_collected(report: dict[str, Any]) -> None:
    for collector in report.get("collectors", ()):
        if collector["outcome"] != "passed":
            detail = f"{collector['nodeid']}: {collector.get('longrepr', '')}"
            raise _suite_error(detail)


def _result(test: dict[str, Any]) -> CheckResult:
    stages = [test.get(name) for name in ("setup", "call", "teardown")]
    facts = test.get("metadata", {})
    duration = sum(stage["duration"] for stage in stages if stage)
    check_id = facts.get("check", test["nodeid"])
    passed = all(stage is not None and stage["outcome"] == "passed" for stage in stages)
    if passed and test["outcome"] == "passed" and "finding" not in facts:
        return CheckResult(check_id, "passed", duration_s=duration)
    if "finding" not in facts:
        return CheckResult(check_id, "not_run", duration_s=duration)
    finding = msgspec.convert(facts["finding"], Finding)
    return CheckResult(
        id=check_id,
        outcome=finding.outcome,
        message=finding.message,
        hint=finding.hint,
        misconception=finding.misconception,
        where=finding.where,
        duration_s=duration,
    )


def _suite_error(detail: str) -> SuiteError:
    return SuiteError(
        Text(en=f"the suite is at fault: {detail}", zh=f"测试套件有误：{detail}"),
        hint=Text(
            en="This is for the course's author to mend; it costs nobody a point.",
            zh="这需要课程作者修复；不会扣任何人的分。",
        ),
    )
