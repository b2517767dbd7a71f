"""Mistakes in the small experiments of the first sections: matrices, padding, stride, pooling."""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.matching.calls import find_calls
from grader.worker.remarks.script import (
    Script,
    argument,
    called,
    constant,
    keyword,
    name_of,
    remark,
)

_IMAGE: Final[Matrix] = [
    [1, 2, 0, 3, 1],
    [0, 1, 2, 3, 1],
    [1, 2, 1, 0, 0],
    [5, 2, 3, 1, 1],
    [2, 1, 0, 1, 1],
]
_KERNEL: Final[Matrix] = [[1, 2, 1], [0, 1, 0], [2, 1, 0]]
_ACTIVATED: Final[Matrix] = [[1, -0.5], [-1, 3]]
_MATRICES: Final[tuple[Matrix, ...]] = (_IMAGE, _KERNEL, _ACTIVATED)
_MOST_SLIPS: Final = 2
_RINGS: Final = 2
_KERNEL_SIDE: Final = 3

Matrix = list[list[float]]


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at the matrices, at the convolutions of them, and at how they are pooled."""
    yield from _matrices(script)
    yield from _convolutions(script)
    yield from _pooling_modes(script)


def _matrices(script: Script) -> Iterator[RemarkFact]:
    """Compare the matrices of the script with those of the course, cell by cell."""
    for call, cell in script.calls:
        if called(call) not in ("tensor", "Tensor", "FloatTensor", "array") or not call.args:
            continue
        with contextlib.suppress(ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            written = _literal(call.args[0], script)
            rows = ast.literal_eval(written)
            while isinstance(rows, list) and len(rows) == 1 and isinstance(rows[0], list):
                rows, written = rows[0], written.elts[0]  # type: ignore[attr-defined]
            yield from _slips(rows, written, cell)
            is_image = _same_size(rows, _IMAGE) and _is_whole_numbers(rows, call)
            if is_image and _pools_as_it_is(script):
                yield remark("whole-numbers-pooled", call, cell)


def _literal(given: ast.expr, script: Script) -> ast.expr:
    """Return the list that a name stands for, where a tensor is made of one."""
    values = script.all_assigned(name_of(given))
    return next((value for value in values if isinstance(value, ast.List)), given)


def _same_size(rows: object, matrix: Matrix) -> bool:
    return (
        isinstance(rows, list)
        and len(rows) == len(matrix)
        and all(isinstance(row, list) and len(row) == len(matrix[0]) for row in rows)
    )


def _slips(rows: Matrix, written: ast.expr, cell: int | None) -> Iterator[RemarkFact]:
    for matrix in _MATRICES:
        if not _same_size(rows, matrix):
            continue
        wrong = [
            (row, column)
            for row, wanted in enumerate(matrix)
            for column, value in enumerate(wanted)
            if rows[row][column] != value
        ]
        for row, column in wrong if len(wrong) <= _MOST_SLIPS else ():
            values = {"given": rows[row][column], "wanted": matrix[row][column]}
            line = written.elts[row]  # type: ignore[attr-defined]
            yield remark("cell-mistyped", line, cell, row=row, column=column, **values)


def _pools_as_it_is(script: Script) -> bool:
    """Whether there is a pooling, and nothing is made `float` on the way to it."""
    names = {called(call) for call, _ in script.calls}
    return "MaxPool2d" in names and "float" not in names


def _is_whole_numbers(rows: Matrix, call: ast.Call) -> bool:
    is_whole = all(type(value) is int for row in rows for value in row)
    return is_whole and keyword(call, "dtype") is None and called(call) == "tensor"


def _convolutions(script: Script) -> Iterator[RemarkFact]:
    calls = find_calls(script.statements, ["torch.nn.functional.conv2d"])
    if not calls:
        return
    last = calls[-1]
    strides = {call.options["stride"] for call in calls}
    paddings = {call.options["padding"] for call in calls}
    for call in calls:
        node = ast.Pass(lineno=call.line, col_offset=0)
        padding, stride = call.options["padding"], call.options["stride"]
        if padding > _RINGS:
            side = 5 + 2 * padding - 3 + 1
            yield remark("padding-is-a-size", node, call.cell, padding=padding, side=side)
        elif padding and stride > 1:
            yield remark("two-things-changed", node, call.cell, padding=padding, stride=stride)
    node = ast.Pass(lineno=last.line, col_offset=0)
    if strides == {1}:
        yield remark("stride-to-do", node, last.cell)
    if paddings == {0}:
        yield remark("padding-to-do", node, last.cell)


def _pooling_modes(script: Script) -> Iterator[RemarkFact]:
    pools = [(call, cell) for call, cell in script.calls if called(call) == "MaxPool2d"]
    modes = {bool(constant(argument(call, 5, "ceil_mode"))) for call, _ in pools}
    only_pools = [each for each in script.classes if set(each.layers) == {"MaxPool2d"}]
    takes_mode = any(isinstance(keyword(call, "ceil_mode"), ast.Name) for call, _ in pools)
    # The sentence gives the result of the video's layer: kernel 3, all else as it comes.
    is_plain = all(_is_as_in_the_video(call) for call, _ in pools)
    if len(modes) == 1 and only_pools and is_plain and not takes_mode:
        call, cell = pools[0]
        identifier = "floor-mode-to-do" if True in modes else "ceil-mode-to-do"
        yield remark(identifier, call, cell)


def _is_as_in_the_video(call: ast.Call) -> bool:
    kernel, stride = argument(call, 0, "kernel_size"), argument(call, 1, "stride")
    padding, dilation = argument(call, 2, "padding"), argument(call, 3, "dilation")
    sides = [each.elts if isinstance(each, ast.Tuple) else [each] for each in (kernel, stride)]
    is_three = all(constant(side) == _KERNEL_SIDE for side in sides[0])
    is_stride = stride is None or all(constant(side) == _KERNEL_SIDE for side in sides[1])
    is_bare = constant(padding) in (None, 0) and constant(dilation) in (None, 1)
    return is_three and is_stride and is_bare
