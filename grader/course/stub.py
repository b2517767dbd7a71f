"""Makes the file that students start from out of the annotated solution.

What the author marks is taken out; all else (docstrings, signatures, imports) stays. The marks::

    def convolve(image, kernel):
        '''Slide the kernel over the image.'''
        ### BEGIN SOLUTION multiply each window | 乘以每个窗口
        ...
        ### END SOLUTION

becomes, in a function, a hole that says what is missing when it is reached::

    def convolve(image, kernel):
        '''Slide the kernel over the image.'''
        # TODO: multiply each window
        # TODO: 乘以每个窗口
        raise NotImplementedError("TODO: multiply each window | 乘以每个窗口")

Outside functions a region leaves only the comments, or nothing where it has no text. And a value::

    "padding": 2,  ### BLANK half the kernel | 卷积核的一半

becomes ``"padding": None,  # TODO: half the kernel | 卷积核的一半``. The value is that of the
outermost dict entry, assignment or keyword argument on that line, or a tuple's last element.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from grader.course.models import Exercise
from grader.errors import ManifestError
from grader.language import Text

__all__ = ["make_stub", "stub_of", "without_marks"]

_MARK = re.compile(r"###\s*(?P<word>BEGIN SOLUTION|END SOLUTION|BLANK)\b\s*(?P<rest>.*)")
_ALMOST_MARK = re.compile(r"#+\s*(BEGIN|END|BLANK)\b", re.IGNORECASE)
_MAX_COLUMNS: Final = 100

_Function = ast.FunctionDef | ast.AsyncFunctionDef


class _Mark(NamedTuple):
    """A marking comment of the author's."""

    word: str
    line: int
    column: int
    hint: Text | None


class _Region(NamedTuple):
    """The lines from a BEGIN to its END, both included."""

    begin: _Mark
    last_line: int


class _Span(NamedTuple):
    """A value within one line, in bytes, as the syntax tree counts."""

    start: int
    end: int


def stub_of(exercise: Exercise) -> str:
    """Make the stub of an exercise from its solution.

    Raises:
        ManifestError: The solution is missing, or its marks break a rule; the author's fault.
    """
    return make_stub(read_solution(exercise), exercise.solution)


def read_solution(exercise: Exercise) -> str:
    """Read the annotated solution.

    Raises:
        ManifestError: It is missing, or no text in UTF-8.
    """
    try:
        return exercise.solution.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        cause = getattr(error, "strerror", None) or error
        raise ManifestError(
            Text(
                en=f"the solution {exercise.solution} cannot be read: {cause}",
                zh=f"无法读取参考答案 {exercise.solution}：{cause}",
            ),
            hint=Text(
                en="Put it there, in UTF-8: stubs are made from it. Students do not have it.",
                zh="请把它放在那里，并用 UTF-8 编码：学生文件由它生成。学生手中没有参考答案。",
            ),
        ) from error


def make_stub(source: str, path: Path) -> str:
    """Make a stub from the text of an annotated solution.

    Args:
        source: The solution.
        path: Where it lies, for messages.

    Raises:
        ManifestError: It is no Python, or its marks break a rule; the message has the line.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise _at(path, error.lineno or 1, f"no valid Python: {error.msg}", "语法错误") from error
    marks = list(_marks(source, path))
    lines = source.splitlines()
    for mark in marks:
        if mark.word == "BLANK":
            lines[mark.line - 1] = _blanked(lines[mark.line - 1], mark, tree, path)
    for region in reversed(_regions(marks, path)):
        lines[region.begin.line - 1 : region.last_line] = _hole(region, tree, path)
    # A region that leaves nothing behind would leave the blank lines on both its sides.
    stub = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).rstrip() + "\n"
    _check_result(stub, path)
    return stub


def without_marks(source: str) -> str:
    """Give an annotated solution as one would read it: whole, and without the author's marks."""
    lines = []
    for line in source.splitlines():
        mark = _MARK.search(line)
        if mark is None:
            lines.append(line)
        elif code := line[: mark.start()].rstrip():
            lines.append(code)
    return "\n".join(lines) + "\n"


def _marks(source: str, path: Path) -> Iterator[_Mark]:
    # Tokens rather than lines: the words may stand in a string or a docstring as well.
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        match = _MARK.fullmatch(token.string)
        if match:
            yield _Mark(match["word"], line, column, _hint(match["rest"], line, path))
        elif _ALMOST_MARK.match(token.string):
            raise _at(path, line, f"an unknown mark: {token.string}", f"未知的标记：{token.string}")


def _hint(rest: str, line: int, path: Path) -> Text | None:
    if not rest:
        return None
    en, bar, zh = (part.strip() for part in rest.partition("|"))
    if not (en and bar and zh):
        raise _at(
            path,
            line,
            "what is missing must be said as `English | 中文`",
            "提示应写作 `English | 中文`",
        )
    return Text(en=en, zh=zh)


def _regions(marks: Sequence[_Mark], path: Path) -> list[_Region]:
    regions: list[_Region] = []
    begin: _Mark | None = None
    for mark in marks:
        if mark.word == "BEGIN SOLUTION":
            if begin is not None:
                raise _at(
                    path,
                    mark.line,
                    f"BEGIN SOLUTION within the region of line {begin.line}",
                    f"BEGIN SOLUTION 出现在第 {begin.line} 行开始的区域之内",
                )
            begin = mark
        elif mark.word == "END SOLUTION":
            if begin is None:
                raise _at(
                    path,
                    mark.line,
                    "END SOLUTION without BEGIN SOLUTION",
                    "END SOLUTION 没有对应的 BEGIN SOLUTION",
                )
            if mark.column != begin.column:
                raise _at(
                    path,
                    mark.line,
                    "END SOLUTION at another indentation than BEGIN SOLUTION",
                    "END SOLUTION 与 BEGIN SOLUTION 缩进不同",
                )
            regions.append(_Region(begin, mark.line))
            begin = None
    if begin is not None:
        raise _at(
            path,
            begin.line,
            "BEGIN SOLUTION without END SOLUTION",
            "BEGIN SOLUTION 没有对应的 END SOLUTION",
        )
    return regions


def _hole(region: _Region, tree: ast.Module, path: Path) -> list[str]:
    mark = region.begin
    in_function = _is_in_function(tree, mark.line)
    if mark.hint is None:
        if in_function:
            raise _at(
                path,
                mark.line,
                "a hole must say what is missing: ### BEGIN SOLUTION English | 中文",
                "必须说明此处缺少什么：### BEGIN SOLUTION English | 中文",
            )
        return []
    indent = " " * mark.column
    comments = [f"{indent}# TODO: {mark.hint.en}", f"{indent}# TODO: {mark.hint.zh}"]
    return [*comments, *_raise(mark.hint, indent)] if in_function else comments


def _raise(hint: Text, indent: str) -> list[str]:
    """Raise what is missing, on as few lines as the formatter would use."""
    whole = _literal(f"TODO: {hint.en} | {hint.zh}")
    line = f"{indent}raise NotImplementedError({whole})"
    if _columns(line) <= _MAX_COLUMNS:
        return [line]
    parts = [f"{indent}    {whole}"]
    if _columns(parts[0]) > _MAX_COLUMNS:
        halves = (_literal(f"TODO: {hint.en} | "), _literal(hint.zh))
        parts = [f"{indent}    {half}" for half in halves]
    return [f"{indent}raise NotImplementedError(", *parts, f"{indent})"]


def _literal(words: str) -> str:
    """Give a string literal with the quotes that the formatter would choose."""
    quote = "'" if '"' in words and "'" not in words else '"'
    return quote + words.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def _columns(line: str) -> int:
    """Count columns as the linter does: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _is_in_function(tree: ast.Module, line: int) -> bool:
    return any(
        node.lineno < line <= (node.end_lineno or node.lineno)
        for node in ast.walk(tree)
        if isinstance(node, _Function)
    )


def _blanked(line: str, mark: _Mark, tree: ast.Module, path: Path) -> str:
    """Put None in place of the outermost value on a line."""
    spans = sorted(_values_on(mark.line, tree))
    if not spans:
        raise _at(
            path,
            mark.line,
            "BLANK without a value that begins and ends on its line",
            "BLANK 所在行没有完整的值",
        )
    code = line[: mark.column].rstrip().encode()
    blanked = (code[: spans[0].start] + b"None" + code[spans[0].end :]).decode()
    todo = f"TODO: {mark.hint.en} | {mark.hint.zh}" if mark.hint else "TODO"
    return f"{blanked}  # {todo}"


def _values_on(line: int, tree: ast.Module) -> Iterator[_Span]:
    for node in ast.walk(tree):
        for value in _values_of(node):
            if value.lineno == line == value.end_lineno:
                yield _Span(value.col_offset, value.end_col_offset or value.col_offset)


def _values_of(node: ast.AST) -> Sequence[ast.expr]:
    if isinstance(node, ast.Dict):
        return node.values
    if isinstance(node, ast.Tuple):
        return node.elts[-1:]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.keyword):
        return [node.value] if node.value else []
    return []


def _check_result(stub: str, path: Path) -> None:
    try:
        ast.parse(stub)
    except SyntaxError as error:
        raise ManifestError(
            Text(
                en=f"{path}: its stub is no valid Python: {error.msg}, at {error.text}",
                zh=f"{path}：由它生成的学生文件不是有效的 Python：{error.msg}，位于 {error.text}",
            )
        ) from error


def _at(path: Path, line: int, en: str, zh: str) -> ManifestError:
    return ManifestError(
        Text(en=f"{path}, line {line}: {en}", zh=f"{path} 第 {line} 行：{zh}"),
        hint=Text(en="docs/authors.md explains the marks.", zh="标记的写法见 docs/authors.md。"),
    )
