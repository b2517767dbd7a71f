"""Writes plain data as a JSON document that people can read."""

from __future__ import annotations

import msgspec

from grader.report.neutralise import for_json

__all__ = ["to_document"]


def to_document(data: object) -> bytes:
    """Encode data as JSON, indented, with a line feed at the end and nothing unprintable in it."""
    return for_json(msgspec.json.format(msgspec.json.encode(data), indent=2)) + b"\n"
