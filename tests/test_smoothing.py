"""Choosing lines together: the recursion against all choices there are."""

from __future__ import annotations

from itertools import pairwise, product

from hypothesis import given
from hypothesis import strategies as st

from transforms.smoothing import margins


def best(points: list[int], change_cost: int, index: int, keep: int) -> int:
    """The worth of the best choice in which the line at ``index`` is kept or dropped."""
    return max(
        sum(worth for worth, kept in zip(points, choice, strict=True) if kept)
        - change_cost * sum(a != b for a, b in pairwise(choice))
        for choice in product((0, 1), repeat=len(points))
        if choice[index] == keep
    )


@given(st.lists(st.integers(-50, 50), max_size=9), st.integers(0, 40))
def test_a_margin_is_the_best_with_the_line_minus_the_best_without(
    points: list[int], change_cost: int
) -> None:
    assert margins(points, change_cost) == [
        best(points, change_cost, index, 1) - best(points, change_cost, index, 0)
        for index in range(len(points))
    ]


def test_a_weak_line_among_strong_ones_stays_and_one_among_weak_ones_goes() -> None:
    assert [value >= 0 for value in margins([30, -5, 30, -30, 5, -30], 10)] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
