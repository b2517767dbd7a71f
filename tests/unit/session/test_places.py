from __future__ import annotations

import pytest

from grader.language import Text
from grader.report.examination import Where
from grader.session.places import (
    Columns,
    place_of,
    place_of_definition,
    place_of_signature,
    where,
)
from grader.session.student import Student
from grader.submission import Submission
from grader.worker import wire

SOURCE = '''\
@final
class Net(nn.Module):
    """Look at `stride` here? No: this is a docstring."""

    def __init__(self):
        self.conv1 = nn.Conv2d(3, 6, 3, stride=2)  # stride


PARAMETERS = {
    "keep": {"stride": 1},
    "halve": {
        "stride": None,
    },
}


def cut(features, stride):
    return features[:, :stride]


def 错(x): raise ValueError(x)
'''


class Handed:
    """A student, as far as places look."""

    def __init__(self, text: str = SOURCE, cell: int | None = None) -> None:
        cells = (wire.CellSource(cell, text),)
        self.submission = Submission("a", "/home/ada/a.py", "", "py", cells, ())


@pytest.fixture
def student() -> Student:
    return Handed()  # type: ignore[return-value]


def found(name: str, line: int, student: Student, **options: object) -> tuple[int, str]:
    fact = wire.NameFact(name, "class", line, None)
    return marked(place_of_definition(fact, student, **options))  # type: ignore[arg-type]


def marked(place: Where | None) -> tuple[int, str]:
    assert place is not None
    assert place.source is not None
    assert place.column is not None
    assert place.end_column is not None
    return place.line, place.source[place.column - 1 : place.end_column - 1]


def look_at(code: str) -> Text:
    return Text(f"Some words. Look at `{code}` there.", "看看")


def test_a_definition_is_marked_by_its_name(student: Student) -> None:
    assert found("Net", 1, student) == (2, "Net")


def test_the_code_that_a_hint_names_is_found_in_code_only(student: Student) -> None:
    assert found("Net", 1, student, hint=look_at("stride")) == (6, "stride")
    assert found("Net", 1, student, hint=look_at("padding")) == (2, "Net")


def test_an_entry_is_found_by_the_parameter_of_its_check(student: Student) -> None:
    assert found("PARAMETERS", 9, student, check_id="parameters[halve]") == (11, '"halve"')
    hint = look_at("stride")
    assert found("PARAMETERS", 9, student, check_id="p[halve]", hint=hint) == (12, "stride")
    assert found("PARAMETERS", 9, student, check_id="p[other]") == (9, "PARAMETERS")


def test_the_only_return_speaks_for_a_function(student: Student) -> None:
    assert found("cut", 17, student) == (18, "return features[:, :stride]")


@pytest.mark.parametrize(
    ("name", "line", "message", "at", "word"),
    [
        ("cut", 17, "cut() missing 1 required positional argument: 'stride'", 17, "stride"),
        ("cut", 17, "cut() got an unexpected keyword argument 'size'", 17, "def cut"),
        (
            "Net",
            2,
            "Net.__init__() takes 1 positional argument but 2 were given",
            5,
            "def __init__",
        ),
    ],
)
def test_a_call_that_does_not_fit_leads_to_the_def(
    student: Student, name: str, line: int, message: str, at: int, word: str
) -> None:
    fact = wire.NameFact(name, "class", line, None)
    assert marked(place_of_signature(fact, student, message)) == (at, word)


def test_an_error_of_a_call_inside_the_code_leads_to_no_def(student: Student) -> None:
    fact = wire.NameFact("cut", "def", 17, None)
    for message in ("slice indices must be integers", "flatten() missing 1 required argument"):
        assert place_of_signature(fact, student, message) is None


def test_what_is_done_with_a_parameter_comes_before_its_name(student: Student) -> None:
    assert found("cut", 17, student, hint=look_at("stride")) == (18, "stride")


def test_columns_of_a_worker_are_bytes_and_become_characters(student: Student) -> None:
    place = place_of(wire.Place(21, None, "错", (12, 31)), student)
    assert place == Where("a.py", None, 21, "def 错(x): raise ValueError(x)", 11, 30)


@pytest.mark.parametrize("columns", [Columns(0), Columns(-5), Columns(99), Columns(3, 99)])
def test_columns_that_the_line_does_not_have_are_left_out(
    student: Student, columns: Columns
) -> None:
    place = where(student, 18, None, columns)
    assert place is not None
    assert place.end_column is None
    assert place.column in (None, 3)


def test_a_line_that_the_file_does_not_have_is_no_place(student: Student) -> None:
    assert where(student, 23, None) is None
    assert where(student, 1, 3) is None


def test_a_line_of_data_is_not_shown() -> None:
    handed: Student = Handed("x = [" + "1, " * 500 + "]")  # type: ignore[assignment]
    assert where(handed, 1, None, Columns(1)) == Where("a.py", None, 1)
