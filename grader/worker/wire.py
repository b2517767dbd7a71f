"""Messages between the trusted side and a worker.

The header of a frame (`grader.worker.framing`) is msgpack, and decodes into one of the typed
structs below; the frame's blob holds the raw bytes of the tensors which the header describes.
Nothing is ever pickled, and a header that breaks a rule raises `WireError`.

Protocol messages carry values and facts. None carries a verdict.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec

from grader.worker.bounded import Cell, Column, Line, Message, Short
from grader.worker.framing import WireError, frame
from grader.worker.image_facts import Images
from grader.worker.likeness import (
    Likeness,
    MatchFact,
    Matching,
    RemarkFact,
    SiblingFile,
)

_T = TypeVar("_T")

MAX_DEPTH = 64
MAX_OPERATORS = 500
TOO_MANY = "<too many operators>"
"""Stands for the operators beyond `MAX_OPERATORS` different ones."""


class _Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag=str.lower):
    """Base of everything that stands in a header; the class name in lower case is the tag."""


class TensorValue(_Message, frozen=True):
    """A dense tensor; its elements lie in the frame's blob in row-major order."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    nbytes: int
    device: str
    requires_grad: bool
    is_parameter: bool
    strides: tuple[int, ...] | None = None
    """How the sender laid the elements out, where that was not row-major; requests only."""


class HandleValue(_Message, frozen=True):
    """An object that stays in the worker."""

    id: int
    type_name: Short
    bases: Annotated[tuple[Short, ...], msgspec.Meta(max_length=100)]
    """Public names of the torch classes that the object is an instance of, decided by identity."""
    summary: Short
    """A capped description for messages, made without running the student's code."""


class SequenceValue(_Message, frozen=True):
    """A list, tuple, set or `torch.Size`."""

    kind: Literal["list", "tuple", "set", "frozenset", "size"]
    items: tuple[Value, ...]


class MappingValue(_Message, frozen=True):
    """A dict or OrderedDict, in insertion order."""

    kind: Literal["dict", "ordered"]
    items: tuple[tuple[Value, Value], ...]


class SliceValue(_Message, frozen=True):
    """A slice."""

    start: Value
    stop: Value
    step: Value


class NamedValue(_Message, frozen=True):
    """A torch constant by name: a dtype or a device."""

    kind: Literal["dtype", "device"]
    name: str


class BigInt(_Message, frozen=True):
    """An integer beyond 64 bits, in hexadecimal."""

    digits: str


class NameValue(_Message, frozen=True):
    """What a name of a module stands for, looked up where it is used; requests only."""

    name: str
    module: int = 0
    """The handle of a module that `Define` made; 0 is the student's."""


class BytesValue(_Message, frozen=True):
    """Bytes; apart from text, which they would be mistaken for."""

    data: bytes


Value = (
    None
    | bool
    | int
    | float
    | str
    | BytesValue
    | TensorValue
    | HandleValue
    | SequenceValue
    | MappingValue
    | SliceValue
    | NamedValue
    | NameValue
    | BigInt
)


class CellSource(msgspec.Struct, frozen=True):
    """The text of a file, or of one code cell of a notebook."""

    index: int | None
    """The cell's number as the learner counts, from 1; None for a plain file."""
    text: str


class Load(_Message, frozen=True):
    """Load the submission: the first request that a worker serves."""

    cells: tuple[CellSource, ...]
    filename: str
    required: tuple[str, ...]
    run_all: bool
    device: str
    excluded: tuple[tuple[int | None, int], ...] = ()
    """Cell and line of statements that ended a former worker, and are not tried again."""
    match: Matching = "exact"
    likenesses: tuple[Likeness, ...] = ()
    exact_names: tuple[str, ...] = ()
    """Required names whose spelling is what the task teaches."""
    siblings: tuple[SiblingFile, ...] = ()
    onednn: bool = True
    """Whether torch uses oneDNN, for as long as the worker lives."""
    images: Images | None = None
    """The images that stand for data sets, in the frame's blob; sent where `ImagesWanted` was the
    answer."""


class Begin(_Message, frozen=True):
    """Start a check: drop former handles, reset torch's global state, seed, watch operators.

    Not answered: it goes out together with the first question of the check.
    """

    seed: int
    watch: bool


Target = int | NameValue
"""A handle, or a name of a module; handle 0 is the student's module."""


class Get(_Message, frozen=True):
    """Read an attribute of a handle."""

    target: Target
    name: str


class Put(_Message, frozen=True):
    """Set an attribute of a handle; undone at the next `Begin` on the student's module."""

    target: Target
    name: str
    value: Value


class Item(_Message, frozen=True):
    """Index a handle."""

    target: Target
    key: Value


class Call(_Message, frozen=True):
    """Call a handle."""

    target: Target
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


class Probe(_Message, frozen=True):
    """Run one of the functions in `grader.worker.probes`."""

    name: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]


class Library(_Message, frozen=True):
    """Import a library's module in the worker and keep it as a handle."""

    module: str


class Define(_Message, frozen=True):
    """Run helper source in a fresh module of the worker, and keep that as a handle."""

    source: str
    stand_ins: tuple[str, ...] = ()
    """What it defines that takes the place of the student's own, until the next check begins."""


Request = Load | Begin | Get | Put | Item | Call | Probe | Library | Define


class Place(msgspec.Struct, frozen=True):
    """A line in the student's file."""

    line: Line
    cell: Cell | None
    function: Short
    columns: tuple[Column, Column] | None = None
    """Where on the line, in bytes of UTF-8 from 0: the first, and the one after the last."""


class Operator(msgspec.Struct, frozen=True):
    """An operator that ran while the student's code was being watched."""

    name: Short
    place: Place | None


class Ready(_Message, frozen=True):
    """The worker has locked itself down and waits for its first request."""

    layers: tuple[str, ...]
    missing: dict[str, str]


class Returned(_Message, frozen=True):
    """The value of a request."""

    value: Value
    operators: Annotated[tuple[Operator, ...], msgspec.Meta(max_length=MAX_OPERATORS + 1)]


class Raised(_Message, frozen=True):
    """The exception that ended a request."""

    type_name: Short
    bases: Annotated[tuple[Short, ...], msgspec.Meta(max_length=100)]
    message: Message
    place: Place | None
    out_of_memory: Literal["host", "device"] | None
    operators: Annotated[tuple[Operator, ...], msgspec.Meta(max_length=MAX_OPERATORS + 1)]
    near: Annotated[tuple[Short, ...], msgspec.Meta(max_length=5)] = ()
    """Attributes that the object has, and that are spelt much like the missing one."""


class Refused(_Message, frozen=True):
    """The value exists and cannot cross: too large, too deep, no such attribute."""

    reason: Literal["too_large", "too_deep", "missing", "bad_request", "not_offered"]
    detail: Message


class NameFact(msgspec.Struct, frozen=True):
    """A name that the file defines."""

    name: Short
    kind: Short
    line: Line
    cell: Cell | None


class UseFact(msgspec.Struct, frozen=True):
    """A dotted name that the file uses, with import aliases resolved."""

    name: Short
    line: Line
    cell: Cell | None


class ProblemFact(msgspec.Struct, frozen=True):
    """A statement of the file that could not be parsed or failed when it ran."""

    kind: Short
    type_name: Short
    message: Message
    line: Line | None
    cell: Cell | None
    column: int | None
    text: Message | None
    names: Annotated[tuple[Short, ...], msgspec.Meta(max_length=200)]
    statement: Line | None = None
    """The line at which the statement begins, where `line` lies in a function that it called."""


class SkippedFact(msgspec.Struct, frozen=True):
    """A statement that was not run."""

    line: Line
    cell: Cell | None
    code: Message
    reason: Short


class LoopFact(msgspec.Struct, frozen=True):
    """Where a loop stands that lies in no other loop of its function."""

    first: Line
    last: Line
    cell: Cell | None


class LoadReport(_Message, frozen=True):
    """What became of the submission's file."""

    runnable: bool
    problems: Annotated[tuple[ProblemFact, ...], msgspec.Meta(max_length=2_000)]
    skipped: Annotated[tuple[SkippedFact, ...], msgspec.Meta(max_length=2_000)]
    defined: Annotated[tuple[NameFact, ...], msgspec.Meta(max_length=2_000)]
    used: Annotated[tuple[UseFact, ...], msgspec.Meta(max_length=2_000)]
    loops: Annotated[tuple[LoopFact, ...], msgspec.Meta(max_length=2_000)] = ()
    is_script: bool = False
    """Whether what serves was also looked for by what it does."""
    matches: Annotated[tuple[MatchFact, ...], msgspec.Meta(max_length=100)] = ()
    remarks: Annotated[tuple[RemarkFact, ...], msgspec.Meta(max_length=200)] = ()


class ImagesWanted(_Message, frozen=True):
    """The file needs a data set to be loaded, and nothing of it has run: load it with images."""


Response = Ready | Returned | Raised | Refused | LoadReport | ImagesWanted

_encoder = msgspec.msgpack.Encoder()
_request_decoder: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_response_decoder: msgspec.msgpack.Decoder[Response] = msgspec.msgpack.Decoder(Response)


def encode(message: Request | Response, blob: bytes | bytearray = b"") -> list[bytes | bytearray]:
    """Frame a message and the tensor bytes that go with it.

    Returns:
        The buffers to be sent one after the other: one, or two where there are many bytes.

    Raises:
        WireError: The message or the blob is over its cap.
    """
    try:
        header = _encoder.encode(message)
    except (msgspec.ValidationError, RecursionError, OverflowError, ValueError, TypeError) as error:
        msg = f"the message cannot be encoded: {error}"
        raise WireError(msg) from error
    return frame(header, blob)


def decode_request(header: bytes | bytearray) -> Request:
    """Decode what the trusted side sent.

    Raises:
        WireError: The header is not a valid request.
    """
    return _decode(_request_decoder, header)


def decode_response(header: bytes | bytearray) -> Response:
    """Decode what a worker sent. The bytes are untrusted.

    Raises:
        WireError: The header is not a valid response.
    """
    return _decode(_response_decoder, header)


def _decode(decoder: msgspec.msgpack.Decoder[_T], header: bytes | bytearray) -> _T:
    try:
        return decoder.decode(header)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, OverflowError) as error:
        msg = f"malformed message: {error}"
        raise WireError(msg) from error
