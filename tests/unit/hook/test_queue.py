from __future__ import annotations

import threading
from pathlib import Path

import pytest

from grader.errors import ReportNotWrittenError, UsageError
from grader.hook.queue import Outcome, Pushed, Queue
from grader.language import Text

MAIN = Pushed("0" * 40, "a" * 40, "refs/heads/main")
GRADED = Outcome("ex01", "report", Text("", ""))


def test_pushes_are_taken_in_their_order_and_finished_once(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        ada, bob = (queue.add(tmp_path / f"{one}.git", one, [MAIN])[0] for one in ("ada", "bob"))
        assert [push.repository for push in queue.take(10)] == ["ada", "bob"]
        assert (queue.outcomes(ada), queue.waiting(), queue.waiting(bob)) == (None, 2, 1)
        queue.finish(ada, [GRADED])
        assert queue.outcomes(ada) == [GRADED]
        assert queue.waiting() == 1


def test_a_push_that_was_begun_before_comes_alone(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        queue.add(tmp_path / "ada.git", "ada", [MAIN, MAIN])
        queue.take(1)
        queue.add(tmp_path / "bob.git", "bob", [MAIN])
        (alone,) = queue.take(10)
        assert (alone.repository, alone.attempts) == ("ada", 1)
        queue.finish(alone, [])
        assert [push.repository for push in queue.take(10)] == ["ada", "bob"]


def test_what_was_noted_outlives_the_process(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        queue.add(tmp_path / "ada.git", "ada", [MAIN])
    with Queue(tmp_path) as queue:
        assert [push.pushed for push in queue.take(10)] == [MAIN]


def test_two_repositories_of_one_name_are_told_apart(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        names = [
            queue.add(tmp_path / folder / "hw.git", "hw", [MAIN])[0].repository
            for folder in ("ada", "bob", "ada")
        ]
    assert names[0] == names[2] == "hw"
    assert names[1].startswith("hw~")


@pytest.mark.parametrize("wished", ["../../etc", ".", "a/b", "x\n::error::y", "CON"])
def test_a_name_is_safe_as_a_folder(tmp_path: Path, wished: str) -> None:
    with Queue(tmp_path) as queue:
        (push,) = queue.add(tmp_path / "x.git", wished, [MAIN])
    path = tmp_path / push.repository
    assert path.parent == tmp_path
    assert push.repository not in {".", "..", "CON"}
    assert "\n" not in push.repository


def test_only_the_latest_push_counts(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        first, second = queue.add(tmp_path / "ada.git", "ada", [MAIN, MAIN])
        assert queue.claim_latest(second, "ex01")
        assert not queue.claim_latest(first, "ex01")
        assert queue.claim_latest(second, "ex01")


def test_many_may_write_at_once(tmp_path: Path) -> None:
    Queue(tmp_path).close()

    def add(name: str) -> None:
        with Queue(tmp_path) as queue:
            queue.add(tmp_path / f"{name}.git", name, [MAIN])

    threads = [threading.Thread(target=add, args=[f"s{number}"]) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Queue(tmp_path) as queue:
        assert len({push.repository for push in queue.take(100)}) == 12


def test_faults_alone_are_opened_again(tmp_path: Path) -> None:
    with Queue(tmp_path) as queue:
        good, bad = queue.add(tmp_path / "ada.git", "ada", [MAIN, MAIN])
        queue.finish(good, [GRADED])
        queue.finish(bad, [GRADED._replace(kind="fault")])
        assert queue.reopen_faults() == 1
        assert [push.id for push in queue.take(10)] == [bad.id]


def test_a_file_that_is_no_queue_is_told(tmp_path: Path) -> None:
    (tmp_path / "queue.sqlite").write_bytes(b"something else " * 100)
    with pytest.raises(UsageError, match="no queue of this program"):
        Queue(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ReportNotWrittenError, match="could not be written"):
        Queue(tmp_path / "file" / "out")
