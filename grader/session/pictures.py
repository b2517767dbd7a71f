"""Takes the pictures that a suite declares in `pictures.py`: on inputs of their own, for no score.

They are taken in a worker of their own, once all checks are over: what it shows can hold nothing
that a hidden check handed in, since nothing of those workers is left. A picture that cannot be
taken is left out, whatever the reason.
"""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import Any, Final, NamedTuple

import msgspec
import torch

from grader.course.models import Exercise
from grader.course.sources import PICTURES_NAME
from grader.errors import SuiteError
from grader.language import Text, text
from grader.report.pictures import Picture
from grader.session.remote import RemoteModule
from grader.session.run import derive_seed
from grader.session.student import Student
from grader.worker import wire

__all__ = ["DeclaredPicture", "load_pictures", "picture", "take_pictures"]

_MARK: Final = "__picture__"
_Take = Callable[..., Picture]


class DeclaredPicture(NamedTuple):
    """A picture that a suite wants to be taken."""

    name: str
    task: str
    title: Text
    note: Text | None
    take: _Take


def picture(
    *, task: str, title: Mapping[str, str], note: Mapping[str, str] | None = None
) -> Callable[[_Take], _Take]:
    """Mark a function of `pictures.py` as one that takes a picture.

    It may ask for `student`, `reference`, `device` and `define`, as a check may, and for
    `photos(count)` or `labelled_photos(count)`, which give bundled images. It returns what one of
    the functions of `grader.session.drawing` makes.

    Args:
        task: The id of the task that it is about.
        title: What is to be seen, `en` and `zh`.
        note: What to look for, likewise.
    """

    def mark(take: _Take) -> _Take:
        said = None if note is None else msgspec.convert(note, Text)
        name = getattr(take, "__name__", "picture")
        declared = DeclaredPicture(name, task, msgspec.convert(title, Text), said, take)
        setattr(take, _MARK, declared)
        return take

    return mark


def load_pictures(exercise: Exercise) -> tuple[DeclaredPicture, ...]:
    """Read what a suite declares; nothing where it has no such file.

    Raises:
        SuiteError: The file cannot be run, or a picture belongs to no task.
    """
    path = exercise.suite / PICTURES_NAME
    if not path.is_file():
        return ()
    spec = importlib.util.spec_from_file_location(f"pictures_of_{exercise.id}", path)
    if spec is None or spec.loader is None:
        raise _at_fault(exercise, Text(en="it cannot be loaded", zh="无法加载"))
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _at_fault(exercise, text(f"{type(error).__name__}: {error}")) from error
    found = tuple(_declared(module))
    tasks = {task.id for task in exercise.tasks}
    for each in found:
        if each.task not in tasks:
            said = f"{each.name}: {each.task!r}"
            raise _at_fault(exercise, Text(en=f"{said} is no task", zh=f"{said} 不是任务"))
    return found


def take_pictures(
    exercise: Exercise,
    student: Student,
    reference: ModuleType | None,
    *,
    seed: int,
    device: torch.device,
) -> tuple[Picture, ...]:
    """Take all pictures that can be taken.

    Args:
        exercise: Whose suite declares them.
        student: A worker that served no check.
        reference: The solution; None where there is none, and what needs it is left out.
        seed: Where random weights come from.
        device: Where tensors live.
    """
    taken = []
    for each in load_pictures(exercise):
        # The border round a picture: neither a submission nor a suite may cost more than it.
        with contextlib.suppress(Exception):
            student.begin(derive_seed(seed, f"picture:{each.name}"), watch=False)
            taken.append(_take(each, student, reference, device))
    return tuple(taken)


def _take(
    declared: DeclaredPicture, student: Student, reference: ModuleType | None, device: torch.device
) -> Picture:
    photos = _Photos(device)
    known = {
        "student": RemoteModule(student),
        "reference": reference,
        "device": device,
        "photos": photos.images,
        "labelled_photos": photos.labelled,
        "define": lambda source: student.ask(lambda _: wire.Define(source)),
    }
    wanted = {name: known[name] for name in inspect.signature(declared.take).parameters}
    if None in wanted.values():
        msg = "there is no solution here"
        raise LookupError(msg)
    drawn = declared.take(**wanted)
    return msgspec.structs.replace(
        drawn, task=declared.task, title=declared.title, note=declared.note
    )


class _Photos:
    """Gives images of the bundled data set."""

    def __init__(self, device: torch.device) -> None:
        self._device = device

    def images(self, count: int, first: int = 0) -> torch.Tensor:
        """Give images of the test split: shape (count, 3, 32, 32), float32 in [0, 1]."""
        return self.labelled(count, first)[0]

    def labelled(self, count: int, first: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        """Give images of the test split with their labels, shape (count,), int64."""
        from grader.datasets import load_images  # noqa: PLC0415 - only pictures need it

        images, labels = load_images(train=False, name="shapes10")
        chosen = slice(first, first + count)
        return images[chosen].to(self._device), labels[chosen].to(self._device)


def _declared(module: ModuleType) -> Iterator[DeclaredPicture]:
    for value in vars(module).values():
        declared: Any = getattr(value, _MARK, None)
        if isinstance(declared, DeclaredPicture):
            yield declared


def _at_fault(exercise: Exercise, detail: Text) -> SuiteError:
    path = exercise.suite / PICTURES_NAME
    return SuiteError(Text(en=f"{path}: {detail.en}", zh=f"{path}：{detail.zh}"))
