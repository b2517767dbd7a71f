from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from grader.course.dependencies import find_cycle, find_roots

NEEDS = {"values": ("example",), "large": ("values",), "gradients": ("values", "large")}


def test_a_check_waits_for_what_failed_first() -> None:
    assert find_roots("gradients", NEEDS, {"example", "values", "large"}) == ("example",)
    assert find_roots("gradients", NEEDS, {"values", "large"}) == ("values",)


def test_a_check_whose_needs_passed_waits_for_none() -> None:
    assert find_roots("large", NEEDS, {"example", "large"}) == ()


def test_a_circle_is_found_and_told_from_two_ways_to_one_check() -> None:
    assert find_cycle({"a": ("b",), "b": ("c",), "c": ("b",)}) == ["b", "c", "b"]
    assert find_cycle({"a": ("a",)}) == ["a", "a"]
    assert find_cycle({"a": ("b", "c"), "b": ("d",), "c": ("d",), "d": ()}) == []


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.lists(NAMES, max_size=3)), st.sets(NAMES))
def test_every_root_failed_and_waits_for_none(
    needs: dict[str, list[str]], failed: set[str]
) -> None:
    # Without circles: each needs only what comes before it.
    ordered = {name: [need for need in given_ if need < name] for name, given_ in needs.items()}
    assert find_cycle(ordered) == []
    for name in ordered:
        for root in find_roots(name, ordered, failed):
            assert root in failed
            assert not find_roots(root, ordered, failed)
