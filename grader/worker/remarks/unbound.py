"""Names that are read and that nothing in the file gives a meaning."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.matching.profiles import LAYERS
from grader.worker.matching.spelling import nearest
from grader.worker.names import Definition
from grader.worker.remarks.script import Script, remark, self_attribute

_ALWAYS: Final = frozenset(dir(builtins)) | {
    "__file__", "__builtins__", "get_ipython", "display", "exit", "quit", "_", "In", "Out",
}  # fmt: skip
_MAX_TOLD: Final = 20
_IMPORTS: Final = {
    "torch": "import torch",
    "nn": "from torch import nn",
    "torchvision": "import torchvision",
    "transforms": "from torchvision import transforms",
    "F": "import torch.nn.functional as F",
    "DataLoader": "from torch.utils.data import DataLoader",
    "Dataset": "from torch.utils.data import Dataset",
    "SummaryWriter": "from torch.utils.tensorboard import SummaryWriter",
    "Image": "from PIL import Image",
    "np": "import numpy as np",
    "plt": "import matplotlib.pyplot as plt",
    "os": "import os",
    "time": "import time",
}


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each name that is read, once; not where a part of the file cannot be read."""
    if _is_open(script):
        return
    bound = {name for node, _ in script.nodes for name in _bound_by(node)} | _ALWAYS
    told: set[str] = set()
    for node, cell in script.nodes:
        if isinstance(node, ast.ClassDef):
            yield from _without_self(node, cell, bound, told)
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        if len(told) >= _MAX_TOLD:
            return
        if is_read and node.id not in bound and node.id not in told:  # type: ignore[attr-defined]
            told.add(node.id)  # type: ignore[attr-defined]
            yield _explained(node, cell, bound, script)  # type: ignore[arg-type]


def _is_open(script: Script) -> bool:
    """Whether names may come from where nothing is known of them."""
    starred = (
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node, _ in script.nodes
    )
    return not script.is_whole or any(starred)


def _bound_by(node: ast.AST) -> Iterator[str]:
    if isinstance(node, Definition):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield from node.names


def _without_self(
    node: ast.ClassDef, cell: int | None, bound: set[str], told: set[str]
) -> Iterator[RemarkFact]:
    """Find `relu1(x)` in a class that has `self.relu1`."""
    nodes = list(ast.walk(node))
    own = {
        self_attribute(each)
        for each in nodes
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    }
    reads = [each for each in nodes if isinstance(each, ast.Name) and each.id in own - bound]
    for each in sorted(reads, key=lambda name: name.lineno):
        if each.id not in told:
            told.add(each.id)
            yield remark("self-left-out", each, cell, name=each.id)


def _explained(node: ast.Name, cell: int | None, bound: set[str], script: Script) -> RemarkFact:
    line = _IMPORTS.get(node.id)
    if line is None and node.id in LAYERS | {"Sequential", "Module"}:
        line = f"from torch.nn import {node.id}"
    if line is not None:
        return remark("import-missing", node, cell, name=node.id, line=line)
    # Who has an object of a class means the object.
    classes = {profile.name for profile in script.instances.values()}
    near = nearest(node.id, bound - _ALWAYS - classes) or nearest(node.id, classes)
    if near is not None:
        return remark("variable-misspelt", node, cell, name=node.id, near=near)
    return remark("variable-undefined", node, cell, name=node.id)
