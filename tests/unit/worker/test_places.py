"""Where the student's code is, and what its objects are called, whatever they do to hide it."""

from __future__ import annotations

import json
import threading

import pytest
from loaded import load_script, load_text

from grader.worker import wire
from grader.worker.places import current_place, error_place, safe_text, type_name


def test_the_current_place_is_the_innermost_line_of_the_submission() -> None:
    module, _ = load_text("def f(g):\n    return [g() for _ in range(1)][0]\n", "f")
    place = module.f(current_place)
    assert place.line == 2
    assert current_place() is None


def test_a_thread_has_a_place_of_its_own() -> None:
    module, _ = load_text("def f(g):\n    return g()\n", "f")
    found: list[object] = []
    thread = threading.Thread(target=lambda: found.append(module.f(current_place)))
    thread.start()
    thread.join()
    assert found == [wire.Place(2, None, "f")]


def test_names_of_classes_cannot_be_played_with() -> None:
    module, _ = load_script(
        """
        class Meta(type):
            def __getattribute__(cls, name): raise SystemExit
        class Evil(metaclass=Meta): pass
        class Odd:
            __module__ = 3
            __qualname__ = "x" * 1000
        class Long: pass
        Long.__name__ = "L" * 10_000
        class Half: pass
        Half.__module__ = "\\ud800"
        """,
        *("Evil", "Odd", "Long", "Half"),
    )
    assert type_name(module.Evil) == "Evil"
    assert type_name(module.Odd) == "Odd"
    assert len(type_name(module.Long)) == 100
    type_name(module.Half).encode()
    assert type_name(int) == "int"
    assert type_name(json.JSONDecodeError) == "json.decoder.JSONDecodeError"


class _RaisingError(Exception):
    def __str__(self) -> str:
        raise SystemExit


class _NumberError(Exception):
    __str__ = lambda self: 3  # type: ignore[assignment, return-value]  # noqa: E731


class _Text(str):
    __slots__ = ()

    def __getitem__(self, key: object) -> str:
        raise SystemExit

    def encode(self, *args: object) -> bytes:
        raise SystemExit


class _OddTextError(Exception):
    def __str__(self) -> str:
        return _Text("odd")


class _HidingError(Exception):
    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise SystemExit

    @property
    def __traceback__(self) -> object:  # type: ignore[override]
        raise SystemExit


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("size must be positive"), "size must be positive"),
        (KeyError("padding"), "padding"),
        (KeyError("a", "b"), "('a', 'b')"),
        (NotImplementedError("TODO write it | 请完成"), "TODO write it | 请完成"),
        (_RaisingError(), ""),
        (_NumberError(), ""),
        (_OddTextError(), "odd"),
        (ValueError("\ud800"), "?"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_text_of_an_error_is_had_safely(error: BaseException, text: str) -> None:
    found = safe_text(error)
    assert found == text
    assert type(found) is str


def test_a_long_message_is_cut() -> None:
    assert len(safe_text(ValueError("x" * 10**6))) == 4_000


def test_an_error_that_hides_its_traceback_is_placed() -> None:
    module, _ = load_text("def f(e):\n    raise e\n", "f")
    with pytest.raises(_HidingError) as info:
        module.f(_HidingError())
    assert error_place(info.value) == wire.Place(2, None, "f", (4, 11))
    assert error_place(ValueError()) is None


def test_a_syntax_error_in_code_that_the_student_compiles_is_placed() -> None:
    with pytest.raises(SyntaxError) as info:
        compile("x = (", "<submission>[cell 3]", "exec")
    assert error_place(info.value) == wire.Place(1, 3, "<module>")
