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

    def ask(self, make: Callable[[list[wire.Value]], wire.Request], *values: object) -> Any:  # noqa: ANN401
        """Encode values, send the request that `make` builds of them, decode the answer."""
        ...


class RemoteObject:
    """An object in the worker."""

    def __init__(self, link: Link, handle: wire.HandleValue) -> None:
        """Stand for the object with this handle."""
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_handle", handle)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the attribute is
        """Read an attribute over there."""
        if name.startswith("__") and name.endswith("__"):
            # pytest and copy ask every object for dunders; those are about the stand-in.
            raise AttributeError(name)
        return self._link.ask(lambda _: wire.Get(self._handle.id, name))

    def __setattr__(self, name: str, value: object) -> None:
        """Set an attribute over there."""
        self._link.ask(lambda values: wire.Put(self._handle.id, name, values[0]), value)

    def __call__(self, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
        """Call the object over there."""
        return self._link.ask(
            lambda values: wire.Call(
                self._handle.id,
                tuple(values[: len(args)]),
                dict(zip(kwargs, values[len(args) :], strict=True)),
            ),
            *args,
            *kwargs.values(),
        )

    def __getitem__(self, key: object) -> Any:  # noqa: ANN401
        """Index the object over there."""
        return self._link.ask(lambda values: wire.Item(self._handle.id, values[0]), key)

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
        return f"<{self._handle.type_name} in the worker>"


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
        try:
            return super().__getattr__(name)
        except StudentError as error:
            if "AttributeError" in error.raised.bases and error.raised.place is None:
                raise NameMissing(name) from error
            raise


def run_probe(link: Link, name: str, *args: object, **kwargs: object) -> Any:  # noqa: ANN401
    """Run one of the worker's probes."""
    return link.ask(
        lambda values: wire.Probe(
            name, tuple(values[: len(args)]), dict(zip(kwargs, values[len(args) :], strict=True))
        ),
        *args,
        *kwargs.values(),
    )


def handle_of(value: object) -> wire.HandleValue | None:
    """Give the handle behind a stand-in."""
    if isinstance(value, RemoteObject):
        handle: wire.HandleValue = object.__getattribute__(value, "_handle")
        return handle
    return None


def link_of(value: RemoteObject) -> Link:
    """Give the link behind a stand-in."""
    link: Link = object.__getattribute__(value, "_link")
    return link
