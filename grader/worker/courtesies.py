"""What is read differently in a submission, so that it runs on the machine that grades it.

A learner's file was written for another machine: one with a GPU, with weights on its disk, with a
data set. It is the syntax tree that changes, and what is changed is told; torch itself stays as it
is, so what an exercise checks of devices holds as before.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
import types
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, NamedTuple

from grader.worker.definitions import Kept
from grader.worker.facts import Aliases, Scope, function_names, own_names, resolved
from grader.worker.images import DATA_SETS, CourseImages, served_data_sets
from grader.worker.likeness import RemarkFact
from grader.worker.names import Definition
from grader.worker.parsing import Statement
from grader.worker.places import clean
from grader.worker.siblings import make_importable
from grader.worker.tree import last_name
from grader.worker.wire import Load

STAND_INS: Final = "__stand_ins__"
"""The name under which a submission finds what stands for things that are not here."""

_TO_DEVICE: Final = frozenset({"device", "to"})
_BOARD: Final = "torch.utils.tensorboard"
_DATA_MODULE: Final = "torchvision.datasets"
_MODEL_MODULE: Final = "torchvision.models"
_BACKENDS: Final = frozenset({"matplotlib.use", "matplotlib.pyplot.switch_backend"})
"""What asks for a window; there is none."""
_SIGNS: Final = (
    *DATA_SETS, "cuda", "models", "hub", "tensorboardX", "datasets import *", "backend",
    "matplotlib",
)  # fmt: skip


class ImagesWantedError(Exception):
    """A data set has to be there when the file is loaded; nothing of it has run yet."""


class Adapted(NamedTuple):
    """The statements as they are to be run, and what was changed in them."""

    kept: list[Kept]
    remarks: list[RemarkFact]
    names_data_sets: bool
    """Whether images have to be there when they run."""


class Surroundings(NamedTuple):
    """What a module's statements are adapted to."""

    device: str
    """What is graded on; `cuda` in the text means it where it is something else."""
    is_script: bool
    """Whether functions and classes are moved to it too; those of an exercise's file are told of
    a device, and have to use it."""
    siblings: Collection[str]
    """The modules that were handed in with the file."""
    are_drawn: bool = False
    """Whether there are only drawn images to serve."""


def adapt(kept: Iterable[Kept], whole: Iterable[Statement], surroundings: Surroundings) -> Adapted:
    """Let statements run here.

    Args:
        kept: What is to be run.
        whole: The module that it is of, whose imports say what names stand for.
        surroundings: What is there.
    """
    aliases = _aliases_of([statement.node for statement in whole])
    adapted: list[Kept] = []
    remarks: dict[tuple[str, str], RemarkFact] = {}
    names_data_sets = False
    for statement in kept:
        reader = _Reader(statement.cell, aliases, surroundings)
        try:
            # Expressions and imports are replaced: a statement stays one.
            node: Any = ast.fix_missing_locations(reader.visit(statement.node))
        except RecursionError:
            node = statement.node
        adapted.append(statement._replace(node=node))
        names_data_sets = names_data_sets or reader.names_data_sets
        for remark in reader.remarks:
            # The training part and the test part need no line each, nor each move to a device.
            remarks.setdefault((remark.id, remark.values.get("name", "")), remark)
    return Adapted(adapted, list(remarks.values()), names_data_sets)


def make_runnable(  # noqa: PLR0913 - each is one fact about the file
    kept: list[Kept],
    statements: list[Statement],
    module: types.ModuleType,
    request: Load,
    *,
    is_script: bool,
    images: CourseImages | None,
) -> tuple[list[Kept], list[RemarkFact]]:
    """Let a file's statements run here, and the modules that came with it be imported.

    Args:
        kept: What is to be run.
        statements: The whole file.
        module: The submission's module, before it runs; gets what stands for other things.
        request: What is asked for.
        is_script: Whether the file is a learner's own.
        images: What stands for data sets.

    Raises:
        ImagesWantedError: A data set has to be there, and there are no images.
    """
    siblings = frozenset(each.module for each in request.siblings)
    if not (siblings or any(sign in cell.text for cell in request.cells for sign in _SIGNS)):
        return kept, []
    are_drawn = images is not None and images.are_drawn
    surroundings = Surroundings(request.device, is_script, siblings, are_drawn)
    adapted = adapt(kept, statements, surroundings)
    texts = [each.text for each in request.siblings]
    if adapted.names_data_sets or any(name in text for text in texts for name in DATA_SETS):
        if images is None:
            raise ImagesWantedError
        stand_ins = served_data_sets(images)
    else:
        stand_ins = types.SimpleNamespace()
    stand_ins.load_from_hub = load_from_hub
    module.__dict__[STAND_INS] = stand_ins

    def adapt_sibling(
        sibling: types.ModuleType, own: list[Kept], whole: list[Statement]
    ) -> list[Kept]:
        sibling.__dict__[STAND_INS] = stand_ins
        return adapt(own, whole, surroundings).kept

    make_importable(request.siblings, statements, request.required, adapt_sibling)
    return adapted.kept, adapted.remarks


def load_from_hub(_place: str, model: str, *arguments: object, **options: object) -> object:
    """Build a network of torchvision's that a script would fetch; its weights are drawn."""
    from torchvision import models  # noqa: PLC0415 - only where a script asks for one

    for name in _HUB_OPTIONS:
        options.pop(name, None)
    return models.get_model(model, *arguments, weights=None, **options)


_HUB_OPTIONS: Final = (
    "source", "trust_repo", "force_reload", "verbose", "skip_validation", "pretrained", "weights",
)  # fmt: skip
_HUB_REPOSITORY: Final = "pytorch/vision"


def _aliases_of(nodes: Sequence[ast.stmt]) -> Aliases:
    """Say what a module's names stand for, those of a starred import of data sets included."""
    aliases = own_names(nodes)
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    if any(node.module == _DATA_MODULE and node.names[0].name == "*" for node in imports):
        for name in DATA_SETS:
            aliases.setdefault(name, f"{_DATA_MODULE}.{name}")
    # They may come by a starred import of a sibling's.
    for name in ("torchvision", _DATA_MODULE, _MODEL_MODULE):
        aliases.setdefault(name.rpartition(".")[2], name)
    return aliases


class _Reader(ast.NodeTransformer):
    """Rewrites one statement."""

    def __init__(self, cell: int | None, aliases: Aliases, surroundings: Surroundings) -> None:
        self.remarks: list[RemarkFact] = []
        self.names_data_sets = False
        self._cell = cell
        self._aliases = aliases
        self._device = surroundings.device
        self._siblings = surroundings.siblings
        self._is_script = surroundings.is_script
        self._moves = not surroundings.device.startswith("cuda")
        self._served = "data-set-drawn" if surroundings.are_drawn else "data-set-served"

    def visit(self, node: ast.AST) -> ast.AST:
        """Visit a node, with the names that are visible within it."""
        outside = self._aliases, self._moves
        if isinstance(node, Scope):
            self._aliases = {**self._aliases, **function_names(node)}
        if isinstance(node, Definition | ast.Lambda):
            self._moves = self._moves and self._is_script
        result: ast.AST = super().visit(node)
        self._aliases, self._moves = outside
        return result

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Adapt a call, from the inside out."""
        name = resolved(node.func, self._aliases) or ""
        served = self._stand_in(node)
        if served is not None:
            return served
        self.generic_visit(node)
        if self._moves:
            self._move(node, last_name(node.func))
        if name.startswith(f"{_MODEL_MODULE}."):
            self._forget_weights(node, name.rpartition(".")[2])
        elif name in _BACKENDS:
            node.args, node.keywords = [ast.copy_location(ast.Constant("Agg"), node)], []
        elif name == "torch.hub.load" and _is_in_torchvision(node):
            node.func = _of_stand_ins("load_from_hub", node.func)
            self._note("weights-drawn", node, name=str(ast.literal_eval(node.args[1])))
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """Adapt a data set of torchvision's."""
        return self._stand_in(node) or self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """Adapt a data set that was imported by its name."""
        return self._stand_in(node) or node

    def _stand_in(self, node: ast.expr) -> ast.expr | None:
        """Give what stands for a data set, where an expression names one."""
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return None
        module, _, name = (resolved(node, self._aliases) or "").rpartition(".")
        is_set = name in DATA_SETS and f"{module}.".startswith(f"{_DATA_MODULE}.")
        if not is_set:
            return None
        self.names_data_sets = True
        self._note(self._served, node, name=name)
        return _of_stand_ins(name, node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Adapt `device = "cuda"`."""
        self._move_value(node.value)
        return self.generic_visit(node)

    def visit_arguments(self, node: ast.arguments) -> ast.AST:
        """Adapt `def train(device="cuda")`."""
        for default in (*node.defaults, *node.kw_defaults):
            self._move_value(default)
        return self.generic_visit(node)

    def _move_value(self, value: ast.expr | None) -> None:
        if self._moves and isinstance(value, ast.Constant) and _is_cuda(value.value):
            value.value = self._device
            self._note("cuda-read-as", value, device=self._device)

    def _move(self, node: ast.Call, name: str) -> None:
        if name == "cuda" and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            if last_name(owner) == "torch":
                return
            node.func = ast.copy_location(ast.Attribute(owner, "to", ast.Load()), node.func)
            node.args, node.keywords = [ast.Constant(self._device)], []
            self._note("cuda-read-as", node, device=self._device)
        for values in (node.args if name in _TO_DEVICE else [], node.keywords):
            for each in values:
                if not isinstance(each, ast.keyword):
                    self._move_value(each)
                elif each.arg in _DEVICE_ARGUMENTS:
                    self._move_value(each.value)

    def _forget_weights(self, node: ast.Call, name: str) -> None:
        """Have weights drawn that would have to be fetched."""
        fetched = [
            word
            for word in node.keywords
            if word.arg in _WEIGHT_ARGUMENTS and not _is_none(word.value)
        ]
        node.keywords = [word for word in node.keywords if word not in fetched]
        # What stands first is `pretrained`, or the weights; of `get_model` it is the name.
        is_first = bool(node.args) and name.islower() and name != "get_model"
        is_first = is_first and not _is_none(node.args[0])
        if is_first:
            del node.args[0]
        if fetched or is_first:
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

    def _note(self, identifier: str, node: ast.expr, **values: str) -> None:
        texts = {name: clean(value, 100) for name, value in values.items()}
        self.remarks.append(RemarkFact(identifier, node.lineno, self._cell, texts))


_DEVICE_ARGUMENTS: Final = frozenset({"device", "map_location"})
_WEIGHT_ARGUMENTS: Final = frozenset(
    {"pretrained", "weights", "pretrained_backbone", "weights_backbone"}
)


def _of_stand_ins(name: str, place: ast.expr) -> ast.expr:
    """Write `__stand_ins__.name` in the place of an expression."""
    node = ast.Attribute(ast.Name(STAND_INS, ast.Load()), name, ast.Load())
    return ast.fix_missing_locations(ast.copy_location(node, place))


def _is_in_torchvision(node: ast.Call) -> bool:
    """Whether a network is asked for by two plain names, the first that of torchvision's place."""
    names = [each.value for each in node.args if isinstance(each, ast.Constant)]
    are_names = len(names) > 1 and all(isinstance(name, str) for name in names[:2])
    return are_names and str(names[0]).startswith(_HUB_REPOSITORY)


def _is_cuda(value: object) -> bool:
    return isinstance(value, str) and value.partition(":")[0] == "cuda"


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value in (None, False)


def _is_there(module: str) -> bool:
    return module in sys.modules or importlib.util.find_spec(module) is not None
