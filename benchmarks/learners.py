"""Learners' own scripts: is the right class judged, is anything wrongly taken, is each slip told?

`python benchmarks/learners.py` grades the scripts of `tests/scenarios/learners` as `grade FILE`
does, prints what was found of each kind, and then what looking for names costs where every name
is there: loading the solutions with `--match auto` beside `--match exact`, in one process. Ends
with 1 where a figure is below what is promised.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from learners_corpus import Expected, Found, examine, read_expected  # noqa: E402 - by the line above

from grader.batch.engine import preload_of  # noqa: E402
from grader.course.catalog import find_course, list_exercises, load_exercise  # noqa: E402
from grader.course.models import Exercise  # noqa: E402
from grader.session.client import start_examiner  # noqa: E402
from grader.session.matching import matching_of  # noqa: E402
from grader.submission import read_submission  # noqa: E402
from grader.worker import loading  # noqa: E402
from grader.worker.likeness import Matching  # noqa: E402
from grader.worker.wire import Load  # noqa: E402

PROMISED_RATE = 0.95
PROMISED_MS = 30.0
ROUNDS = 15


class Rate(NamedTuple):
    """How many of how many."""

    name: str
    hits: int
    of: int
    promised: float


def main() -> int:
    """Print both tables, and say whether all is as promised."""
    course = find_course(ROOT)
    exercises = [load_exercise(course, name) for name in list_exercises(course)]
    expected = read_expected()
    with start_examiner(preload_of(exercises)) as client:
        found = {name: examine(client, name, exercises) for name in expected}
    rates = list(_rates(expected, found))
    for rate in rates:
        print(f"{rate.name:52} {rate.hits:4} of {rate.of:4}  {rate.hits / rate.of:7.1%}")
    dearest = _print_costs(exercises)
    return int(any(rate.hits < rate.promised * rate.of for rate in rates) or dearest > PROMISED_MS)


def _rates(expected: dict[str, Expected], found: dict[str, Found]) -> Sequence[Rate]:
    holding = [name for name, one in expected.items() if one.serves]
    right = [name for name, one in expected.items() if not one.mistakes]
    wrong = [name for name, one in expected.items() if one.mistakes]
    served = sum(found[name].serves == expected[name].serves for name in holding)
    whole = sum(found[name].lost == 0 for name in right)
    told = sum(set(expected[name].mistakes) <= set(found[name].mistakes) for name in wrong)
    return (
        Rate("the right class or calls are judged", served, len(holding), PROMISED_RATE),
        Rate("a script without a mistake loses no point", whole, len(right), 1.0),
        Rate("a script with a mistake is told it", told, len(wrong), 1.0),
    )


def _print_costs(exercises: Sequence[Exercise]) -> float:
    """Print what looking for names adds to loading; return the most that it adds, in ms."""
    print(f"\n{'loading a file that has every name':34} {'exact':>9} {'auto':>9}  CPU ms, medians")
    dearest = 0.0
    for exercise in exercises:
        exact, auto = (_load_ms(exercise, exercise.solution, level) for level in ("exact", "auto"))
        dearest = max(dearest, auto - exact)
        print(f"{exercise.name:34} {exact:9.1f} {auto:9.1f}")
    print(f"{'added at most':34} {dearest:19.1f}")
    return dearest


def _load_ms(exercise: Exercise, file: Path, level: Matching) -> float:
    matching = matching_of(exercise, level)
    request = Load(
        cells=read_submission(file).cells,
        filename=file.name,
        required=exercise.names,
        run_all=False,
        device="cpu",
        match=matching.level,
        likenesses=matching.likenesses,
        exact_names=matching.exact_names,
    )
    spent = []
    for _ in range(ROUNDS):
        started = time.process_time()
        loading.load(request)
        spent.append(time.process_time() - started)
    return 1000 * statistics.median(spent)


if __name__ == "__main__":
    sys.exit(main())
