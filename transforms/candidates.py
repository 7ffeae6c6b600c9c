"""Propose pairs: every two paragraphs that were seen in one bucket.

Buckets only propose.  Nothing here decides that two paragraphs are alike; that
is :mod:`transforms.matching`, which compares each pair exactly.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.shingles import I64, U64

PAIR: Final = np.dtype([("left", "<i8"), ("right", "<i8")])
"""Two keys, the smaller first; in a class, its first member and another."""


class Proposals(NamedTuple):
    """What a partition of buckets proposes."""

    pairs: NDArray[np.void]
    """``PAIR`` records, sorted and distinct."""
    capped: int
    """Buckets with more members than the cap."""


def distinct_pairs(pairs: NDArray[np.void]) -> NDArray[np.void]:
    """``PAIR`` records sorted by left, then right, without repetitions."""
    pairs = pairs[np.lexsort((pairs["right"], pairs["left"]))]
    fresh = np.ones(len(pairs), dtype=bool)
    fresh[1:] = (pairs["left"][1:] != pairs["left"][:-1]) | (
        pairs["right"][1:] != pairs["right"][:-1]
    )
    return pairs[fresh]


def exact_classes(sightings: NDArray[np.void]) -> NDArray[np.void]:
    """The members of every bucket of equal texts that has more than one.

    Args:
        sightings: ``SIGHTING`` records whose bucket and variant are the halves
            of one digest, in any order.

    Returns:
        ``PAIR`` records of the smallest key of the class and each other key.
    """
    order = np.lexsort((sightings["key"], sightings["variant"], sightings["bucket"]))
    ordered = sightings[order]
    first = _first_of_variant(ordered)
    head = ordered["key"][np.maximum.accumulate(np.where(first, np.arange(len(ordered)), 0))]
    return _pairs(head[~first], ordered["key"][~first])


def propose(sightings: NDArray[np.void], cap: int) -> Proposals:
    """Every distinct pair of variants that share a bucket.

    A variant stands for all its copies by its smallest key, so a line that
    stands a hundred thousand times costs a bucket one member.

    Args:
        sightings: ``SIGHTING`` records of whole buckets, in any order.
        cap: in a bucket with more variants, each is paired with this many
            that follow it in key order only.
    """
    order = np.lexsort((sightings["key"], sightings["variant"], sightings["bucket"]))
    ordered = sightings[order]
    collapsed = ordered[_first_of_variant(ordered)]
    return bucket_pairs(collapsed["bucket"], collapsed["key"], cap)


def bucket_pairs(buckets: U64, keys: I64, cap: int) -> Proposals:
    """Every distinct pair of keys that share a bucket; see :func:`propose`.

    Args:
        buckets: the bucket of each entry.
        keys: the key of each entry; a key may stand in many buckets, in each once.
    """
    order = np.lexsort((keys, buckets))
    buckets, keys = buckets[order], keys[order]
    bounds = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1], [True])))
    sizes = np.diff(bounds)
    bucket_end = np.repeat(bounds[1:], sizes)
    pairs = []
    at = np.arange(len(keys))
    for step in range(1, cap + 1):
        at = at[at + step < bucket_end[at]]
        if not len(at):
            break
        pairs.append(_pairs(keys[at], keys[at + step]))
    found = np.concatenate(pairs) if pairs else np.zeros(0, PAIR)
    return Proposals(distinct_pairs(found), int(np.count_nonzero(sizes > cap + 1)))


def _first_of_variant(ordered: NDArray[np.void]) -> NDArray[np.bool_]:
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = (ordered["bucket"][1:] != ordered["bucket"][:-1]) | (
        ordered["variant"][1:] != ordered["variant"][:-1]
    )
    return first


def _pairs(left: I64, right: I64) -> NDArray[np.void]:
    pairs = np.empty(len(left), dtype=PAIR)
    pairs["left"] = left
    pairs["right"] = right
    return pairs
