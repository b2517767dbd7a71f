"""What a sealed file holds, and how exercises are made of it without a disk.

Beneath the encryption is a zip archive with the folders of a course, in which `seal.json` says what
it was made from. Encryption to a public key tells nothing about who encrypted; so `seal.json` has a
code over all other files (HMAC-SHA256) that only whoever has the key can make.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import msgspec

from grader.course.catalog import Course, make_exercise
from grader.course.lock import LOCK_NAME, decode_lock
from grader.course.manifest import MANIFEST_NAME, decode_manifest
from grader.course.models import Exercise
from grader.course.sources import SUITE_FILES
from grader.errors import CourseError, UsageError
from grader.kit.archive import to_zip
from grader.language import Text, text
from grader.seal.age import decrypt, encrypt
from grader.version import VERSION

__all__ = ["open_sealed", "read_sealed", "seal"]

_FORMAT: Final = 1
_LABEL: Final = "seal.json"
_MAX_BYTES: Final = 256 * 2**20
"""Far more than a course holds."""
_PURPOSE: Final = b"torchgrade sealed suites 1\0"


class _Label(msgspec.Struct, frozen=True, kw_only=True):
    """The content of `seal.json`."""

    format: int = _FORMAT
    grader: str
    exercises: tuple[str, ...]
    """Their names."""
    code: str
    """HMAC-SHA256 over the other files, in hexadecimal."""


def seal(exercises: Sequence[Exercise], key: str) -> bytes:
    """Pack and encrypt what graders need and students must not have.

    Raises:
        CourseError: A file is missing.
        UsageError: The key is none.
    """
    files: dict[str, bytes] = {}
    for exercise in exercises:
        files |= _files_of(exercise)
    label = _Label(
        grader=VERSION,
        exercises=tuple(exercise.name for exercise in exercises),
        code=_code(files, key),
    )
    return encrypt(to_zip(files | {_LABEL: msgspec.json.encode(label)}), key)


def read_sealed(path: Path) -> bytes:
    """Read a sealed file.

    Raises:
        UsageError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_MAX_BYTES)
    except OSError as error:
        cause = error.strerror or str(error)
        raise UsageError(
            Text(en=f"{path} cannot be read: {cause}", zh=f"无法读取 {path}：{cause}"),
            hint=Text(
                en="`grade seal --out FILE` writes one; name it with `--suites`.",
                zh="`grade seal --out 文件` 会生成；请用 `--suites` 指定它。",
            ),
        ) from error


def open_sealed(content: bytes, key: str, path: Path) -> tuple[Exercise, ...]:
    """Open a sealed file in memory; what is in it must never be written to a disk.

    Args:
        content: What `read_sealed` gave.
        key: What it was sealed with.
        path: What to call it, also in the places that errors name.

    Raises:
        UsageError: The key is another, or the file is damaged, forged or of another format.
        ManifestError: The course in it breaks a rule.
    """
    files = _unpacked(decrypt(content, key, str(path)), path)
    try:
        label = msgspec.json.decode(files.pop(_LABEL), type=_Label)
    except (KeyError, msgspec.DecodeError) as error:
        raise _foreign(path, text(str(error))) from error
    if label.format != _FORMAT:
        raise _foreign(path, Text(en=f"format {label.format}", zh=f"格式 {label.format}"))
    if not hmac.compare_digest(label.code, _code(files, key)):
        raise _foreign(path, Text(en="somebody without the key made it", zh="它由没有密钥的人制作"))
    course = Course(path.absolute())
    return tuple(_exercise(course, name, files) for name in label.exercises)


def _files_of(exercise: Exercise) -> dict[str, bytes]:
    folder = f"solutions/{exercise.name}"
    paths = {f"{folder}/{exercise.solution.name}": exercise.solution}
    wrong = sorted(exercise.solution.parent.glob("wrong/*.py"))
    paths |= {f"{folder}/wrong/{path.name}": path for path in wrong}
    paths[f"exercises/{exercise.name}/{MANIFEST_NAME}"] = exercise.folder / MANIFEST_NAME
    for name in (*SUITE_FILES, LOCK_NAME):
        paths[f"tests/suites/{exercise.name}/{name}"] = exercise.suite / name
    try:
        return {name: path.read_bytes() for name, path in paths.items()}
    except OSError as error:
        raise CourseError(
            Text(
                en=f"{exercise.name}: {error.filename} cannot be read: {error.strerror}",
                zh=f"{exercise.name}：无法读取 {error.filename}：{error.strerror}",
            ),
            hint=Text(
                en="Seal a whole course: with solutions and hidden suites. A kit has neither.",
                zh="请封装完整的课程，即包含参考答案和隐藏测试套件；学习包中没有这些。",
            ),
        ) from error


def _exercise(course: Course, name: str, files: Mapping[str, bytes]) -> Exercise:
    """Make an exercise of files that are in memory."""
    suite = f"tests/suites/{name}/"
    manifest_path = course.exercises / name / MANIFEST_NAME
    manifest = decode_manifest(files[f"exercises/{name}/{MANIFEST_NAME}"], manifest_path)
    lock = decode_lock(
        files[f"{suite}{LOCK_NAME}"], course.suites / name / LOCK_NAME, manifest.tasks
    )
    sources = {
        path.removeprefix(suite): content
        for path, content in files.items()
        if path.startswith(suite)
    }
    sources[f"{name}.py"] = files[f"solutions/{name}/{name}.py"]
    return msgspec.structs.replace(make_exercise(course, manifest, lock), sources=sources)


def _unpacked(content: bytes, path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _foreign(path, text(str(error))) from error


def _code(files: Mapping[str, bytes], key: str) -> str:
    secret = hashlib.sha256(_PURPOSE + key.encode()).digest()
    code = hmac.new(secret, digestmod=hashlib.sha256)
    for name, content in sorted(files.items()):
        code.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
    return code.hexdigest()


def _foreign(path: Path, why: Text) -> UsageError:
    return UsageError(
        Text(
            en=f"{path} is not what `grade seal` wrote with this key: {why.en}",
            zh=f"{path} 不是用该密钥通过 `grade seal` 写出的：{why.zh}",
        ),
        hint=Text(
            en="Seal the course again with this version of `grade`: `grade seal --out FILE`.",
            zh="请用当前版本的 `grade` 重新封装课程：`grade seal --out 文件`。",
        ),
    )
