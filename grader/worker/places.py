"""Where the student's code is, and what its objects may be called, without running any of it.

The student's classes may redefine whatever Python looks up on an object or its class. So names
and tracebacks are read with the descriptors of `type` and `BaseException` themselves.
"""

from __future__ import annotations

import builtins
import difflib
import itertools
import sys
import types
from typing import Any, Final

from grader.worker.wire import Place

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

PSEUDO_FILE: Final = "<submission>"
"""The file name of a script in tracebacks; a cell of a notebook adds its number to it."""
MODULE_NAME: Final = "submission"
"""The `__name__` of the student's module: never `__main__`."""
MAX_TEXT: Final = 4_000

_MAX_NAME = 100
_MAX_NAMES = 200
_MAX_FRAMES = 100_000
_MAX_CELL_DIGITS = 6
_UNNAMED_MODULES = frozenset({"builtins", MODULE_NAME, "__main__"})
_read_name: Any = type.__dict__["__name__"].__get__
_read_module: Any = type.__dict__["__module__"].__get__
_read_traceback: Any = BaseException.__dict__["__traceback__"].__get__
_read_args: Any = BaseException.__dict__["args"].__get__
_read_file: Any = SyntaxError.__dict__["filename"].__get__
_read_line: Any = SyntaxError.__dict__["lineno"].__get__


def pseudo_file(cell: int | None) -> str:
    """Return the name that tracebacks show for a script, or for a cell of a notebook."""
    return PSEUDO_FILE if cell is None else f"{PSEUDO_FILE}[cell {cell}]"


def current_place() -> Place | None:
    """Return the innermost line of the submission that the current thread is in."""
    frame: types.FrameType | None = sys._getframe(1)  # noqa: SLF001 - there is no other quick way
    while frame is not None:
        code = frame.f_code
        if code.co_filename.startswith(PSEUDO_FILE):
            return _place(code, frame.f_lineno)
        frame = frame.f_back
    return None


def error_place(error: BaseException) -> Place | None:
    """Return the innermost line of the submission that an exception passed through."""
    traceback = _read_traceback(error)
    place = None
    for _ in range(_MAX_FRAMES):
        if traceback is None:
            break
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(PSEUDO_FILE):
            place = (code, traceback.tb_lineno, traceback.tb_lasti)
        traceback = traceback.tb_next
    return _syntax_place(error) if place is None else _place(*place)


def type_name(cls: type) -> str:
    """Return a class's name, with its module unless it is a builtin or the student's own."""
    name, module = _read_name(cls), _module_of(cls)
    if not module or module in _UNNAMED_MODULES:
        return clean(name, _MAX_NAME)
    return clean(f"{module[:_MAX_NAME]}.{name}", 2 * _MAX_NAME)


def safe_text(error: BaseException) -> str:
    """Return an exception's message; empty where its own `__str__` fails."""
    args = _read_args(error)
    # str(KeyError("padding")) is the repr of the key, quotes included.
    if type(error) is KeyError and len(args) == 1 and type(args[0]) is str:
        return clean(args[0])
    try:
        return clean(str(error))
    except BaseException:  # noqa: BLE001 - the student's own __str__
        return ""


def near_names(value: object, name: str) -> tuple[str, ...]:
    """Return attributes of an object that are spelt much like `name`, layers included."""
    try:
        own = object.__getattribute__(value, "__dict__")
        known = [*dict.keys(own), *dict.keys(dict.get(own, "_modules", {}))]
    except (AttributeError, TypeError):
        return ()
    names = [each for each in known if type(each) is str and not each.startswith("_")]
    near = difflib.get_close_matches(name, names[:_MAX_NAMES], n=1)
    misspelt = ("__int__",) if "__int__" in type.__dict__["__dict__"].__get__(type(value)) else ()
    return tuple(clean(each, _MAX_NAME) for each in (*near, *misspelt))


def clean(text: str, limit: int = MAX_TEXT) -> str:
    """Return an exact `str` of at most `limit` characters that UTF-8 can encode."""
    return str.__getitem__(text, slice(limit)).encode("utf-8", "replace").decode("utf-8")


def _module_of(cls: type) -> str:
    try:
        module = _read_module(cls)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


def _place(code: types.CodeType, line: int | None, instruction: int | None = None) -> Place:
    columns = None if instruction is None else _columns(code, line, instruction)
    return Place(line or 1, _cell_of(code.co_filename), clean(code.co_name, _MAX_NAME), columns)


def _columns(code: types.CodeType, line: int | None, instruction: int) -> tuple[int, int] | None:
    """Find which part of a line an instruction was made from, where it all stands on one line."""
    # Two bytes an instruction.
    positions = itertools.islice(code.co_positions(), instruction // 2, None)
    first, last, start, end = next(positions, (None, None, None, None))
    if start is None or end is None or not first == last == line:
        return None
    return start, end


def _cell_of(filename: str) -> int | None:
    digits = filename[len(PSEUDO_FILE) :].removeprefix("[cell ").removesuffix("]")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= _MAX_CELL_DIGITS
    return int(digits) if is_number else None


def _syntax_place(error: BaseException) -> Place | None:
    """Place an error in code that was compiled under the submission's name and never ran."""
    if not issubclass(type(error), SyntaxError):
        return None
    filename, line = _read_file(error), _read_line(error)
    if type(filename) is not str or type(line) is not int:
        return None
    is_ours = filename.startswith(PSEUDO_FILE) and line >= 1
    return Place(line, _cell_of(filename), "<module>") if is_ours else None
