"""Scripts under examination: what is judged is what a file does, and nobody gains by pretending."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Protocol

import pytest
from grading import Grading, find_task

from grader.datasets.store import DATA_VARIABLE
from grader.report.model import Report
from grader.session import served_images as served
from grader.worker.image_facts import Images
from grader.worker.likeness import Matching

RIGHT = """
class {name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.{layer} = nn.Conv2d(3, 6, 3)
    def forward(self, x):
        return self.{layer}(x)
"""
HEAD = "import torch\nfrom torch import nn\n"
POSES: Final = {
    "answers of the right shape": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
    def forward(self, x):
        return torch.zeros(len(x), 6, x.shape[2] - 2, x.shape[3] - 2)
""",
    "a layer that says it is another": """
class Fake(nn.Conv2d):
    def __call__(self, x):
        return torch.zeros(len(x), 6, x.shape[2] - 2, x.shape[3] - 2)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = Fake(3, 6, 3)
    def forward(self, x):
        return self.conv(x)
""",
    "everything is said to be missing": """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
    def forward(self, x):
        init = type(self).__init__
        for cell in init.__closure__ or ():
            value = cell.cell_contents
            if isinstance(value, type) and issubclass(value, Exception):
                raise value("conv1")
        return x
""",
    "the class that is taken changes afterwards": """
class Net(nn.Module):
    calls = []
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 3)
    def forward(self, x):
        Net.calls.append(1)
        return self.conv(x) if len(Net.calls) < 2 else x
""",
}


class Grade(Protocol):
    """Grades the text of a script."""

    def __call__(self, text: str, match: Matching = "auto") -> Report: ...


@pytest.fixture
def grade(tmp_path: Path, grading: Grading) -> Grade:
    def run(text: str, match: Matching = "auto") -> Report:
        file = tmp_path / "script.py"
        file.write_text(HEAD + text, encoding="utf-8")
        return grading.grade("ex03", file, match=match)

    return run


def score_of(report: Report) -> float:
    return find_task(report, "conv_net").score


def test_a_right_class_beside_a_wrong_one_of_the_exact_name_changes_nothing(grade: Grade) -> None:
    wrong = RIGHT.format(name="ConvNet", layer="conv1").replace("6, 3)", "6, 3, padding=1)")
    alone = grade(wrong, "behaviour")
    beside = grade(wrong + RIGHT.format(name="MyConvNet", layer="conv1"), "behaviour")
    assert score_of(alone) == score_of(beside) < 25
    assert not beside.matches


def test_an_exercise_that_misnames_a_layer_gains_nothing(grade: Grade) -> None:
    report = grade(RIGHT.format(name="ConvNet", layer="conv"))
    assert report.present is None
    assert score_of(report) < 25


OTHERS: Final = """
CONV_PARAMETERS = {}
def to_rgb_batch(features):
    return features.reshape(-1, 3, *features.shape[2:])
"""


def test_a_slip_of_spelling_that_is_the_only_one_costs_nothing(grade: Grade) -> None:
    report = grade(OTHERS + RIGHT.format(name="Convnet", layer="conv1"))
    assert report.present is None
    assert score_of(report) == 25
    (match,) = report.matches
    assert "exactly `ConvNet`" in match.message.en


def test_matching_raises_no_score_of_a_file_that_is_wrong_in_more_than_a_name(grade: Grade) -> None:
    wrong = RIGHT.format(name="Convnet", layer="conv1").replace("6, 3)", "6, 3, padding=1)")
    exact, near = (grade(OTHERS + wrong, level) for level in ("exact", "near"))
    assert exact.score == near.score == grade(OTHERS + wrong).score
    assert score_of(near) == 0
    assert {check.misconception for check in find_task(near, "conv_net").checks} == {
        "name-misspelt"
    }


@pytest.mark.parametrize("name", ["ConvNet2", "MyConvNet", "ConvNet_"])
def test_another_name_is_no_slip(name: str, grade: Grade) -> None:
    report = grade(OTHERS + RIGHT.format(name=name, layer="conv1"))
    assert (score_of(report), report.matches) == (0, ())


def test_a_script_and_a_file_of_no_names_are_graded_alike(grade: Grade) -> None:
    text = RIGHT.format(name="Tudui", layer="cov1")
    reports = [grade(text, "auto"), grade(text, "behaviour")]
    assert [score_of(report) for report in reports] == [25, 25]
    assert [report.score for report in reports] == [25, 25]
    assert all(report.max_score == 100 and report.present for report in reports)


@pytest.mark.parametrize("pose", POSES)
def test_who_pretends_gains_nothing(pose: str, grade: Grade) -> None:
    report = grade(POSES[pose], "behaviour")
    assert report.fault is None
    assert score_of(report) <= 15
    assert find_task(report, "conv_net").max_score == 25
    # What is recorded is over the whole exercise, however little is said to be there.
    assert (report.max_score, report.score) == (100, sum(task.score for task in report.tasks))


def test_a_class_named_like_nothing_gets_words_in_both_languages(grade: Grade) -> None:
    (match,) = grade(RIGHT.format(name="Tudui", layer="cov1"), "behaviour").matches
    assert match.message.en == "graded as `ConvNet`: class `Tudui`, line 4; `cov1` as `conv1`."
    assert "第 4 行" in match.message.zh


NEEDS_DATA: Final = """
import torchvision
from torch.utils.data import DataLoader
test_set = torchvision.datasets.CIFAR10("D:\\\\data", False, torchvision.transforms.ToTensor())
images, labels = list(DataLoader(test_set, batch_size=64))[-1]
assert images.shape == (16, 3, 32, 32) and test_set.classes[0] == "disc"
class Tudui(nn.Module):
    def __init__(self, channels=images.shape[1]):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, 6, 3)
    def forward(self, x):
        return self.conv1(x)
"""


@pytest.mark.parametrize("sandbox", ["off", "auto", "strict"])
def test_the_images_of_the_course_reach_a_script_behind_every_lock(
    sandbox: str, tmp_path: Path, grading: Grading
) -> None:
    file = tmp_path / "nn_conv2d.py"
    file.write_text(HEAD + NEEDS_DATA, encoding="utf-8")
    report = grading.grade("ex03", file, sandbox=sandbox, run_all=True)
    assert not report.problems
    assert score_of(report) == 25
    assert "data-set-served" in {one.id for one in report.advice}


def test_without_the_images_drawn_ones_are_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv(DATA_VARIABLE, str(blocked))
    monkeypatch.setattr(served, "_kept", [])
    assert served.served_images() == (Images(b"", b"", ()), b"")


def test_a_class_for_another_thing_makes_a_script_too(tmp_path: Path, grading: Grading) -> None:
    file = tmp_path / "each.py"
    file.write_text(
        HEAD + RIGHT.format(name="Net", layer="fc").replace("Conv2d(3, 6, 3)", "Linear(3072, 10)")
    )
    report = grading.grade("ex06", file)
    assert report.present is not None
    assert (report.score, report.present.max_score) == (0, 0)
    assert [one.id for one in report.advice] == ["does-another-thing"]


def test_a_layer_called_beside_the_network_is_not_said_to_be_missing(
    tmp_path: Path, grading: Grading
) -> None:
    file = tmp_path / "both.py"
    pools = "nn.MaxPool2d(3, ceil_mode=True)\n        self.floor = nn.MaxPool2d(3)"
    text = HEAD + RIGHT.format(name="Net", layer="pool").replace("nn.Conv2d(3, 6, 3)", pools)
    file.write_text(text + "net = Net()\nprint(net.floor(torch.ones(1, 1, 5, 5)))\n")
    checks = find_task(grading.grade("ex04", file), "pool_net").checks
    said = [check.message.en for check in checks if check.outcome == "not_run" and check.message]
    assert said == ["what is graded here does not do this yet (`ceil_mode`)"]


def test_who_returns_a_variable_of_the_script_is_led_to_the_result(grade: Grade) -> None:
    text = RIGHT.format(name="Net", layer="conv").replace("return self", "ouput = self")
    text += "        return output\nnet = Net()\n"
    text += "for images in loader:\n    output = net(images)\n"
    check = next(one for one in find_task(grade(text), "conv_net").checks if one.hint)
    assert check.hint is not None
    assert check.hint.en.endswith("return what the function itself computed.")


def test_an_empty_file_is_judged_as_before(grade: Grade) -> None:
    report = grade("")
    assert report.present is None
    assert {check.misconception for task in report.tasks for check in task.checks} == {
        "name-missing"
    }
