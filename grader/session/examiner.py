"""The trusted process that runs hidden suites: one job after the other, for as long as it lives.

It is forked from the nursery, so that torch is there already; pytest, the suites and the
solutions are loaded here and nowhere else.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Final

import msgspec
import torch

from grader.course.models import Check, Exercise
from grader.errors import GraderError, SuiteError
from grader.language import Text
from grader.report.examination import CheckResult, Examination, Output
from grader.report.pictures import Picture
from grader.session import jobs
from grader.session.absence import find_untouched
from grader.session.advice import advice_of
from grader.session.devices import describe_devices, select_device, use_full_precision
from grader.session.diagnosis import of_unusable_value
from grader.session.faults import breaks_on_solution, broken, failed, fault_of
from grader.session.isolation_gate import IsolationGate
from grader.session.lost_worker import of_lost_worker
from grader.session.matching import is_more_than_misspelt, matches_of, matching_of
from grader.session.pictures import take_pictures
from grader.session.problems import problems_of, skipped_statements_of
from grader.session.processor import one_processor
from grader.session.reference import load_reference, read_reference
from grader.session.run import Run
from grader.session.student import Student
from grader.session.suite import Suite
from grader.session.worker_sources import WorkerSources
from grader.session.workers import ForkedWorkers, FreshWorkers, Workers
from grader.submission import Submission
from grader.worker.wire import CellSource

_NO_CELLS: Final = Submission(
    id="reference", path="reference.py", sha256="", kind="py", cells=(), notes=()
)


def serve(job: socket.socket, control: socket.socket | None = None) -> None:
    """Answer jobs until the other side hangs up. The entry that the nursery calls.

    Args:
        job: Carries `grader.session.jobs`.
        control: Asks the nursery for workers; without one, each is a fresh interpreter.
    """
    # What a suite prints is for nobody; the terminal belongs to the command line.
    with open(os.devnull, "w", encoding="utf-8") as null:  # noqa: PTH123 - a device, not a path
        os.dup2(null.fileno(), 1)
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    workers = FreshWorkers() if control is None else ForkedWorkers(control)
    with (
        contextlib.closing(Examiner(workers)) as examiner,
        contextlib.suppress(EOFError, ConnectionError),
    ):
        while True:
            answer = examiner.answer(jobs.receive_request(job))
            try:
                jobs.send(job, answer)
            except (TypeError, ValueError, OverflowError) as error:
                # It cannot be put into a message; nothing of it was sent yet.
                jobs.send(job, failed(broken(error)))
            examiner.get_ready()


class Examiner:
    """Examines submissions; keeps the suites and the solutions that it has loaded."""

    def __init__(self, workers: Workers) -> None:
        """Take the source of workers."""
        self._sources = WorkerSources(workers)
        self._suites: dict[Path, Suite] = {}
        self._references: dict[Path, tuple[bytes, ModuleType]] = {}
        self._gate = IsolationGate(self._sources)
        use_full_precision()

    def answer(self, request: jobs.Request) -> jobs.Answer:
        """Carry out one request; whatever goes wrong becomes an answer too."""
        try:
            return self._carry_out(request)
        except GraderError as error:
            return failed(error)
        except Exception as error:  # noqa: BLE001 - the border: the next job must still be served
            return failed(broken(error))

    def get_ready(self) -> None:
        """Do for the next job what its predecessor's client did not have to wait for."""
        self._sources.catch_up()

    def close(self) -> None:
        """End what stands ready for the next job."""
        self._sources.close()

    def _carry_out(self, request: jobs.Request) -> jobs.Answer:
        if isinstance(request, jobs.Collect):
            suite = Suite(request.exercise)
            suite.close()
            return jobs.Collected(suite.checks)
        if isinstance(request, jobs.Inspect):
            return self._inspect(request)
        try:
            with one_processor() if request.is_alone else contextlib.nullcontext():
                return jobs.Done(self.examine(request))
        except SuiteError as error:
            return jobs.Done(fault_of(error, "course"))
        except GraderError:
            raise
        except Exception as error:  # noqa: BLE001 - it concerns this submission only
            return jobs.Done(fault_of(broken(error), "grader"))

    def examine(self, job: jobs.Job) -> Examination:
        """Examine one submission.

        Raises:
            SuiteError: The exercise is at fault.
            DeviceUnavailableError: The device is not there.
            SandboxError: `strict` or a container was asked for, and the self-test found a hole.
        """
        device = select_device(job.device, in_container=job.container is not None)
        torch.backends.mkldnn.enabled = job.exercise.onednn  # type: ignore[assignment]
        student = self._make_student(job, job.submission, device)
        try:
            if job.sandbox == "strict" or job.container is not None:
                self._gate.require(job, student.policy())
            student.load()
            results = self._results(job, student, device)
            if is_more_than_misspelt(student, job.exercise, results):
                return self.examine(
                    msgspec.structs.replace(job, match="exact", scratch=f"{job.scratch}/exact")
                )
            examination = self._examination(job, student, results, device)
        finally:
            student.leave()
        if not job.pictures or examination.status != "graded":
            return examination
        return msgspec.structs.replace(examination, pictures=self._pictures(job, device))

    def _pictures(self, job: jobs.Job, device: torch.device) -> tuple[Picture, ...]:
        """Take the suite's pictures, in a worker that has seen no check. Never fails."""
        job = msgspec.structs.replace(job, scratch=f"{job.scratch}/pictures")
        student = self._make_student(job, job.submission, device)
        try:
            student.load()
            reference = self._reference(job.exercise)
            return take_pictures(job.exercise, student, reference, seed=job.seed, device=device)
        except Exception:  # noqa: BLE001 - a page without pictures is a page; a lost score is not
            return ()
        finally:
            student.end()

    def _inspect(self, request: jobs.Inspect) -> jobs.Inspected:
        """Say what this machine has; the self-test is made in any case."""
        found = self._gate.inspect(request)
        return jobs.Inspected(
            torch=str(torch.__version__),
            devices=tuple(describe_devices()),
            acts=found.acts,
            layers=found.layers,
            missing=found.missing,
        )

    def _make_student(self, job: jobs.Job, submission: Submission, device: torch.device) -> Student:
        reserve = self._sources.choose(device, job.container, job.exercise.preload).reserve
        reserve.puts_off = job.again
        return Student(
            submission,
            reserve,
            required=job.exercise.names,
            limits=job.exercise.limits,
            device=device,
            scratch=Path(job.scratch),
            sandbox=job.sandbox,
            run_all=job.run_all,
            onednn=job.exercise.onednn,
            matching=matching_of(job.exercise, job.match),
        )

    def _results(
        self, job: jobs.Job, student: Student, device: torch.device
    ) -> tuple[CheckResult, ...]:
        if not student.facts.runnable:
            return tuple(_unloadable(check.id, student) for check in job.exercise.checks)
        reference = self._reference(job.exercise) if student.facts.is_script else None
        untouched = find_untouched(student, job.exercise, reference)
        wanted = frozenset(check.id for check in job.exercise.checks) - untouched.keys()
        if not wanted:
            return tuple(untouched.values())
        suite = self._suite(job.exercise)
        run = self._run(job, student, device, wanted if untouched else None)
        found = untouched | suite.run(run)
        if run.unexplained:
            # Its threads would take time from the control run.
            student.end()
            found |= self._explain(job, suite, run.unexplained, device)
        for check in job.exercise.checks:
            hit = run.forbidden.get(check.task)
            if hit is not None:
                found[check.id] = _with_finding(found[check.id], msgspec.structs.asdict(hit))
        return tuple(found[check.id] for check in job.exercise.checks)

    def _suite(self, exercise: Exercise) -> Suite:
        """Give the collected suite; an edited one is collected anew.

        Raises:
            SuiteError: It cannot be collected, or is not what its list of checks pins.
        """
        known = self._suites.pop(exercise.suite, None)
        if known is not None and not (known.exercise == exercise and known.is_usable):
            known.close()
            known = None
        suite = known or Suite(exercise)
        _require_pinned(exercise, suite)
        self._suites[exercise.suite] = suite
        return suite

    def _run(
        self,
        job: jobs.Job,
        student: Student,
        device: torch.device,
        only: frozenset[str] | None = None,
    ) -> Run:
        return Run(
            student,
            self._reference(job.exercise),
            seed=job.seed,
            device=device,
            scratch=Path(job.scratch),
            only=only,
            suite_on_trial=job.suite_on_trial,
        )

    def _reference(self, exercise: Exercise) -> ModuleType | None:
        """Give the loaded solution; an edited one is loaded anew. A kit has none.

        Raises:
            SuiteError: It cannot be read or run.
        """
        if not exercise.is_complete:
            return None
        source = read_reference(exercise)
        known = self._references.get(exercise.solution)
        if known is None or known[0] != source:
            known = source, load_reference(exercise, source)
            self._references[exercise.solution] = known
        return known[1]

    def _explain(
        self,
        job: jobs.Job,
        suite: Suite,
        unexplained: dict[str, BaseException],
        device: torch.device,
    ) -> dict[str, CheckResult]:
        """Tell whose fault it is that a suite broke: run those checks on the solution itself.

        Raises:
            SuiteError: They break there too.
        """
        if not job.exercise.is_complete:
            # A kit has no solution to try; its author's own run was the proof of its suite.
            return {
                check_id: _unusable(CheckResult(check_id, "failed"), error)
                for check_id, error in unexplained.items()
            }
        source = read_reference(job.exercise).decode()
        submission = msgspec.structs.replace(_NO_CELLS, cells=(CellSource(None, source),))
        job = msgspec.structs.replace(job, scratch=f"{job.scratch}/control")
        control = self._make_student(job, submission, device)
        try:
            control.load()
            found = suite.run(self._run(job, control, device, frozenset(unexplained)))
        finally:
            control.end()
        for check_id, error in unexplained.items():
            if check_id not in found or found[check_id].outcome != "passed":
                raise breaks_on_solution(job.exercise, check_id, error)
        return {
            check_id: _unusable(found[check_id], error) for check_id, error in unexplained.items()
        }

    def _examination(
        self,
        job: jobs.Job,
        student: Student,
        results: tuple[CheckResult, ...],
        device: torch.device,
    ) -> Examination:
        output = student.output
        return Examination(
            status="graded" if student.facts.runnable else "not_runnable",
            results=results,
            problems=problems_of(student),
            skipped_statements=skipped_statements_of(student),
            matches=matches_of(student),
            advice=advice_of(student),
            is_script=student.facts.is_script,
            output=Output(output.text("stdout"), output.text("stderr"), output.truncated_bytes),
            layers=(*((job.container.engine,) if job.container else ()), *(student.layers or ())),
            missing_layers=student.missing,
            device=device.type,
            threads=1,
            torch=str(torch.__version__),
        )


def _unusable(result: CheckResult, error: BaseException) -> CheckResult:
    return _with_finding(result, msgspec.structs.asdict(of_unusable_value(error)))


def _require_pinned(exercise: Exercise, suite: Suite) -> None:
    pinned, found = (
        [(check.id, check.task, check.points, _needs_here(check, exercise)) for check in checks]
        for checks in (exercise.checks, suite.checks)
    )
    if pinned == found:
        return
    odd = sorted({entry[0] for entry in set(pinned) ^ set(found)}) or ["the order"]
    names = ", ".join(odd)
    raise SuiteError(
        Text(
            en=f"{exercise.suite}: the suite is not what its list of checks pins: {names}",
            zh=f"{exercise.suite}：测试套件与锁定的检查列表不一致：{names}",
        ),
        hint=Text(
            en=f"If the change is meant, run `grade lock {exercise.id}`.",
            zh=f"如果是有意修改，请运行 `grade lock {exercise.id}`。",
        ),
    )


def _needs_here(check: Check, exercise: Exercise) -> tuple[str, ...]:
    """Give what a check needs, as far as it is here; a kit has the visible checks only."""
    if exercise.is_complete:
        return check.needs
    here = {one.id for one in exercise.checks}
    return tuple(need for need in check.needs if need in here)


def _with_finding(result: CheckResult, finding: dict[str, object]) -> CheckResult:
    return msgspec.structs.replace(result, **finding)


def _unloadable(check_id: str, student: Student) -> CheckResult:
    """Give the same reason for every check of a file that could not be loaded at all."""
    problems = problems_of(student)
    if problems:
        first = problems[0]
        outcome = student.lost[-1].kind if student.lost else "error"
        return CheckResult(
            check_id, outcome, message=first.message, hint=first.hint, where=first.where
        )
    finding = of_lost_worker("crashed", "protocol", (), student)
    return _with_finding(CheckResult(check_id, "crashed"), msgspec.structs.asdict(finding))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
