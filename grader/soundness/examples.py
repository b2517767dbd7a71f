"""Runs the examples of an exercise's texts; started in an interpreter of its own.

    python -m grader.soundness.examples SOLUTION TEXT... [-- SOLUTION TEXT...]...

Prints JSON: the examples of each file, with what each one gave. An example is what doctest takes
for one: in a Markdown file within a fenced block marked `python`, in a script within a docstring.
All examples of a file share their names, and find those of the solution; each file begins with
the same random numbers.
"""

from __future__ import annotations

import ast
import doctest
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TypedDict

__all__ = ["Example", "main", "read_examples"]

_BLOCK: Final = re.compile(r"^```python\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)
_NEXT: Final = "--"
_OPTIONS: Final = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


class Example(TypedDict):
    """One example, and what became of it."""

    line: int
    """In its file, from 1."""
    source: str
    want: str
    """What the text says."""
    got: str | None
    """What came out instead; None where it is what the text says."""


def read_examples(path: Path) -> Iterator[doctest.Example]:
    """Find the examples of a file, each with its line, from 0.

    Raises:
        ValueError: The prompts are not written as doctest reads them.
        SyntaxError: The script is no Python.
    """
    text = path.read_text(encoding="utf-8")
    found = _docstrings(text) if path.suffix == ".py" else _blocks(text)
    parser = doctest.DocTestParser()
    for first_line, code in found:
        for example in parser.get_examples(code, str(path)):
            example.lineno += first_line
            yield example


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    for match in _BLOCK.finditer(text):
        yield text.count("\n", 0, match.start("code")), match["code"]


def _docstrings(text: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                value = first.value.value
                if isinstance(value, str):
                    yield first.lineno - 1, value


class _Keeping(doctest.DocTestRunner):
    """Keeps what each example gave, in place of printing it."""

    def __init__(self) -> None:
        super().__init__(optionflags=_OPTIONS, verbose=False)
        self.got: dict[int, str] = {}

    def report_failure(
        self, _out: object, _test: doctest.DocTest, example: doctest.Example, got: str
    ) -> None:
        self.got[example.lineno] = got.strip()

    def report_unexpected_exception(
        self,
        _out: object,
        _test: doctest.DocTest,
        example: doctest.Example,
        exc_info: tuple[type[BaseException], BaseException, object],
    ) -> None:
        self.got[example.lineno] = f"{exc_info[0].__name__}: {exc_info[1]}"


def _run(path: Path, names: dict[str, object]) -> list[Example]:
    import torch  # noqa: PLC0415 - the rest of the package reads this module without it

    torch.manual_seed(0)
    examples = list(read_examples(path))
    test = doctest.DocTest(examples, dict(names), path.name, str(path), 0, None)
    runner = _Keeping()
    runner.run(test, out=lambda _: None, clear_globs=False)
    return [
        Example(
            line=example.lineno + 1,
            source=example.source.strip(),
            want=example.want.strip(),
            got=runner.got.get(example.lineno),
        )
        for example in examples
    ]


def _run_exercise(solution: Path, texts: list[Path]) -> dict[str, list[Example]]:
    names: dict[str, object] = {"__name__": "solution"}
    exec(compile(solution.read_bytes(), str(solution), "exec"), names)  # noqa: S102 - the author's
    return {str(path): _run(path, names) for path in (solution, *texts)}


def main() -> None:
    """Run the examples of all files that the command line names."""
    found: dict[str, list[Example]] = {}
    waiting = sys.argv[1:]
    while waiting:
        end = waiting.index(_NEXT) if _NEXT in waiting else len(waiting)
        solution, *texts = map(Path, waiting[:end])
        found |= _run_exercise(solution, texts)
        waiting = waiting[end + 1 :]
    sys.stdout.write("\n" + json.dumps(found))


if __name__ == "__main__":
    main()
