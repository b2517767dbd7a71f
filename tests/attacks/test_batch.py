"""Every attack, through the command line, in one batch beside honest answers."""

from __future__ import annotations

import io
import math
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from attacks.corpus import Attack, read_attacks
from attacks.hostile import (
    Batch,
    World,
    leaks_in,
    run_hostile_batch,
    score_of,
)

from grader.report.terminal import print_report

ATTACKS = read_attacks()
CHECK_SECONDS = 6.0
"""Of wall time: a check's two seconds, and twice as much of waiting beside them."""
CALL_SECONDS = 2.5
LOAD_SECONDS = 3.0
_CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
each_attack = pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    temporary = Path(mkdtemp(prefix="grade-attacks-"))
    try:
        yield run_hostile_batch(World(tmp_path_factory.mktemp("class"), temporary), ATTACKS)
    finally:
        shutil.rmtree(temporary)


def test_there_are_a_hundred_attacks_of_every_class() -> None:
    assert len(ATTACKS) >= 100
    assert {attack.header["attack"][0] for attack in ATTACKS} >= {"P", "T", "H"}


@each_attack
def test_an_attack_scores_no_more_than_its_twin(batch: Batch, attack: Attack) -> None:
    assert attack.is_made or attack.name in batch.reports
    score, twin = score_of(batch, attack.name), score_of(batch, batch.twins[attack.name])
    assert math.isfinite(score)
    assert 0 <= score <= twin


@each_attack
def test_an_attack_tells_its_author_nothing(batch: Batch, attack: Attack) -> None:
    report = batch.reports.get(attack.name)
    if report is None:
        return
    assert leaks_in(batch, report) == []


@each_attack
def test_lines_that_are_named_are_lines_of_the_file(batch: Batch, attack: Attack) -> None:
    """A number would else carry what a hidden check handed in."""
    report = batch.reports.get(attack.name)
    if report is None or attack.path.suffix == ".ipynb" or attack.is_made:
        return
    files = (batch.world.handed_in / attack.name).iterdir()
    most = max(len(path.read_bytes().splitlines()) for path in files)
    places = [check.where for task in report.tasks for check in task.checks if check.where]
    assert all(place.line <= most + 1 for place in places)


@each_attack
def test_what_is_shown_of_an_attack_obeys_nobody_else(batch: Batch, attack: Attack) -> None:
    report = batch.reports.get(attack.name)
    if report is None:
        return
    page = io.StringIO()
    print_report(report, "en", page)
    assert _CONTROL.findall(page.getvalue()) == []


@each_attack
def test_an_attack_takes_no_longer_than_its_limits(batch: Batch, attack: Attack) -> None:
    report = batch.reports.get(attack.name)
    if report is None:
        return
    # A check may begin with a load, and end with a call that began in its time.
    limit = LOAD_SECONDS + CHECK_SECONDS + CALL_SECONDS + 1
    slowest = max(check.duration_s for task in report.tasks for check in task.checks)
    assert slowest <= limit


@each_attack
def test_an_attack_is_graded_and_never_a_fault_of_ours(batch: Batch, attack: Attack) -> None:
    report = batch.reports.get(attack.name)
    if report is None:
        return
    assert report.status != "grader_fault", report.fault
    assert float(batch.gradebook[attack.name][report.exercise]) == pytest.approx(report.score)


def test_honest_neighbours_have_full_marks(batch: Batch) -> None:
    scores = {student: score_of(batch, student) for student in batch.honest}
    assert scores == dict.fromkeys(batch.honest, 100.0)


def test_the_batch_ends_well_and_its_gradebook_is_whole(batch: Batch) -> None:
    assert batch.done.returncode == 0, batch.done.stdout
    assert set(batch.reports) <= set(batch.gradebook)
    assert len(batch.reports) >= len(ATTACKS)
    assert all(math.isfinite(float(row["total"])) for row in batch.gradebook.values())


def test_nothing_is_left_behind(batch: Batch) -> None:
    assert batch.left == []


def test_a_twin_would_be_noticed_if_it_were_right(batch: Batch) -> None:
    """An attack on an answer that has full marks anyway would prove nothing."""
    right = [one for one in ATTACKS if score_of(batch, batch.twins[one.name]) == 100]
    assert [one.name for one in right if not one.header["attack"].startswith("H")] == []
