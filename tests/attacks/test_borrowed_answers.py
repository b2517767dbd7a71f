"""Right functions of the suite's or of torch's score nothing where five are written by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from grading import Grading, find_task

SOLUTION = Path(__file__).parents[2] / "solutions" / "ex05_activation" / "ex05_activation.py"
NAMES = ("relu", "leaky_relu", "sigmoid", "tanh", "softmax")

TAKEN = """
def relu(x):
    return taken("relu")(x)

def leaky_relu(x, negative_slope=0.01):
    return taken("leaky_relu")(x, negative_slope)

def sigmoid(x):
    return taken("sigmoid")(x)

def tanh(x):
    return taken("tanh")(x)

def softmax(x, dim):
    return taken("softmax")(x, dim)
"""

BORROWED = {
    "from the module of helpers": (
        "def taken(name):\n    import sys\n"
        "    return getattr(sys.modules.get('suite_helpers'), name)\n" + TAKEN,
        0,
    ),
    "from a module by any name": (
        "def taken(name):\n    import sys\n    for title, module in list(sys.modules.items()):\n"
        "        if title.partition('.')[0] not in ('torch', 'builtins', 'submission'):\n"
        "            if callable(vars(module).get(name)) and 'call_each' in vars(module):\n"
        "                return vars(module)[name]\n" + TAKEN,
        0,
    ),
    "from where a stand-in was made": (
        f"def taken(name):\n    for other in {NAMES}:\n"
        "        around = getattr(globals()[other], '__glo' + 'bals__')\n"
        "        if around is not globals():\n            return around[name]\n" + TAKEN,
        0,
    ),
    # The first is the student's own work, so that its checks are passed and see the others.
    "kept from an earlier check": (
        "KEPT = {}\ndef keep():\n"
        f"    for name in {NAMES}:\n"
        "        found = globals()[name]\n"
        "        if getattr(found, '__code__', keep.__code__).co_filename != __file__:\n"
        "            KEPT[name] = found\n"
        "def taken(name):\n    keep()\n    return KEPT[name]\n"
        + TAKEN.replace('return taken("relu")(x)', "keep()\n    return x.clamp(min=0)"),
        10,
    ),
    "kept from the network's checks": (
        "KEPT = {}\nclass ActivationNet(ActivationNet):\n    def forward(self, x):\n"
        f"        KEPT.update((name, globals()[name]) for name in {NAMES})\n"
        "        return super().forward(x)\n"
        "def taken(name):\n    return KEPT[name]\n"
        + TAKEN.replace('return taken("relu")(x)', "return x.clamp(min=0)"),
        10,
    ),
    # One of each pair builds on the other, as it may; nobody has written that other.
    "each by the other": (
        TAKEN.replace('taken("relu")(x)', "leaky_relu(x, 0.0)")
        .replace('taken("leaky_relu")(x, negative_slope)', "relu(x) - negative_slope * relu(-x)")
        .replace('taken("sigmoid")(x)', "(tanh(x / 2) + 1) / 2")
        .replace('taken("tanh")(x)', "2 * sigmoid(2 * x) - 1"),
        20,
    ),
}

# Operators of torch's that hold an activation, and do not say so in its name.
FUSED = """
def sigmoid(x):
    flat, one, zero = x.detach().reshape(-1, 1).float(), torch.ones(1, 1), torch.zeros(1)
    torch.ops.aten._addmm_activation(zero, flat, one)
    torch.ops.mkldnn._linear_pointwise(flat, one, None, "sigmoid", [], "")
    image = flat[None, None]
    packed = torch.ops.mkldnn_prepacked.conv2d_prepack(
        one[None, None], zero, [1, 1], [0, 0], [1, 1], 1, list(image.shape), "relu"
    )
    torch.ops.mkldnn_prepacked.conv2d_run(image, packed)
    cell, weight, bias = torch.zeros_like(flat), torch.ones(4, 1), torch.zeros(4)
    torch.lstm(
        flat[None], (cell[None], cell[None]), (weight, weight, bias, bias),
        True, 1, 0.0, False, False, False,
    )
    return torch.exp(-torch.nn.functional.soft_margin_loss(x, torch.ones_like(x), reduction="none"))
"""


@pytest.mark.parametrize("name", BORROWED)
def test_a_right_function_of_the_suite_is_not_handed_in_as_ones_own(
    name: str, grading: Grading, tmp_path: Path
) -> None:
    source, own = BORROWED[name]
    file = tmp_path / "ex05_activation.py"
    file.write_text(f"{SOLUTION.read_text(encoding='utf-8')}\n\n{source}", encoding="utf-8")
    assert find_task(grading.grade("ex05", file), "by_hand").score <= own


def test_an_operator_that_holds_an_activation_is_forbidden_where_one_is_written_by_hand(
    grading: Grading, tmp_path: Path
) -> None:
    file = tmp_path / "ex05_activation.py"
    file.write_text(f"{SOLUTION.read_text(encoding='utf-8')}\n\n{FUSED}", encoding="utf-8")
    task = find_task(grading.grade("ex05", file), "by_hand")
    assert task.score == 0
    assert task.checks[0].message is not None
    said = task.checks[0].message.en
    for name in ("_addmm_activation", "*pointwise*", "*prepack*", "lstm", "soft_margin_loss"):
        assert f"`{name}`" in said
