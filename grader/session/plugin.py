"""The pytest plugin of a hidden suite: fixtures, and what each check's end means."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import mkdtemp
from types import ModuleType
from typing import Any, Final

import msgspec
import pytest
import torch

from grader.course.models import Check, Exercise
from grader.errors import SuiteError
from grader.language import Text
from grader.report.examination import Where
from grader.session.checks import check_id_of, check_of, needed_device
from grader.session.diagnosis import diagnose
from grader.session.finding import Finding
from grader.session.forbidden import find_forbidden
from grader.session.lending import defined_names, lends_an_answer
from grader.session.places import (
    UNFILLED,
    place_of_definition,
    place_of_signature,
)
from grader.session.remote import (
    RemoteHelpers,
    RemoteModule,
    RemoteObject,
    run_probe,
    wire_value_of,
)
from grader.session.run import Run, derive_seed
from grader.session.student import Student
from grader.worker import wire

_DIRECT: Final = "get_direct_param_fixture_func"
"""Makes a fixture of a parameter, in pytest."""


class SuitePlugin:
    """Fixtures and findings of one suite, for one run after the other."""

    def __init__(self, exercise: Exercise) -> None:
        """Take the exercise whose suite it is."""
        self.checks: dict[str, Check] = {}
        """What the suite declares, in its order."""
        self.fault: SuiteError | None = None
        """What is wrong with the suite as it was collected."""
        self._exercise = exercise
        self._current: Run | None = None
        self._started: Check | None = None
        """The check that is on."""
        self._test = ""
        """The name of the test that this check is."""
        self._lasting: dict[str, tuple[str, ...]] = {}
        """The fixtures of each check that are the same for a whole run."""
        self._given: dict[str, dict[str, object]] = {}
        """The parameters of each check."""
        self._values: dict[str, object] = {}
        """What these are in this run."""

    @property
    def _run(self) -> Run:
        if self._current is None:
            msg = "no run has begun"
            raise RuntimeError(msg)
        return self._current

    @contextlib.contextmanager
    def during(self, run: Run) -> Iterator[None]:
        """Serve one run; nothing of it is kept afterwards."""
        self._current = run
        try:
            yield
        finally:
            self._current = None
            self._values.clear()

    # -- what the loop calls

    def give_values(self, item: pytest.Function) -> None:
        """Give a check its parameters, and what an earlier one of this run has had made.

        pytest makes the others.
        """
        item.funcargs.update(self._given[check_id_of(item)])
        for name in self._lasting[check_id_of(item)]:
            if name in self._values:
                item.funcargs[name] = self._values[name]

    def keep_values(self, item: pytest.Function) -> None:
        """Keep what was made for a check and is the same for later ones."""
        for name in self._lasting[check_id_of(item)]:
            self._values[name] = item.funcargs[name]

    def start(self, item: pytest.Function) -> None:
        """Start the check on both sides."""
        self._started, self._test = None, item.name
        needed = needed_device(item)
        if needed is not None and needed != self._run.device.type:
            pytest.skip(f"needs {needed}")
        check = self.checks[check_id_of(item)]
        self._started = check
        watch = bool(self._exercise.task(check.task).forbidden)
        self._run.start_check(check.id, task=check.task, watch=watch)

    def look_back(self) -> None:
        """Look at what was asked for and what ran during the check."""
        check, run = self._started, self._run
        if check is None:
            return
        self._look_for_lent_answers(check)
        task = self._exercise.task(check.task)
        if not task.forbidden or task.id in run.forbidden:
            return
        found = run.evasion or find_forbidden(run.student, task.forbidden)
        if found is not None:
            run.forbidden[task.id] = found

    def _look_for_lent_answers(self, check: Check) -> None:
        lent = self._run.lent.intersection(self._run.student.names)
        if lent and self._run.fault is None:
            self._run.fault = lends_an_answer(check.id, min(lent))

    # -- hooks

    @pytest.hookimpl
    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marker."""
        config.addinivalue_line("markers", "check: a check that scores")

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Read what the suite says of its checks."""
        try:
            for item in items:
                if isinstance(item, pytest.Function):
                    self._register(item)
        except SuiteError as error:
            self.fault = error
        items.sort(key=self._rank)

    @pytest.hookimpl
    def pytest_json_runtest_metadata(
        self,
        item: pytest.Item,
        call: pytest.CallInfo[None],
    ) -> dict[str, object]:
        """Put the check's id and the reason why it was not passed into the JSON report."""
        facts: dict[str, object] = {"check": check_id_of(item)}
        error = call.excinfo.value if call.excinfo else None
        if error is None or isinstance(error, pytest.skip.Exception):
            return facts
        try:
            names = self._exercise.names_of(self.checks[str(facts["check"])].task)
            finding = diagnose(error, self._run.student, self._exercise, names)
        except SuiteError as fault:
            self._run.fault = fault
            return facts
        if finding is None:
            self._run.unexplained[str(facts["check"])] = error
        else:
            if finding.outcome == "timeout":
                self._run.late_tasks.add(self.checks[str(facts["check"])].task)
            facts["finding"] = msgspec.to_builtins(self._placed(finding, str(facts["check"])))
        return facts

    # -- fixtures of a run: pytest makes them once, and drops them at its end

    @pytest.fixture(scope="session")
    def student(self) -> RemoteModule:
        """The submission."""
        return RemoteModule(self._run.student)

    @pytest.fixture(scope="session")
    def reference(self) -> ModuleType:
        """The reference solution, in this process."""
        if self._run.reference is None:
            msg = "no visible check asks for it"
            raise RuntimeError(msg)
        return self._run.reference

    @pytest.fixture(scope="session")
    def device(self) -> torch.device:
        """The device that is graded on."""
        return self._run.device

    @pytest.fixture(scope="session")
    def new(self) -> Callable[..., Any]:
        """Make an object on the device that is graded on: `new(student.ConvNet, *arguments)`."""
        run = self._run

        def make(kind: Callable[..., Any], *args: object, **kwargs: object) -> Any:  # noqa: ANN401
            made = kind(*args, **kwargs)
            # Whatever is new is on the CPU already.
            return made if run.device.type == "cpu" else made.to(run.device)

        return make

    @pytest.fixture(scope="session")
    def images(self) -> Callable[..., torch.Tensor]:
        """Make images: float32 in [0, 1) of the shape that is given."""
        run = self._run

        def make(*shape: int) -> torch.Tensor:
            return torch.rand(shape, generator=run.generator).to(run.device)

        return make

    @pytest.fixture(scope="session")
    def randn(self) -> Callable[..., torch.Tensor]:
        """Make normally distributed values of a shape and dtype."""
        run = self._run

        def make(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
            return torch.randn(shape, generator=run.generator, dtype=dtype).to(run.device)

        return make

    @pytest.fixture(scope="session")
    def integers(self) -> Callable[..., torch.Tensor]:
        """Make integers from `low` up to, not including, `high`."""
        run = self._run

        def make(
            low: int, high: int, shape: tuple[int, ...], dtype: torch.dtype = torch.int64
        ) -> torch.Tensor:
            values = torch.randint(low, high, shape, generator=run.generator)
            return values.to(dtype).to(run.device)

        return make

    @pytest.fixture(scope="session")
    def once(self) -> Callable[[str, Callable[[], Any]], Any]:
        """Find a plain value once for all checks of a run: `once("name", function)`."""
        return self._run.once

    @pytest.fixture(scope="session")
    def library(self) -> Callable[[str], RemoteObject]:
        """Import a library's module in the worker."""
        student = self._run.student

        def load(module: str) -> RemoteObject:
            found: RemoteObject = student.ask(lambda _: wire.Library(module))
            return found

        return load

    @pytest.fixture(scope="session")
    def define(self) -> Callable[..., RemoteObject]:
        """Run helper source of the suite in a module of its own in the worker.

        `define(source, stand_ins=["relu"])` also puts what it defines by these names in place of
        the student's, until the check ends.
        """
        run, student = self._run, self._run.student

        def load(source: str, stand_ins: Iterable[str] = ()) -> RemoteObject:
            names = tuple(stand_ins)
            is_hidden = self._started is not None and self._started.visibility == "hidden"
            if is_hidden and run.suite_on_trial:
                run.lent |= defined_names(source)
            found: RemoteObject = student.ask(lambda _: wire.Define(source, names))
            handle = wire_value_of(found)
            if isinstance(handle, wire.HandleValue):
                return RemoteHelpers(student, handle)
            # Anything else than a module is the student's doing, and fails where it is used.
            return found

        return load

    # -- fixtures of a check

    @pytest.fixture
    def seed(self) -> int:
        """A number of this check and this run."""
        return derive_seed(self._run.seed, f"seed:{self._test}")

    @pytest.fixture
    def rng(self, seed: int) -> random.Random:
        """Random choices for a suite."""
        return random.Random(seed)  # noqa: S311 - inputs, not secrets

    @pytest.fixture
    def scratch(self) -> str:
        """Make a fresh folder in the worker."""
        folder = run_probe(self._run.student, "make_folder", "check")
        return folder if type(folder) is str else ""

    @pytest.fixture
    def tmp_path(self) -> Path:
        """Make a fresh folder for the reference, out of the worker's sight."""
        return Path(mkdtemp(prefix="reference-", dir=self._run.scratch))

    # -- how it is done

    def _rank(self, item: pytest.Item) -> int:
        """Order the checks by what one must not learn from another.

        A visible check shows what the student's code says, which must not be what a hidden one
        handed in; so they come first. The helpers of a hidden one stay in the worker, and right
        answers may be among them; so those that define some come last.
        """
        check = self.checks.get(check_id_of(item))
        if check is not None and check.visibility == "visible":
            return 0
        return 2 if "define" in getattr(item, "fixturenames", ()) else 1

    def _placed(self, finding: Finding, check_id: str) -> Finding:
        """Name the line of what the check asked for, where the finding names none."""
        if finding.where is not None:
            return finding
        hint = UNFILLED if finding.misconception == "not-written-yet" else finding.hint
        lines = {fact.name: fact for fact in self._run.student.facts.defined}
        for name in reversed(self._run.student.names):
            if name in lines and name in self._exercise.names:
                found = _of_call(finding, lines[name], self._run.student) or place_of_definition(
                    lines[name],
                    self._run.student,
                    check_id=check_id,
                    hint=hint or self.checks[check_id].hint,
                )
                return msgspec.structs.replace(finding, where=found)
        return finding

    def _register(self, item: pytest.Function) -> None:
        check = check_of(item)
        if check.id in self.checks:
            text = Text(
                en=f"two checks of {self._exercise.id} are called {check.id}",
                zh=f"{self._exercise.id} 中有两个检查都叫 {check.id}",
            )
            raise SuiteError(text)
        if check.visibility == "visible" and "reference" in item.fixturenames:
            raise _needs_solution(check.id)
        self.checks[check.id] = check
        self._lasting[check.id] = tuple(_lasting(item))
        self._given[check.id] = dict(_given(item))


def _of_call(finding: Finding, fact: wire.NameFact, student: Student) -> Where | None:
    if finding.outcome != "error" or finding.message is None:
        return None
    return place_of_signature(fact, student, finding.message.en)


def _lasting(item: pytest.Function) -> Iterator[str]:
    """Name what a check asks for that is the same for a whole run."""
    for name, known in item._fixtureinfo.name2fixturedefs.items():  # noqa: SLF001 - no public way
        if name in item.fixturenames and known[-1].scope == "session" and not known[-1].params:
            yield name


def _given(item: pytest.Function) -> Iterator[tuple[str, object]]:
    """Give the parameters that a check asks for itself, and no fixture makes anything of."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    for name, value in parameters.items():
        made_by = item._fixtureinfo.name2fixturedefs[name][-1].func  # noqa: SLF001 - as above
        if name in item._fixtureinfo.argnames and made_by.__name__ == _DIRECT:  # noqa: SLF001
            yield name, value


def _needs_solution(check_id: str) -> SuiteError:
    return SuiteError(
        Text(
            en=f"{check_id} is visible and uses `reference`, which students do not have",
            zh=f"{check_id} 是可见检查，却使用了学生没有的 `reference`",
        ),
        hint=Text(
            en='Write the expected values down, or make the check `visibility="hidden"`.',
            zh='请直接写出期望值，或将该检查设为 `visibility="hidden"`。',
        ),
    )
