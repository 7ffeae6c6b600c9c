"""Scorecards: sums around a line, points."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.scorecard import Measure, sum_around, tally


@given(st.lists(st.tuples(st.integers(-20, 20), st.booleans()), max_size=12), st.integers(0, 5))
def test_sums_around_are_of_the_nearest_counted_lines_but_the_line_itself(
    lines: list[tuple[int, bool]], reach: int
) -> None:
    values = np.array([value for value, _ in lines], np.int64)
    counted = np.array([counts for _, counts in lines], np.bool_)
    expected = []
    for index in range(len(lines)):
        before = [value for value, counts in lines[:index] if counts]
        after = [value for value, counts in lines[index + 1 :] if counts]
        expected.append(sum(before[len(before) - min(reach, len(before)) :]) + sum(after[:reach]))
    assert sum_around(values, reach, counted).tolist() == expected


def test_a_card_gives_each_range_its_points() -> None:
    card = {"words": Measure((3, 10), (-5, 0, 7))}
    assert tally(card, {"words": np.array([0, 2, 3, 9, 10, 99])}).tolist() == [[-5, -5, 0, 0, 7, 7]]
