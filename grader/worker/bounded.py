"""Texts and numbers of an untrusted process: bounded where they are decoded."""

from __future__ import annotations

from typing import Annotated

import msgspec

Line = Annotated[int, msgspec.Meta(ge=1, le=9_999_999)]
Cell = Annotated[int, msgspec.Meta(ge=1, le=999_999)]
Column = Annotated[int, msgspec.Meta(ge=0, le=9_999_999)]
Short = Annotated[str, msgspec.Meta(max_length=500)]
Message = Annotated[str, msgspec.Meta(max_length=4_000)]
