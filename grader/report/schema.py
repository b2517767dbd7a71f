"""Generates the JSON Schema of a report: `python -m grader.report.schema` writes it anew."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from grader import language
from grader.atomic import write_atomically
from grader.report import examination, model, pictures

__all__ = ["SCHEMA_FILE", "make_schema"]

SCHEMA_FILE: Final = Path(__file__).with_name("schema.json")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def make_schema() -> bytes:
    """Make the schema's text from the classes and the docstrings beneath their fields."""
    (reference,), definitions = msgspec.json.schema_components([model.Report])
    for module in (model, examination, pictures, language):
        for name, field, description in _field_docstrings(inspect.getsource(module)):
            if name in definitions:
                definitions[name]["properties"][field]["description"] = description
    for definition in definitions.values():
        _require_all(definition)
    document = {"$schema": _DIALECT, **reference, "$defs": definitions}
    text = msgspec.json.encode(document)
    return msgspec.json.format(text, indent=2) + b"\n"


def _field_docstrings(source: str) -> Iterator[tuple[str, str, str]]:
    """Give class, field and text of every string that stands beneath a field."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.ClassDef):
            continue
        for field, below in zip(node.body, node.body[1:], strict=False):
            match field, below:
                case (
                    ast.AnnAssign(target=ast.Name(id=name)),
                    ast.Expr(value=ast.Constant(value=str(text))),
                ):
                    yield node.name, name, inspect.cleandoc(text)
                case _:
                    pass


def _require_all(definition: dict[str, Any]) -> None:
    """Say that every key is there: fields have defaults for us, a document has them all."""
    properties = definition["properties"]
    definition["required"] = sorted(properties)
    for described in properties.values():
        described.pop("default", None)
    if "type" in properties:
        properties["type"].setdefault("description", "Tells the kind of the object.")


if __name__ == "__main__":
    write_atomically(SCHEMA_FILE, make_schema())
