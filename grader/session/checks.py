"""The `check` marker: what a suite says about each of its tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
import pytest

from grader.course.models import Check, Visibility
from grader.errors import SuiteError
from grader.language import Text

Wording = Mapping[str, str]
_PREFIX: Final = "test_"


def check(  # noqa: PLR0913 - the facts of a check
    *,
    task: str,
    points: float | Mapping[str, float],
    title: Wording,
    visibility: Visibility = "visible",
    hint: Wording | None = None,
    needs: Sequence[str] | Mapping[str, Sequence[str]] = (),
    needs_device: str | None = None,
) -> pytest.MarkDecorator:
    """Mark a test function as a check.

    Args:
        task: The id of the task that it belongs to.
        points: What passing it is worth; for a parametrised test a mapping from the ids of the
            parameters, or the same points for each.
        title: What the student's work must do, `en` and `zh`. A parameter's name in braces
            stands for its value.
        visibility: One of Gradescope's four words.
        hint: Where to look when it fails.
        needs: Ids of checks of this exercise that come first; where one of them fails too, the
            report tells that one, and this one in a line. It is run and scored all the same. For a
            parametrised test also a mapping from the ids of the parameters.
        needs_device: A device type without which the check is not run; it is worth 0 points, so
            that a machine without the device costs nobody any.
    """
    return pytest.mark.check(
        task=task,
        points=points,
        title=title,
        visibility=visibility,
        hint=hint,
        needs=needs,
        needs_device=needs_device,
    )


def check_of(item: pytest.Function) -> Check:
    """Read the marker of a collected test.

    Raises:
        SuiteError: The test has no marker, or the marker is malformed.
    """
    name = check_id_of(item)
    marker = item.get_closest_marker("check")
    if marker is None:
        raise _suite_error(item, "the test has no `@check(…)`", "测试没有 `@check(…)` 标记")
    given: dict[str, Any] = dict(marker.kwargs)
    params = item.callspec.params if hasattr(item, "callspec") else {}
    points = given["points"]
    if isinstance(points, Mapping):
        points = points.get(item.callspec.id)
    needs = given["needs"]
    if isinstance(needs, Mapping):
        needs = needs.get(item.callspec.id, ())
    facts = {
        "id": name,
        "task": given["task"],
        "points": points,
        "visibility": given["visibility"],
        "title": _fill(given["title"], params),
        "hint": None if given["hint"] is None else _fill(given["hint"], params),
        "needs": needs,
    }
    try:
        found = msgspec.convert(facts, Check)
    except msgspec.ValidationError as error:
        raise _suite_error(item, str(error), str(error)) from error
    if given["needs_device"] and found.points:
        raise _suite_error(
            item, "a check that needs a device is worth 0 points", "需要特定设备的检查必须为 0 分"
        )
    return found


def check_id_of(item: pytest.Item) -> str:
    """Give the id of the check that a test is."""
    return item.name.removeprefix(_PREFIX)


def needed_device(item: pytest.Item) -> str | None:
    """Give the device type without which a check is not run."""
    marker = item.get_closest_marker("check")
    return None if marker is None else marker.kwargs.get("needs_device")


def _fill(wording: Wording, params: Mapping[str, object]) -> dict[str, str]:
    if not params:
        return dict(wording)
    return {language: sentence.format(**params) for language, sentence in wording.items()}


def _suite_error(item: pytest.Function, en: str, zh: str) -> SuiteError:
    path, line, _ = item.location
    where = f"{path}:{(line or 0) + 1} {item.name}"
    return SuiteError(Text(en=f"{where}: {en}", zh=f"{where}：{zh}"))
