"""A whole batch: what was found is graded, written, noted, and made into a gradebook.

    discover → plan (leave out what is finished) → grade → report, then journal → gradebook

The file to read first of this package. Imports neither torch nor pytest.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from pathlib import Path
from typing import Final, Protocol

import msgspec

from grader.batch.class_list import (
    ClassList,
    merge_class_list,
    read_class_list,
    tell_other_rosters,
    write_class_list,
)
from grader.batch.engine import HOW_TO_GO_ON, Engine
from grader.batch.found import Discovery, Found
from grader.batch.gradebook import GradebookResult, write_gradebook
from grader.batch.interruption import noted_interrupts
from grader.batch.journal import JOURNAL_NAME, Journal
from grader.batch.output import locked, workspace, write_report_bytes
from grader.batch.plan import BatchRequest, Plan
from grader.batch.task import Result, Task, decode_result, encode
from grader.errors import GraderError, UsageError, WorkerUnavailableError
from grader.language import Text

_AHEAD: Final = 2
_LOOK_SECONDS: Final = 1.0


class Progress(Protocol):
    """Is told how a batch goes on."""

    def discovered(self, discovery: Discovery) -> None:
        """Take what was found, before anything is graded."""

    def planned(self, total: int, kept: int) -> None:
        """Say how many submissions there are, and how many of them were finished before."""

    def finished(self, result: Result) -> None:
        """Take a result that has been written."""


class BatchCounts(msgspec.Struct):
    """What a batch came to."""

    seed: int
    total: int = 0
    kept: int = 0
    """Finished by an earlier run."""
    graded: int = 0
    not_runnable: int = 0
    grader_faults: int = 0
    course_faults: int = 0


class BatchOutcome(msgspec.Struct, frozen=True):
    """Everything that a batch has to say."""

    counts: BatchCounts
    discovery: Discovery
    gradebook: GradebookResult


EngineStart = Callable[[], contextlib.AbstractContextManager[Engine]]
Discover = Callable[[Path], Discovery]


def run_batch(
    request: BatchRequest, discover: Discover, start_engine: EngineStart, progress: Progress
) -> BatchOutcome:
    """Grade everything that was handed in, and write reports and gradebook.

    Args:
        request: How to grade, and where to.
        discover: Finds the submissions; is given a folder to unpack archives into.
        start_engine: Starts what does the work.
        progress: Is told how it goes on.

    Raises:
        UsageError: Another batch is writing the folder, or it holds something foreign; or nothing
            was found that can be graded.
        GraderError: Nothing more can be graded or written; what was finished stays.
    """
    with locked(request.out), workspace(request.out) as unpacked:
        former = read_class_list(request.out)
        discovery = _with_other_rosters(request, former, discover(unpacked))
        progress.discovered(discovery)
        if not discovery.found:
            raise _nothing_found(request, len(discovery.problems))
        counts = grade_found(request, discovery.found, start_engine, progress)
        known = merge_class_list(
            former,
            [exercise.id for exercise in request.exercises],
            discovery,
            sources=request.sources,
            roster=request.roster,
        )
        write_class_list(request.out, known)
        gradebook = write_gradebook(request.out)
    return BatchOutcome(counts, discovery, gradebook)


def _with_other_rosters(
    request: BatchRequest, former: ClassList, discovery: Discovery
) -> Discovery:
    if request.roster is None:
        return discovery
    note = tell_other_rosters(former, request.roster, discovery.roster)
    notes = discovery.notes if note is None else (*discovery.notes, note)
    return msgspec.structs.replace(discovery, notes=notes)


def _nothing_found(request: BatchRequest, problems: int) -> UsageError:
    name = request.exercises[0].name
    if problems:
        return UsageError(
            Text(
                en=f"nothing can be graded: all that was found is among the problems ({problems})",
                zh=f"没有可以评分的提交：找到的都有问题（{problems} 个）",
            ),
            hint=Text(
                en="Each is listed above, with its cure; with a roster, only its students count.",
                zh="上面逐个列出了问题和解决办法；给出名单时，只评名单中的学生。",
            ),
        )
    return UsageError(
        Text(en="there is no submission in what was named", zh="所给的来源中没有任何提交"),
        hint=Text(
            en=f"Submissions are found by their name, such as {name}.py or {name}.ipynb, below a "
            "folder of the student's; docs/instructors.md shows what else is understood.",
            zh=f"提交按文件名识别，例如 {name}.py 或 {name}.ipynb，放在学生各自的文件夹下；"
            "其他可识别的形式见 docs/instructors.md。",
        ),
    )


def grade_found(
    request: BatchRequest,
    found: Sequence[Found],
    start_engine: EngineStart,
    progress: Progress,
) -> BatchCounts:
    """Grade what was found and is not finished yet.

    Every result is written as a report and then noted in the journal, in this order, before the
    next one is taken: a batch may be killed at any moment and goes on where it stopped.

    Args:
        request: How to grade.
        found: The submissions.
        start_engine: Starts what does the work; not called where all is finished.
        progress: Is told of every result.

    Raises:
        GraderError: Nothing more can be graded or written; what was finished stays.
    """
    with Journal(request.out / JOURNAL_NAME) as journal:
        plan = Plan(request, journal)
        counts = BatchCounts(seed=plan.conditions.seed, total=len(found))
        plan.begin(found)
        due = [one for one in found if not plan.is_finished(one)]
        counts.kept = len(found) - len(due)
        progress.planned(len(found), counts.kept)
        if due:
            with noted_interrupts() as raise_noted, start_engine() as engine:
                for result in _results(engine, plan, due, raise_noted):
                    write_report_bytes(request.out, result.student, result.exercise, result.report)
                    journal.record(result)
                    _count(counts, result)
                    progress.finished(result)
        journal.end_run()
    return counts


def _results(
    engine: Engine, plan: Plan, due: Iterable[Found], raise_noted: Callable[[], None]
) -> Iterator[Result]:
    """Give results as they come; only a few submissions are held in memory at a time."""
    waiting: dict[Future[bytes], Task] = {}
    for found in due:
        task = plan.task(found)
        if isinstance(task, Result):
            yield task
            continue
        waiting[engine.executor.submit(engine.grade, encode(task))] = task
        while len(waiting) >= _AHEAD * engine.slots():
            raise_noted()
            yield from _take_done(engine, waiting, plan)
    while waiting:
        raise_noted()
        yield from _take_done(engine, waiting, plan)


def _take_done(engine: Engine, waiting: dict[Future[bytes], Task], plan: Plan) -> list[Result]:
    """Wait until something is done, and take it.

    It takes nothing after a while, so that the engine is looked at: more may be graded at a time
    than before, or nothing any more.
    """
    done, _ = wait(waiting, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
    if not done:
        engine.slots()
    return [_result_of(future, waiting.pop(future), plan) for future in done]


def _result_of(future: Future[bytes], task: Task, plan: Plan) -> Result:
    try:
        return decode_result(future.result())
    except GraderError:
        raise
    except CancelledError as error:
        text = Text(en="the engine that grades is gone", zh="执行评分的引擎已消失")
        raise WorkerUnavailableError(text, hint=HOW_TO_GO_ON) from error
    except Exception as error:  # noqa: BLE001 - an engine may lose a task in ways of its own
        return plan.fault(task, error)


def _count(counts: BatchCounts, result: Result) -> None:
    if result.status == "grader_fault":
        counts.course_faults += result.fault_of == "course"
        counts.grader_faults += result.fault_of == "grader"
        return
    counts.graded += 1
    counts.not_runnable += result.status == "not_runnable"
