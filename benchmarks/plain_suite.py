"""A pytest plugin that runs a hidden suite the usual way: tests and submission in one process.

What graders in use do, for comparison: `SUBMISSION` and `REFERENCE` name the files. No isolation,
no limits, no messages for learners.
"""

from __future__ import annotations

import importlib
import os
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch


def _load(path: str) -> ModuleType:
    module = ModuleType(Path(path).stem)
    exec(compile(Path(path).read_bytes(), path, "exec"), module.__dict__)  # noqa: S102
    return module


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker of suites."""
    config.addinivalue_line("markers", "check: a check that scores")


@pytest.fixture(scope="session")
def _loaded() -> tuple[ModuleType, ModuleType]:
    return _load(os.environ["SUBMISSION"]), _load(os.environ["REFERENCE"])


@pytest.fixture
def student(_loaded: tuple[ModuleType, ModuleType]) -> ModuleType:
    """The submission, as it was before other tests replaced names in it."""
    module = ModuleType("student")
    module.__dict__.update(_loaded[0].__dict__)
    return module


@pytest.fixture(scope="session")
def reference(_loaded: tuple[ModuleType, ModuleType]) -> ModuleType:
    """The solution."""
    return _loaded[1]


@pytest.fixture(scope="session")
def device() -> torch.device:
    """The processor."""
    return torch.device("cpu")


@pytest.fixture
def new() -> Callable[..., Any]:
    """Make an object."""
    return lambda kind, *args, **kwargs: kind(*args, **kwargs)


@pytest.fixture
def seed() -> int:
    """Always the same."""
    return 1


@pytest.fixture
def rng() -> random.Random:
    """Random choices."""
    return random.Random(1)  # noqa: S311 - inputs, not secrets


@pytest.fixture(scope="session")
def images() -> Callable[..., torch.Tensor]:
    """Make images."""
    return lambda *shape: torch.rand(shape)


@pytest.fixture
def randn() -> Callable[..., torch.Tensor]:
    """Make normally distributed values."""
    return lambda *shape, dtype=torch.float32: torch.randn(shape, dtype=dtype)


@pytest.fixture
def integers() -> Callable[..., torch.Tensor]:
    """Make integers."""
    return lambda low, high, shape, dtype=torch.int64: torch.randint(low, high, shape).to(dtype)


@pytest.fixture
def scratch(tmp_path: Path) -> str:
    """Make a folder."""
    folder = tmp_path / "student"
    folder.mkdir()
    return str(folder)


@pytest.fixture
def library() -> Callable[[str], ModuleType]:
    """Import a module."""
    return importlib.import_module


@pytest.fixture
def once(request: pytest.FixtureRequest) -> Callable[[str, Callable[[], Any]], Any]:
    """Find a value once for all tests."""
    known: dict[str, Any] = request.config.__dict__.setdefault("found_once", {})

    def find(name: str, make: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it is
        if name not in known:
            known[name] = make()
        return known[name]

    return find


@pytest.fixture
def define(student: ModuleType) -> Callable[..., Any]:
    """Run helper source."""

    def run(source: str, stand_ins: Iterable[str] = ()) -> ModuleType:
        module = ModuleType("helpers")
        exec(source, module.__dict__)  # noqa: S102
        for name in stand_ins:
            setattr(student, name, getattr(module, name))
        return module

    return run
