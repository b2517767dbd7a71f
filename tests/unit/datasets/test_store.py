from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from torchvision.datasets import CIFAR10

from grader.course.catalog import Course
from grader.datasets import find_dataset, open_dataset, store
from grader.datasets.image_sets import BASE_FOLDER, SHAPES10
from grader.datasets.store import DATA_VARIABLE, install, locate, read_split, stores, write_shapes10
from grader.errors import DatasetUnavailableError, UsageError
from grader.session.nursery import worker_environment

COMMAND = [
    *(sys.executable, "-c"),
    "from grader.datasets import find_dataset; print(find_dataset('shapes10').root)",
]


@pytest.fixture(autouse=True)
def _nothing_is_drawn_here(data_folder: Path) -> None:
    pass


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_shapes10_is_made_where_it_is_missing_and_found_from_then_on(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_dataset()
    assert (found.image_set, found.root) == (SHAPES10, data_folder / "shapes10")
    assert contents(found.root) == [BASE_FOLDER]
    monkeypatch.setattr(store, "install", None)
    assert find_dataset() == find_dataset("shapes10") == found


def test_cifar10_is_preferred_where_it_is(data_folder: Path, as_cifar10: Any) -> None:
    as_cifar10.put_into(data_folder)
    found = find_dataset()
    assert (found.image_set.name, found.root) == ("cifar10", data_folder)
    assert read_split(found, train=True).images.shape == (10, 3, 32, 32)
    assert read_split(found, train=False).labels.tolist() == [5, 9]


def test_cifar10_is_opened_by_torchvisions_own_class(
    data_folder: Path, as_cifar10: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_cifar10.put_into(data_folder)
    image_set = as_cifar10.image_set
    monkeypatch.setattr(CIFAR10, "train_list", list(image_set.train.items()))
    monkeypatch.setattr(CIFAR10, "test_list", list(image_set.test.items()))
    monkeypatch.setitem(CIFAR10.meta, "md5", image_set.meta_md5)
    assert type(open_dataset(train=True)) is CIFAR10
    assert len(open_dataset(train=False)) == 2


def test_cifar10_is_never_fetched_by_looking_for_it(data_folder: Path) -> None:
    with pytest.raises(DatasetUnavailableError) as caught:
        find_dataset("cifar10")
    assert "`grade data cifar10`" in str(caught.value.hint)


def test_a_name_that_no_data_set_has_is_refused(data_folder: Path) -> None:
    with pytest.raises(UsageError, match="imagenet"):
        find_dataset("imagenet")


@pytest.mark.parametrize("harm", ["changed", "shortened", "removed"])
def test_a_damaged_copy_is_replaced(data_folder: Path, harm: str) -> None:
    root = find_dataset("shapes10").root
    path = root / BASE_FOLDER / "data_batch_3"
    content = path.read_bytes()
    if harm == "removed":
        path.unlink()
    else:
        path.write_bytes(content[:-1] + (b"!" if harm == "changed" else b""))
    assert locate(SHAPES10, [data_folder]) is None
    assert find_dataset("shapes10").root == root
    assert path.read_bytes() == content
    assert contents(root) == [BASE_FOLDER]


def test_a_file_that_changes_after_it_was_found_is_not_read(data_folder: Path) -> None:
    found = find_dataset("shapes10")
    with (found.root / BASE_FOLDER / "test_batch").open("ab") as file:
        file.write(b"more")
    with pytest.raises(DatasetUnavailableError, match="test_batch is missing or damaged"):
        read_split(found, train=False)


def test_several_that_make_it_at_once_all_find_it_whole(data_folder: Path) -> None:
    running = [subprocess.Popen(COMMAND, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=100)[0].strip() for process in running]
    assert said == [str(data_folder / "shapes10")] * 3
    assert locate(SHAPES10, [data_folder]) is not None
    assert contents(data_folder / "shapes10") == [BASE_FOLDER]


def test_what_a_killed_process_left_is_no_data_set_and_is_removed_later(
    data_folder: Path,
) -> None:
    root = data_folder / "shapes10"
    process = subprocess.Popen(COMMAND)
    while not list(root.glob(".unfinished-*/*/data_batch_1")):
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert not (root / BASE_FOLDER).exists()
    (left,) = root.iterdir()
    find_dataset("shapes10")
    assert left.exists(), "it might belong to a process that is still at work"
    an_hour_ago = time.time() - 3700
    os.utime(left, (an_hour_ago, an_hour_ago))
    (root / BASE_FOLDER / "data_batch_1").unlink()
    find_dataset("shapes10")
    assert contents(root) == [BASE_FOLDER]


def test_the_next_folder_is_used_where_the_first_may_not_be_written_to(tmp_path: Path) -> None:
    # A file stands in for a folder without permission: root may write everywhere.
    blocked = tmp_path / "blocked"
    blocked.touch()
    root = install(SHAPES10, write_shapes10, [blocked, tmp_path / "cache"])
    assert root == tmp_path / "cache" / "shapes10"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir(mode=0o500)
    root = install(SHAPES10, write_shapes10, [tmp_path / "course", tmp_path / "cache"])
    assert root == tmp_path / "cache" / "shapes10"


def test_a_full_disk_is_passed_over_and_nothing_is_left_on_it(tmp_path: Path) -> None:
    full = tmp_path / "full"

    def write(folder: Path) -> None:
        write_shapes10(folder)
        if folder.is_relative_to(full):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert install(SHAPES10, write, [full, tmp_path / "cache"]).parent == tmp_path / "cache"
    assert contents(full / "shapes10") == []


def test_where_nothing_can_be_written_every_folder_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.touch()
    with pytest.raises(DatasetUnavailableError) as caught:
        install(SHAPES10, write_shapes10, [blocked])
    assert f"{blocked} (" in caught.value.message.en
    assert DATA_VARIABLE in str(caught.value.hint)


def test_files_with_other_checksums_are_not_installed(tmp_path: Path) -> None:
    def write(folder: Path) -> None:
        write_shapes10(folder)
        (folder / BASE_FOLDER / "batches.meta").write_bytes(b"")

    with pytest.raises(DatasetUnavailableError, match="not what its checksums say"):
        install(SHAPES10, write, [tmp_path])
    assert contents(tmp_path / "shapes10") == []


def test_the_course_comes_first_then_the_users_cache(
    small_course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert stores() == (small_course.root / "datasets", tmp_path / "torchgrade" / "datasets")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "mine"))
    assert stores() == (tmp_path / "mine",)


def test_a_folder_of_a_user_who_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, "~nobody-is-called-so/data")
    with pytest.raises(UsageError, match="~nobody-is-called-so/data, and there is no such home"):
        stores()


def test_a_user_without_a_home_has_the_cache_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.delenv(DATA_VARIABLE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "home", nowhere)
    assert stores()[-1] == tmp_path / "torchgrade" / "datasets"


def test_suites_look_where_the_command_line_looks(data_folder: Path) -> None:
    assert worker_environment()[DATA_VARIABLE] == str(data_folder)
