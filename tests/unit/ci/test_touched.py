from __future__ import annotations

import os
from pathlib import Path

import msgspec
import pytest
from student_repository import StudentRepository

from grader.ci.handed_in import read_handed_in
from grader.ci.push import Push, find_push
from grader.ci.repository import Repository
from grader.ci.touched import Touched, find_touched
from grader.course.models import Exercise
from grader.errors import SubmissionError, UsageError
from grader.kit.contents import Grader, make_kit
from grader.submission import Submission

SCRIPT = "exercises/{0}/{0}.py"
EX01, EX02, EX03 = (
    SCRIPT.format(name) for name in ("ex01_nn_module", "ex02_convolution", "ex03_conv_layer")
)


@pytest.fixture(scope="module")
def kit(course: object) -> dict[str, bytes]:
    from grader.course.catalog import Course, load_exercise  # noqa: PLC0415 - beside its use

    assert isinstance(course, Course)
    exercises = [load_exercise(course, name) for name in ("ex01", "ex02", "ex03")]
    return make_kit(exercises, Grader("torchgrade==1", {}), "en")


@pytest.fixture
def cloned(student: StudentRepository, kit: dict[str, bytes]) -> StudentRepository:
    """Give a repository as a student clones it."""
    student.commit("kit", **kit)
    return student


def touched(
    student: StudentRepository, exercises: list[Exercise], base: str | None = None
) -> list[Touched]:
    repository = Repository(student.folder)
    push = find_push(repository, "HEAD", base, {})
    return find_touched(repository, push, exercises, [one.name for one in exercises])


def paths(found: list[Touched]) -> list[tuple[str, str | None]]:
    return [(one.exercise.id, one.path) for one in found]


def test_only_what_the_push_changes_is_touched(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    cloned.commit("work", **{EX02: "x = 1\n", "notes.txt": "ex01_nn_module.py"})
    assert paths(touched(cloned, exercises)) == [("ex02", EX02)]
    cloned.commit("more", **{"README.md": "changed\n"})
    assert touched(cloned, exercises) == []


def test_several_commits_of_a_push_count_together(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    base = cloned.git("rev-parse", "HEAD")
    cloned.commit("one", **{EX03: "x = 1\n"})
    cloned.commit("two", **{EX01: "x = 1\n"})
    assert paths(touched(cloned, exercises, base)) == [("ex01", EX01), ("ex03", EX03)]


def test_without_a_base_what_is_not_as_it_was_handed_out_is_touched(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    assert touched(cloned, exercises, "0" * 40) == []
    cloned.commit("work", **{EX02: "x = 1\n"})
    assert paths(touched(cloned, exercises, "0" * 40)) == [("ex02", EX02)]


def test_without_a_base_and_a_kit_everything_counts(
    student: StudentRepository, exercises: list[Exercise]
) -> None:
    student.commit("all", **{"ex02_convolution.py": "x", "deep/er/ex03_conv_layer.ipynb": "{}"})
    found = paths(touched(student, exercises))
    assert found == [("ex02", "ex02_convolution.py"), ("ex03", "deep/er/ex03_conv_layer.ipynb")]


def test_a_notebook_counts_like_a_script(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    notebook = EX03.replace(".py", ".ipynb")
    cloned.commit("work", **{notebook: "{}"})
    assert paths(touched(cloned, exercises)) == [("ex03", notebook)]


def test_of_script_and_notebook_the_one_that_was_worked_on_counts(
    student: StudentRepository, exercises: list[Exercise], kit: dict[str, bytes]
) -> None:
    student.commit("empty")
    notebook = EX03.replace(".py", ".ipynb")
    student.commit("kit and work at once", **(kit | {notebook: b"{}"}))
    found = [one for one in touched(student, exercises) if one.exercise.id == "ex03"]
    assert paths(found) == [("ex03", notebook)]
    assert found[0].notes == ()


def test_if_both_were_changed_the_script_counts_and_that_is_said(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    notebook = EX03.replace(".py", ".ipynb")
    cloned.commit("work", **{EX03: "x = 1\n", notebook: "{}"})
    (found,) = touched(cloned, exercises)
    assert found.path == EX03
    assert "what counts is" in found.notes[0].en


def test_a_file_that_moved_is_compared_with_where_it_was(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    cloned.git("mv", EX03, "ex03_conv_layer.py")
    cloned.save()
    (found,) = touched(cloned, exercises)
    assert (found.path, found.base_path, found.notes) == ("ex03_conv_layer.py", EX03, ())


def test_a_file_under_a_new_name_is_followed_and_that_is_said(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    cloned.git("mv", EX03, "my_conv.py")
    cloned.save()
    (found,) = touched(cloned, exercises)
    assert (found.path, found.base_path) == ("my_conv.py", EX03)
    assert "Give it back its name" in found.notes[0].en


def test_a_file_that_is_removed_leaves_the_other_or_nothing(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    notebook = EX03.replace(".py", ".ipynb")
    cloned.git("rm", "-q", EX03)
    cloned.save()
    assert paths(touched(cloned, exercises)) == [("ex03", notebook)]
    cloned.git("rm", "-q", notebook)
    cloned.save()
    (found,) = touched(cloned, exercises)
    assert found.path is None
    assert "nothing left to grade" in found.notes[0].en


def test_a_merge_brings_what_the_other_side_changed(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    base = cloned.git("rev-parse", "HEAD")
    cloned.git("checkout", "-q", "-b", "side")
    cloned.commit("side", **{EX01: "x = 1\n"})
    cloned.git("checkout", "-q", "main")
    cloned.commit("main", **{EX02: "x = 1\n"})
    cloned.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    assert paths(touched(cloned, exercises)) == [("ex01", EX01)]
    assert paths(touched(cloned, exercises, base)) == [("ex01", EX01), ("ex02", EX02)]


def test_another_course_is_an_error_and_never_a_0(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    cloned.commit("work", **{EX02: "x = 1\n"})
    task = msgspec.structs.replace(exercises[1].tasks[0], points=14.0)
    other = msgspec.structs.replace(exercises[1], tasks=(task, *exercises[1].tasks[1:]))
    with pytest.raises(UsageError, match="not the ones that the student was given: ex02_conv"):
        touched(cloned, [exercises[0], other])
    with pytest.raises(UsageError, match="not the ones that the student was given: ex02_conv"):
        touched(cloned, [exercises[0], exercises[2]])
    # What is not asked for is no mistake, as long as it is known.
    repository = Repository(cloned.folder)
    push = find_push(repository, "HEAD", None, {})
    assert find_touched(repository, push, exercises[:1], [one.name for one in exercises]) == []
    # What the push does not touch may differ.
    cloned.commit("other work", **{EX01: "x = 1\n"})
    assert paths(touched(cloned, [exercises[0], other])) == [("ex01", EX01)]


@pytest.mark.parametrize("content", ["", "{}", "[" * 100_000, '{"format": 7}', "\xff"])
def test_a_kit_that_was_tampered_with_only_makes_everything_count(
    cloned: StudentRepository, exercises: list[Exercise], content: str
) -> None:
    cloned.commit("work", **{"kit.json": content.encode("latin-1")})
    assert len(touched(cloned, exercises, "0" * 40)) == 3


# -- a repository is the student's own


@pytest.fixture
def tricks(cloned: StudentRepository, tmp_path: Path) -> Path:
    """Set every trap that git has for whoever looks at a working copy; give the file that tells."""
    trap = tmp_path / "sprung"
    command = f"touch {trap}"
    attributes = "*.py filter=evil diff=evil merge=evil\n"
    cloned.write(".gitattributes", attributes)
    for name, value in {
        "core.fsmonitor": command, "core.pager": command, "core.editor": command,
        "core.sshCommand": command, "core.askPass": command, "diff.external": command,
        "filter.evil.clean": f"{command}; cat", "filter.evil.smudge": f"{command}; cat",
        "filter.evil.process": command, "diff.evil.textconv": command,
        "diff.evil.command": command, "alias.ls-tree": f"!{command}",
        "include.path": "../evil.config", "uploadpack.packObjectsHook": command,
        "gpg.program": command, "log.showSignature": "true", "diff.noprefix": "true",
        "diff.renames": "false", "core.quotePath": "true", "core.worktree": "/",
    }.items():  # fmt: skip
        cloned.git("config", "--file", ".git/evil", name, value)
    cloned.write("evil.config", f"[core]\n\tfsmonitor = {command}\n")
    for hook in ("post-checkout", "pre-commit", "post-index-change", "fsmonitor-watchman"):
        path = cloned.write(f".git/hooks/{hook}", f"#!/bin/sh\n{command}\n")
        path.chmod(0o755)
    return trap


def spring(cloned: StudentRepository) -> None:
    """Put the traps in place, once nothing more is committed."""
    config = cloned.folder / ".git"
    (config / "config").write_bytes(
        (config / "config").read_bytes() + (config / "evil").read_bytes()
    )


def test_nothing_in_a_repository_is_run(
    cloned: StudentRepository, exercises: list[Exercise], tricks: Path
) -> None:
    answer = "x = 'as it was committed'\n"
    cloned.commit("work", **{EX02: answer})
    tricks.unlink(missing_ok=True)
    spring(cloned)
    cloned.write(EX02, "x = 'not what was committed'\n")
    assert paths(touched(cloned, exercises)) == [("ex02", EX02)]
    repository = Repository(cloned.folder)
    head = repository.commit("HEAD")
    assert head is not None
    assert read_handed_in(repository, head, EX02).content == answer.encode()
    assert not tricks.exists()


def test_names_with_the_syntax_of_a_shell_are_names(
    cloned: StudentRepository, exercises: list[Exercise], tmp_path: Path
) -> None:
    branch = f"$(touch${{IFS}}{tmp_path}/sprung);`touch${{IFS}}sprung`|x&"
    cloned.git("checkout", "-q", "-b", branch)
    folder = '--output=x/"; touch sprung; \n::error::x'
    message = "::set-output name=x::y\n$(touch sprung) `touch sprung` \x1b[31m"
    cloned.commit(message, **{f"{folder}/ex02_convolution.py": "x = 1\n"})
    assert paths(touched(cloned, exercises)) == [("ex02", f"{folder}/ex02_convolution.py")]
    assert find_push(Repository(cloned.folder), branch, None, {}).base is not None
    assert not list(tmp_path.rglob("sprung"))


def test_names_may_be_any_bytes(cloned: StudentRepository, exercises: list[Exercise]) -> None:
    name = os.fsdecode(b"\xff\xfe/ex02_convolution.py")
    cloned.commit("work", **{name: "x = 1\n"})
    assert paths(touched(cloned, exercises)) == [("ex02", name)]


@pytest.mark.parametrize("kind", ["link", "submodule", "huge"])
def test_what_is_no_file_of_a_sensible_size_is_the_authors_to_mend(
    cloned: StudentRepository, exercises: list[Exercise], kind: str
) -> None:
    path = cloned.folder / EX02
    path.unlink()
    if kind == "link":
        path.symlink_to("/etc/passwd")
        cloned.save()
    elif kind == "huge":
        cloned.commit("huge", **{EX02: b"#" * (3 * 2**20)})
    else:
        commit = cloned.git("rev-parse", "HEAD")
        cloned.git("rm", "-q", "--cached", EX02)
        cloned.git("update-index", "--add", "--cacheinfo", f"160000,{commit},{EX02}")
        cloned.git("commit", "-q", "-m", "submodule")
    assert paths(touched(cloned, exercises)) == [("ex02", EX02)]
    repository = Repository(cloned.folder)
    head = repository.commit("HEAD")
    assert head is not None
    handed_in = read_handed_in(repository, head, EX02)
    assert isinstance(handed_in.submission, SubmissionError)
    said = {"huge": "too large"}.get(kind, "is a link or another repository")
    assert said in handed_in.submission.message.en


def test_replaced_objects_do_not_count(cloned: StudentRepository) -> None:
    cloned.commit("work", **{EX02: "x = 'committed'\n"})
    old = cloned.git("rev-parse", f"HEAD:{EX02}")
    new = cloned.git("hash-object", "-w", "--stdin", data=b"x = 'replaced'\n")
    cloned.git("replace", old, new)
    repository = Repository(cloned.folder)
    push = find_push(repository, "HEAD", None, {})
    assert isinstance(push, Push)
    assert read_handed_in(repository, push.head, EX02).content == b"x = 'committed'\n"


def test_a_file_that_is_imported_counts_as_the_exercise(
    cloned: StudentRepository, exercises: list[Exercise]
) -> None:
    folder = EX02.rpartition("/")[0]
    cloned.commit("work", **{EX02: "from net import x\n", f"{folder}/net.py": "x = 1\n"})
    (cloned.folder / folder / "link.py").symlink_to("/etc/passwd")
    cloned.commit("beside", **{f"{folder}/other.py": "x = 1\n", f"{EX03[:-3]}/net.py": "x = 1\n"})
    assert touched(cloned, exercises) == []
    base = cloned.git("rev-parse", "HEAD")
    cloned.commit("net", **{f"{folder}/net.py": "import link\nx = 2\n"})

    assert paths(touched(cloned, exercises)) == [("ex02", EX02)]
    repository = Repository(cloned.folder)
    head = repository.commit("HEAD")
    assert head is not None
    now, before = (read_handed_in(repository, commit, EX02) for commit in (head, base))
    assert isinstance(now.submission, Submission)
    assert [(one.module, one.text) for one in now.submission.siblings] == [
        ("net", "import link\nx = 2\n")
    ]
    assert now.sha256 != before.sha256
