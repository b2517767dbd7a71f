"""Looks at the machine, and has every forbidden act tried inside a real worker.

The file to read first of this package. Imports neither torch nor pytest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from grader.doctor.machine import Fact, facts_of_machine
from grader.errors import CourseError, GraderError, GraderFault, UsageError
from grader.language import Text
from grader.session import jobs
from grader.session.acts import ACTS, CLASSES
from grader.session.client import start_examiner
from grader.session.container.engine import ContainerSettings, container_settings
from grader.session.isolation import SelfTestResult, cures, open_classes
from grader.session.scratch import scratch_folder
from grader.worker.policy import LAYERS

_SECONDS = 180.0


class ActFinding(msgspec.Struct, frozen=True):
    """What became of one forbidden act."""

    name: str
    kind: str
    """The class of acts to which it belongs."""
    kind_title: Text
    title: Text
    is_stopped: bool
    by: tuple[str, ...]
    """The layers that stop it, of those that are on; empty where the machine itself does."""
    answer: str
    """How the kernel answered, such as `EPERM`."""


class Diagnosis(msgspec.Struct, frozen=True):
    """Everything that the doctor found."""

    is_strict: bool
    """Whether `--sandbox strict` grades here; or whether the container engine does."""
    facts: tuple[Fact, ...]
    acts: tuple[ActFinding, ...]
    layers: tuple[str, ...]
    """The layers that were on."""
    missing: dict[str, str]
    """The layers that were not, with the reason."""
    open_classes: tuple[Text, ...]
    cures: tuple[Text, ...]
    fault: Text | None = None
    """Why no worker could be tried at all."""


Inspect = Callable[[], jobs.Inspected]


def examine_machine(sandbox: str = "strict", inspect: Inspect | None = None) -> Diagnosis:
    """Look at this machine.

    Args:
        sandbox: `strict`, or the container engine whose workers are tried.
        inspect: Has the acts tried; as `inspect_worker` does where it is None.
    """
    facts = list(facts_of_machine())
    try:
        found = inspect() if inspect else inspect_worker(container_settings(sandbox))
    except GraderError as error:
        hint = () if error.hint is None else (error.hint,)
        everything = tuple(each.title for each in CLASSES)
        missing = dict.fromkeys(LAYERS, "not tried")
        strict = False
        return Diagnosis(strict, tuple(facts), (), (), missing, everything, hint, error.message)
    devices = "; ".join(found.devices)
    facts.append(Fact("devices", Text(en="devices", zh="设备"), f"{devices}, torch {found.torch}"))
    result = SelfTestResult(found.acts, found.layers, found.missing)
    return Diagnosis(
        is_strict=not result.allowed,
        facts=tuple(facts),
        acts=_findings(result),
        layers=result.layers,
        missing=result.missing,
        open_classes=open_classes(result),
        cures=cures(result) if result.allowed else (),
    )


def inspect_worker(container: ContainerSettings | None = None) -> jobs.Inspected:
    """Start a nursery, an examiner and workers, and have every act tried.

    Args:
        container: What runs the workers; None where they are processes of this machine.

    Raises:
        GraderFault: No worker could be started, or none lived to tell.
    """
    with (
        start_examiner(()) as examiner,
        scratch_folder() as scratch,
        TemporaryDirectory(prefix="grade-doctor-") as folder,
    ):
        request = jobs.Inspect(
            scratch=str(scratch), secret=str(_secret(Path(folder))), container=container
        )
        answer = examiner.ask(request, _SECONDS)
    if not isinstance(answer, jobs.Inspected):
        msg = f"the examiner answered with {type(answer).__name__}"
        raise GraderFault(msg)
    return answer


def _secret(folder: Path) -> Path:
    """Give a solution of the course; without a course, a file that stands for one."""
    from grader.course.catalog import find_course  # noqa: PLC0415 - where there is one

    try:
        solutions = sorted(find_course().solutions.glob("ex*/ex*.py"))
    except (UsageError, CourseError):
        solutions = []
    if solutions:
        return solutions[0]
    # Readable for all, so that not the permissions alone stop the act.
    folder.chmod(0o755)
    stand_in = folder / "solution.py"
    stand_in.write_text("answer = 42\n", encoding="utf-8")
    return stand_in


def _findings(result: SelfTestResult) -> tuple[ActFinding, ...]:
    return tuple(
        ActFinding(
            name=act.name,
            kind=each.id,
            kind_title=each.title,
            title=act.title,
            is_stopped=act.name not in result.allowed,
            by=tuple(layer for layer in ACTS[act.name].layers if layer in result.layers),
            answer=result.acts.get(act.name, "not tried").removeprefix("stopped: "),
        )
        for each in CLASSES
        for act in each.acts
    )
