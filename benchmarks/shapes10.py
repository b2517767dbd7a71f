"""How hard shapes10 is: for a linear model, and for the networks of ex07 and ex08.

`python benchmarks/shapes10.py [SEEDS]`: each is trained from new weights once a seed, on one core.
The networks are trained by `fit` of ex08's solution. Of the linear model the best accuracy of all
its epochs counts, which flatters it.
"""

from __future__ import annotations

import importlib.util
import statistics
import time
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple

import torch
from timing import ROOT, rounds_from_arguments
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from grader.datasets import Images, load_images


class Setting(NamedTuple):
    """What is trained, and how."""

    make_model: Callable[[], nn.Module]
    images: int
    batch_size: int
    epochs: int
    best_epoch_counts: bool = False
    """Otherwise the last one does."""


class Result(NamedTuple):
    """What one seed gave."""

    accuracy: float
    seconds: float
    """Of processor time: what it takes on one core that nobody else uses."""


def main(seeds: int) -> None:
    """Train everything and print a table."""
    torch.set_num_threads(1)
    training = load_images(train=True, name="shapes10")
    test = load_images(train=False, name="shapes10")
    lesson = _solution("ex08_training")
    cifar_net = _solution("ex07_sequential").Cifar10Net
    settings = {
        "linear": Setting(_linear_model, 3000, 64, 30, best_epoch_counts=True),
        "Cifar10Net (ex07)": Setting(cifar_net, 3000, 32, 2),
        "RegularizedNet (ex08)": Setting(lesson.RegularizedNet, 3000, 16, 1),
        "RegularizedNet, half": Setting(lesson.RegularizedNet, 1500, 16, 1),
    }
    print(f"{'model':22} images batch epochs  accuracy: lowest median highest   CPU s: median")
    for name, setting in settings.items():
        results = [_train(lesson, setting, training, test, seed) for seed in range(seeds)]
        _print_row(name, setting, results)


def _linear_model() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(3 * 32 * 32, 10))


def _train(
    lesson: ModuleType, setting: Setting, training: Images, test: Images, seed: int
) -> Result:
    torch.manual_seed(seed)
    model = setting.make_model()
    part = TensorDataset(*(tensor[: setting.images] for tensor in training))
    batches = DataLoader(part, batch_size=setting.batch_size, shuffle=True)
    start = time.process_time()
    rows = lesson.fit(
        model, batches, DataLoader(TensorDataset(*test), batch_size=250), setting.epochs, "cpu"
    )
    seconds = time.process_time() - start
    accuracies = [row["accuracy"] for row in rows]
    return Result(max(accuracies) if setting.best_epoch_counts else accuracies[-1], seconds)


def _print_row(name: str, setting: Setting, results: list[Result]) -> None:
    accuracies = [result.accuracy for result in results]
    shown = [min(accuracies), statistics.median(accuracies), max(accuracies)]
    columns = "  ".join(f"{accuracy:6.1%}" for accuracy in shown)
    seconds = statistics.median(result.seconds for result in results)
    sizes = f"{setting.images:6} {setting.batch_size:5} {setting.epochs:6}"
    print(f"{name:22} {sizes}            {columns}            {seconds:7.1f}", flush=True)


def _solution(name: str) -> ModuleType:
    path = ROOT / "solutions" / name / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main(rounds_from_arguments(5))
