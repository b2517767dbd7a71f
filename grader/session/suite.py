"""A hidden suite: collected by pytest once, run in this process as often as there are submissions.

pytest's own start and its collection cost more than the checks of a small exercise. So a session
of pytest, in a thread of its own, stops where it would run its tests and waits there: each run
goes through the collected tests once, with a JSON report of its own, and tears all fixtures down
at its end.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import msgspec
import pytest

from grader.course.models import Check, Exercise
from grader.course.sources import suite_sources
from grader.errors import SuiteError
from grader.language import Text
from grader.report.examination import CheckResult
from grader.session.finding import Finding
from grader.session.loop import Loop
from grader.session.plugin import SuitePlugin
from grader.session.run import Run

_INI: Final = Path(__file__).with_name("suite.ini")
_ARGUMENTS: Final = (
    "-c",
    str(_INI),
    "--noconftest",
    "--assert=plain",
    "--import-mode=importlib",
    # What the terminal plugin prints goes nowhere; pytest-json-report needs its options.
    "-qq",
    "--tb=short",
    "--no-header",
    "--no-summary",
    "--strict-markers",
    "--json-report-file=none",
    # In one go: of several such options the last one counts.
    *("--json-report-omit", "log", "streams", "keywords"),
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
            # Each looks at every check, some at every fixture; suites need none of it.
            "capture",
            "skipping",
            "unittest",
            "subtests",
            "setuponly",
            "setupplan",
            "recwarn",
            "monkeypatch",
            "debugging",
            # Fixtures of that name are our own: this session outlives many submissions.
            "tmpdir",
        )
        for part in ("-p", f"no:{name}")
    ),
    "-p",
    "pytest_jsonreport.plugin",
)


class Suite:
    """A suite that pytest has collected and that can be run again and again."""

    def __init__(self, exercise: Exercise) -> None:
        """Collect the suite.

        Raises:
            SuiteError: It cannot be collected, or pytest broke.
        """
        self._sources = suite_sources(exercise)
        self.exercise = exercise
        self._plugin = SuitePlugin(exercise)
        self._loop = Loop(self._plugin)
        self._errors = io.StringIO()
        self._thread = threading.Thread(target=self._run_pytest, daemon=True)
        with contextlib.redirect_stderr(self._errors), _no_autoload():
            self._thread.start()
            collected = self._loop.answers.get()
        try:
            self._require_collected(collected)
        except SuiteError:
            self.close()
            raise
        # What stays is never searched for garbage again.
        gc.freeze()

    @property
    def is_usable(self) -> bool:
        """Whether the suite is still what it was collected from, and pytest still waits."""
        return self._thread.is_alive() and self._sources == suite_sources(self.exercise)

    @property
    def checks(self) -> tuple[Check, ...]:
        """What the suite declares, in its order."""
        return tuple(self._plugin.checks.values())

    def run(self, run: Run) -> dict[str, CheckResult]:
        """Run the suite once.

        Args:
            run: What it works with; afterwards it tells what was found.

        Returns:
            A result per check that ran, by id. A check is passed only where pytest's own JSON
            report says so of its set-up, its call and its clean-up.

        Raises:
            SuiteError: The suite is at fault, or pytest broke.
        """
        self._loop.runs.put(run)
        report = self._loop.answers.get()
        if report is None:
            raise self._broken()
        if run.fault is not None:
            raise run.fault
        return {result.id: result for result in (_result(test) for test in report["tests"])}

    def close(self) -> None:
        """End the session of pytest."""
        self._loop.runs.put(None)
        self._thread.join()

    def _run_pytest(self) -> None:
        # The file that is named stands for the suite, whose own files may be in memory only.
        arguments = [*_ARGUMENTS, "--rootdir", str(_INI.parent), str(_INI)]
        plugins = [self._plugin, self._loop, _Sources(self.exercise, self._sources)]
        try:
            self._code: object = pytest.main(arguments, plugins=plugins)
        except BaseException as error:  # noqa: BLE001 - whoever waits must be told
            self._code = repr(error)
        self._loop.answers.put(None)

    def _require_collected(self, report: dict[str, Any] | None) -> None:
        if self._plugin.fault is not None:
            raise self._plugin.fault
        if report is None:
            raise self._broken()
        for collector in report.get("collectors", ()):
            if collector["outcome"] != "passed":
                detail = f"{collector['nodeid']}: {collector.get('longrepr', '')}"
                raise _suite_error(detail)

    def _broken(self) -> SuiteError:
        detail = f"{self.exercise.suite}: pytest ended with {self._code!r}"
        return _suite_error(f"{detail}\n{self._errors.getvalue()}")


class _Sources:
    """The part of a pytest session that finds what to collect: sources, not files."""

    def __init__(self, exercise: Exercise, sources: Mapping[str, bytes]) -> None:
        self._exercise = exercise
        self._sources = sources

    @pytest.hookimpl
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Put the suite in place of the one file that pytest was given."""
        if file_path != _INI:
            return None
        suite: _SuiteFiles = _SuiteFiles.from_parent(parent, path=_INI)
        suite.found = [
            (self._exercise.suite / name, f"suite_{self._exercise.name}_{name[:-3]}", source)
            for name, source in self._sources.items()
        ]
        return suite


class _SuiteFiles(pytest.File):
    """All files of a suite."""

    found: Sequence[tuple[Path, str, bytes]] = ()
    """Where each would lie, the name of its module, and its source."""

    def collect(self) -> Iterator[pytest.Collector]:
        for path, name, source in self.found:
            module: _SuiteModule = _SuiteModule.from_parent(self, path=path)
            module.module_name, module.source = name, source
            yield module


class _SuiteModule(pytest.Module):
    """A file of a suite; pytest would import it from the disk."""

    module_name = ""
    source = b""

    def _getobj(self) -> ModuleType:
        module = ModuleType(self.module_name)
        module.__file__ = str(self.path)
        # Dataclasses look their module up.
        sys.modules[module.__name__] = module
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)  # noqa: S102 - ours
        return module


def rehearse() -> None:
    """Go through a session of pytest without any test, so that all that it imports is there."""
    folder = str(_INI.parent)
    with (
        _no_autoload(),
        contextlib.redirect_stdout(None),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        pytest.main([*_ARGUMENTS, "--rootdir", folder, folder])


@contextlib.contextmanager
def _no_autoload() -> Iterator[None]:
    """Keep plugins that happen to be installed out of the run."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]


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
        compared=finding.compared,
    )


def _suite_error(detail: str) -> SuiteError:
    return SuiteError(
        Text(en=f"the suite is at fault: {detail}", zh=f"测试套件有误：{detail}"),
        hint=Text(
            en="This is for the course's author to mend; it costs nobody a point.",
            zh="这需要课程作者修复；不会扣任何人的分。",
        ),
    )
