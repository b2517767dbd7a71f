"""Reads the file that was handed in. Nothing here executes it or parses it as Python."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, Literal

import msgspec

from grader.errors import SubmissionError
from grader.language import Text
from grader.submission.encoding import decode_source
from grader.submission.file import read_regular_file
from grader.submission.notebook import read_code_cells
from grader.worker.likeness import SiblingFile
from grader.worker.wire import CellSource

MAX_SCRIPT_BYTES: Final = 2 * 1024 * 1024
"""Bytes of a script, and of the code in a notebook."""
MAX_NOTEBOOK_BYTES: Final = 80 * 1024 * 1024
"""Bytes of a notebook: enough for 50 MB of pictures, which are a third larger in base64."""

_KINDS: Final[dict[str, Literal["py", "ipynb"]]] = {".py": "py", ".ipynb": "ipynb"}


class Submission(msgspec.Struct, frozen=True):
    """One file that was handed in for one exercise."""

    id: str
    """The file's name without its suffix."""
    path: str
    """Where it was read from, as given."""
    sha256: str
    """Of the file's bytes, in hexadecimal."""
    kind: Literal["py", "ipynb"]
    cells: tuple[CellSource, ...]
    """A script is one cell without a number; a notebook's code cells count from 1, and cells of
    text do not count."""
    notes: tuple[Text, ...]
    """What a reader of the report should know about how the file was read."""
    siblings: tuple[SiblingFile, ...] = ()
    """Other files that were handed in with it, and that it may import."""

    @property
    def content_sha256(self) -> str:
        """Of all that is graded: `sha256` where the file came alone, else of its siblings too."""
        if not self.siblings:
            return self.sha256
        parts = (self.sha256, *((each.module, each.text) for each in self.siblings))
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()


def read_submission(path: Path) -> Submission:
    """Read a script or a notebook; an empty one is a submission, too.

    Raises:
        SubmissionError: The file is missing, no regular file, too large, or neither a script nor
            a notebook. The student, or who calls the program, can put it right.
    """
    return decode_submission(read_regular_file(path, max_bytes_of(path)), path)


def max_bytes_of(path: Path) -> int:
    """Say how much a file may hold, by its name.

    Raises:
        SubmissionError: It is neither a script nor a notebook.
    """
    return MAX_SCRIPT_BYTES if _kind_of(path) == "py" else MAX_NOTEBOOK_BYTES


def decode_submission(data: bytes, path: Path) -> Submission:
    """Make a submission of a file's bytes, which are in memory already.

    Args:
        data: The content, of a sensible size.
        path: What the file is called; it need not be there.

    Raises:
        SubmissionError: It is neither a script nor a notebook.
    """
    kind = _kind_of(path)
    decoded = decode_source(data, path, has_cookie=kind == "py")
    if kind == "py":
        cells: tuple[CellSource, ...] = (CellSource(None, decoded.text),)
    else:
        cells = read_code_cells(decoded.text, path, MAX_SCRIPT_BYTES)
    return Submission(
        id=path.stem,
        path=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        kind=kind,
        cells=cells,
        notes=decoded.notes,
    )


def _kind_of(path: Path) -> Literal["py", "ipynb"]:
    kind = _KINDS.get(path.suffix.lower())
    if kind is not None or path.is_dir():
        return kind or "py"
    msg = Text(
        en=f"{path} is neither a Python file (.py) nor a notebook (.ipynb)",
        zh=f"{path} 既不是 Python 文件（.py），也不是 notebook（.ipynb）",
    )
    hint = Text(
        en="Hand in the exercise's own file, with its own name.",
        zh="请提交练习本身的文件，并保留原来的文件名。",
    )
    raise SubmissionError(msg, hint=hint)
