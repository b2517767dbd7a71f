"""What serves for a required name: by spelling, by layers, by what is called."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from grader.worker import loading, wire
from grader.worker.likeness import Likeness, Matching, SiblingFile
from grader.worker.matching.calls import assign_results, find_calls
from grader.worker.matching.profiles import find_profiles, likeness, resemblance
from grader.worker.matching.settings import differences
from grader.worker.matching.spelling import is_near, nearest
from grader.worker.matching.stand_ins import NotOfferedError
from grader.worker.parsing import Statement, parse_cells

CONV_NET = Likeness(
    "ConvNet",
    layers=("Conv2d",),
    input=(2, 3, 8, 8),
    output=(2, 6, 6, 6),
    attributes={"conv1": "Conv2d"},
)
RESULTS: dict[str, dict[str, int]] = {
    "standard": {},
    "strided": {"stride": 2},
    "padded": {"padding": 1},
}
SCRIPT = """
from torch import nn
class Tudui(nn.Module):
    def __init__(self):
        super().__init__()
        self.cov1 = nn.Conv2d(3, 6, 3)
    def forward(self, x):
        return self.cov1(x)
Tudui = Tudui()
"""


def load(text: str, match: Matching = "auto", **more: Any) -> tuple[Any, wire.LoadReport]:
    cells = (wire.CellSource(None, text),)
    request = wire.Load(
        cells, "x.py", ("ConvNet", "other_name"), run_all=False, device="cpu", match=match,
        likenesses=(CONV_NET,), **more,
    )  # fmt: skip
    return loading.load(request)


def statements_of(text: str) -> list[Statement]:
    return parse_cells((wire.CellSource(None, text),)).statements


@pytest.mark.parametrize(
    ("wanted", "given_name"),
    [
        ("ConvNet", "Convnet"),
        ("ConvNet", "ConvNets"),
        ("log_batches", "log_batch"),
        ("forward", "forword"),
        ("forward", "froward"),
        ("Cifar10Net", "Cifra10Net"),
        ("kernel_size", "kernal_size"),
    ],
)
def test_near_names(wanted: str, given_name: str) -> None:
    assert is_near(wanted, given_name)


@pytest.mark.parametrize(
    ("wanted", "given_name"),
    [
        ("ConvNet", "MyConvNet"),
        ("softmax", "softmin"),
        ("relu", "elu"),
        ("conv1", "conv2"),
        ("flatten_all", "flatten_each"),
    ],
)
def test_names_that_mean_something_else(wanted: str, given_name: str) -> None:
    assert not is_near(wanted, given_name)


def test_of_two_names_that_are_as_near_none_is_taken() -> None:
    assert nearest("ConvNet", ["ConvNat", "ConvNot"]) is None


@given(st.from_regex(r"[a-zA-Z_]{8,20}", fullmatch=True), st.data())
def test_a_letter_left_out_of_a_long_name_is_near(name: str, data: st.DataObject) -> None:
    letters = [place for place, letter in enumerate(name) if letter != "_"]
    if len(letters) < 8:
        return
    place = data.draw(st.sampled_from(letters))
    assert is_near(name, name[:place] + name[place + 1 :])


LAYERS = st.lists(
    st.sampled_from(["Conv2d", "MaxPool2d", "Linear", "ReLU", "Dropout"]), max_size=12
)


@given(LAYERS, LAYERS)
def test_likeness_is_symmetric_and_at_most_1(left: list[str], right: list[str]) -> None:
    alike = likeness(left, right)
    assert alike == pytest.approx(likeness(right, left))
    assert 0 <= alike <= 1 + 1e-9


@given(LAYERS)
def test_a_network_is_like_itself_in_any_order(layers: list[str]) -> None:
    assert likeness(layers, layers[::-1]) == pytest.approx(1)


def test_what_a_class_must_have_decides() -> None:
    regularised = ["Conv2d", "BatchNorm2d", "ReLU", "Linear"]
    assert resemblance(["Conv2d", "ReLU", "Linear"], regularised, ["BatchNorm2d"]) == 0
    assert resemblance(regularised, regularised, ["BatchNorm2d"]) > 0


def test_classes_are_found_wherever_they_stand() -> None:
    text = """
try:
    class A(nn.Module): pass
except E:
    class B(nn.Module): pass
def f():
    class C(A): pass
"""
    profiles = find_profiles(statements_of(text))
    assert [(one.name, one.is_module) for one in profiles] == [
        ("A", True),
        ("B", True),
        ("C", True),
    ]


def test_a_class_serves_under_its_own_names() -> None:
    module, report = load(SCRIPT)
    (match,) = report.matches
    assert report.is_script
    assert (match.name, match.given, match.how, match.line) == ("ConvNet", "Tudui", "behaviour", 3)
    assert match.attributes == (("conv1", "cov1"),)
    net = module.ConvNet()
    assert net.conv1 is net.cov1
    assert sorted(net.state_dict()) == ["cov1.bias", "cov1.weight"]


def test_errors_name_the_class_as_the_learner_does() -> None:
    module, _ = load(SCRIPT.replace("self.cov1(x)", "self.cov(x)"))
    with pytest.raises(AttributeError, match="'Tudui' object has no attribute 'cov'"):
        module.ConvNet()(torch.zeros(1, 3, 8, 8))


@pytest.mark.parametrize(
    ("layer", "told"),
    [
        ("nn.Conv2d(3, 6, kernel_size=(3, 3), stride=1)", ()),
        ("nn.Conv2d(3, 2 * 3, 3, padding='valid')", ()),
        ("nn.Conv2d(3, six, 3, **more)", ()),
        ("nn.Conv2d(3, 10 ** 400, 3 * 10**400)", ()),
        ("nn.Conv2d(3, 6, 5)", (("kernel_size", "5", "3"),)),
        ("nn.Conv2d(3, 6, 3, padding=(1, 1))", (("padding", "1", "0"),)),
        ("nn.Conv2d(3, 6, 3); self.b = nn.Conv2d(6, 6, 5)", ()),
    ],
)
def test_a_layer_of_other_arguments_is_pointed_at(
    layer: str, told: tuple[tuple[str, str, str], ...]
) -> None:
    (profile,) = find_profiles(statements_of(SCRIPT.replace("nn.Conv2d(3, 6, 3)", layer)))
    found = differences(profile, ["Conv2d(3, 6, 3)"])
    assert told == tuple(
        tuple(one.values[key] for key in ("name", "given", "wanted")) for one in found
    )
    assert {one.line for one in found} <= {6}


def test_an_attribute_whose_layer_is_not_there_is_nothing_to_judge() -> None:
    text = SCRIPT.replace("self.cov1 = nn.Conv2d(3, 6, 3)", "pass").replace(
        "return self.cov1(x)", "return nn.functional.conv2d(x, x)"
    )
    module, _ = load(text)
    with pytest.raises(NotOfferedError):
        _ = module.ConvNet().conv1


@pytest.mark.parametrize("match", ["exact", "near"])
def test_without_behaviour_a_class_of_another_name_does_not_serve(match: Matching) -> None:
    module, report = load(SCRIPT, match)
    assert not hasattr(module, "ConvNet")
    assert not report.matches


def test_where_one_name_is_there_exactly_nothing_is_taken_for_the_others() -> None:
    text = f"def other_name(): pass\n{SCRIPT}"
    module, report = load(text)
    assert not report.is_script
    assert not hasattr(module, "ConvNet")


def test_the_exact_name_is_used_whatever_stands_beside_it() -> None:
    right, wrong = SCRIPT.replace("Tudui = Tudui()", ""), "class ConvNet: mark = 1\n"
    module, report = load(wrong + right, "behaviour")
    assert module.ConvNet.mark == 1
    assert "ConvNet" not in {match.name for match in report.matches}


def test_a_misspelt_name_serves_unless_names_are_the_lesson() -> None:
    text = "class Convnet: pass\ndef other_name(): pass\n"
    module, report = load(text)
    assert module.ConvNet is module.Convnet
    assert [(match.name, match.how) for match in report.matches] == [("ConvNet", "near")]
    module, report = load(text, exact_names=("ConvNet",))
    assert not hasattr(module, "ConvNet")


def test_of_two_classes_of_one_name_each_is_found() -> None:
    text = SCRIPT.replace("Tudui = Tudui()", "") + (
        "class Tudui(nn.Module):\n"
        "    def __init__(self):\n"
        "        super(Tudui, self).__init__()\n"
        "        self.pool = nn.MaxPool2d(2)\n"
    )
    module, _ = load(text)
    assert hasattr(module.ConvNet(), "cov1")


def test_a_class_that_ends_the_process_at_first_is_no_reason_to_stop() -> None:
    text = SCRIPT.replace("super().__init__()", "super().__init__(); raise SystemExit")
    _, report = load(text)
    assert report.runnable
    assert [match.given for match in report.matches] == ["Tudui"]


def test_a_class_within_a_function_or_under_the_guard_is_taken_out() -> None:
    indented = SCRIPT.replace("Tudui = Tudui()", "").replace("\n", "\n    ")
    for head in ("def main():", 'if __name__ == "__main__":'):
        module, _ = load(f"{head}{indented}")
        assert hasattr(module.ConvNet(), "cov1")


def test_calls_are_read_with_their_options() -> None:
    text = "s = 2\nF.conv2d(a, b)\nF.conv2d(a, b, stride=s)\nF.conv2d(a, b, None, 1, (1, 1))\n"
    calls = find_calls(statements_of(text), ["torch.nn.functional.conv2d"])
    assert [(one.options["stride"], one.options["padding"]) for one in calls] == [
        (1, 0),
        (2, 0),
        (1, 1),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "for kw in [{}, dict(stride=2), {'padding': 1}]:\n    F.conv2d(a, b, **kw)\n",
        (
            "for n, k in {'x': {}, 'y': {'stride': 2}, 'z': {'padding': 1}}.items():\n"
            "    F.conv2d(a, b, **k)\n"
        ),
        (
            "c = dict(d=[1, 0], s=[2, 0], p=[1, 1])\nfor k in c:\n"
            "    F.conv2d(a, b, None, *c)\n"
            "F.conv2d(a, b, None, c['d'][0], c['d'][1])\nF.conv2d(a, b, None, c['s'][0])\n"
            "F.conv2d(a, b, padding=c['p'][1])\n"
        ),
        (
            "s = 1\nF.conv2d(a, b, stride=s)\ns = 2\nF.conv2d(a, b, stride=s)\n"
            "def f(x, **more):\n    return F.conv2d(x, b, **more)\nf(a, padding=1)\n"
        ),
        (
            "def main():\n    for s, p in zip([1, 2, 1], [0, 0, 1]):\n"
            "        F.conv2d(a, b, stride=s, padding=(p, p))\nmain()\n"
        ),
    ],
)
def test_what_names_and_settings_stand_for_is_known(text: str) -> None:
    calls = find_calls(statements_of(text), ["torch.nn.functional.conv2d"])
    assert set(assign_results(calls, RESULTS)) == set(RESULTS)
    assert len(calls) == 3


@pytest.mark.parametrize(
    "value",
    ["a", "f()", "{'stride': x}", "[0][5]", "range(0, 9, 0)", "dict(9)", "{'<fields>': 5}()"],
)
def test_what_is_not_spelt_out_is_not_known(value: str) -> None:
    text = f"v = {value}\nF.conv2d(a, b, stride=v)\nF.conv2d(a, b, **v)\n"
    text += f"for v in {value}:\n    F.conv2d(a, b, padding=v)\n"
    calls = find_calls(statements_of(text), ["torch.nn.functional.conv2d"])
    assert not calls


def test_a_call_with_a_mistake_stands_for_what_it_was_meant_to_be() -> None:
    text = "F.conv2d(a, b)\nF.conv2d(a, b, stride=2, padding=1)\nF.conv2d(a, b, stride=2)\n"
    calls = find_calls(statements_of(text), ["torch.nn.functional.conv2d"])
    found = assign_results(calls, RESULTS)
    assert {name: call.line for name, call in found.items()} == {
        "standard": 1,
        "strided": 3,
        "padded": 2,
    }


def test_what_was_not_called_is_not_made_up() -> None:
    calls = find_calls(statements_of("F.conv2d(a, b)"), ["torch.nn.functional.conv2d"])
    assert list(assign_results(calls, RESULTS)) == ["standard"]


def test_a_plain_loop_is_gone_through() -> None:
    text = "for s, p in [(1, 0), (2, 0), (1, 1)]:\n    F.conv2d(a, b, stride=s, padding=p)\n"
    calls = find_calls(statements_of(text), ["torch.nn.functional.conv2d"])
    assert set(assign_results(calls, RESULTS)) == set(RESULTS)
    inline = "[F.conv2d(a, b, stride=s) for s in (1, 2)]\nF.conv2d(a, b, **more)\n"
    calls = find_calls(statements_of(inline), ["torch.nn.functional.conv2d"])
    assert [call.options["stride"] for call in calls] == [1, 2]
    long = "for p in range(1000000000000):\n    F.conv2d(a, b, padding=p)\n"
    assert len(find_calls(statements_of(long), ["torch.nn.functional.conv2d"])) == 20
    endless = "for s in [1, 2]:\n  for p in range(9):\n    F.conv2d(a, b, stride=s)\n" * 99
    assert len(find_calls(statements_of(endless), ["torch.nn.functional.conv2d"])) <= 50


@pytest.mark.parametrize(
    ("given_layers", "is_meant"),
    [
        ("Conv2d Conv2d Conv2d MaxPool2d MaxPool2d MaxPool2d Flatten Linear Linear", True),
        ("Conv2d MaxPool2d Conv2d MaxPool2d Conv2d MaxPool2d Linear Linear " * 2, True),
        ("Conv2d MaxPool2d Conv2d MaxPool2d Conv2d MaxPool2d Linear Linear LogSoftmax", True),
        ("Conv2d MaxPool2d Conv2d MaxPool2d Conv2d Linear Linear", True),
        ("Conv2d MaxPool2d Conv2d MaxPool2d Linear Linear Linear", False),
        ("Conv2d ReLU MaxPool2d Conv2d ReLU MaxPool2d Conv2d ReLU MaxPool2d Linear Linear", False),
    ],
)
def test_another_network_is_not_taken_for_the_one_of_the_course(
    given_layers: str, *, is_meant: bool
) -> None:
    wanted = ["Conv2d", "MaxPool2d"] * 3 + ["Flatten", "Linear", "Linear"]
    assert bool(resemblance(given_layers.split(), wanted, ())) == is_meant


def test_cuda_is_read_as_the_device_that_is_there() -> None:
    text = SCRIPT.replace("return self.cov1(x)", "return self.cov1(x.cuda())").replace(
        "Tudui = Tudui()", ""
    )
    module, report = load(text)
    assert module.ConvNet()(torch.zeros(1, 3, 8, 8)).shape == (1, 6, 6, 6)
    assert "cuda-read-as" in {remark.id for remark in report.remarks}


def test_what_an_exercise_says_of_devices_is_left_to_its_author() -> None:
    text = "def other_name(x):\n    return x.cuda()\nclass ConvNet: pass\n"
    _, report = load(text)
    assert not report.remarks


def test_files_that_came_along_are_imported_and_hide_nothing() -> None:
    siblings = (
        SiblingFile("parts", "SIZE = 3\nprint('loud')\nraise RuntimeError\n"),
        SiblingFile("random", "raise RuntimeError\n"),
    )
    text = "import random\nfrom parts import SIZE\n" + SCRIPT.replace("6, 3)", "6, SIZE)").replace(
        "Tudui = Tudui()", "number = random.random()"
    )
    module, report = load(text, siblings=siblings)
    assert module.SIZE == 3
    assert not report.problems
    assert report.matches


def test_of_files_that_came_along_what_is_used_is_run_and_nothing_else() -> None:
    siblings = (
        SiblingFile("nets", "from .blocks import Block\nfrom . import sizes\n"),
        SiblingFile("nets.blocks", "from .sizes import WIDTH\nclass Block: width = WIDTH\n"),
        SiblingFile("nets.sizes", "WIDTH: int = 6\nKERNEL = int('3')\nLOUD = 1 / 0\n"),
        SiblingFile(
            "setup",
            "from nets import Block, sizes as s\nConvNet = [Block.width, s.KERNEL]\nX = 1 / 0\n",
        ),
    )
    module, report = load("from setup import *\n", siblings=siblings)
    assert module.ConvNet == [6, 3]
    assert not report.problems
