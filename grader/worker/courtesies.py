"""What is read differently in a submission, so that it runs on the machine that grades it.

A learner's file was written for another machine: one with a GPU, with weights on its disk, with a
data set. It is the syntax tree that changes, and what is changed is told; torch itself stays as it
is, so what an exercise checks of devices holds as before.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Collection, Iterable
from typing import Any, Final, NamedTuple

from grader.worker.definitions import Kept
from grader.worker.likeness import RemarkFact
from grader.worker.names import Definition
from grader.worker.places import clean

DATA_SET_NAME: Final = "__course_images__"
"""The name under which a submission finds the images that stand for a data set."""

_DATA_SETS: Final = frozenset({"CIFAR10", "CIFAR100", "MNIST", "FashionMNIST", "STL10", "SVHN"})
_TO_DEVICE: Final = frozenset({"device", "to"})
_BOARD: Final = "torch.utils.tensorboard"


class Adapted(NamedTuple):
    """The statements as they are to be run, and what was changed in them."""

    kept: list[Kept]
    remarks: list[RemarkFact]


def adapt(
    kept: Iterable[Kept], *, device: str, is_script: bool, siblings: Collection[str]
) -> Adapted:
    """Let statements run here.

    Args:
        kept: What is to be run.
        device: What is graded on; `cuda` in the text means it where it is something else.
        is_script: Whether functions and classes are adapted too; those of an exercise's file are
            told of a device, and have to use it.
        siblings: The modules that were handed in with the file.
    """
    adapted, remarks = [], []
    for statement in kept:
        if _may_need(statement.node):
            reader = _Reader(statement.cell, device, siblings, into_definitions=is_script)
            # Only calls and imports are replaced: a statement stays one.
            node: Any = ast.fix_missing_locations(reader.visit(statement.node))
            adapted.append(statement._replace(node=node))
            remarks += reader.remarks
        else:
            adapted.append(statement)
    return Adapted(adapted, remarks)


def is_needed(texts: Iterable[str], siblings: Collection[str]) -> bool:
    """Whether a file has anything that may have to be changed: told quickly, by its text."""
    signs = (*_SIGNS, "tensorboardX")
    return bool(siblings) or any(sign in text for text in texts for sign in signs)


def _may_need(node: ast.AST) -> bool:
    """Whether anything in a statement may have to be changed; most have nothing of it."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Attribute) and inner.attr in _SIGNS:
            return True
        if isinstance(inner, ast.Constant) and str(inner.value).startswith("cuda"):
            return True
        if isinstance(inner, ast.Name) and inner.id in _DATA_SETS:
            return True
        if isinstance(inner, ast.Import | ast.ImportFrom):
            return True
    return False


_SIGNS: Final = _DATA_SETS | {"cuda", "models"}


class _Reader(ast.NodeTransformer):
    """Rewrites one statement."""

    def __init__(
        self, cell: int | None, device: str, siblings: Collection[str], *, into_definitions: bool
    ) -> None:
        self.remarks: list[RemarkFact] = []
        self._cell = cell
        self._device = device
        self._siblings = siblings
        self._into_definitions = into_definitions

    def visit(self, node: ast.AST) -> ast.AST:
        """Visit a node, but not what an exercise's definitions hold."""
        if isinstance(node, Definition | ast.Lambda) and not self._into_definitions:
            return node
        result: ast.AST = super().visit(node)
        return result

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Adapt a call, from the inside out."""
        self.generic_visit(node)
        name = _last_name(node.func)
        if not self._device.startswith("cuda"):
            self._move(node, name)
        if name in _DATA_SETS and isinstance(node.func, ast.Attribute | ast.Name):
            node.func = ast.copy_location(ast.Name(DATA_SET_NAME, ast.Load()), node.func)
            self._note("data-set-served", node, name=name)
        elif isinstance(node.func, ast.Attribute) and _last_name(node.func.value) == "models":
            self._forget_weights(node, name)
        return node

    def _move(self, node: ast.Call, name: str) -> None:
        if name == "cuda" and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if _last_name(owner) == "torch":
                return
            node.func = ast.copy_location(ast.Attribute(owner, "to", ast.Load()), node.func)
            node.args, node.keywords = [ast.Constant(self._device)], []
            self._note("cuda-read-as", node, device=self._device)
        for values in (node.args if name in _TO_DEVICE else [], node.keywords):
            for each in values:
                value = each.value if isinstance(each, ast.keyword) else each
                is_device = not isinstance(each, ast.keyword) or each.arg in _DEVICE_ARGUMENTS
                if is_device and isinstance(value, ast.Constant) and _is_cuda(value.value):
                    value.value = self._device
                    self._note("cuda-read-as", node, device=self._device)

    def _forget_weights(self, node: ast.Call, name: str) -> None:
        """Have weights drawn that would have to be fetched."""
        words = {word.arg: word for word in node.keywords}
        for key in ("pretrained", "weights"):
            word = words.get(key)
            if word is not None and not _is_none(word.value):
                node.keywords.remove(word)
                self._note("weights-drawn", node, name=name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
        """Find a module that came along, and TensorBoard's writer in torch."""
        module = node.module or ""
        if node.level == 1 and module in self._siblings:
            node.level = 0
        elif node.level == 1 and not module:
            return self._import_siblings(node)
        elif module == "tensorboardX" and not _is_there(module):
            node.module = _BOARD
        return node

    def _import_siblings(self, node: ast.ImportFrom) -> ast.AST:
        """Read `from . import model` as `import model`."""
        if not all(alias.name in self._siblings for alias in node.names):
            return node
        return ast.copy_location(ast.Import(node.names), node)

    def _note(self, identifier: str, node: ast.Call, **values: str) -> None:
        texts = {name: clean(value, 100) for name, value in values.items()}
        self.remarks.append(RemarkFact(identifier, node.lineno, self._cell, texts))


_DEVICE_ARGUMENTS: Final = frozenset({"device", "map_location"})


def _is_cuda(value: object) -> bool:
    return isinstance(value, str) and value.partition(":")[0] == "cuda"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, False)


def _is_there(module: str) -> bool:
    return module in sys.modules or importlib.util.find_spec(module) is not None


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
