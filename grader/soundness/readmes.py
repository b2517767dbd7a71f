"""Rules on the texts: their figures are what torch computes, in both languages.

A figure is checked by writing it as an example::

    ```python
    >>> (32 - 5 + 2 * 2) // 1 + 1
    32
    ```

Every README has at least one; both languages have the same ones, comments aside. Sums in the
sentences are done again.
"""

from __future__ import annotations

import ast
import itertools
import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from grader.language import Text, text
from grader.session.nursery import INTERPRETER, worker_environment
from grader.soundness.examples import Example, read_examples
from grader.soundness.faults import Fault
from grader.soundness.subject import Subject
from grader.soundness.sums import Sum, wrong_sums

__all__ = ["ExampleRun", "readme_faults"]

_SECONDS: Final = 120


class ExampleRun:
    """The examples of some exercises, running beside whatever else is done."""

    def __init__(self, *subjects: Subject) -> None:
        """Start an interpreter for them."""
        self._first = subjects[0]
        self._folder = tempfile.TemporaryDirectory(prefix="grade-examples-")
        files: list[str] = []
        for subject in subjects:
            texts = (path for path in subject.readmes if path.is_file())
            files += ["--", str(subject.exercise.solution), *map(str, texts)]
        command = [*INTERPRETER, "-W", "ignore", "-m", "grader.soundness.examples"]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*command, *files[1:]],
            cwd=self._folder.name,
            env=worker_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def faults(self) -> Iterator[Fault]:
        """Wait for the examples, and find those that give something else."""
        try:
            out, err = self._process.communicate(timeout=_SECONDS)
        except subprocess.TimeoutExpired:
            yield self._broken(Text(en=f"more than {_SECONDS} s", zh=f"超过 {_SECONDS} 秒"))
            return
        finally:
            self.close()
        if self._process.returncode != 0:
            last = err.strip().splitlines()[-1:]
            yield self._broken(text(last[0]) if last else Text(en="it ended", zh="它已结束"))
            return
        found: dict[str, list[Example]] = json.loads(out.rpartition("\n")[2])
        for name, examples in found.items():
            for example in examples:
                if example["got"] is not None:
                    yield _wrong_figure(Path(name), example)

    def close(self) -> None:
        """End the interpreter, if it still runs."""
        self._process.kill()
        with self._process:  # waits for it, and closes the pipes
            pass
        self._folder.cleanup()

    def _broken(self, said: Text) -> Fault:
        return Fault(
            "examples",
            Text(
                en=f"the examples of the texts cannot be run: {said.en}",
                zh=f"说明文字中的例子无法运行：{said.zh}",
            ),
            Text(
                en="Write them as doctest reads them, and let the solution be importable.",
                zh="请按 doctest 的格式书写，并保证参考答案可以导入。",
            ),
            self._first.exercise.solution,
        )


def readme_faults(subject: Subject) -> Iterator[Fault]:
    """Find wrong sums, texts without an example, and examples that the other language lacks."""
    for path in subject.readmes:
        if path.is_file():
            yield from (_wrong_sum(path, found) for found in wrong_sums(_text_of(path)))
    yield from _example_faults(subject)


def _text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _example_faults(subject: Subject) -> Iterator[Fault]:
    both: list[list[tuple[int, str, str]]] = []
    for path in subject.readmes:
        if not path.is_file():
            return
        try:
            both.append([(e.lineno + 1, _code(e.source), e.want) for e in read_examples(path)])
        except ValueError as error:
            yield _no_example(path, Text(en=str(error), zh=str(error)))
            return
        if not both[-1]:
            yield _no_example(
                path, Text(en="no figure of this text is checked", zh="文中没有可检验的数值")
            )
    if not all(both):
        return
    path = subject.readmes[1]
    for english, chinese in itertools.zip_longest(*both):
        if english is None or chinese is None or english[1:] != chinese[1:]:
            yield _other_example(path, chinese[0] if chinese else None, english)
            return


def _code(source: str) -> str:
    """Give code without its comments, which are in a language."""
    try:
        return ast.unparse(ast.parse(source))
    except SyntaxError:
        return source.strip()


def _no_example(path: Path, message: Text) -> Fault:
    return Fault(
        "readme-example",
        message,
        Text(
            en="Write a figure of the worked example as a ```python block with >>> and its result.",
            zh="请把例子中的一个数值写成 ```python 代码块，用 >>> 加上结果。",
        ),
        path,
    )


def _other_example(path: Path, line: int | None, english: tuple[int, str, str] | None) -> Fault:
    there = f"README.md:{english[0]}: {english[1]}" if english else "README.md"
    return Fault(
        "readme-example",
        Text(
            en=f"the examples differ from those of the other language ({there})",
            zh=f"例子与另一种语言的不同（{there}）",
        ),
        Text(en="Write the same examples in both.", zh="两种语言应写相同的例子。"),
        path,
        line,
    )


def _wrong_sum(path: Path, found: Sum) -> Fault:
    return Fault(
        "figures",
        Text(
            en=f"`{found.said}` is wrong: it comes to {found.result:g}",
            zh=f"`{found.said}` 有误：结果应为 {found.result:g}",
        ),
        Text(
            en="Correct the sum; write floor(...) or ceil(...) where it is rounded.",
            zh="请修改这个算式；需要取整时写 floor(...) 或 ceil(...)。",
        ),
        path,
        found.line,
    )


def _wrong_figure(path: Path, example: Example) -> Fault:
    got, want = example["got"], example["want"] or "nothing"
    return Fault(
        "figures",
        Text(
            en=f"`{example['source']}` gives {got}, the text says {want}",
            zh=f"`{example['source']}` 的结果是 {got}，文中写的是 {want}",
        ),
        Text(en="Correct the text, or the formula before it.", zh="请修改这段文字或前面的公式。"),
        path,
        example["line"],
    )
