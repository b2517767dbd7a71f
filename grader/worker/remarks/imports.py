"""Imports that an editor added, that name no module, or that need a file that is not there."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Collection, Iterator
from typing import Final

from grader.worker.likeness import RemarkFact
from grader.worker.remarks.script import Script, remark

_SLASHES: Final = "//"
_INSTALLED_BESIDE_TORCH: Final = """
    albumentations bs4 cv2 d2l einops fastai huggingface_hub IPython ipywidgets
    jieba joblib keras lightning lightgbm loguru matplotlib mpl_toolkits nltk numba numpy onnx
    onnxruntime openpyxl pandas PIL plotly psutil pytorch_lightning requests rich scipy seaborn
    skimage sklearn statsmodels sympy tabulate tensorboard tensorflow termcolor thop timm
    torchaudio torchinfo torchkeras torchmetrics torchnet torchsummary torchtext torchviz tqdm
    transformers visdom wandb xgboost yaml
"""
_LIBRARIES: Final = frozenset(_INSTALLED_BESIDE_TORCH.split())
"""What learners install beside torch: it is no file of theirs where it is not at hand here."""
_ODD: Final = frozenset({"turtle", "sipbuild", "this", "antigravity", "tkinter", "idlelib"})


def find(script: Script) -> Iterator[RemarkFact]:
    """Look at each import, and at lines that are no Python."""
    for node, cell in script.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from _plain(alias.name, node, cell, script.siblings)
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node, cell, script.siblings)
        elif isinstance(node, ast.Attribute) and ast.unparse(node) == "torch.vision":
            yield remark("torch-vision", node, cell)
    for cell, lines in script.lines.items():
        for number, line in enumerate(lines, 1):
            if line.lstrip().startswith(_SLASHES):
                yield remark("slashes-for-a-comment", ast.Pass(lineno=number), cell)


def _plain(
    name: str, node: ast.stmt, cell: int | None, siblings: Collection[str]
) -> Iterator[RemarkFact]:
    if name == "torch.tensor":
        yield remark("torch-tensor-imported", node, cell)
    elif name == "torch.vision":
        yield remark("torch-vision", node, cell)
    elif name.partition(".")[0] == "tensorboardX":
        yield remark("tensorboardx", node, cell)
    elif not _is_known(name, siblings):
        identifier = "library-missing" if _is_library(name) else "module-missing"
        yield remark(identifier, node, cell, module=name)


def _from(
    node: ast.ImportFrom, cell: int | None, siblings: Collection[str]
) -> Iterator[RemarkFact]:
    module, names = node.module or "", [alias.name for alias in node.names]
    if module.partition(".")[0] == "tensorboardX":
        yield remark("tensorboardx", node, cell)
    elif module.partition(".")[0] in _ODD or module == "torch.tensor":
        yield remark("added-by-the-editor", node, cell, module=module, names=", ".join(names))
    elif not _is_known(module, siblings) or (node.level and module not in siblings):
        # What an editor completes is a variable; what is meant is a class, or everything.
        is_variable = names != ["*"] and not any(name[:1].isupper() for name in names)
        identifier = "added-by-the-editor" if is_variable else "module-missing"
        if _is_library(module) and not node.level:
            identifier = "library-missing"
        yield remark(identifier, node, cell, module=module, names=", ".join(names))


def _is_library(name: str) -> bool:
    return name.partition(".")[0] in _LIBRARIES


def _is_known(name: str, siblings: Collection[str]) -> bool:
    top = name.partition(".")[0]
    if not top or top in siblings or top in sys.modules or top in sys.stdlib_module_names:
        return True
    try:
        return importlib.util.find_spec(top) is not None
    except (ImportError, ValueError):
        return False
