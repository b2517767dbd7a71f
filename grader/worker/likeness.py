"""How what serves for a required name is told in a learner's script, and what was found."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from grader.worker.bounded import Cell, Line, Short


class Variant(msgspec.Struct, frozen=True):
    """An argument of a required class that a script's own class has built in."""

    argument: str
    default: bool | int | str
    """What the exercise's class does when nothing is passed."""
    attribute: str = ""
    """The dotted attribute that holds the value which the class was written for."""
    equals: dict[str, str] = {}
    """By value: the function of torch that gives the same answer."""


class Likeness(msgspec.Struct, frozen=True):
    """How what serves for a required name is told, where a script has a name of its own for it."""

    name: str
    """The required name."""
    layers: tuple[str, ...] | None = None
    """Of a class: the layers that it is made of, in order; empty for one without layers."""
    needs: tuple[str, ...] = ()
    """Of a class: layers of which it must have one, to be meant for this."""
    made: tuple[str, ...] = ()
    """Of a class: its layers with their arguments, such as `Conv2d(3, 6, 3)`, in order."""
    input: tuple[int, ...] = ()
    """The shape of the tensor that it is tried with."""
    output: tuple[int, ...] = ()
    """The shape of a right answer to that."""
    apart: tuple[tuple[int, ...], ...] = ()
    """Shapes that a class takes which does another thing, rightly."""
    apart_output: tuple[int, ...] = ()
    """The shape of a right answer to those."""
    attributes: dict[str, str] = {}
    """The attributes that the exercise fixes, each with the type of its layer."""
    variant: Variant | None = None
    equals: str = ""
    """A function of torch that gives the same answer."""
    adds: float | None = None
    """What a right answer is larger by than the tensor that it is tried with."""
    calls: str = ""
    """Of a function: the one of torch that a script calls in its place, at its top level."""
    results: dict[str, dict[str, int]] = {}
    """The results that it gives, each with the arguments of the call that makes it."""


Matching = Literal["auto", "exact", "near", "behaviour"]
"""How far from the required names something is looked for. `auto`: `near`, but `behaviour` for a
file that has none of them."""


class SiblingFile(msgspec.Struct, frozen=True):
    """Another file that was handed in, which the submission may import."""

    module: str
    """The dotted name to import it by."""
    text: str


class MatchFact(msgspec.Struct, frozen=True):
    """What serves for a required name that the file does not define by this name."""

    name: Short
    given: Short
    """What it is called in the file; what is called, for calls at the top level."""
    how: Literal["near", "behaviour"]
    kind: Literal["class", "function", "value", "object", "calls"]
    line: Line
    cell: Cell | None
    attributes: Annotated[tuple[tuple[Short, Short], ...], msgspec.Meta(max_length=50)] = ()
    """The attributes that the exercise fixes, each with where it was found."""


class RemarkFact(msgspec.Struct, frozen=True):
    """Something about the file that its author should know, told by the text alone."""

    id: Short
    line: Line
    cell: Cell | None
    values: Annotated[dict[Short, Short], msgspec.Meta(max_length=20)] = {}
    """The learner's own names and numbers, for the sentence."""
