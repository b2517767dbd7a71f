"""What was handed in: a script or a notebook, read as text. Nothing of it is executed."""

from __future__ import annotations

from grader.submission.submission import (
    Submission,
    decode_submission,
    max_bytes_of,
    read_submission,
)

__all__ = ["Submission", "decode_submission", "max_bytes_of", "read_submission"]
