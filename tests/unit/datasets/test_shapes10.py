from __future__ import annotations

import hashlib
import importlib.util
import zlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch
from torch import nn

from grader.datasets import load_images, open_dataset
from grader.datasets.cifar_format import decode_batch
from grader.datasets.image_sets import META, SHAPES10
from grader.datasets.shapes10 import LABEL_NAMES, draw_batch

ROOT = Path(__file__).parents[3]


def test_every_file_has_the_bytes_whose_checksums_are_committed(
    shapes10: dict[str, bytes],
) -> None:
    lines = (ROOT / "datasets" / "shapes10.sha256").read_text(encoding="utf-8").splitlines()
    committed = {line.split("/")[-1]: line.split()[0] for line in lines}
    assert {n: hashlib.sha256(c).hexdigest() for n, c in shapes10.items()} == committed
    md5 = {n: hashlib.md5(c, usedforsecurity=False).hexdigest() for n, c in shapes10.items()}
    assert md5 == SHAPES10.files


def test_every_batch_holds_each_class_equally_often(shapes10: dict[str, bytes]) -> None:
    for name, content in shapes10.items():
        if name != META:
            labels = decode_batch(content).labels
            assert np.bincount(labels, minlength=10).tolist() == [len(labels) // 10] * 10


def test_no_image_is_there_twice(shapes10: dict[str, bytes]) -> None:
    batches = [decode_batch(content).images for name, content in shapes10.items() if name != META]
    images = np.concatenate(batches).reshape(-1, 3072)
    assert len(images) == 4000
    assert len(np.unique(images, axis=0)) == 4000


def test_a_batch_does_not_depend_on_what_was_drawn_before(shapes10: dict[str, bytes]) -> None:
    again = draw_batch(3)
    assert np.array_equal(again.images, decode_batch(shapes10["data_batch_4"]).images)


def test_light_on_dark_is_as_frequent_as_dark_on_light() -> None:
    images, labels = draw_batch(0)
    discs = images[labels == LABEL_NAMES.index("disc")].astype(int)
    # A disc covers the middle and never the corners.
    is_light = discs[:, :, 14:18, 14:18].mean((1, 2, 3)) > discs[:, :, :2, :2].mean((1, 2, 3))
    assert 15 <= is_light.sum() <= 45


def test_the_committed_picture_is_the_one_that_the_script_draws() -> None:
    script = _script("draw_shapes10")
    drawn = script.to_png(script.contact_sheet())
    committed = (ROOT / "datasets" / "shapes10.png").read_bytes()
    # Versions of zlib may pack the same rows differently.
    assert _rows_of(committed) == _rows_of(drawn), "draw it: python scripts/draw_shapes10.py"
    assert len(committed) < 50_000


@pytest.mark.slow
def test_a_linear_model_stays_far_below_what_a_network_reaches(data_folder: Path) -> None:
    training, test = load_images(train=True), load_images(train=False)
    torch.manual_seed(0)
    model = nn.Sequential(nn.Flatten(), nn.Linear(3072, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-4)
    for _ in range(5):
        for chosen in torch.randperm(3000).reshape(-1, 50):
            loss = nn.functional.cross_entropy(
                model(training.images[chosen]), training.labels[chosen]
            )
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
    accuracy = (model(test.images).argmax(1) == test.labels).float().mean()
    assert 0.15 < accuracy < 0.45


def test_load_images_gives_tensors_for_training(data_folder: Path) -> None:
    images, labels = load_images(train=False)
    assert (images.shape, images.dtype) == ((1000, 3, 32, 32), torch.float32)
    assert (labels.shape, labels.dtype) == ((1000,), torch.int64)
    assert 0 <= images.min() < 0.05
    assert 0.95 < images.max() <= 1


def test_torchvision_reads_the_same_images(data_folder: Path) -> None:
    dataset = open_dataset(train=True)
    images, labels = load_images(train=True)
    assert tuple(dataset.classes) == LABEL_NAMES
    assert torch.equal(dataset[1234][0], images[1234])
    assert torch.equal(torch.tensor(dataset.targets), labels)


@pytest.mark.slow
def test_an_opened_dataset_can_be_sent_to_the_workers_of_a_loader(data_folder: Path) -> None:
    loader = torch.utils.data.DataLoader(
        open_dataset(train=False),
        batch_size=500,
        num_workers=1,
        multiprocessing_context="spawn",
    )
    assert sum(len(labels) for _, labels in loader) == 1000


def _script(name: str) -> ModuleType:
    folder = ROOT / "scripts"
    spec = importlib.util.spec_from_file_location(name, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        spec.loader.exec_module(module)
    return module


def _rows_of(png: bytes) -> bytes:
    start = png.index(b"IDAT")
    length = int.from_bytes(png[start - 4 : start], "big")
    return zlib.decompress(png[start + 4 : start + 4 + length])
