"""What an exercise asks for: frozen models, as `grader.course.catalog` reads them from disk."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from grader.language import Text

Visibility = Literal["visible", "hidden", "after_due_date", "after_published"]


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a submission may use. Kept from outside its process."""

    load_seconds: float = 20.0
    """Processor seconds for reading the file and running its definitions."""
    call_seconds: float = 5.0
    """Processor seconds for one call from a suite."""
    check_seconds: float = 15.0
    """Processor seconds for all calls of one check together."""
    memory_mb: int = 1024
    """MiB of memory beyond what a worker has at its start."""
    output_kb: int = 64
    """KiB kept of each of stdout and stderr."""


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An argument of a required class that a learner's own class may have built in."""

    argument: str
    default: bool | int | str
    """What the exercise's class does when nothing is passed."""
    attribute: str = ""
    """A layer's type and its attribute, such as `MaxPool2d.ceil_mode`, that tells the variant."""
    equals: dict[str, str] = {}
    """By variant: the function of torch that gives the same answer, such as `torch.relu`."""


class Likeness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How what serves for a name is recognised in a learner's script, whatever its name there."""

    layers: tuple[str, ...] | None = None
    """Of a class: the layers of `torch.nn` it is made of, in order; empty for one without any."""
    needs: tuple[str, ...] = ()
    """Layers of which a class must have one, to be meant for this."""
    marks: tuple[str, ...] = ()
    """Layers with their first two numbers, such as `Conv2d(3, 6)` or `Linear(_, 10)`: a script of
    which every layer is spelt out and none is like these is about something else."""
    made: tuple[str, ...] = ()
    """The layers with all that the exercise fixes of them, such as `Conv2d(3, 6, 3)`, in order: a
    script's layer of other arguments is pointed at."""
    input: tuple[int, ...] = ()
    """The shape of a tensor to try it with."""
    output: tuple[int, ...] = ()
    """The shape of a right answer to that."""
    apart: tuple[tuple[int, ...], ...] = ()
    """Other shapes, to try a class with that takes no such tensor: one that answers them rightly
    does another thing, and is not judged."""
    apart_output: tuple[int, ...] = ()
    """The shape of a right answer to those."""
    attributes: dict[str, str] = {}
    """The attributes that the exercise fixes, each with the type of its layer."""
    variant: Variant | None = None
    equals: str = ""
    """A function of torch that gives the same answer, such as `torch.relu`."""
    adds: float | None = None
    """What a right answer is larger by than the input."""
    calls: str = ""
    """Of a function: the one of torch that scripts call in its place, outside of any class."""
    results: dict[str, dict[str, int]] = {}
    """The results that it returns, each with the arguments of the call that makes it."""


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an exercise that scores on its own."""

    id: str
    title: Text
    points: float
    names: tuple[str, ...]
    """Names that the submission must define for this task."""
    forbidden: tuple[str, ...] = ()
    """Glob patterns of functions, methods, layers and operators that the task must do without."""
    exact_names: bool = False
    """Whether the spelling of names is what the task teaches: a near miss is then told, and does
    not serve."""
    like: dict[str, Likeness] = {}
    """By name: how what serves for it in a learner's own script is recognised."""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One pinned check of a suite."""

    id: str
    """The name of the test function without `test_`, with the parameter's id in brackets."""
    task: str
    points: float
    visibility: Visibility
    title: Text
    hint: Text | None = None
    needs: tuple[str, ...] = ()
    """Ids of checks without which this one can hardly be passed: what fails there comes first in a
    report, and this check is then told in a line. Neither outcome nor score depends on it."""


class Exercise(msgspec.Struct, frozen=True):
    """An exercise with everything that grading needs to know of it."""

    id: str
    """`ex` and two digits."""
    slug: str
    title: Text
    tasks: tuple[Task, ...]
    limits: Limits
    preload: tuple[str, ...]
    """Modules that the nursery imports beside torch."""
    signs: tuple[str, ...]
    """What a script about this uses, all of it, whatever it defines."""
    misconceptions: dict[str, Text]
    """Known mistakes that a suite can recognise, by id."""
    checks: tuple[Check, ...]
    folder: Path
    """What students get: the stub, the texts, the manifest."""
    solution: Path
    """The annotated reference solution."""
    suite: Path
    """The folder with the suite and its pinned list of checks."""
    onednn: bool = True
    """Whether torch uses oneDNN, which takes long to prepare itself for each new shape."""
    topics: tuple[tuple[str, ...], ...] = ()
    """What a script uses that has nothing to grade, and belongs here all the same: of one of these
    groups all."""
    withheld: dict[str, float] = {}
    """By task, the points of checks that are not here: students get the visible ones only, and the
    others grade after submission. Empty where all checks are here."""
    sources: dict[str, bytes] = {}
    """Suite and solution where they were opened in memory, by the file's name; empty where they
    lie at `suite` and `solution`. See `grader.course.sources`."""

    @property
    def name(self) -> str:
        """The id and the slug, which name files and folders: `ex03_conv_layer`."""
        return f"{self.id}_{self.slug}"

    @property
    def names(self) -> tuple[str, ...]:
        """All names that a submission must define, in the order of the tasks."""
        return tuple(dict.fromkeys(name for task in self.tasks for name in task.names))

    def names_of(self, task: str) -> tuple[str, ...]:
        """The names that one task asks for."""
        return next((each.names for each in self.tasks if each.id == task), ())

    @property
    def exact_names(self) -> tuple[str, ...]:
        """The names that only their exact spelling will do for."""
        return tuple(name for task in self.tasks if task.exact_names for name in task.names)

    @property
    def likenesses(self) -> dict[str, Likeness]:
        """By name, over all tasks: how what serves for it in a script is recognised."""
        return {name: like for task in self.tasks for name, like in task.like.items()}

    @property
    def max_score(self) -> float:
        """The points that the checks which are here can give."""
        return sum(self.max_score_of(task) for task in self.tasks)

    @property
    def is_complete(self) -> bool:
        """Whether all checks are here; a student's kit holds the visible ones only."""
        return not self.withheld

    def max_score_of(self, task: Task) -> float:
        """Give the points that the checks of a task which are here can give."""
        withheld = self.withheld.get(task.id)
        # Thirds of points leave a rest that nobody can score.
        return task.points if withheld is None else round(task.points - withheld, 2)

    def task(self, task_id: str) -> Task:
        """Find a task by its id. Raises KeyError."""
        for task in self.tasks:
            if task.id == task_id:
                return task
        raise KeyError(task_id)
