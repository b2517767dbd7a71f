"""Gathers a frame out of the pieces in which a socket gives it."""

from __future__ import annotations

from grader.worker import framing


class FrameBuffer:
    """Gathers one frame as it comes in; a small one comes with one system call."""

    def __init__(self, chunk: bytearray) -> None:
        """Take where a frame begins to arrive; it serves one frame after the other."""
        self._chunk = memoryview(chunk)
        self._filled = 0
        self._places: list[memoryview] | None = None
        """What is yet to be filled, once the lengths are known."""
        self.header = bytearray()
        self.blob = bytearray()

    @property
    def complete(self) -> bool:
        """Whether all of the frame is there."""
        return self._places is not None and not self._places

    def room(self) -> memoryview:
        """Give the place for the next bytes."""
        return self._chunk[self._filled :] if self._places is None else self._places[0]

    def advance(self, count: int) -> None:
        """Note that so many bytes were put there.

        Raises:
            WireError: The frame is too large, or more has come than one frame.
        """
        if self._places is not None:
            self._fill(self._places, count)
            return
        self._filled += count
        if self._filled >= framing.PREFIX.size:
            self._places = self._settle(self._chunk[: self._filled])

    def _settle(self, received: memoryview) -> list[memoryview]:
        """Put what has come into its place, and give the places that are still empty."""
        header, blob = framing.frame_lengths(received[: framing.PREFIX.size])
        rest = received[framing.PREFIX.size :]
        if len(rest) > header + blob:
            msg = "more than was asked for"
            raise framing.WireError(msg)
        self.header, self.blob = bytearray(header), bytearray(blob)
        self.header[: len(rest)] = rest[:header]
        self.blob[: max(0, len(rest) - header)] = rest[header:]
        places = (
            memoryview(self.header)[len(rest) :],
            memoryview(self.blob)[max(0, len(rest) - header) :],
        )
        return [place for place in places if place]

    def _fill(self, places: list[memoryview], count: int) -> None:
        places[0] = places[0][count:]
        if not places[0]:
            del places[0]
