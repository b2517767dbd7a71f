"""Readers of untrusted bytes, fed with real inputs that were changed; `benchmarks/fuzz` goes on."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from fuzz_mutations import mutated
from fuzz_targets import TARGETS, feed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

SLOW = {"script": 60, "notebook": 60, "journal": 60}
quick = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_real_is_read(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    seeds = target.seeds()
    assert seeds
    for seed in seeds:
        target.read(seed, tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_a_changed_input_is_read_or_refused_in_words(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    seeds = target.seeds()

    @settings(quick, max_examples=SLOW.get(name, 300))
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        random_ = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
        data = mutated(random_, seeds, is_msgpack=target.is_msgpack)
        feed(target, data, tmp_path)

    check()


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("manifest", b"format = 1", b"format = " + b"9" * 5000),
        ("manifest", b"format = 1", b"format = " + b"[" * 5000),
        ("journal", b"CREATE TABLE", b"CRE\xf4TE TABLE"),
    ],
)
def test_what_was_found_stays_refused(name: str, old: bytes, new: bytes, tmp_path: Path) -> None:
    data = TARGETS[name].seeds()[0]
    assert old in data
    with pytest.raises(TARGETS[name].may_raise):
        TARGETS[name].read(data.replace(old, new), tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_read_or_refused_in_words(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]

    @settings(quick, max_examples=SLOW.get(name, 200))
    @given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode()))
    def check(data: bytes) -> None:
        feed(target, data, tmp_path)

    check()
