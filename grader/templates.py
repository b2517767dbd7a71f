"""Files that other systems run, as they lie in the package under `ci_templates/`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final, NamedTuple

from grader.language import Text

__all__ = ["PLACES", "Place", "read_template"]


class Place(NamedTuple):
    """Where a course can live, and what grading takes there."""

    about: Text
    """What it is called, and what is written."""
    files: Mapping[str, str]
    """The templates, each by where it goes, from the top of the repository on."""
    programs: frozenset[str] = frozenset()
    """Those that are started, and so have to be executable."""


PLACES: Final[dict[str, Place]] = {
    "github": Place(
        Text(
            "GitHub: a workflow, a reusable one and an action",
            "GitHub：工作流、可复用工作流和 action",
        ),
        {
            ".github/workflows/grade.yml": "github/grade.yml",
            ".github/workflows/grade-reusable.yml": "github/grade-reusable.yml",
            ".github/actions/grade/action.yml": "github/action.yml",
        },
    ),
    "gitlab": Place(Text("GitLab", "GitLab"), {".gitlab-ci.yml": "gitlab/gitlab-ci.yml"}),
    "gitea": Place(
        Text("Gitea and Forgejo", "Gitea 和 Forgejo"),
        {".gitea/workflows/grade.yml": "gitea/grade.yml"},
    ),
    "jenkins": Place(Text("Jenkins", "Jenkins"), {"Jenkinsfile": "jenkins/Jenkinsfile"}),
    "hook": Place(
        Text("a git server: the hook of a bare repository", "git 服务器：裸仓库的钩子"),
        {"post-receive": "hook/post-receive"},
        frozenset({"post-receive"}),
    ),
}
"""The places, by the names that `grade init-ci` knows."""


def read_template(name: str) -> bytes:
    """Read a file.

    Args:
        name: Its path below `ci_templates/`, with `/`.
    """
    return files("grader").joinpath("ci_templates", *name.split("/")).read_bytes()
