"""The inside of a session of pytest that runs its tests again and again, and reports each time.

pytest's own loop calls some twenty-five hooks a test, for plugins of which none is here, and looks
up every fixture anew, also those that are the same for a whole run. Here a test is set up, called
and cleaned up by pytest's own functions, and the hooks are left to what did not pass.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from queue import SimpleQueue
from typing import Any, Literal

import pytest
from pytest_jsonreport import serialize
from pytest_jsonreport.plugin import JSONReport

from grader.session.checks import check_id_of
from grader.session.plugin import SuitePlugin
from grader.session.run import Run

Stage = Literal["setup", "call", "teardown"]


class Loop:
    """The part of a pytest session that runs its tests: here, once for each run it is given."""

    def __init__(self, plugin: SuitePlugin) -> None:
        """Take the plugin of the suite."""
        self.runs: SimpleQueue[Run | None] = SimpleQueue()
        self.answers: SimpleQueue[dict[str, Any] | None] = SimpleQueue()
        self._plugin = plugin
        self._recorder = _Recorder()

    @pytest.hookimpl
    def pytest_addhooks(self, pluginmanager: pytest.PytestPluginManager) -> None:
        """Bring the recorder along."""
        pluginmanager.register(self._recorder)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of pytest's own loop."""
        # A finding tells of a failure; a traceback with its source would cost many times the check.
        session.config.option.tbstyle = "line"
        # No conftest is ever read, which pytest would make sure of several times a check.
        session.gethookproxy = lambda fspath: session.config.hook  # type: ignore[method-assign] # noqa: ARG005
        # Nobody reads what the one prints of each check, or the other says of plain asserts.
        for name in ("terminalreporter", "assertion"):
            session.config.pluginmanager.unregister(name=name)
        self.answers.put(self._recorder.finish(session))
        while (run := self.runs.get()) is not None:
            with self._plugin.during(run):
                self.answers.put(self._run_once(session, run))
            # Nothing of a submission is kept while the next one is waited for.
            del run
        return True

    def _run_once(self, session: pytest.Session, run: Run) -> dict[str, Any]:
        items = [item for item in session.items if _is_wanted(item, run)]
        self._recorder.restart(session)
        for item, following in zip(items, [*items[1:], None], strict=True):
            assert isinstance(item, pytest.Function)  # noqa: S101 - what a suite is collected from
            self._run_item(item, following)
        return self._recorder.finish(session)

    def _run_item(self, item: pytest.Function, following: pytest.Item | None) -> None:
        """Set a test up, call it, and clean up, as `runtestprotocol` of pytest does."""
        state = item.session._setupstate  # noqa: SLF001 - no public way

        def set_up() -> None:
            self._plugin.start(item)
            state.setup(item)
            self._plugin.keep_values(item)

        def clean_up() -> None:
            state.teardown_exact(following)
            self._plugin.look_back()

        item._initrequest()  # noqa: SLF001 - no public way
        self._plugin.give_values(item)
        self._recorder.begin(item)
        if self._recorder.record(item, "setup", set_up):
            self._recorder.record(item, "call", item.runtest)
        self._recorder.record(item, "teardown", clean_up)
        # What it worked with is not kept.
        item.funcargs = {}
        item._request = None  # type: ignore[assignment] # noqa: SLF001


class _Recorder(JSONReport):  # type: ignore[misc] # it publishes no types
    """Writes one JSON report after the other, each of what happened since the last.

    The hooks do what the plugin's own do where logs and streams are left out. Those wrap every
    stage, and make sure three times a check that what our own plugin adds is JSON.
    """

    def restart(self, session: pytest.Session) -> None:
        """Begin the next report."""
        JSONReport.__init__(self, self._config)
        self.pytest_sessionstart(session)

    def finish(self, session: pytest.Session) -> dict[str, Any]:
        """Give the report."""
        self.pytest_sessionfinish(session)
        report: dict[str, Any] = self.report
        return report

    def begin(self, item: pytest.Function) -> None:
        """Enter a test, of which nothing is known yet."""
        entry = serialize.make_testitem(item.nodeid, None, item.location)
        entry["metadata"] = {"check": check_id_of(item)}
        self._json_tests[item.nodeid] = entry
        item._json_report_extra = {}  # type: ignore[attr-defined] # noqa: SLF001

    def record(self, item: pytest.Function, stage: Stage, run: Callable[[], object]) -> bool:
        """Run one stage of a test and report it; say whether it passed."""
        stops = pytest.exit.Exception, KeyboardInterrupt
        call = pytest.CallInfo.from_call(run, when=stage, reraise=stops)
        if call.excinfo is None:
            passed = {"duration": call.duration, "outcome": "passed"}
            self._json_tests[item.nodeid][stage] = passed
            return True
        hooks = item.config.hook
        report = hooks.pytest_runtest_makereport(item=item, call=call)
        hooks.pytest_runtest_logreport(report=report)
        return False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add what our own plugin says of a stage that did not pass."""
        report = yield
        extra = item._json_report_extra  # type: ignore[attr-defined] # noqa: SLF001
        for facts in self._config.hook.pytest_json_runtest_metadata(item=item, call=call):
            extra.setdefault("metadata", {}).update(facts)
        report._json_report_extra = extra  # type: ignore[attr-defined] # noqa: SLF001
        return report


def _is_wanted(item: pytest.Item, run: Run) -> bool:
    return run.only is None or check_id_of(item) in run.only
