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
    before = _leads(points, change_cost)
    after = _leads(points[::-1], change_cost)[::-1]
    return [lead + worth + rest for lead, worth, rest in zip(before, points, after, strict=True)]


def _leads(points: Sequence[int], change_cost: int) -> list[int]:
    """How much better off the lines before each line are if it is kept than if it is dropped.

    Either choice can be had from the other for the cost of a change, so the
    difference never exceeds that.
    """
    lead = 0
    leads = []
    for worth in points:
        leads.append(lead)
        lead += worth
        if lead > change_cost:
            lead = change_cost
        elif lead < -change_cost:
            lead = -change_cost
    return leads
