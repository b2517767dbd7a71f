"""Loads a submission: parses it, reports facts, runs what the required names need.

Each statement is compiled by itself, before any of them runs, and executed by itself: one that
fails leaves its names undefined and the others as they are. The kinds of `ProblemFact`:

- `syntax`: Python refuses the text; the statements around it are loaded.
- `complexity`: the text is beyond what is handed to the parser, or what the parser can take.
- `import`: an import failed; `raised`: any other exception, while the file was being loaded.
- `excluded`: the statement ended a former worker and was not run again.

The reasons of `SkippedFact` stand in `grader.worker.definitions.Reason`. With `run_all`, the whole
file runs as it stands, in order; `__name__` is `submission` then too, so a main guard stays shut.
"""

from __future__ import annotations
import __future__ as future_features

import ast
import itertools
import linecache
import re
import sys
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import msgspec

from grader.worker import definitions, facts
from grader.worker.courtesies import make_runnable
from grader.worker.exclusion import exclude
from grader.worker.images import CourseImages
from grader.worker.in_process import bounded_loops
from grader.worker.likeness import RemarkFact
from grader.worker.matching.plan import Plan, hoisted, make_plan
from grader.worker.matching.serve import Served, Spot, serve
from grader.worker.matching.settings import untold
from grader.worker.names import Definition, compile_nodes
from grader.worker.parsing import (
    MAX_FACTS,
    Parsed,
    Statement,
    parse_cells,
    source_line,
    syntax_problem,
)
from grader.worker.places import (
    MODULE_NAME,
    PSEUDO_FILE,
    clean,
    error_place,
    pseudo_file,
    type_name,
)
from grader.worker.refusals import plain_text
from grader.worker.remarks import Script, find_remarks
from grader.worker.units import Unit, build_unit
from grader.worker.wire import Load, LoadReport, Place, ProblemFact, SkippedFact

__all__ = ["load"]

_MAX_NAME: Final = 100
_MAX_LOST: Final = 50
Lines = dict[int | None, list[str]]
_UNDEFINED: Final = re.compile(r"name '(\w+)' is not defined")
_UNCOMPILABLE = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


class _Program(NamedTuple):
    """A statement that is ready to run."""

    code: types.CodeType
    node: ast.stmt
    cell: int | None
    names: tuple[str, ...]


def load(request: Load, images: CourseImages | None = None) -> tuple[types.ModuleType, LoadReport]:
    """Load a submission; whatever its text is and whatever it does, a report comes back.

    Args:
        request: The file, and what is asked of it.
        images: What stands for data sets.

    Returns:
        The student's module, and what became of the file.

    Raises:
        ImagesWantedError: The file needs images, and there are none.
    """
    parsed = parse_cells(request.cells)
    module = _new_module(parsed)
    statements, flags = _take_features(parsed)
    plan = _make_plan(request, statements, parsed)
    units = _build_units(statements, flags, parsed)
    chosen = _choose(units, request, plan)
    kept, excluded = exclude(chosen.kept, request.excluded)
    used = facts.find_uses(Statement(kept.node, kept.cell) for kept in chosen.kept)
    remarks: list[RemarkFact] = []
    if plan.is_script:
        siblings = frozenset(each.module for each in request.siblings)
        remarks += find_remarks(
            Script(statements, parsed.lines, siblings, is_whole=not parsed.problems)
        )
    kept, changes = make_runnable(
        kept, statements, module, request, is_script=plan.is_script, images=images
    )
    remarks += changes
    programs = _compile(kept, flags, parsed)
    parsed.problems.extend(_excluded(excluded, parsed.lines))
    skipped = [*parsed.skipped, *_skipped(chosen.left_out, parsed)]
    skipped.sort(key=lambda fact: (fact.cell or 0, fact.line))
    classes: dict[Spot, type] = {}
    with bounded_loops() as bound:
        failures = _run(programs, module, parsed.lines, classes)
        parsed.problems.extend(itertools.islice(failures, MAX_FACTS))
    if bound.cut_at is not None:
        remarks.append(RemarkFact("loop-cut-short", bound.cut_at.line, bound.cut_at.cell))
    matches, found = _serve(plan, request, module, classes)
    remarks += list(untold(found, remarks))
    is_script = plan.is_script and (request.match == "behaviour" or bool(matches or found))
    report = LoadReport(
        runnable=parsed.is_parsed,
        problems=tuple(_settled(parsed.problems, module)),
        skipped=tuple(skipped[:MAX_FACTS]),
        defined=plan.defined,
        used=used,
        loops=facts.find_loops(statements),
        is_script=is_script,
        matches=matches,
        remarks=tuple(remarks),
    )
    return module, report


def _make_plan(request: Load, statements: list[Statement], parsed: Parsed) -> Plan:
    """Decide what may serve for missing names; adds what is taken out of functions."""
    defined = facts.find_names(statements)
    known = {fact.name for fact in defined}
    known.update(name for problem in parsed.problems for name in problem.names)
    if known.issuperset(request.required):
        return Plan(is_script=False, wanted=request.required, defined=defined)
    taken_out = list(hoisted(request, statements, known))
    statements += taken_out
    return make_plan(request, statements, defined + facts.find_names(taken_out), known)


def _serve(
    plan: Plan, request: Load, module: types.ModuleType, classes: dict[Spot, type]
) -> Served:
    try:
        return serve(plan, request, module, classes)
    except BaseException:  # noqa: BLE001 - the student's own objects are asked for what they are
        return Served()


def _new_module(parsed: Parsed) -> types.ModuleType:
    module = types.ModuleType(MODULE_NAME)
    module.__file__ = PSEUDO_FILE
    # What a script's own parser of options is to read.
    sys.argv = [PSEUDO_FILE]
    # Pickling an object, dataclasses and `inspect` look its class up by way of its module.
    sys.modules[MODULE_NAME] = module
    for cell, lines in parsed.lines.items():
        text = [line + "\n" for line in lines]
        # No time stamp: linecache keeps an entry without one, whatever is on the disk.
        linecache.cache[pseudo_file(cell)] = (sum(map(len, text)), None, text, pseudo_file(cell))
    return module


def _take_features(parsed: Parsed) -> tuple[list[Statement], int]:
    """Take out `from __future__ import …`, which a statement that is compiled alone would lose."""
    statements, flags = [], 0
    for statement in parsed.statements:
        node = statement.node
        if isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level:
            flags |= _feature_flags(node)
        else:
            statements.append(statement)
    return statements, flags


def _feature_flags(node: ast.ImportFrom) -> int:
    flags = 0
    for alias in node.names:
        if alias.name in future_features.all_feature_names:
            flags |= getattr(future_features, alias.name).compiler_flag
    return flags


def _build_units(statements: Iterable[Statement], flags: int, parsed: Parsed) -> list[Unit]:
    units = []
    # What occurs in an annotation counts as used, even where Python does not evaluate it:
    # dataclasses and torch.jit look it up.
    flags &= ~future_features.annotations.compiler_flag
    for statement in statements:
        try:
            units.append(build_unit(statement, flags))
        except _UNCOMPILABLE as error:
            _report_refused(error, statement.node, statement.cell, (), parsed)
    return units


def _choose(units: Sequence[Unit], request: Load, plan: Plan) -> definitions.Slice:
    if request.run_all:
        return definitions.slice_everything(units)
    return definitions.slice_definitions(units, plan.wanted)


def _compile(kept: Iterable[definitions.Kept], flags: int, parsed: Parsed) -> list[_Program]:
    programs = []
    for node, cell, names in kept:
        try:
            programs.append(_Program(compile_nodes([node], cell, flags), node, cell, names))
        except _UNCOMPILABLE as error:
            _report_refused(error, node, cell, names, parsed)
    return programs


def _report_refused(
    error: BaseException,
    node: ast.stmt,
    cell: int | None,
    names: tuple[str, ...],
    parsed: Parsed,
) -> None:
    """Report a statement that parses and cannot be compiled, such as a `return` at the top."""
    if len(parsed.problems) >= MAX_FACTS or _is_remnant(error, cell, parsed):
        return
    problem = syntax_problem(error, parsed.lines.get(cell, ()), cell, line=node.lineno)
    names = names or _defined_by(node)
    parsed.problems.append(msgspec.structs.replace(problem, names=names))


def _is_remnant(error: BaseException, cell: int | None, parsed: Parsed) -> bool:
    """Whether this is but the body of a function whose first line was reported already."""
    if "outside function" not in str(error):
        return False
    return any(problem.kind == "syntax" and problem.cell == cell for problem in parsed.problems)


def _defined_by(node: ast.stmt) -> tuple[str, ...]:
    return (node.name,) if isinstance(node, Definition) else ()


def _skipped(left_out: Iterable[definitions.LeftOut], parsed: Parsed) -> Iterator[SkippedFact]:
    for node, cell, reason in left_out:
        line = _first_line(node)
        yield SkippedFact(line, cell, source_line(parsed.lines.get(cell, ()), line), reason)


def _first_line(node: ast.stmt) -> int:
    """Return the line that a statement begins at; a decorated one begins at its decorator."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _excluded(excluded: Iterable[definitions.Kept], lines: Lines) -> Iterator[ProblemFact]:
    for node, cell, names in excluded:
        line = _first_line(node)
        text = source_line(lines.get(cell, ()), line)
        message = "the process that ran it came to its end"
        yield ProblemFact("excluded", "WorkerLost", message, line, cell, None, text, names)


def _run(
    programs: Iterable[_Program],
    module: types.ModuleType,
    lines: Lines,
    classes: dict[Spot, type],
) -> Iterator[ProblemFact]:
    for program in programs:
        try:
            exec(program.code, module.__dict__)  # noqa: S102 - what a worker is for
        except BaseException as error:  # noqa: BLE001 - the border round the student's code
            yield _failure(error, program, lines)
        # Before another class, or its own object, takes its name.
        for node in _class_statements(program.node):
            made = module.__dict__.get(node.name)
            if isinstance(made, type):
                classes[program.cell, node.lineno] = made


def _class_statements(node: ast.stmt) -> Iterator[ast.ClassDef]:
    if isinstance(node, ast.ClassDef):
        yield node
    elif not isinstance(node, Definition):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt):
                yield from _class_statements(child)


def _failure(error: BaseException, program: _Program, lines: Lines) -> ProblemFact:
    place = error_place(error) or Place(program.node.lineno, program.cell, "<module>")
    return ProblemFact(
        # Not isinstance, which asks the object for its __class__.
        kind="import" if issubclass(type(error), ImportError) else "raised",
        type_name=type_name(type(error)),
        message=plain_text(error),
        line=place.line,
        cell=place.cell,
        column=None,
        text=source_line(lines.get(place.cell, ()), place.line),
        names=program.names,
        statement=program.node.lineno,
    )


def _settled(problems: Iterable[ProblemFact], module: types.ModuleType) -> list[ProblemFact]:
    """Of the names that a problem might have cost, leave those that are undefined in the end."""
    defined, lost = frozenset(module.__dict__), set[str]()
    settled: list[ProblemFact] = []
    for problem in problems:
        names = tuple(clean(name, _MAX_NAME) for name in problem.names if name not in defined)
        if not names and _is_void(problem, lost):
            continue
        lost.update(names)
        if settled and _is_same_import(settled[-1], problem):
            names = settled.pop().names + names
        settled.append(msgspec.structs.replace(problem, names=names[:_MAX_LOST]))
    return settled


def _is_same_import(former: ProblemFact, problem: ProblemFact) -> bool:
    """Whether two names were to be imported from the same thing, which is not there."""
    is_same = (former.message, former.cell) == (problem.message, problem.cell)
    return is_same and former.kind == problem.kind == "import"


def _is_void(problem: ProblemFact, lost: set[str]) -> bool:
    """Whether a failure that costs no name says nothing new."""
    if problem.kind == "import":
        # A starred import is a guess; another one had the names.
        return (problem.text or "").endswith("*")
    match = _UNDEFINED.match(problem.message)
    return problem.type_name == "NameError" and match is not None and match[1] in lost
