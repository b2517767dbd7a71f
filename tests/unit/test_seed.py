"""The seed of a run is in no worker, and cannot be found from what is."""

from __future__ import annotations

from grader.seed import MAX_SEED, draw_seed


def test_a_seed_is_exact_in_json_and_not_to_be_found_by_trying() -> None:
    assert int(float(MAX_SEED)) == MAX_SEED
    assert MAX_SEED > 10**15
    drawn = [draw_seed() for _ in range(200)]
    assert len(set(drawn)) == 200
    assert all(0 <= seed <= MAX_SEED for seed in drawn)
    # None would be this large if 32 bits were drawn.
    assert max(drawn) > 2**50
