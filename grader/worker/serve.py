"""Serves the trusted side's requests about one submission, until the socket closes.

Whatever the student's code raises, `SystemExit` and `KeyboardInterrupt` included, becomes a
`Raised` response. Limits of time and memory are kept by the trusted side, from outside.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import os
import socket
import sys
import types
from collections.abc import Callable
from typing import Any, Final

import torch

from grader.worker import framing, loading, wire
from grader.worker.courtesies import ImagesWantedError
from grader.worker.detached import detached
from grader.worker.event_files import write_events_in_thread
from grader.worker.gpu import limit_gpu_memory
from grader.worker.images import received_images
from grader.worker.in_process import load_data_in_process
from grader.worker.matching.stand_ins import NotOfferedError
from grader.worker.places import error_place, near_names, safe_text, type_name
from grader.worker.probes import CLASSES, PROBES, item, watch_student_code
from grader.worker.refusals import plain_text
from grader.worker.seeding import reset_torch
from grader.worker.threads import follow_threads
from grader.worker.values import Decoder, Encoder, TooLargeError
from grader.worker.watch import Watch

# The functions below find Python's own in a copy, which nobody replaces anything in.
globals()["__builtins__"] = dict(vars(builtins))

_BASES: Final[dict[int, str]] = {
    id(known): name for name, known in (*CLASSES.items(), ("torch.Tensor", torch.Tensor))
}
"""Names by identity: a class of a submission's may claim to equal another."""
_mro_of = vars(type)["__mro__"].__get__
_MAX_MESSAGE: Final = 4_000
_MAX_SUMMARY: Final = 200
_STUDENT_MODULE: Final = 0
_CHUNK: Final = 65_536


class Server:
    """Holds the submission's module and the handles that the trusted side was given."""

    def __init__(self, connection: socket.socket, gpu_bytes: int) -> None:
        self._connection = connection
        self._received = bytearray()
        self._gpu_bytes = gpu_bytes
        self._module = types.ModuleType("submission")
        self._handles: dict[int, object] = {}
        self._next_id = 1
        self._replaced: dict[str, object] = {}
        self._near: tuple[str, ...] = ()
        self._watch = Watch()
        follow_threads(self._watch.watching_thread)
        load_data_in_process()
        write_events_in_thread()
        watch_student_code(self._watch.watching)
        self._device = torch.device("cpu")
        self._answers: dict[type, Callable[[Any, Decoder], object]] = {
            wire.Get: self._get,
            wire.Put: self._put,
            wire.Item: self._item,
            wire.Call: self._call,
            wire.Probe: self._probe,
            wire.Library: lambda request, _: importlib.import_module(request.module),
            wire.Define: self._define,
        }

    def run(self) -> None:
        """Answer requests until the other side closes the connection."""
        # Who imports them again gets copies, not the modules that serve here.
        for name in own_modules():
            sys.modules.pop(name, None)
        while True:
            try:
                header, blob = framing.read_frame(self._read)
            except (EOFError, ConnectionError):
                return
            request = wire.decode_request(header)
            if isinstance(request, wire.Begin):
                self._begin(request)
            else:
                self._send(*self._answer(request, blob))

    def _read(self, count: int) -> bytearray:
        """Take as many bytes; small frames come with one system call."""
        while len(self._received) < min(count, _CHUNK):
            data = self._connection.recv(_CHUNK)
            if not data:
                raise EOFError
            self._received += data
        taken = self._received[:count]
        del self._received[:count]
        return taken if len(taken) == count else self._read_rest(taken, count)

    def _read_rest(self, start: bytearray, count: int) -> bytearray:
        """Read what is large straight into its place."""
        buffer = bytearray(count)
        buffer[: len(start)] = start
        view = memoryview(buffer)[len(start) :]
        while view:
            received = self._connection.recv_into(view)
            if not received:
                raise EOFError
            view = view[received:]
        return buffer

    def _send(self, response: wire.Response, blob: bytearray | bytes) -> None:
        _flush_output()
        for buffer in wire.encode(response, blob):
            self._connection.sendall(buffer)

    def _answer(
        self, request: wire.Request, blob: bytearray
    ) -> tuple[wire.Response, bytearray | bytes]:
        if isinstance(request, wire.Load):
            return self._load(request, blob), b""
        decoder = Decoder(blob, self._resolve, device=self._device, restore=True)
        self._near = ()
        # Values that are read, written or dropped can run the student's code as well as a call
        # does. What a probe does for us is none of it; it watches what it calls by itself.
        is_probe = isinstance(request, wire.Probe)
        try:
            with contextlib.nullcontext() if is_probe else self._watch.watching():
                return self._encode(self._answers[type(request)](request, decoder))
        except NotOfferedError as error:
            return wire.Refused("not_offered", plain_text(error)), b""
        except _NameMissingError as error:
            return wire.Refused("missing", error.name), b""
        except BaseException as error:  # noqa: BLE001 - the border round the student's code
            return self._describe_error(error), b""

    def _encode(self, value: object) -> tuple[wire.Response, bytearray | bytes]:
        encoder = Encoder(self._keep)
        try:
            encoded = encoder.encode(value)
        except TooLargeError as error:
            return wire.Refused("too_large", str(error)), b""
        return wire.Returned(encoded, self._watch.news()), encoder.blob

    def _load(self, request: wire.Load, blob: bytearray) -> wire.LoadReport | wire.ImagesWanted:
        self._device = torch.device(request.device)
        limit_gpu_memory(self._device, self._gpu_bytes)
        torch.backends.mkldnn.enabled = request.onednn  # type: ignore[assignment]
        try:
            self._module, report = loading.load(request, received_images(request.images, blob))
        except ImagesWantedError:
            return wire.ImagesWanted()
        return report

    def _begin(self, request: wire.Begin) -> None:
        self._handles.clear()
        for name, value in self._replaced.items():
            if value is _ABSENT:
                self._module.__dict__.pop(name, None)
            else:
                self._module.__dict__[name] = value
        self._replaced.clear()
        reset_torch(request.seed, self._device)
        self._watch.reset(active=request.watch)

    def _target(self, target: wire.Target) -> Any:  # noqa: ANN401 - any object of the student's
        if isinstance(target, int):
            return self._module if target == _STUDENT_MODULE else self._handles[target]
        if target.module != _STUDENT_MODULE:
            return getattr(self._handles[target.module], target.name)
        try:
            return self._module.__dict__[target.name]
        except KeyError:
            raise _NameMissingError(target.name) from None

    def _resolve(self, value: wire.HandleValue | wire.NameValue) -> object:
        return self._target(value.id if isinstance(value, wire.HandleValue) else value)

    def _get(self, request: wire.Get, _: Decoder) -> object:
        target = self._target(request.target)
        try:
            return getattr(target, request.name)
        except AttributeError:
            self._near = near_names(target, request.name)
            raise

    def _item(self, request: wire.Item, decoder: Decoder) -> object:
        return item(self._target(request.target), decoder.decode(request.key))

    def _put(self, request: wire.Put, decoder: Decoder) -> None:
        target = self._target(request.target)
        if target is self._module:
            self._note_former(request.name)
        setattr(target, request.name, decoder.decode(request.value))

    def _note_former(self, name: str) -> None:
        """Keep what a name of the student's module means, until the next check begins."""
        self._replaced.setdefault(name, self._module.__dict__.get(name, _ABSENT))

    def _define(self, request: wire.Define, _: Decoder) -> types.ModuleType:
        module = types.ModuleType("suite_helpers")
        # Classes are made by its name, data classes for one; the student's code would find it, too.
        sys.modules[module.__name__] = module
        try:
            exec(_compile(request.source), module.__dict__)  # noqa: S102
        finally:
            sys.modules.pop(module.__name__, None)
        for name in request.stand_ins:
            self._note_former(name)
            setattr(self._module, name, module.__dict__[name])
        return module

    def _call(self, request: wire.Call, decoder: Decoder) -> object:
        function = self._target(request.target)
        args = [decoder.decode(value) for value in request.args]
        kwargs = {name: decoder.decode(value) for name, value in request.kwargs.items()}
        result = function(*args, **kwargs)
        # Whoever waits for the end of what was handed in is watched, too.
        del args, kwargs
        return result

    def _probe(self, request: wire.Probe, decoder: Decoder) -> object:
        args = [decoder.decode(value) for value in request.args]
        kwargs = {name: decoder.decode(value) for name, value in request.kwargs.items()}
        return PROBES[request.name](*args, **kwargs)

    def _keep(self, value: object) -> wire.HandleValue:
        identifier = self._next_id
        self._next_id += 1
        self._handles[identifier] = value
        return wire.HandleValue(
            id=identifier,
            type_name=type_name(type(value)),
            bases=_bases(value),
            summary=_summary(value),
        )

    def _describe_error(self, error: BaseException) -> wire.Raised:
        return wire.Raised(
            type_name=type_name(type(error)),
            bases=tuple(base.__name__ for base in type(error).__mro__)[:20],
            message=plain_text(error)[:_MAX_MESSAGE],
            place=error_place(error),
            out_of_memory=_memory_kind(error),
            operators=self._watch.news(),
            near=self._near,
        )


@functools.cache
def own_modules() -> tuple[str, ...]:
    """Give the names of the grader's modules. A nursery asks once, for all of its workers.

    To go through the list of modules writes to each name's count of references, and so copies
    some 700 pages that a worker would share with its siblings.
    """
    return tuple(name for name in sys.modules if name.partition(".")[0] == "grader")


_ABSENT: Final = object()


class _NameMissingError(Exception):
    """The student's module has no such name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@functools.cache
def _compile(source: str) -> types.CodeType:
    """Compile helpers once; each check runs them anew."""
    return compile(source, "<helpers of the suite>", "exec")


def _bases(value: object) -> tuple[str, ...]:
    """Name torch's classes that an object is an instance of, as `probes.is_instance` would."""
    found = (_BASES.get(id(base)) for base in _mro_of(type(value)))
    return tuple(name for name in found if name is not None)


def _summary(value: object) -> str:
    """Describe a tensor that cannot cross, or a callable; never calls a method of the object."""
    if isinstance(value, torch.Tensor):
        size = tuple(torch.Tensor.size(value))
        return f"shape {size}, {value.dtype}, {value.layout}, {value.device.type}"
    if isinstance(value, types.FunctionType | types.BuiltinFunctionType | type):
        return str(value.__name__)[:_MAX_SUMMARY]
    return ""


def _memory_kind(error: BaseException) -> Any:  # noqa: ANN401 - one of the wire's literals
    if isinstance(error, torch.OutOfMemoryError):
        return "device"
    if isinstance(error, MemoryError):
        return "host"
    text = safe_text(error) if isinstance(error, RuntimeError) else ""
    markers = ("can't allocate memory", "not enough memory", "Cannot allocate memory", "bad_alloc")
    return "host" if any(marker in text for marker in markers) else None


def _flush_output() -> None:
    """Hand buffered prints over before the answer, so that they are not lost with the process."""
    with contextlib.suppress(BaseException):
        sys.stdout.flush()
    with contextlib.suppress(BaseException):
        sys.stderr.flush()


def report_exits(dump: int) -> None:
    """Make `os._exit` leave a traceback behind in `dump`, so that its line can be named."""
    import faulthandler  # noqa: PLC0415 - only here

    write, leave = faulthandler.dump_traceback, os._exit

    def exit_with_traceback(status: int) -> None:
        write(dump, False)  # noqa: FBT003 - not all threads
        leave(status)

    os._exit = detached(exit_with_traceback)  # type: ignore[arg-type]
