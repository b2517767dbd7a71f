"""Reading the names of compiled code."""

from __future__ import annotations

import dis
import inspect
import types
from collections.abc import Iterator

import pytest

from grader.worker import names, units
from grader.worker.names import name_operations

WANTED = {"STORE_NAME", "STORE_GLOBAL", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"}


def _blocks(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _blocks(constant)


def _as_dis_says(code: types.CodeType) -> list[tuple[str, str]]:
    return [
        (instruction.opname, str(instruction.argval))
        for instruction in dis.get_instructions(code)
        if instruction.opname in WANTED
    ]


@pytest.mark.parametrize("module", [names, units, dis, inspect])
def test_instructions_on_names_are_those_that_dis_gives(module: types.ModuleType) -> None:
    """Inline caches, how globals are called, and more than 256 names in one block included."""
    many = "\n".join(f"name{number} = name{number + 1}" for number in range(600))
    for source in (inspect.getsource(module), many):
        for code in _blocks(compile(source, "<test>", "exec")):
            assert list(name_operations(code)) == _as_dis_says(code)
