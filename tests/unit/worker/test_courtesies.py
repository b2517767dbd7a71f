"""What is read differently in a submission: data sets, weights, and devices that are not here."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader

from grader.worker import loading, wire
from grader.worker.courtesies import ImagesWantedError
from grader.worker.images import drawn_images
from grader.worker.in_process import load_data_in_process
from grader.worker.likeness import SiblingFile

DRAWN = drawn_images()


def load(text: str, *required: str, images: Any = DRAWN, **more: Any) -> Any:
    cells = (wire.CellSource(None, text),)
    options: dict[str, Any] = {"run_all": False, "device": "cpu", **more}
    return loading.load(wire.Load(cells, "x.py", required, **options), images)


def ids(report: wire.LoadReport) -> list[str]:
    return [remark.id for remark in report.remarks]


@pytest.mark.parametrize(
    "line",
    [
        "import torchvision\nDATA = torchvision.datasets.CIFAR10('data', download=True)",
        "import torchvision as tv\nDATA = tv.datasets.CIFAR10(root='data')",
        "import torchvision.datasets as dset\nDATA = dset.CIFAR10('data', True)",
        "from torchvision import datasets\nDATA = datasets.CIFAR10('data')",
        "from torchvision.datasets import CIFAR10 as Images\nDATA = Images('data')",
        "from torchvision.datasets import *\nDATA = CIFAR10('data')",
        "from torchvision.datasets.cifar import CIFAR10\nDATA = CIFAR10('data')",
        "import torchvision\nkind = torchvision.datasets.CIFAR10\nDATA = kind('data')",
        "import torchvision\nDATA = getattr(torchvision.datasets, 'CIFAR10')('data')",
        "def f():\n  from torchvision.datasets import CIFAR10\n  return CIFAR10('x')\nDATA = f()",
        "import torchvision\nclass Mine(torchvision.datasets.CIFAR10): pass\nDATA = Mine('data')",
    ],
)
def test_a_data_set_is_served_however_it_is_named(line: str) -> None:
    module, report = load(line, "DATA")
    assert len(module.DATA) == 976
    assert ids(report) == ["data-set-drawn"]


def test_what_only_has_the_name_of_a_data_set_is_left_alone() -> None:
    text = "from torchvision import datasets\nclass MNIST:\n    size = 3\nDATA = MNIST()\n"
    module, report = load(text, "DATA", images=None)
    assert module.DATA.size == 3
    assert not ids(report)


def test_images_are_asked_for_only_where_something_that_runs_needs_them() -> None:
    text = "import torchvision\nDATA = torchvision.datasets.MNIST('data')\nSIZE = {}\n"
    _, report = load(text.format(3), "SIZE", images=None)
    assert report.runnable
    with pytest.raises(ImagesWantedError):
        load(text.format("len(DATA)"), "SIZE", images=None)


def test_a_module_that_came_along_gets_images_too() -> None:
    handed = SiblingFile(
        "handed", "import torchvision\ntest_set = torchvision.datasets.CIFAR10('x', False)\n"
    )
    text = "from handed import test_set\nSIZE = len(test_set)\n"
    with pytest.raises(ImagesWantedError):
        load(text, "SIZE", images=None, siblings=(handed,))
    assert load(text, "SIZE", siblings=(handed,))[0].SIZE == 976


def test_a_starred_import_brings_what_a_module_imports() -> None:
    handed = SiblingFile("handed", "import torch\nimport torch.nn as layers\nSIZE = 3\n")
    text = "from handed import *\nNET = layers.Linear(SIZE, 2)\nX = torch.zeros(SIZE)\n"
    module, report = load(text, "NET", "X", siblings=(handed,))
    assert not report.problems
    assert module.NET(module.X).shape == (2,)


@pytest.mark.parametrize(
    "call",
    [
        "torchvision.models.resnet18(pretrained=True)",
        "torchvision.models.resnet18(True)",
        "torchvision.models.resnet18(weights=torchvision.models.ResNet18_Weights.DEFAULT)",
        "torchvision.models.get_model('resnet18', weights='DEFAULT')",
        "torch.hub.load('pytorch/vision:v0.10.0', 'resnet18', pretrained=True)",
        "torch.hub.load('pytorch/vision', 'resnet18', weights='DEFAULT', trust_repo=True)",
    ],
)
def test_weights_that_would_be_fetched_are_drawn(call: str) -> None:
    module, report = load(f"import torch\nimport torchvision\nNET = {call}\n", "NET")
    assert not report.problems
    assert isinstance(module.NET, torch.nn.Module)
    assert ids(report) == ["weights-drawn"]


def test_random_weights_are_no_news() -> None:
    text = "import torchvision\nNET = torchvision.models.resnet18(weights=None)\n"
    assert not ids(load(text, "NET")[1])


@pytest.mark.parametrize(
    "text",
    [
        "DEVICE = torch.device('cuda:0')",
        "DEVICE = 'cuda'",
        "def pick(device='cuda'):\n    return device\nDEVICE = pick()",
        "x = torch.zeros(1).cuda()\nDEVICE = x.device",
        "x = torch.zeros(1, device='cuda')\nDEVICE = x.device",
    ],
)
def test_cuda_is_the_device_that_is_here(text: str) -> None:
    module, _ = load(f"import torch\n{text}\n", "DEVICE", "Absent", match="behaviour")
    assert str(module.DEVICE) == "cpu"


def test_a_window_is_not_asked_for() -> None:
    text = "import matplotlib\nmatplotlib.use('TkAgg')\nNAME = matplotlib.get_backend()\n"
    module, report = load(text, "NAME", run_all=True)
    assert not report.problems
    assert module.NAME.lower() == "agg"


def test_loops_over_data_come_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DataLoader, "_get_iterator", DataLoader._get_iterator)
    text = """
from torch.utils.data import DataLoader
sizes = []
for epoch in range(3):
    for number in DataLoader(list(range(700))):
        last = int(number)
    sizes.append(last)
"""
    load_data_in_process()
    module, report = load(text, "sizes", run_all=True)
    assert module.sizes == [699, 299, 0]
    (remark,) = report.remarks
    assert (remark.id, remark.line) == ("loop-cut-short", 5)
    assert len(list(DataLoader(range(1_100)))) == 1_100  # type: ignore[arg-type]
