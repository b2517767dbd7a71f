"""Stand-ins for objects that live in the worker.

Attribute access and calls go over the wire. Plain data and tensors come back by value; all else
as a `RemoteObject`, which can be called, indexed, asked for attributes and passed back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from grader.session.failures import NameMissing, StudentError
from grader.worker import wire

_STUDENT_MODULE = 0


class Link(Protocol):
    """The way to the objects of one submission."""

    names: list[str]
    """The names of the submission that were asked for in this check."""
    callables: frozenset[str]
    """The functions and classes that the submission defines."""

    def ask(self, make: Callable[[list[wire.Value]], wire.Request], *values: object) -> Any:  # noqa: ANN401
        """Encode values, send the request that `make` builds of them, decode the answer."""
        ...


class RemoteObject:
    """An object in the worker."""

    def __init__(self, link: Link, stands_for: wire.HandleValue | wire.NameValue) -> None:
        """Stand for the object with this handle, or for what a name of the submission means."""
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_stands_for", stands_for)

    @property
    def _target(self) -> wire.Target:
        known: wire.HandleValue | wire.NameValue = self._stands_for
        return known.id if isinstance(known, wire.HandleValue) else known

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the attribute is
        """Read an attribute over there."""
        if name.startswith("__") and name.endswith("__"):
            # pytest and copy ask every object for dunders; those are about the stand-in.
            raise AttributeError(name)
        return self._link.ask(lambda _: wire.Get(self._target, name))

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute over there."""
        self._link.ask(lambda values: wire.Put(self._target, name, values[0]), value)

    def __call__(self, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
        """Call the object over there."""
        return self._link.ask(
            lambda values: wire.Call(
                self._target,
                tuple(values[: len(args)]),
                dict(zip(kwargs, values[len(args) :], strict=True)),
            ),
            *args,
            *kwargs.values(),
        )

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401
        """Index the object over there."""
        return self._link.ask(lambda values: wire.Item(self._target, values[0]), key)

    def __len__(self) -> int:
        """Give the length of the object over there."""
        length = run_probe(self._link, "length", self)
        return length if type(length) is int else 0

    def __iter__(self) -> Iterator[Any]:
        """Give the items of the object over there, up to a cap."""
        items, _more = run_probe(self._link, "items", self)
        return iter(items)

    def __bool__(self) -> bool:
        """An object is there; its own truth is not asked for."""
        return True

    def __repr__(self) -> str:
        """Name the type."""
        known: wire.HandleValue | wire.NameValue = self._stands_for
        name = known.type_name if isinstance(known, wire.HandleValue) else known.name
        return f"<{name} in the worker>"


class RemoteModule(RemoteObject):
    """The submission's own namespace."""

    def __init__(self, link: Link) -> None:
        """Stand for the module."""
        handle = wire.HandleValue(id=_STUDENT_MODULE, type_name="module", bases=(), summary="")
        super().__init__(link, handle)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Read a name that the submission defines.

        Raises:
            NameMissing: It does not define it.
        """
        self._link.names.append(name)
        if name in self._link.callables:
            # Looked up where it is used, so that a call takes one question and not two.
            return RemoteObject(self._link, wire.NameValue(name))
        try:
            return super().__getattr__(name)
        except StudentError as error:
            if "AttributeError" in error.raised.bases and error.raised.place is None:
                raise NameMissing(name) from error
            raise


class RemoteHelpers(RemoteObject):
    """A module of a suite's own helpers."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        """Stand for a helper; it is looked up where it is used."""
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        target = self._target
        assert isinstance(target, int)  # noqa: S101 - a module is held by its handle
        return RemoteObject(self._link, wire.NameValue(name, target))


def run_probe(link: Link, name: str, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
    """Run one of the worker's probes."""
    return link.ask(
        lambda values: wire.Probe(
            name, tuple(values[: len(args)]), dict(zip(kwargs, values[len(args) :], strict=True))
        ),
        *args,
        *kwargs.values(),
    )


def wire_value_of(value: object) -> wire.HandleValue | wire.NameValue | None:
    """Give what goes over the wire for a stand-in."""
    if isinstance(value, RemoteObject):
        known: wire.HandleValue | wire.NameValue = object.__getattribute__(value, "_stands_for")
        return known
    return None


def link_of(value: RemoteObject) -> Link:
    """Give the link behind a stand-in."""
    link: Link = object.__getattribute__(value, "_link")
    return link
