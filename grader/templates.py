"""Files that other systems run, as they lie in the package under `ci_templates/`."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["read_template"]


def read_template(name: str) -> bytes:
    """Read a file.

    Args:
        name: Its path below `ci_templates/`, with `/`.
    """
    return files("grader").joinpath("ci_templates", *name.split("/")).read_bytes()
