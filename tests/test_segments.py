"""Documents one after another: what is said of each stops at its bounds."""

from __future__ import annotations

import numpy as np

from transforms.segments import NONE, Segments

THREE = Segments.of_sizes([2, 1, 3])
MASK = np.array([False, True, False, True, True, False])


def test_the_first_and_the_last_line_of_each_document_in_a_mask() -> None:
    assert THREE.first_in(MASK).tolist() == [1, NONE, 3]
    assert THREE.last_in(MASK).tolist() == [1, NONE, 4]


def test_neighbours_are_of_the_same_document() -> None:
    assert THREE.previous(MASK).tolist() == [False, False, False, False, True, True]
    assert THREE.next(MASK).tolist() == [True, False, False, True, False, False]


def test_sums_and_shares_are_by_document() -> None:
    assert THREE.sums(MASK).tolist() == [1, 0, 2]
    assert THREE.any(MASK).tolist() == [True, False, True]
    assert THREE.all(~MASK).tolist() == [False, True, False]
    assert THREE.spread(np.array([7, 8, 9])).tolist() == [7, 7, 8, 9, 9, 9]
    assert THREE.position.tolist() == [0, 1, 0, 0, 1, 2]
