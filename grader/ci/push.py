"""What was pushed: the commit to grade, and the one to compare it with.

Where CI runs says so in the environment, each place in its own way. Names from there are only
looked up, since a student chooses those of branches.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from grader.ci.repository import Repository
from grader.errors import UsageError
from grader.language import Text

__all__ = ["Push", "find_push"]

_ID: Final = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_MAX_EVENT_BYTES: Final = 32 * 2**20
_FIRST: Final = Text(
    en="There is no earlier state to compare with, as in a first push; what differs from the "
    "files that were handed out was graded.",
    zh="没有可比较的先前状态（例如首次推送），因此评分对象是与发放文件不同的部分。",
)
_GONE: Final = Text(
    en="The earlier state is not in this clone, as after a forced push or in a shallow clone; what "
    "differs from the files that were handed out was graded.",
    zh="此克隆中没有先前的状态（例如强制推送之后，或浅克隆），因此评分对象是与发放文件不同的部分。",
)


class Push(NamedTuple):
    """Two states of a repository."""

    head: str
    """The commit to grade."""
    base: str | None
    """The commit that it is compared with; None where there is none."""
    note: Text | None = None
    """Why there is none."""


def find_push(
    repository: Repository, head: str, base: str | None, environment: Mapping[str, str]
) -> Push:
    """Find out what was pushed.

    Args:
        repository: Where to.
        head: The commit to grade, by any name.
        base: What to compare with; None asks the environment, and then the commit's parent.
        environment: The variables of this process.

    Raises:
        UsageError: A commit that was named is not there.
    """
    commit = repository.commit(head)
    if commit is None:
        raise _no_commit(head, option="--head")
    if base is not None and not _is_nothing(base):
        found = repository.commit(base)
        if found is None and not _ID.fullmatch(base):
            raise _no_commit(base, option="--base")
        return Push(commit, found, None if found else _GONE)
    named = None if base is not None else next(_named(environment), None)
    if base is not None or (named is not None and _is_nothing(named)):
        return Push(commit, None, _FIRST)
    if named is None:
        parent = repository.commit(f"{commit}^")
        return Push(commit, parent, None if parent else _FIRST)
    found = repository.commit(named)
    if found is None:
        return Push(commit, None, _GONE)
    # What was merged into the target since is not this student's.
    shared = repository.fork_point(found, commit)
    return Push(commit, shared if _is_request(environment) and shared else found)


def _named(environment: Mapping[str, str]) -> Iterator[str]:
    """Give the ids that places name, the most telling first; whatever is no id is left out."""
    event = _event(environment)
    names = [
        _at(event, "pull_request", "base", "sha"),
        _at(event, "before"),
        environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
        environment.get("CI_COMMIT_BEFORE_SHA"),
        environment.get("GIT_PREVIOUS_COMMIT"),
    ]
    for name in names:
        if isinstance(name, str) and _ID.fullmatch(name):
            yield name


def _event(environment: Mapping[str, str]) -> object:
    """Read what GitHub, Gitea and Forgejo say of the push; nothing where it cannot be read."""
    path = environment.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            return json.loads(file.read(_MAX_EVENT_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _is_request(environment: Mapping[str, str]) -> bool:
    return isinstance(_at(_event(environment), "pull_request"), dict)


def _is_nothing(name: str) -> bool:
    """Say whether an id is the one of nothing, as places write it for a first push."""
    return name != "" and set(name) == {"0"}


def _no_commit(name: str, *, option: str) -> UsageError:
    return UsageError(
        Text(en=f"{option}: there is no commit {name!r}", zh=f"{option}：没有提交 {name!r}"),
        hint=Text(
            en="Name a commit of this repository; a shallow clone lacks the older ones "
            "(`git fetch --unshallow`).",
            zh="请指定本仓库中的提交；浅克隆缺少较早的提交（`git fetch --unshallow`）。",
        ),
    )
