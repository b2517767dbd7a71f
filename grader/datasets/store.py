"""Finds data sets on disk, and puts them there: whole or not at all.

A data set lies in the first of these folders that has it: the one that GRADE_DATA names, and no
other then; `datasets/` of the course; a cache folder of the user's, for courses that may not be
written to.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from grader.course.catalog import find_course
from grader.datasets.image_sets import BASE_FOLDER, IMAGE_SETS, SHAPES10, ImageSet, image_set_of
from grader.errors import DatasetUnavailableError, UsageError
from grader.language import Text

if TYPE_CHECKING:
    from grader.datasets.cifar_format import CifarBatch

__all__ = ["DATA_VARIABLE", "Found", "find_dataset", "install", "locate", "read_split", "stores"]

DATA_VARIABLE: Final = "GRADE_DATA"

_UNFINISHED: Final = ".unfinished-"
_ABANDONED_SECONDS: Final = 3600
"""From this age on, an unfinished copy is one that somebody's process left behind."""
_ATTEMPTS: Final = 5


class Found(NamedTuple):
    """A complete data set on disk."""

    image_set: ImageSet
    root: Path
    """What torchvision calls `root`: the folder with `cifar-10-batches-py`."""


def find_dataset(name: str | None = None) -> Found:
    """Find a data set; shapes10 is drawn where it is missing.

    Args:
        name: `shapes10` or `cifar10`; None means CIFAR-10 where it is, and shapes10 elsewhere.

    Raises:
        UsageError: No data set has this name.
        DatasetUnavailableError: It is not here and cannot be made here.
    """
    wanted = IMAGE_SETS if name is None else (image_set_of(name),)
    folders = stores()
    for image_set in wanted:
        if root := locate(image_set, folders):
            return Found(image_set, root)
    if SHAPES10 in wanted:
        return Found(SHAPES10, install(SHAPES10, write_shapes10, folders))
    raise DatasetUnavailableError(
        Text(en=f"the data set {name} is not here", zh=f"这里没有数据集 {name}"),
        hint=Text(
            en=f"`grade data {name}` fetches it. If it lies elsewhere already, let "
            f"{DATA_VARIABLE} name the folder.",
            zh=f"运行 `grade data {name}` 下载；如果别处已有，"
            f"请用环境变量 {DATA_VARIABLE} 指定该文件夹。",
        ),
    )


def stores() -> tuple[Path, ...]:
    """List the folders in which data sets may lie, the preferred one first.

    Raises:
        UsageError: GRADE_DATA names the home folder of nobody.
    """
    if chosen := os.environ.get(DATA_VARIABLE):
        try:
            return (Path(chosen).expanduser().absolute(),)
        except RuntimeError as error:
            raise _nobodys(chosen) from error
    folders = []
    with contextlib.suppress(UsageError):
        folders.append(find_course().root / "datasets")
    # A user without a home folder may have no cache.
    with contextlib.suppress(RuntimeError):
        folders.append(_cache() / "torchgrade" / "datasets")
    return tuple(folders)


def locate(image_set: ImageSet, folders: Sequence[Path]) -> Path | None:
    """Find the root of a complete copy: all files are there, with the right checksums."""
    for folder in folders:
        root = folder / image_set.folder
        if _is_complete(root / BASE_FOLDER, image_set):
            return root
    return None


def read_split(found: Found, *, train: bool) -> CifarBatch:
    """Read all training or all test images, from files whose checksums hold.

    Raises:
        DatasetUnavailableError: A file went away or changed since it was found.
    """
    import numpy as np

    from grader.datasets.cifar_format import CifarBatch, decode_batch

    files = found.image_set.train if train else found.image_set.test
    batches = []
    for name, checksum in files.items():
        content = _content(found.root / BASE_FOLDER / name)
        if _md5(content) != checksum:
            raise _damaged(found, name)
        batches.append(decode_batch(content))
    images, labels = zip(*batches, strict=True)
    return CifarBatch(np.concatenate(images), np.concatenate(labels))


def install(image_set: ImageSet, fill: Callable[[Path], None], folders: Sequence[Path]) -> Path:
    """Put a data set into the first folder that takes it, and return its root.

    Whoever looks meanwhile sees no data set or a complete one; two at once do no harm; what a
    killed process left behind is removed by a later one.

    Args:
        image_set: What is put there.
        fill: Writes the data set into an empty folder.
        folders: Where to try, in this order.

    Raises:
        DatasetUnavailableError: No folder could be written to, or what `fill` wrote is not the
            data set.
    """
    refusals = []
    for folder in folders:
        try:
            return _install_in(folder / image_set.folder, image_set, fill)
        except OSError as error:
            refusals.append(f"{folder} ({error.strerror or error})")
    places = ", ".join(refusals)
    raise DatasetUnavailableError(
        Text(
            en=f"the data set {image_set.name} could not be written to any folder: {places}",
            zh=f"数据集 {image_set.name} 无法写入任何文件夹：{places}",
        ),
        hint=Text(
            en=f"Free some space there, or let {DATA_VARIABLE} name a folder that you may "
            "write to.",
            zh=f"请清理磁盘空间，或用环境变量 {DATA_VARIABLE} 指定一个可写的文件夹。",
        ),
    )


def write_shapes10(folder: Path) -> None:
    """Draw shapes10 into a folder."""
    from grader.datasets.shapes10_files import shapes10_files

    (folder / BASE_FOLDER).mkdir()
    for name, content in shapes10_files():
        (folder / BASE_FOLDER / name).write_bytes(content)


def _install_in(root: Path, image_set: ImageSet, fill: Callable[[Path], None]) -> Path:
    root.mkdir(parents=True, exist_ok=True)
    _remove_abandoned(root)
    # Beside its place, since a rename is one step only within a file system.
    unfinished = root / f"{_UNFINISHED}{secrets.token_hex(4)}"
    unfinished.mkdir()
    try:
        fill(unfinished)
        if not _is_complete(unfinished / BASE_FOLDER, image_set):
            raise _not_itself(image_set)
        _move_into_place(unfinished, root / BASE_FOLDER, image_set)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return root


def _move_into_place(unfinished: Path, target: Path, image_set: ImageSet) -> None:
    for _ in range(_ATTEMPTS):
        with contextlib.suppress(OSError):
            # Fails where something lies already, an empty folder aside.
            (unfinished / BASE_FOLDER).rename(target)
            return
        if _is_complete(target, image_set):
            return
        with contextlib.suppress(FileNotFoundError):
            target.rename(unfinished / f"damaged-{secrets.token_hex(4)}")
    (unfinished / BASE_FOLDER).rename(target)


def _remove_abandoned(root: Path) -> None:
    for folder in root.glob(f"{_UNFINISHED}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _is_complete(folder: Path, image_set: ImageSet) -> bool:
    try:
        # The small file first: most incomplete copies lack it.
        return all(
            _md5((folder / name).read_bytes()) == checksum
            for name, checksum in reversed(image_set.files.items())
        )
    except OSError:
        return False


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _md5(content: bytes) -> str:
    # Against accidents, not attacks; and what torchvision compares.
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _cache() -> Path:
    """Give the folder for what can be made again, as the system has it."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    elsewhere = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return elsewhere if elsewhere.is_absolute() else Path.home() / ".cache"


def _nobodys(folder: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{DATA_VARIABLE} names {folder}, and there is no such home folder",
            zh=f"{DATA_VARIABLE} 指向 {folder}，但没有这样的主目录",
        ),
        hint=Text(
            en=f"Let {DATA_VARIABLE} name a folder by its whole path, or unset it.",
            zh=f"请用完整路径设置 {DATA_VARIABLE}，或取消设置。",
        ),
    )


def _not_itself(image_set: ImageSet) -> DatasetUnavailableError:
    return DatasetUnavailableError(
        Text(
            en=f"what was written for {image_set.name} is not what its checksums say",
            zh=f"为 {image_set.name} 写出的文件与校验和不符",
        ),
        hint=Text(
            en="Try again; if that does not help, show your teacher this line.",
            zh="请重试；如果仍然出现，请把这一行发给老师。",
        ),
    )


def _damaged(found: Found, name: str) -> DatasetUnavailableError:
    path = found.root / BASE_FOLDER / name
    return DatasetUnavailableError(
        Text(en=f"{path} is missing or damaged", zh=f"{path} 缺失或已损坏"),
        hint=Text(
            en=f"`grade data {found.image_set.name}` puts it right.",
            zh=f"运行 `grade data {found.image_set.name}` 即可修复。",
        ),
    )
