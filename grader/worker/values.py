"""Turn Python values into wire values and back; used on both sides.

Only exact types cross. A subclass of `int`, `str`, `dict` or `torch.Tensor` may lie about
itself in every method, so it stays where it is as a handle. Tensors are read by unbound methods
of `torch.Tensor`, which an instance cannot override.
"""

from __future__ import annotations

import builtins
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final

import torch

from grader.worker.framing import MAX_BLOB_BYTES, WireError
from grader.worker.wire import (
    MAX_DEPTH,
    BigInt,
    BytesValue,
    HandleValue,
    MappingValue,
    NamedValue,
    NameValue,
    SequenceValue,
    SliceValue,
    TensorValue,
    Value,
)

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

MAX_ELEMENTS: Final = 100_000
MAX_TEXT: Final = 1_000_000
MAX_KEYS: Final = 2_000
_SMALL_INT: Final = 2**63

DTYPES: Final[dict[str, torch.dtype]] = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        torch.float16,
        torch.bfloat16,
        torch.float32,
        torch.float64,
        torch.complex64,
        torch.complex128,
        torch.uint8,
        torch.int8,
        torch.int16,
        torch.int32,
        torch.int64,
        torch.bool,
    )
}
_SEQUENCES: Final[dict[type, Any]] = {
    list: "list",
    tuple: "tuple",
    set: "set",
    frozenset: "frozenset",
    torch.Size: "size",
}
_BUILDERS: Final[dict[str, Callable[[list[Any]], Any]]] = {
    "list": list,
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "size": torch.Size,
}

# Bound once, before any student code can replace them on the class.
_detach = torch.Tensor.detach
_contiguous = torch.Tensor.contiguous
_cpu = torch.Tensor.cpu
_reshape = torch.Tensor.reshape
_view = torch.Tensor.view
_numpy = torch.Tensor.numpy
_numel = torch.Tensor.numel
_element_size = torch.Tensor.element_size
_resolve_conj = torch.Tensor.resolve_conj
_resolve_neg = torch.Tensor.resolve_neg


class TooLargeError(Exception):
    """A value has too many elements, bytes or levels to cross."""


class Encoder:
    """Encodes one message's values and gathers the bytes of their tensors.

    Args:
        keep: Called for each object that does not cross; returns the handle that stands for it.
        strides: Whether the layout of permuted tensors is told, so that a suite can hand the
            student a non-contiguous input.
    """

    def __init__(self, keep: Callable[[object], Value], *, strides: bool = False) -> None:
        self._keep = keep
        self._strides = strides
        self._elements = 0
        self.blob = bytearray()

    def encode(self, value: object, depth: int = 0) -> Value:
        """Encode one value.

        Raises:
            TooLargeError: A cap is exceeded.
        """
        self._elements += 1
        if self._elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            msg = "more than 100,000 elements" if depth <= MAX_DEPTH else "nested too deeply"
            raise TooLargeError(msg)
        kind = type(value)
        if value is None or kind is bool or kind is float:
            return value  # type: ignore[return-value]
        if kind is int:
            return _encode_int(value)  # type: ignore[arg-type]
        if kind is str or kind is bytes:
            return _encode_text(value)  # type: ignore[arg-type]
        return self._encode_structure(value, kind, depth)

    def _encode_structure(self, value: Any, kind: type, depth: int) -> Value:  # noqa: ANN401
        if kind is torch.Tensor or kind is torch.nn.Parameter:
            return self._encode_tensor(value)
        if kind in (set, frozenset) or issubclass(kind, dict):
            _check_keys(len(value))
        if kind in _SEQUENCES:
            items = tuple(self.encode(item, depth + 1) for item in list(value))
            return SequenceValue(_SEQUENCES[kind], items)
        if issubclass(kind, dict):
            # Read by `dict` itself: what a subclass says of its content does not count.
            pairs = tuple(
                (self.encode(k, depth + 1), self.encode(v, depth + 1)) for k, v in dict.items(value)
            )
            is_ordered = issubclass(kind, OrderedDict)
            return MappingValue("ordered" if is_ordered else "dict", pairs)
        if kind is slice:
            parts = (value.start, value.stop, value.step)
            return SliceValue(*(self.encode(part, depth + 1) for part in parts))
        if kind is torch.dtype or kind is torch.device:
            name = str(value).removeprefix("torch.")
            return NamedValue("dtype" if kind is torch.dtype else "device", name)
        return self._keep(value)

    def _encode_tensor(self, value: torch.Tensor) -> Value:
        described = describe_tensor(value)
        if described is None:
            return self._keep(value)
        nbytes = _numel(value) * _element_size(value)
        # Before any copy: a zero-stride view of one element may claim terabytes.
        if len(self.blob) + nbytes > MAX_BLOB_BYTES:
            msg = f"a tensor of {nbytes} bytes"
            raise TooLargeError(msg)
        offset = len(self.blob)
        if nbytes:
            plain = _resolve_neg(_resolve_conj(_cpu(_detach(value))))
            flat = _reshape(_contiguous(plain), (-1,))
            self.blob += memoryview(_numpy(_view(flat, torch.uint8)))  # type: ignore[arg-type]
        return TensorValue(
            dtype=described,
            shape=tuple(value.shape),
            offset=offset,
            nbytes=nbytes,
            device=value.device.type,
            requires_grad=bool(value.requires_grad),
            is_parameter=type(value) is torch.nn.Parameter,
            strides=_permutation_strides(value) if self._strides else None,
        )


def _check_keys(count: int) -> None:
    if count > MAX_KEYS:
        msg = f"more than {MAX_KEYS} keys"
        raise TooLargeError(msg)


def _permutation_strides(value: torch.Tensor) -> tuple[int, ...] | None:
    """Give the strides of a permuted dense tensor; None where row-major order says it all."""
    if value.is_contiguous() or 0 in value.stride():
        return None
    return tuple(value.stride())


def describe_tensor(value: torch.Tensor) -> str | None:
    """Name the dtype of a tensor that can cross; None for one without plain dense storage."""
    if value.layout is not torch.strided or value.is_quantized or value.device.type == "meta":
        return None
    wrapped = torch._C._functorch.is_functorch_wrapped_tensor(value)  # noqa: SLF001 - no public way
    if value.is_nested or wrapped:
        return None
    name = str(value.dtype).removeprefix("torch.")
    return name if name in DTYPES else None


def _encode_int(value: int) -> Value:
    if -_SMALL_INT <= value < _SMALL_INT:
        return value
    if value.bit_length() > MAX_TEXT:
        msg = "an integer of more than a million bits"
        raise TooLargeError(msg)
    return BigInt(hex(value))


def _encode_text(value: str | bytes) -> Value:
    if len(value) > MAX_TEXT:
        msg = f"a text of {len(value)} characters"
        raise TooLargeError(msg)
    if type(value) is str:
        # Lone surrogates are legal in Python and not in UTF-8.
        return value.encode("utf-8", "replace").decode("utf-8")
    assert isinstance(value, bytes)  # noqa: S101 - the only other type that is sent here
    return BytesValue(value)


class Decoder:
    """Decodes one message's values; the message may come from an untrusted process.

    Args:
        blob: The frame's tensor bytes.
        resolve: Turns a handle, or a name of the student's module, into what stands for it on
            this side.
        device: The device that is graded on: a tensor that comes from it is placed there again,
            all others on the CPU.
        restore: Whether layout and `requires_grad` are given back as the sender had them. Only
            a worker does so, for the inputs that a suite made.
    """

    def __init__(
        self,
        blob: bytes | bytearray,
        resolve: Callable[[HandleValue | NameValue], object],
        *,
        device: torch.device | None = None,
        restore: bool = False,
    ) -> None:
        self._blob = blob
        self._resolve = resolve
        self._device = device
        self._restore = restore
        self._elements = 0
        self._bytes = 0

    def decode(self, value: Value, depth: int = 0) -> Any:  # noqa: ANN401 - any wire value
        """Decode one value.

        Raises:
            WireError: The value breaks a rule of the protocol.
        """
        self._elements += 1
        if self._elements > MAX_ELEMENTS or depth > MAX_DEPTH:
            msg = "too many elements or levels"
            raise WireError(msg)
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, TensorValue):
            return self._decode_tensor(value)
        if isinstance(value, HandleValue | NameValue):
            return self._resolve(value)
        if isinstance(value, BytesValue):
            return value.data
        return self._decode_structure(value, depth + 1)

    def _decode_structure(
        self,
        value: SequenceValue | MappingValue | SliceValue | NamedValue | BigInt,
        depth: int,
    ) -> Any:  # noqa: ANN401
        self._check_hashing(value)
        try:
            if isinstance(value, SequenceValue):
                return _BUILDERS[value.kind]([self.decode(item, depth) for item in value.items])
            if isinstance(value, MappingValue):
                pairs = [(self.decode(k, depth), self.decode(v, depth)) for k, v in value.items]
                return OrderedDict(pairs) if value.kind == "ordered" else dict(pairs)
            if isinstance(value, SliceValue):
                parts = (value.start, value.stop, value.step)
                return slice(*(self.decode(part, depth) for part in parts))
            if isinstance(value, NamedValue):
                return DTYPES[value.name] if value.kind == "dtype" else torch.device(value.name)
            return int(value.digits, 16)
        except (TypeError, ValueError, KeyError, RuntimeError) as error:
            msg = f"not a value: {error}"
            raise WireError(msg) from error

    def _check_hashing(self, value: Value) -> None:
        """Bound what goes into a hash table: chosen keys make it take quadratic time."""
        count = len(value.items) if isinstance(value, SequenceValue | MappingValue) else 0
        is_list = isinstance(value, SequenceValue) and "set" not in value.kind
        if count > MAX_KEYS and not is_list:
            msg = f"more than {MAX_KEYS} keys"
            raise WireError(msg)

    def _decode_tensor(self, value: TensorValue) -> torch.Tensor:
        dtype = DTYPES.get(value.dtype)
        # The number of sides before their product, which takes quadratic time.
        if dtype is None or len(value.shape) > MAX_DEPTH or min(value.shape, default=0) < 0:
            msg = "not a tensor"
            raise WireError(msg)
        count = 1
        for side in value.shape:
            count *= side
        inside = 0 <= value.offset <= len(self._blob) - value.nbytes
        if value.nbytes != count * dtype.itemsize or not inside:
            msg = f"a tensor of {count} elements does not lie in {value.nbytes} bytes"
            raise WireError(msg)
        self._bytes += value.nbytes
        if self._bytes > len(self._blob):
            msg = "tensors share their bytes"
            raise WireError(msg)
        try:
            tensor = self._read_elements(value, dtype)
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            msg = f"not a tensor: {error}"
            raise WireError(msg) from error
        if self._device is not None and value.device == self._device.type != "cpu":
            tensor = tensor.to(self._device)
        if value.is_parameter and (dtype.is_floating_point or dtype.is_complex):
            return torch.nn.Parameter(tensor, requires_grad=value.requires_grad)
        return self._restored(tensor, value) if self._restore else tensor

    def _restored(self, tensor: torch.Tensor, value: TensorValue) -> torch.Tensor:
        if value.strides is not None:
            permuted = torch.empty_strided(
                value.shape, value.strides, dtype=tensor.dtype, device=tensor.device
            )
            tensor = permuted.copy_(tensor)
        return tensor.requires_grad_() if value.requires_grad else tensor

    def _read_elements(self, value: TensorValue, dtype: torch.dtype) -> torch.Tensor:
        if value.nbytes == 0:
            return torch.empty(value.shape, dtype=dtype)
        chunk = self._bytes_of(value)
        if dtype is torch.bool:
            # A byte other than 0 and 1 is undefined behaviour in torch's boolean kernels.
            return torch.frombuffer(chunk, dtype=torch.uint8).ne(0).reshape(value.shape)
        return torch.frombuffer(chunk, dtype=dtype).reshape(value.shape)

    def _bytes_of(self, value: TensorValue) -> bytearray:
        """Give the tensor memory of its own; the frame's, where it is the only one in there."""
        if value.nbytes == len(self._blob) and isinstance(self._blob, bytearray):
            return self._blob
        return bytearray(memoryview(self._blob)[value.offset : value.offset + value.nbytes])
