"""What checks need of each other: which of those that failed is to be looked at first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

__all__ = ["find_cycle", "find_roots"]

Needs = Mapping[str, Sequence[str]]
"""By a check's id, the ids of the checks that it needs."""


def find_cycle(needs: Needs) -> list[str]:
    """Find checks that need each other in a circle: the first of them stands at both ends."""
    done: set[str] = set()
    for start in needs:
        path = [start]
        while path:
            following = next((need for need in needs.get(path[-1], ()) if need not in done), None)
            if following is None:
                done.add(path.pop())
            elif following in path:
                return [*path[path.index(following) :], following]
            else:
                path.append(following)
    return []


def find_roots(check_id: str, needs: Needs, failed: Collection[str]) -> tuple[str, ...]:
    """Find the failed checks that a check waits for, and that wait for none themselves.

    Args:
        check_id: The check that waits.
        needs: Without a circle.
        failed: The ids of all checks that were not passed.

    Returns:
        Ids in the order of `needs`, each once; none where all that the check needs was passed.
    """
    found: dict[str, None] = {}
    for need in needs.get(check_id, ()):
        further = find_roots(need, needs, failed)
        # What is passed may still need what is not; then it is no reason to wait.
        found |= dict.fromkeys((further or (need,)) if need in failed else ())
    return tuple(found)
