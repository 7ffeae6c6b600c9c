"""Sums, distances and runs along lines, against what a reader would count in each document."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from transforms.segments import Segments
from transforms.windows import (
    best_blocks,
    from_blocks,
    means,
    run_lengths,
    shifted,
    since,
    until,
    within,
)

VALUES = st.lists(st.lists(st.integers(-20, 20), min_size=1, max_size=12), min_size=1, max_size=4)
"""Numbers of the lines of some documents."""
MASKS = st.lists(st.lists(st.booleans(), min_size=1, max_size=12), min_size=1, max_size=4)


def together(documents: Sequence[Sequence[int]]) -> Segments:
    return Segments.of_sizes([len(document) for document in documents])


@given(VALUES)
def test_the_best_block_of_each_document_has_its_greatest_sum(documents: list[list[int]]) -> None:
    segments = together(documents)
    starts, ends = best_blocks(np.concatenate(documents), segments)
    for values, first, start, end in zip(documents, segments.starts, starts, ends, strict=True):
        sums = [sum(values[a:b]) for a in range(len(values)) for b in range(a, len(values) + 1)]
        assert sum(values[start - first : end - first]) == max([0, *sums])
        assert first <= start <= end <= first + len(values)


def test_of_equal_blocks_the_first_is_the_best() -> None:
    starts, ends = best_blocks(np.array([-1, 2, -2, 2, 5, -9, 5]), Segments.of_sizes([4, 3]))
    assert (starts.tolist(), ends.tolist()) == ([1, 4], [2, 5])


@given(VALUES, st.integers(0, 5), st.integers(0, 5))
def test_means_are_of_the_neighbours_without_the_line_itself(
    documents: list[list[int]], before: int, after: int
) -> None:
    expected = []
    for values in documents:
        for index in range(len(values)):
            near = values[max(index - before, 0) : index] + values[index + 1 : index + after + 1]
            expected.append([sum(near) // max(len(near), 1)])
    column = np.concatenate(documents)[:, None]
    assert next(means(column, together(documents), [(before, after)])).tolist() == expected


@given(MASKS)
def test_distances_to_the_mask(documents: list[list[bool]]) -> None:
    back, on = [], []
    for mask in documents:
        for index in range(len(mask)):
            back.append(min([7, *(index - at for at in range(index + 1) if mask[at])]))
            on.append(min([7, *(at - index for at in range(index, len(mask)) if mask[at])]))
    masks, segments = np.concatenate(documents), together(documents)
    assert since(masks, segments, 7).tolist() == back
    assert until(masks, segments, 7).tolist() == on
    assert since(np.array([masks, ~masks]), segments, 7)[0].tolist() == back


@given(MASKS, st.integers(0, 3), st.integers(0, 3))
def test_what_is_within_reach_of_the_mask(
    documents: list[list[bool]], before: int, after: int
) -> None:
    expected = [
        any(mask[max(index - after, 0) : index + before + 1])
        for mask in documents
        for index in range(len(mask))
    ]
    found = within(np.concatenate(documents), together(documents), before, after)
    assert found.tolist() == expected


@given(MASKS)
def test_a_run_is_of_equal_values(documents: list[list[bool]]) -> None:
    expected = []
    for mask in documents:
        text = "".join("x" if value else "o" for value in mask)
        for index, here in enumerate(text):
            left = len(text[:index]) - len(text[:index].rstrip(here))
            right = len(text[index:]) - len(text[index:].lstrip(here))
            expected.append(left + right)
    assert run_lengths(np.concatenate(documents), together(documents)).tolist() == expected


def test_what_is_beyond_the_ends_of_a_document_is_the_filler() -> None:
    column, segments = np.array([[1], [2], [3], [4]]), Segments.of_sizes([3, 1])
    assert shifted(column, segments, 1, -9).tolist() == [[2], [3], [-9], [-9]]
    assert shifted(column, segments, -2, -9).tolist() == [[-9], [-9], [1], [-9]]
    assert shifted(column, segments, 5, -9).tolist() == [[-9]] * 4


def test_the_distance_from_a_block_is_negative_before_it() -> None:
    segments = Segments.of_sizes([6, 2])
    blocks = np.array([2, 6]), np.array([4, 6])
    assert from_blocks(*blocks, segments).tolist() == [-2, -1, 0, 0, 1, 2, 1, 2]
