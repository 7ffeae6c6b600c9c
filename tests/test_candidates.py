"""Candidates: every pair of a bucket, copies collapsed, hot buckets bounded."""

from itertools import combinations
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from transforms.candidates import (
    HOT_FIRST,
    HOT_NEXT,
    bucket_pairs,
    distinct_pairs,
    exact_classes,
    propose,
)
from transforms.fingerprints import SIGHTING
from transforms.ranking import COARSE_BITS


def sightings(rows: list[tuple[int, int, int]]) -> NDArray[np.void]:
    """Buckets, variants and keys, all of one rank."""
    return np.array([(bucket, v << COARSE_BITS, key) for bucket, v, key in rows], dtype=SIGHTING)


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


def test_a_bucket_over_the_cap_pairs_each_with_the_first_and_the_next_and_is_counted() -> None:
    size = 40
    buckets = np.array([1] * size + [2] * 2, np.uint64)
    keys = np.array([*range(size), 50, 51])
    pairs, capped = bucket_pairs(buckets, keys, cap=10)
    assert capped == 1
    assert pairs.tolist() == [
        (one, other)
        for one, other in combinations(range(size), 2)
        if one < HOT_FIRST or other - one <= HOT_NEXT
    ] + [(50, 51)]


def test_a_low_cap_bounds_the_first_and_the_next_as_well() -> None:
    pairs, _ = bucket_pairs(np.zeros(9, np.uint64), np.arange(9), cap=2)
    later = pairs["right"].tolist()
    assert max(later.count(key) for key in later) == 2 + 2
    assert set(later) == set(range(1, 9))


@given(st.permutations(range(30)))
def test_the_best_in_rank_of_a_hot_bucket_is_paired_with_all(ranks: list[int]) -> None:
    rows = sightings([(1, at, at) for at in range(30)])
    rows["variant"] += np.array(ranks, np.uint64)
    best = ranks.index(0)
    pairs = propose(rows, cap=10).pairs.tolist()
    assert {sum(pair) - best for pair in pairs if best in pair} == {*range(30)} - {best}


@given(st.lists(st.integers(0, 50), min_size=2, max_size=4))
def test_a_variant_has_the_rank_of_its_best_copy(ranks: list[int]) -> None:
    alone = sightings([(1, at, at) for at in range(30)])
    alone["variant"] += np.arange(10, 40).astype(np.uint64)
    copies = sightings([(1, 100, 100 + at) for at in range(len(ranks))])
    copies["variant"] += np.array(ranks, np.uint64)
    best = copies[:1].copy()
    best["variant"] = (100 << COARSE_BITS) + min(ranks)
    several, one = (propose(np.concatenate((alone, each)), cap=10) for each in (copies, best))
    assert several.pairs.tolist() == one.pairs.tolist()


def test_pairs_of_a_hot_bucket_grow_with_its_members() -> None:
    for size in (1_000, 10_000):
        found = propose(sightings([(1, at, at) for at in range(size)]), cap=64)
        assert len(found.pairs) < (HOT_FIRST + HOT_NEXT) * size


def test_no_sightings_propose_nothing() -> None:
    assert len(propose(sightings([]), 4).pairs) == 0
    assert len(exact_classes(sightings([]))) == 0
    assert len(distinct_pairs(propose(sightings([]), 4).pairs)) == 0
