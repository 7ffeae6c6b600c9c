"""Candidates: every pair of a bucket, copies collapsed, hot buckets bounded."""

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.candidates import bucket_pairs, distinct_pairs, exact_classes, propose
from transforms.fingerprints import SIGHTING


def sightings(rows: list[tuple[int, int, int]]) -> NDArray[np.void]:
    return np.array(rows, dtype=SIGHTING)


ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 20)), max_size=30, unique=True
)


@given(ROWS)
def test_every_two_variants_of_a_bucket_are_proposed_once(rows: list[tuple[int, int, int]]) -> None:
    first: dict[tuple[int, int], int] = {}
    for bucket, variant, key in rows:
        first[bucket, variant] = min(key, first.get((bucket, variant), key))
    expected = {
        tuple(sorted((first[one], first[other])))
        for one, other in combinations(first, 2)
        if one[0] == other[0] and first[one] != first[other]
    }
    found = propose(sightings(rows), cap=100).pairs.tolist()
    assert {pair for pair in found if pair[0] != pair[1]} == expected
    assert found == sorted(set(found))


@given(ROWS, st.randoms())
def test_the_order_of_sightings_does_not_matter(
    rows: list[tuple[int, int, int]], random: Random
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert (
        propose(sightings(rows), 3).pairs.tolist() == propose(sightings(shuffled), 3).pairs.tolist()
    )
    assert exact_classes(sightings(rows)).tolist() == exact_classes(sightings(shuffled)).tolist()


def test_a_class_is_led_by_its_smallest_key() -> None:
    rows = [(7, 1, 30), (7, 1, 10), (7, 1, 20), (7, 2, 5), (8, 1, 6)]
    assert exact_classes(sightings(rows)).tolist() == [(10, 20), (10, 30)]


def test_a_hundred_thousand_copies_of_a_line_propose_nothing() -> None:
    copies = np.zeros(100_000, dtype=SIGHTING)
    copies["key"] = np.arange(100_000)
    assert len(propose(copies, 10).pairs) == 0
    assert len(exact_classes(copies)) == 99_999


def test_a_bucket_over_the_cap_pairs_neighbours_only_and_is_counted() -> None:
    buckets = np.array([1] * 6 + [2] * 2, np.uint64)
    keys = np.array([*range(6), 10, 11])
    pairs, capped = bucket_pairs(buckets, keys, cap=2)
    assert capped == 1
    assert pairs.tolist() == [
        (0, 1), (0, 2), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (3, 5), (4, 5), (10, 11),
    ]  # fmt: skip


def test_no_sightings_propose_nothing() -> None:
    assert len(propose(sightings([]), 4).pairs) == 0
    assert len(exact_classes(sightings([]))) == 0
    assert len(distinct_pairs(propose(sightings([]), 4).pairs)) == 0
