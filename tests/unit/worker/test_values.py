from __future__ import annotations

import msgspec
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.worker import framing, wire
from grader.worker.values import DTYPES, MAX_ELEMENTS, Decoder, Encoder, TooLargeError

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**200), 2**200)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner)
    ),
    max_leaves=20,
)
shapes = st.lists(st.integers(0, 4), max_size=4)


def refuse(value: object) -> wire.Value:
    pytest.fail(f"{value!r} should have crossed by value")


def round_trip(value: object) -> object:
    encoder = Encoder(refuse)
    message = wire.Returned(encoder.encode(value), ())
    frame = bytearray(b"".join(wire.encode(message, encoder.blob)))
    header, blob = framing.read_frame(lambda count: take(frame, count))
    response = wire.decode_response(header)
    assert isinstance(response, wire.Returned)
    return Decoder(blob, lambda handle: handle).decode(response.value)


def take(buffer: bytearray, count: int) -> bytearray:
    part = buffer[:count]
    del buffer[:count]
    return part


def same(left: object, right: object) -> bool:
    return type(left) is type(right) and repr(left) == repr(right)


@given(plain)
def test_plain_data_crosses_unchanged_and_keeps_its_types(value: object) -> None:
    assert same(round_trip(value), value)


@given(shapes, st.sampled_from(sorted(DTYPES)))
@settings(deadline=None)
def test_tensors_keep_dtype_shape_and_every_bit(shape: list[int], name: str) -> None:
    raw = torch.randint(0, 2 if name == "bool" else 100, shape).to(DTYPES[name])
    back = round_trip(raw)
    assert isinstance(back, torch.Tensor)
    assert back.dtype == raw.dtype
    assert back.shape == raw.shape
    assert torch.equal(back, raw)


@pytest.mark.parametrize(
    "value",
    [torch.Size([1, 2]), torch.float16, slice(1, None, 2), {1, 2}, frozenset({3}), 2**70],
)
def test_the_other_kinds_that_cross(value: object) -> None:
    assert round_trip(value) == value


def test_a_permuted_view_crosses_in_row_major_order() -> None:
    view = torch.arange(6.0).reshape(2, 3).t()
    back = round_trip(view)
    assert isinstance(back, torch.Tensor)
    assert torch.equal(back, view)


def test_a_worker_gets_the_layout_that_a_suite_made() -> None:
    view = torch.arange(6.0).reshape(2, 3).t()
    encoder = Encoder(refuse, strides=True)
    value = encoder.encode(view)
    back = Decoder(encoder.blob, lambda handle: handle, restore=True).decode(value)
    assert back.stride() == view.stride()
    assert torch.equal(back, view)


def test_a_view_that_claims_terabytes_is_refused_before_it_is_copied() -> None:
    with pytest.raises(TooLargeError, match="bytes"):
        Encoder(refuse).encode(torch.empty(1).expand(10**12))


def test_too_many_elements_are_refused() -> None:
    with pytest.raises(TooLargeError):
        Encoder(refuse).encode([0] * (MAX_ELEMENTS + 1))


def test_endless_nesting_is_refused() -> None:
    endless: list[object] = []
    endless.append(endless)
    with pytest.raises(TooLargeError, match="deep"):
        Encoder(refuse).encode(endless)


class LyingInt(int):
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class LyingTensor(torch.Tensor):
    pass


@pytest.mark.parametrize(
    "value",
    [
        LyingInt(3),
        torch.zeros(2).as_subclass(LyingTensor),
        torch.zeros(2).to_sparse(),
        torch.zeros(2, device="meta"),
        object(),
    ],
    ids=["int", "subclass", "sparse", "meta", "object"],
)
def test_what_could_lie_stays_in_the_worker(value: object) -> None:
    kept: list[object] = []

    def keep(kept_value: object) -> wire.Value:
        kept.append(kept_value)
        return wire.HandleValue(id=1, type_name="x", bases=(), summary="")

    encoded = Encoder(keep).encode(value)
    assert isinstance(encoded, wire.HandleValue)
    assert len(kept) == 1
    assert kept[0] is value


tensor_values = st.builds(
    wire.TensorValue,
    dtype=st.sampled_from([*DTYPES, "float8", ""]),
    shape=st.lists(st.integers(-2, 2**40), max_size=5).map(tuple),
    offset=st.integers(-5, 100),
    nbytes=st.integers(-5, 100),
    device=st.sampled_from(["cpu", "cuda", "nonsense"]),
    requires_grad=st.booleans(),
    is_parameter=st.booleans(),
    strides=st.none() | st.lists(st.integers(-2, 9), max_size=3).map(tuple),
)


@given(tensor_values, st.binary(max_size=64))
@settings(deadline=None)
def test_no_description_of_a_tensor_reaches_beyond_its_bytes(
    value: wire.TensorValue, blob: bytes
) -> None:
    try:
        tensor = Decoder(blob, lambda handle: handle).decode(value)
    except framing.WireError:
        return
    assert tensor.numel() * tensor.element_size() <= len(blob)


@given(st.binary(max_size=200))
def test_any_header_decodes_or_raises_the_one_error(header: bytes) -> None:
    try:
        wire.decode_response(header)
    except framing.WireError:
        return
    assert msgspec.msgpack.decode(header)


@given(plain, st.integers(0, 10_000), st.integers(0, 255))
def test_a_damaged_message_decodes_or_raises_the_one_error(
    value: object, position: int, byte: int
) -> None:
    encoder = Encoder(refuse)
    buffers = wire.encode(wire.Returned(encoder.encode(value), ()), encoder.blob)
    header = bytearray(buffers[0][framing.PREFIX.size :])
    header[position % len(header)] = byte
    try:
        response = wire.decode_response(header)
        if isinstance(response, wire.Returned):
            Decoder(b"", lambda handle: handle).decode(response.value)
    except framing.WireError:
        return
    assert response is not None


@pytest.mark.parametrize(
    ("header", "blob"),
    [(framing.MAX_HEADER_BYTES + 1, 0), (0, framing.MAX_BLOB_BYTES + 1)],
    ids=["header", "blob"],
)
def test_a_frame_over_its_cap_is_refused_before_it_is_read(header: int, blob: int) -> None:
    prefix = bytearray(framing.PREFIX.pack(header, blob))
    with pytest.raises(framing.WireError, match="cap"):
        framing.read_frame(lambda count: take(prefix, count))


def decode(value: wire.Value, blob: bytes = b"") -> object:
    return Decoder(blob, lambda handle: handle).decode(value)


def tensor_value(shape: tuple[int, ...], nbytes: int, offset: int = 0) -> wire.TensorValue:
    return wire.TensorValue(
        dtype="uint8",
        shape=shape,
        offset=offset,
        nbytes=nbytes,
        device="cpu",
        requires_grad=False,
        is_parameter=False,
    )


@pytest.mark.parametrize(
    "value",
    [
        tensor_value((2**63,) * 100_000, 1),
        tensor_value((0, 2**63 - 1, 2**63 - 1), 0),
        wire.SequenceValue("list", (tensor_value((8,), 8), tensor_value((8,), 8))),
        wire.SequenceValue("set", tuple(wire.BigInt(hex(k << 61)) for k in range(10_000))),
        wire.SequenceValue("set", (wire.SequenceValue("list", ()),)),
        wire.NamedValue("dtype", "float8"),
        wire.BigInt("0x" + "z" * 10),
    ],
    ids=[
        "many sides",
        "empty and huge",
        "shared bytes",
        "collisions",
        "list in set",
        "dtype",
        "hex",
    ],
)
def test_values_that_would_cost_much_or_break_are_refused(value: wire.Value) -> None:
    with pytest.raises(framing.WireError):
        decode(value, bytes(8))


@pytest.mark.parametrize(
    "response",
    [
        wire.Raised("T" * 4_000_000, (), "", None, None, ()),
        wire.Raised("T", (), "x" * 100_000, None, None, ()),
        wire.Raised("T", (), "", wire.Place(-7, None, "f"), None, ()),
        wire.Raised("T", (), "", wire.Place(2**40, None, "f"), None, ()),
        wire.Returned(None, tuple(wire.Operator("f", None) for _ in range(1000))),
    ],
    ids=["type", "message", "negative line", "huge line", "operators"],
)
def test_facts_beyond_their_caps_are_refused(response: wire.Response) -> None:
    header = wire.encode(response)[0][framing.PREFIX.size :]
    with pytest.raises(framing.WireError):
        wire.decode_response(header)
