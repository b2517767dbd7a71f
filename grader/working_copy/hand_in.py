"""Packs a student's answer for the instructor: as an archive, or as a commit with a tag."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from grader.atomic import write_atomically
from grader.course.models import Exercise
from grader.errors import UsageError
from grader.language import Text
from grader.submission import Submission
from grader.version import VERSION

__all__ = ["FORMAT", "MANIFEST", "Tagged", "describe", "tag_answer", "write_archive"]

FORMAT: Final = 1
MANIFEST: Final = "submission.json"
"""Its name in the archive. What is no script or notebook is passed over by those who grade."""


class Tagged(NamedTuple):
    """What git has now."""

    tag: str
    commit: str


def describe(exercise: Exercise, submission: Submission) -> dict[str, Any]:
    """Describe an answer: what it is for, its bytes, when it was saved, with which program."""
    details = Path(submission.path).stat()
    return {
        "format": FORMAT,
        "exercise": exercise.id,
        "file": f"{exercise.name}.{submission.kind}",
        "sha256": submission.sha256,
        "bytes": details.st_size,
        # Not the time of packing: the same file gives the same archive.
        "saved_at": _saved_at(details.st_mtime).isoformat(timespec="seconds"),
        "grader": VERSION,
    }


def write_archive(exercise: Exercise, submission: Submission, out: Path) -> dict[str, Any]:
    """Write a zip with the file, under the exercise's own name, what it imports, and a description.

    Returns:
        The description.

    Raises:
        ReportNotWrittenError: The archive cannot be written.
    """
    description = describe(exercise, submission)
    file = Path(submission.path)
    saved = _saved_at(file.stat().st_mtime)
    parts = {
        str(description["file"]): file.read_bytes(),
        **{way: file.parent.joinpath(way).read_bytes() for way in _imported(submission)},
        MANIFEST: (json.dumps(description, indent=2) + "\n").encode(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The format knows no year before 1980.
            info = zipfile.ZipInfo(name, max((1980, 1, 1, 0, 0, 0), saved.timetuple()[:6]))
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    write_atomically(out, packed.getvalue())
    return description


def tag_answer(exercise: Exercise, submission: Submission) -> Tagged:
    """Commit the file with what it imports, if that has changed, and tag it for the instructor.

    Raises:
        UsageError: There is no git or no repository, or git refuses.
    """
    file = Path(submission.path).absolute()
    message = json.dumps(describe(exercise, submission), indent=2)
    _git(file.parent, "rev-parse", "--show-toplevel")
    names = [file.name, *_imported(submission)]
    _git(file.parent, "add", "--", *names)
    if _git(file.parent, "diff", "--cached", "--name-only", "HEAD", "--", *names, may_fail=True):
        # `--only`: what else the student has staged is not handed in by this.
        _git(file.parent, "commit", "-q", "-m", f"Submit {exercise.id}", "--only", "--", *names)
    prefix = f"submit/{exercise.id}/"
    numbers = _git(file.parent, "tag", "--list", f"{prefix}*").split()
    last = max((int(end) for tag in numbers if (end := tag[len(prefix) :]).isdigit()), default=0)
    tag = f"{prefix}{last + 1}"
    _git(file.parent, "tag", "-a", tag, "-m", message)
    return Tagged(tag, _git(file.parent, "rev-parse", "--short", "HEAD"))


def _imported(submission: Submission) -> list[str]:
    """Give the files that an answer imports, by the way from its folder."""
    folder = Path(submission.path).parent
    bases = [one.module.replace(".", "/") for one in submission.siblings]
    ways = [(f"{base}.py", f"{base}/__init__.py") for base in bases]
    return [way for pair in ways for way in pair if folder.joinpath(way).is_file()]


def _saved_at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _git(folder: Path, *words: str, may_fail: bool = False) -> str:
    """Run git and give what it printed."""
    try:
        done = subprocess.run(  # noqa: S603 - words of ours, and no shell
            ["git", *words],  # noqa: S607 - whichever git the student uses
            cwd=folder,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        raise UsageError(
            Text(en=f"git cannot be started: {error}", zh=f"无法启动 git：{error}"),
            hint=Text(
                en="Install git, or leave `--git` out to get an archive.",
                zh="请安装 git；或者去掉 `--git`，改为打包成压缩文件。",
            ),
        ) from error
    if done.returncode and not may_fail:
        said = (done.stderr or done.stdout).strip()
        raise UsageError(
            Text(en=f"git {words[0]} failed: {said}", zh=f"git {words[0]} 失败：{said}"),
            hint=Text(
                en="Do what git says, then run the command again; without `--git` you get an "
                "archive.",
                zh="请按 git 的提示处理后再运行一次；去掉 `--git` 则打包成压缩文件。",
            ),
        )
    return done.stdout.strip()
