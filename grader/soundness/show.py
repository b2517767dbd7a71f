"""Shows what `grade check` found, on a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Final

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.text import Text as Line

from grader.language import Language, Text
from grader.report.neutralise import for_terminal
from grader.soundness.faults import Fault, MutantFact, Result

__all__ = ["as_json", "print_result", "print_summary"]

FORMAT: Final = 1
_MAX_WIDTH: Final = 100


class _Document(msgspec.Struct, frozen=True):
    """What `--json` writes."""

    format: int
    sound: bool
    faults: tuple[Fault, ...]
    """Those that belong to no exercise."""
    exercises: tuple[_Exercise, ...]


class _Exercise(msgspec.Struct, frozen=True):
    """The result of one exercise, and whether it is sound."""

    sound: bool
    survival: float | None
    """The share of survivors among the mutants; null where none were asked for."""
    result: Result


def as_json(course: Path, faults: Sequence[Fault], results: Sequence[Result]) -> bytes:
    """Give all results as JSON; files are named from the course's folder.

    Args:
        course: The course's folder.
        faults: Those that belong to no exercise.
        results: One for each exercise.
    """
    document = _Document(
        format=FORMAT,
        sound=not faults and not any(result.faults for result in results),
        faults=tuple(faults),
        exercises=tuple(
            _Exercise(
                sound=not result.faults,
                survival=None if result.mutants is None else round(result.survival, 4),
                result=result,
            )
            for result in results
        ),
    )

    def relative(value: object) -> str:
        return _relative(value, course) if isinstance(value, Path) else str(value)

    encoded = msgspec.json.encode(document, enc_hook=relative)
    return msgspec.json.format(encoded, indent=2) + b"\n"


def print_result(
    result: Result, course: Path, language: Language, file: IO[str], *, is_first: bool
) -> None:
    """Print the result of one exercise.

    Args:
        result: What was found.
        course: The course's folder, which files are named from.
        language: Of all texts.
        file: Where to print.
        is_first: Whether its first fault is the first of the run, and stands out.
    """
    console = _console(file)
    state = _count(result.faults) if result.faults else Text(en="sound", zh="无误")
    numbers = Text(
        en=f"{result.gradings} submissions graded in {result.duration_s:.0f} s",
        zh=f"评分 {result.gradings} 份，用时 {result.duration_s:.0f} 秒",
    )
    mark = "✗" if result.faults else "✓"
    heading = f"{mark} {result.exercise}: {state.to(language)} ({numbers.to(language)})"
    console.print(Line(heading, style="bold red" if result.faults else "bold green"))
    _print_faults(console, result.faults, course, language, stand_out=is_first)
    if result.mutants is not None:
        _print_mutants(console, result, course, language)


def print_summary(
    faults: Sequence[Fault],
    results: Sequence[Result],
    course: Path,
    language: Language,
    file: IO[str],
) -> None:
    """Print what concerns the course as a whole."""
    console = _console(file)
    _print_faults(console, faults, course, language, stand_out=False)
    every = [*faults, *(fault for result in results for fault in result.faults)]
    if every:
        said = Text(
            en=f"not sound: {_count(every).en}; mend the first one first",
            zh=f"存在问题：{_count(every).zh}；请从第一个开始修改",
        )
    else:
        said = Text(
            en=f"all sound: {len(results)} exercises", zh=f"全部无误：{len(results)} 个练习"
        )
    console.print(Line(said.to(language), style="bold"))
    if any(result.mutants is not None for result in results):
        console.print(Line(_survival(results).to(language)))


def _console(file: IO[str]) -> Console:
    console = Console(file=file, highlight=False, soft_wrap=False)
    console.width = min(console.width, _MAX_WIDTH)
    return console


def _print_faults(
    console: Console,
    faults: Iterable[Fault],
    course: Path,
    language: Language,
    *,
    stand_out: bool,
) -> None:
    for number, fault in enumerate(faults):
        is_first = stand_out and number == 0
        if is_first:
            first = Text(en="The first fault:", zh="第一个问题：")
            _print(console, first.to(language), 2, "bold")
        _print(console, f"{_place(fault, course)} [{fault.rule}]", 2, "bold" if is_first else "")
        _print(console, fault.message.to(language), 6, "bold" if is_first else "")
        cure = Text(en="cure: ", zh="办法：").to(language)
        _print(console, cure + fault.cure.to(language), 6, "")
        if is_first:
            console.print()


def _print(console: Console, words: str, indent: int, style: str) -> None:
    console.print(Padding(Line(for_terminal(words), style=style), (0, 0, 0, indent), expand=False))


def _print_mutants(console: Console, result: Result, course: Path, language: Language) -> None:
    said = _survival([result])
    _print(console, said.to(language), 2, "")
    for mutant in result.survivors:
        _print(console, f"{_relative(mutant.file, course)}:{mutant.line} {mutant.scope}", 2, "")
        for line in _difference(mutant):
            _print(console, line, 6, "")


def _difference(mutant: MutantFact) -> tuple[str, str]:
    return f"- {mutant.was}", f"+ {mutant.becomes}"


def _survival(results: Sequence[Result]) -> Text:
    made = sum(result.mutants or 0 for result in results)
    justified = sum(len(result.justified) for result in results)
    survivors = sum(len(result.survivors) for result in results)
    share = survivors / (made - justified) if made > justified else 0.0
    return Text(
        en=f"mutants: {made}, equivalent: {justified}, survivors: {survivors} ({share:.1%})",
        zh=f"变体：{made}，等价：{justified}，未被发现：{survivors}（{share:.1%}）",
    )


def _count(faults: Sequence[Fault]) -> Text:
    number = len(faults)
    return Text(en=f"{number} fault{'' if number == 1 else 's'}", zh=f"{number} 个问题")


def _place(fault: Fault, course: Path) -> str:
    if fault.file is None:
        return "-"
    line = "" if fault.line is None else f":{fault.line}"
    return f"{_relative(fault.file, course)}{line}"


def _relative(path: Path, course: Path) -> str:
    return path.relative_to(course).as_posix() if path.is_relative_to(course) else str(path)
