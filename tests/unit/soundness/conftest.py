"""The miniature course made sound, for tests that plant one fault in a copy of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from grading import MINI_COURSE

from grader.course.catalog import COURSE_VARIABLE, Course, load_exercise, load_unpinned
from grader.course.handouts import make_handouts
from grader.course.lock import write_lock
from grader.report.model import Report
from grader.session.client import ExaminerClient
from grader.soundness.examiners import Attempt, Examiners
from grader.soundness.faults import Result
from grader.soundness.mistakes import Mistake, read_mistake
from grader.soundness.run import check_exercise, collect_with
from grader.soundness.subject import Subject

NAME = "ex90_mini"
HINT = '    hint={"en": "Read the task once more.", "zh": "再读一遍题目。"},\n'
WRITTEN = """\
    written = student.FACTS[name] is not None
    assert_true(written, "not written yet: a fact", "尚未完成：一个事实")
"""
TOTAL_EXAMPLE = """

@check(task="total", points=10, title={"en": "total([1, 2]) is 3", "zh": "total([1, 2]) 等于 3"})
def test_total_example(student):
    assert_close(student.total(torch.tensor([1.0, 2.0])), torch.tensor(3.0))
"""
EXAMPLE = """
**An example.** 3 \\* 4 + 2 = 14.

```python
>>> 2 * 7  # {comment}
14
```
"""


class Planted(NamedTuple):
    """What makes a wrong answer out of the solution."""

    name: str
    fails: str
    misconception: str
    old: str
    new: str


WRONG = (
    Planted(
        "squared",
        "double_example, double_keeps_input, double_gradients",
        "squared",
        "2 * x",
        "x**2",
    ),
    Planted("detached", "double_gradients", "-", "2 * x", "2 * x.detach()"),
    Planted("in_place", "double_keeps_input, double_gradients", "-", "2 * x", "x.mul_(2)"),
    Planted("no_bias", "net_values", "no-bias", "Linear(4, 2)", "Linear(4, 2, bias=False)"),
    Planted("three_outputs", "net_shape, net_values", "-", "Linear(4, 2)", "Linear(4, 3)"),
    Planted(
        "returns_nothing", "net_shape, net_values", "missing-return", "return self.fc", "self.fc"
    ),
    Planted("leaves_one_out", "total_example, total", "-", "in x:", "in x[1:]:"),
    Planted("cat", "fact[legs_of_a_cat]", "-", 'cat": 4', 'cat": 3'),
    Planted("snake", "fact[legs_of_a_snake]", "-", 'snake": 0', 'snake": 2'),
)


class Sound:
    """A private copy of the sound course."""

    def __init__(self, root: Path, client: ExaminerClient) -> None:
        self.course = Course(root)
        self.examiners = Examiners([client])
        self.folder = self.course.exercises / NAME
        self.solution = self.course.solutions / NAME / f"{NAME}.py"
        self.suite = self.course.suites / NAME
        self.wrong = self.solution.parent / "wrong"

    @property
    def subject(self) -> Subject:
        return Subject(self.course, load_exercise(self.course, "ex90"))

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def lock(self) -> None:
        exercise = load_unpinned(self.course, "ex90")
        write_lock(exercise.suite, collect_with(self.examiners.first, exercise), exercise.tasks)

    def stub(self) -> None:
        for path, content in make_handouts(load_exercise(self.course, "ex90")).items():
            path.write_bytes(content)

    def grade(self, file: Path, seed: int = 1) -> Report:
        attempt = Attempt.at_file(self.subject.exercise, file, seed)
        return next(iter(self.examiners.grade([attempt])))

    def mistake(self, name: str) -> Mistake:
        return read_mistake(self.wrong / f"{name}.py")

    def check(self, *, mutate: bool = False) -> Result:
        return check_exercise(self.course, NAME, lambda _preload: self.examiners, mutate=mutate)


@pytest.fixture(scope="session")
def sound_course(tmp_path_factory: pytest.TempPathFactory, mini_client: ExaminerClient) -> Path:
    root = tmp_path_factory.mktemp("sound") / "course"
    shutil.copytree(MINI_COURSE, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = Sound(root, mini_client)
    hidden = made.suite / "test_hidden.py"
    made.edit(hidden, "points=30", "points=20")
    made.edit(hidden, "    assert_equal(student.FACTS", f"{WRITTEN}    assert_equal(student.FACTS")
    made.edit(hidden, 'points=5,\n    visibility="hidden"', "points=5")
    # Students have no reference for what they can see.
    made.edit(hidden, "test_fact(student, reference, name)", "test_fact(student, name)")
    made.edit(hidden, "reference.FACTS[name]", '{"legs_of_a_cat": 4}.get(name, 0)')
    with (made.suite / "test_visible.py").open("a", encoding="utf-8") as visible:
        visible.write(TOTAL_EXAMPLE)
    text = re.sub(
        r"^    title=.*,\n(?=\))", rf"\g<0>{HINT}", hidden.read_text("utf-8"), flags=re.MULTILINE
    )
    hidden.write_text(text, encoding="utf-8")
    for name, comment in (("README.md", "doubled"), ("README.zh.md", "加倍")):
        with (made.folder / name).open("a", encoding="utf-8") as file:
            file.write(EXAMPLE.format(comment=comment))
    made.wrong.mkdir()
    solution = made.solution.read_text(encoding="utf-8")
    for planted in WRONG:
        assert planted.old in solution
        head = f"# fails: {planted.fails}\n# misconception: {planted.misconception}\n"
        answer = head + solution.replace(planted.old, planted.new)
        (made.wrong / f"{planted.name}.py").write_text(answer, encoding="utf-8")
    made.lock()
    made.stub()
    return root


@pytest.fixture
def sound(
    sound_course: Path,
    tmp_path: Path,
    mini_client: ExaminerClient,
    monkeypatch: pytest.MonkeyPatch,
) -> Sound:
    """Give a private copy of a course in which nothing is wrong."""
    root = tmp_path / "course"
    shutil.copytree(sound_course, root, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv(COURSE_VARIABLE, str(root))
    return Sound(root, mini_client)
