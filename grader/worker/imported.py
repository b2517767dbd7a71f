"""Which modules a statement imports, by their whole names."""

from __future__ import annotations

import ast

__all__ = ["package_of", "source_of"]


def source_of(node: ast.ImportFrom, package: str) -> str | None:
    """Give the module that an import takes names from; empty for the folder of the submission.

    Args:
        node: The import, relative or not.
        package: The package in which it stands; empty for a file beside the submission.

    Returns:
        The dotted name, or None where it leads out of the submission's folder.
    """
    parts: list[str] = []
    if node.level:
        parts = package.split(".") if package else []
        if node.level > len(parts) + 1:
            return None
        parts = parts[: len(parts) + 1 - node.level]
    return ".".join([*parts, *filter(None, [node.module])])


def package_of(module: str, *, is_package: bool) -> str:
    """Give the package in which a module's own relative imports begin."""
    return module if is_package else module.rpartition(".")[0]
