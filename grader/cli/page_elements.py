"""Markdown for a terminal, with what rich would cut in narrow tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.console import Console, ConsoleOptions
from rich.markdown import Markdown, MarkdownElement, TableElement
from rich.table import Table

__all__ = ["MarkdownPage"]


class _WholeTable(TableElement):
    """A table that breaks a word which is wider than its column; Chinese has no blanks."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        for table in super().__rich_console__(console, options):
            assert isinstance(table, Table)  # noqa: S101 - rich makes nothing else here
            for column in table.columns:
                column.overflow = "fold"
            yield table


class MarkdownPage(Markdown):
    """A text of which nothing is cut."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements,
        "table_open": _WholeTable,
    }
