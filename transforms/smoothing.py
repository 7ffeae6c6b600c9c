"""Choose kept and dropped lines together: an article comes in runs, not in single lines."""

from __future__ import annotations

from collections.abc import Sequence


def margins(points: Sequence[int], change_cost: int) -> list[int]:
    """How much better the best choice with each line kept is than the best without it.

    A choice keeps some lines; it is worth the points of the kept lines minus
    ``change_cost`` wherever a kept line follows a dropped one or the reverse.
    Both bests are found for every line by the Viterbi recursion, once from
    the start and once from the end; whole numbers, so the same everywhere.

    Args:
        points: what keeping each line is worth; negative speaks against it.
        change_cost: price of each change between keeping and dropping.

    >>> margins([30, -2, 30], change_cost=5)
    [33, 8, 33]
    """
    after = _best_before(points[::-1], change_cost)[::-1]
    before = _best_before(points, change_cost)
    return [
        (kept_before + worth + kept_after) - (dropped_before + dropped_after)
        for worth, (dropped_before, kept_before), (dropped_after, kept_after) in zip(
            points, before, after, strict=True
        )
    ]


def _best_before(points: Sequence[int], change_cost: int) -> list[tuple[int, int]]:
    """The best worth of all lines before each line, if the line is dropped and if it is kept."""
    dropped = kept = 0
    best = []
    for worth in points:
        best.append((dropped, kept))
        dropped_here, kept_here = dropped, kept + worth
        dropped = max(dropped_here, kept_here - change_cost)
        kept = max(kept_here, dropped_here - change_cost)
    return best
