"""Builds the wheel that a kit carries, from the tree that this program runs from; offline."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import grader
from grader.errors import UsageError
from grader.language import Text, text

__all__ = ["build_wheel", "read_wheel"]

_SOURCES: Final = ("pyproject.toml", "README.md", "LICENSE")
_BUILD: Final = "import setuptools.build_meta as build; print(build.build_wheel('dist'))"
_EPOCH: Final = "1577836800"
"""2020-01-01: the same sources give the same bytes. A zip cannot hold a date before 1980."""
_SECONDS: Final = 300
_TOO_SLOW: Final = Text(
    en=f"setuptools took more than {_SECONDS} seconds", zh=f"setuptools 用时超过 {_SECONDS} 秒"
)
_SILENT: Final = Text(en="setuptools said nothing", zh="setuptools 没有给出原因")


def build_wheel() -> tuple[str, bytes]:
    """Build a wheel of this program.

    Returns:
        Its file's name and its content.

    Raises:
        UsageError: This program runs from a wheel itself, setuptools is missing or takes too
            long, or the folder for temporary files cannot be written to.
    """
    root = Path(grader.__file__).parents[1]
    if not all((root / name).is_file() for name in _SOURCES):
        raise _cannot(root, Text(en="pyproject.toml is missing", zh="缺少 pyproject.toml"))
    try:
        with TemporaryDirectory(prefix="grade-wheel-") as scratch:
            return _build(root, Path(scratch))
    except subprocess.TimeoutExpired as error:
        raise _cannot(root, _TOO_SLOW) from error
    except OSError as error:
        raise _cannot(root, text(str(error))) from error


def _build(root: Path, tree: Path) -> tuple[str, bytes]:
    """Build it in a copy, since a build leaves folders behind where it runs."""
    for name in _SOURCES:
        shutil.copy(root / name, tree)
    shutil.copytree(root / "grader", tree / "grader", ignore=shutil.ignore_patterns("__pycache__"))
    finished = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", _BUILD],
        cwd=tree,
        env=os.environ | {"SOURCE_DATE_EPOCH": _EPOCH, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        timeout=_SECONDS,
    )
    wheels = sorted((tree / "dist").glob("*.whl"))
    if finished.returncode != 0 or len(wheels) != 1:
        raise _cannot(root, _last_line(finished.stderr))
    return wheels[0].name, wheels[0].read_bytes()


def read_wheel(path: Path) -> tuple[str, bytes]:
    """Take a wheel that was built before.

    Raises:
        UsageError: It cannot be read, or is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _cannot(path, text(error.strerror or str(error))) from error
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise _cannot(path, Text(en="it is no wheel", zh="它不是 wheel"))
    return path.name, content


def _last_line(said: str) -> Text:
    lines = said.strip().splitlines()
    return text(lines[-1]) if lines else _SILENT


def _cannot(path: Path, why: Text) -> UsageError:
    return UsageError(
        Text(
            en=f"no wheel of the grader could be had from {path}: {why.en}",
            zh=f"无法从 {path} 得到评分程序的 wheel：{why.zh}",
        ),
        hint=Text(
            en="`pip install 'setuptools>=77'` helps where that is missing; or name a wheel with "
            "`--wheel FILE`, or a package with `--requirement torchgrade==VERSION`.",
            zh="如果缺少 setuptools，请运行 `pip install 'setuptools>=77'`；"
            "也可以用 `--wheel 文件` 指定 wheel，"
            "或用 `--requirement torchgrade==版本` 指定软件包。",
        ),
    )
