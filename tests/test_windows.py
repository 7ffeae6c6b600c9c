"""Sums, distances and runs along lines, against what a reader would count."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.windows import best_block, from_block, means, run_lengths, shifted, since, until

VALUES = st.lists(st.integers(-20, 20), max_size=12)
MASK = st.lists(st.booleans(), min_size=1, max_size=12)


@given(VALUES)
def test_the_best_block_has_the_greatest_sum(values: list[int]) -> None:
    start, end = best_block(np.array(values, np.int64))
    sums = [sum(values[a:b]) for a in range(len(values)) for b in range(a, len(values) + 1)]
    assert sum(values[start:end]) == max([0, *sums])


@given(
    st.lists(st.integers(-20, 20), min_size=1, max_size=12), st.integers(0, 5), st.integers(0, 5)
)
def test_means_are_of_the_neighbours_without_the_line_itself(
    values: list[int], before: int, after: int
) -> None:
    expected = []
    for index in range(len(values)):
        near = values[max(index - before, 0) : index] + values[index + 1 : index + after + 1]
        expected.append([sum(near) // max(len(near), 1)])
    column = np.array(values, np.int64)[:, None]
    assert means(column, before, after).tolist() == expected


@given(MASK)
def test_distances_to_the_mask(mask: list[bool]) -> None:
    for index in range(len(mask)):
        back = [index - at for at in range(index + 1) if mask[at]]
        on = [at - index for at in range(index, len(mask)) if mask[at]]
        assert since(np.array(mask), 7)[index] == min([*back, 7])
        assert until(np.array(mask), 7)[index] == min([*on, 7])


@given(MASK)
def test_a_run_is_of_equal_values(mask: list[bool]) -> None:
    text = "".join("x" if value else "o" for value in mask)
    for index, length in enumerate(run_lengths(np.array(mask)).tolist()):
        here = text[index]
        left = len(text[:index]) - len(text[:index].rstrip(here))
        right = len(text[index:]) - len(text[index:].lstrip(here))
        assert length == left + right


def test_what_is_beyond_the_ends_is_the_filler() -> None:
    column = np.array([[1], [2], [3]])
    assert shifted(column, 1, -9).tolist() == [[2], [3], [-9]]
    assert shifted(column, -2, -9).tolist() == [[-9], [-9], [1]]
    assert shifted(column, 3, -9).tolist() == [[-9], [-9], [-9]]


def test_the_distance_from_a_block_is_negative_before_it() -> None:
    assert from_block(2, 4, 6).tolist() == [-2, -1, 0, 0, 1, 2]
