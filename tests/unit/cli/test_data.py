from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from grader.datasets import fetch as fetching
from grader.datasets.image_sets import CIFAR10
from grader.datasets.store import DATA_VARIABLE
from grader.errors import DatasetUnavailableError

Grade = Callable[..., Any]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_data_set_is_listed_with_its_place_or_how_to_get_it(grade: Grade, folder: Path) -> None:
    before = grade("data").out
    assert "`grade data cifar10`" in before
    assert "`grade data shapes10`" in before
    made = grade("data", "shapes10")
    assert (made.code, made.out) == (0, f"{folder / 'shapes10'}\n")
    assert (
        f"shapes10: 4,000 drawn images of ten shapes\n    {folder / 'shapes10'}"
        in grade("data").out
    )
    assert "4,000 张绘制图像" in grade("data", "--lang", "zh").out


def test_root_names_another_folder(grade: Grade, tmp_path: Path, folder: Path) -> None:
    assert grade("data", "shapes10", "--root", tmp_path).out == f"{tmp_path / 'shapes10'}\n"
    assert not folder.exists()


@pytest.mark.slow
def test_no_network_ends_with_5_and_a_hint(
    grade: Grade, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Nothing listens on port 9 of this machine; torchvision is asked all the same.
    nowhere = structs.replace(CIFAR10, url="http://127.0.0.1:9/cifar-10-python.tar.gz")
    monkeypatch.setattr("grader.datasets.image_sets.IMAGE_SETS", (nowhere,))
    ended = grade("data", "cifar10")
    assert ended.code == DatasetUnavailableError.exit_code == 5
    assert "no connection to 127.0.0.1 (Connection refused)" in ended.err
    assert "hint: Connect to the internet" in ended.err
    assert "shapes10, which needs no network" in " ".join(ended.err.split())
    assert list(folder.iterdir()) == []
    assert "Traceback" not in ended.err
    assert ended.out == ""


def test_a_complete_copy_is_recognised_and_not_fetched_again(
    grade: Grade, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.datasets.store.locate", lambda _image_set, folders: folders[0])
    monkeypatch.setattr(fetching, "fetch", None)
    assert grade("data", "cifar10").out == f"{folder}\n"


def test_an_unknown_data_set_ends_with_2(grade: Grade) -> None:
    ended = grade("data", "imagenet")
    assert ended.code == 2
    assert "cifar10, shapes10" in ended.err
