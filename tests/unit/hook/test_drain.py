from __future__ import annotations

import json

import pytest
from git_server import Student, git
from hook_server import ZERO, Server
from waiting import wait_until

from grader.batch.gradebook import write_gradebook
from grader.batch.output import report_path, take_lock
from grader.errors import SandboxError
from grader.hook.drain import LATEST
from grader.language import Text

PATH = "exercises/ex90_mini/ex90_mini.py"
WRONG = "def double(x):\n    return 3 * x\n"


def kinds(server: Server, push: object) -> list[tuple[str, str]] | None:
    outcomes = server.outcomes(push)  # type: ignore[arg-type]
    return None if outcomes is None else [(one.exercise, one.kind) for one in outcomes]


def test_a_push_is_graded_once_under_its_commit(server: Server, ada: Student, right: str) -> None:
    ada.commit({PATH: right})
    push = server.push(ada)
    assert server.drain() == 1
    assert kinds(server, push) == [("ex90", "report")]
    assert server.score(push) == 100
    assert server.drain() == 0
    assert server.graded == []


def test_only_what_a_push_has_changed_is_graded(server: Server, ada: Student, right: str) -> None:
    ada.commit({PATH: right})
    server.push(ada)
    server.drain()
    ada.commit({"README.md": "hello"})
    push = server.push(ada)
    server.drain()
    assert (server.graded, kinds(server, push)) == ([], [])


def test_what_an_answer_imports_is_graded_with_it(server: Server, ada: Student, right: str) -> None:
    model = PATH.replace("ex90_mini.py", "model.py")
    ada.commit({PATH: "from model import FACTS, Net, double, total\n", model: right})
    push = server.push(ada)
    server.drain()
    assert server.score(push) == 100
    ada.commit({model.replace("model", "other"): WRONG})
    server.push(ada)
    server.drain()
    assert server.graded == []
    ada.commit({model: WRONG})
    push = server.push(ada)
    server.drain()
    assert kinds(server, push) == [("ex90", "report")]
    assert server.score(push) < 100


def test_the_handout_as_it_was_is_not_graded(server: Server, ada: Student) -> None:
    handout = server.mini.root / PATH
    ada.commit({PATH: handout.read_bytes().replace(b"\n", b"\r\n")})
    push = server.push(ada)
    server.drain()
    assert (server.graded, kinds(server, push)) == ([], [("ex90", "handout")])


def test_a_new_branch_is_compared_with_the_main_one(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right})
    server.push(ada)
    server.drain()
    ada.commit({"notes.txt": "an idea"})
    push = server.push(ada, "refs/heads/idea")
    server.drain()
    assert kinds(server, push) == []


def test_a_forced_push_is_graded_like_any_other(server: Server, ada: Student, right: str) -> None:
    ada.commit({PATH: WRONG})
    server.push(ada)
    ada.write({PATH: right})
    git(ada.clone, "commit", "-q", "--all", "--amend", "-m", "again")
    push = server.push(ada)
    assert server.drain() == 2
    assert server.score(push) == 100


def test_one_commit_on_two_branches_is_graded_once(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right})
    pushes = [server.push(ada, f"refs/heads/{name}") for name in ("one", "two")]
    server.drain()
    assert server.graded == [pushes[0].owner]
    assert [kinds(server, push) for push in pushes] == [[("ex90", "report")]] * 2


def test_the_default_branch_alone_counts_and_the_last_push_of_it(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: WRONG})
    server.push(ada)
    ada.commit({PATH: right})
    server.push(ada)
    ada.commit({PATH: "x = 1\n"})
    server.push(ada, "refs/heads/experiment")
    server.drain()
    latest = report_path(server.out / LATEST, "ada", "ex90")
    assert json.loads(latest.read_bytes())["score"] == 100
    assert "ada,100,100," in write_gradebook(server.out / LATEST).gradebook.read_text()


def test_a_grader_that_ends_in_the_middle_leaves_its_pushes_to_the_next(
    server: Server, ada: Student, right: str
) -> None:
    bob = Student(ada.bare.parent, "bob")
    for student in (ada, bob):
        student.commit({PATH: right})
    pushes = [server.push(student) for student in (ada, bob)]

    def end(student: str) -> None:
        if student == pushes[1].owner:
            wait_until(lambda: server.outcomes(pushes[0]) is not None)
            raise KeyboardInterrupt

    server.before = end
    with pytest.raises(KeyboardInterrupt):
        server.drain()
    server.before = lambda _student: None
    assert server.drain() == 1
    assert server.graded == [pushes[1].owner], "what was finished is not graded again"
    assert [server.score(push) for push in pushes] == [100, 100]


def test_a_fault_of_ours_is_no_score_and_can_be_graded_again(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right})
    push = server.push(ada)

    def lose(_student: str) -> None:
        raise OSError

    server.before = lose
    server.drain()
    server.before = lambda _student: None
    assert kinds(server, push) == [("ex90", "fault")]
    assert server.score(push) is None
    assert server.drain(again="faults") == 1
    assert (kinds(server, push), server.score(push)) == ([("ex90", "report")], 100)


def test_where_nothing_can_be_locked_in_the_push_stays(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right})
    push = server.push(ada)

    def refuse(_student: str) -> None:
        raise SandboxError(Text("no locks", "没有隔离"))

    server.before = refuse
    with pytest.raises(SandboxError):
        server.drain()
    assert server.outcomes(push) is None


def test_a_push_that_brings_the_grader_down_is_given_up_and_holds_up_nobody(
    server: Server, ada: Student, right: str
) -> None:
    bob = Student(ada.bare.parent, "bob")
    ada.commit({PATH: WRONG})
    bob.commit({PATH: right})
    poison, good = server.push(ada), server.push(bob)

    def end(student: str) -> None:
        if student == poison.owner:
            raise KeyboardInterrupt

    server.before = end
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            server.drain()
    server.drain()
    assert kinds(server, poison) == [("", "refused")]
    assert server.score(good) == 100


def test_a_folder_that_another_process_grades_is_left_to_it(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right})
    push = server.push(ada)
    with take_lock(server.out):
        assert server.drain() == 0
    assert server.outcomes(push) is None


@pytest.mark.parametrize("place", ["nowhere", "unknown"])
def test_a_repository_that_is_gone_or_lacks_the_commit_is_told(
    server: Server, ada: Student, place: str
) -> None:
    ada.commit()
    ada.push()
    push = server.receive(ada, ZERO, "d" * 40)
    if place == "nowhere":
        ada.bare.rename(ada.bare.with_name("moved"))
    server.drain()
    assert kinds(server, push) == [("", "refused")]


HOSTILE = {
    "conftest.py": "import os; os._exit(0)\n",
    "exercises/ex90_mini/conftest.py": "raise SystemExit(0)\n",
    "pytest.ini": "[pytest]\naddopts = --co\n",
    "setup.cfg": "[tool:pytest]\naddopts = --co\n",
    "sitecustomize.py": "raise SystemExit(0)\n",
    "torch.py": "raise SystemExit(0)\n",
    "exercises/ex90_mini/torch.py": "raise SystemExit(0)\n",
    "grader/__init__.py": "raise SystemExit(0)\n",
    ".github/workflows/grade.yml": "on: push\n",
    ".gitlab-ci.yml": "script: [exit 0]\n",
    ".gitattributes": "* filter=evil diff=evil merge=evil\n",
    ".gitconfig": "[core]\nfsmonitor = touch owned\n",
    "hooks/post-receive": "#!/bin/sh\ntouch owned\n",
    "tests/suites/ex90_mini/test_hidden.py": "def test_nothing(): pass\n",
    "solutions/ex90_mini/ex90_mini.py": WRONG,
    "exercises/ex90_mini/exercise.toml": "format = 1\n",
}


def test_files_that_steer_other_programs_change_nothing(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit({PATH: right, **HOSTILE}, message="$(touch owned) `touch owned`; touch owned #")
    good = server.push(ada, "refs/heads/a;$(touch${IFS}owned)|`touch${IFS}owned`")
    ada.commit({PATH: WRONG})
    bad = server.push(ada, "refs/heads/--upload-pack=touch")
    server.drain()
    assert server.score(good) == 100
    assert server.score(bad) < 100
    assert not list(ada.bare.parent.rglob("owned"))


@pytest.mark.parametrize(
    ("make", "said"),
    [
        ("link", "is a symbolic link"),
        ("submodule", "is a submodule"),
        ("pointer", "is stored in Git LFS"),
        ("huge", "at most 2 MB are read"),
    ],
)
def test_what_is_no_file_to_grade_is_refused_in_words_and_alone(
    server: Server, ada: Student, right: str, make: str, said: str
) -> None:
    bob = Student(ada.bare.parent, "bob")
    bob.commit({PATH: right})
    if make == "link":
        (ada.clone / "exercises/ex90_mini").mkdir(parents=True)
        (ada.clone / PATH).symlink_to(server.mini.solution)
        ada.commit()
    elif make == "submodule":
        ada.commit()
        entry = f"160000,{ada.head()},exercises/ex90_mini"
        git(ada.clone, "update-index", "--add", "--cacheinfo", entry)
        git(ada.clone, "commit", "-q", "-m", "a submodule")
    else:
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n"
        ada.commit({PATH: pointer if make == "pointer" else "#" * (3 * 2**20)})
    pushes = [server.push(student) for student in (ada, bob)]
    server.drain()
    (outcome,) = server.outcomes(pushes[0]) or []
    assert (outcome.exercise, outcome.kind) == ("ex90", "refused")
    assert said in outcome.said.en
    assert server.score(pushes[1]) == 100


def test_a_tree_with_names_that_lead_elsewhere_writes_nothing_there(
    server: Server, ada: Student, right: str
) -> None:
    ada.commit()
    blob = git(ada.clone, "hash-object", "-w", "--stdin", given=right.encode()).strip()
    tree = b""
    for name in (b"..\\ex90_mini.py", b"\xff\xfeex90.py", b"ex90 \x1b[31m.py"):
        tree += b"100644 " + name + b"\0" + bytes.fromhex(blob)
    made = git(ada.clone, "hash-object", "-t", "tree", "-w", "--literally", "--stdin", given=tree)
    commit = git(ada.clone, "commit-tree", "-m", "odd", made.strip()).strip()
    git(ada.clone, "reset", "-q", "--soft", commit)
    before = set(server.out.parent.iterdir())
    push = server.push(ada)
    server.drain()
    assert server.score(push) == 100
    assert set(server.out.parent.iterdir()) == before
