"""Propose pairs: every two paragraphs that were seen in one bucket.

Buckets only propose.  Nothing here decides that two paragraphs are alike; that
is :mod:`transforms.matching`, which compares each pair exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import HASH_BITS, begins
from transforms.ranking import COARSE_BITS
from transforms.shingles import I64, U64

PAIR: Final = np.dtype([("left", "<i8"), ("right", "<i8")])
"""Two keys, the smaller first; in a class, its first member and another."""

HOT_FIRST: Final = 4
HOT_NEXT: Final = 4
"""In a bucket over the cap each member is paired with the first and with the next so many only.

Of 1,000 texts with one word of twenty another each time (``benchmarks.duplicates --only hot``) each
is then compared with 22, and 999 go; with the next 64 in the order of ids it was 269, and 992 went.
"""


_RANK_BITS: Final = np.uint64(COARSE_BITS)
_RANK: Final = np.uint64((1 << COARSE_BITS) - 1)
_SPARE_BITS: Final = 1
"""The table in which buckets meet has two to four slots an entry."""


class Proposals(NamedTuple):
    """What a partition of buckets proposes."""

    pairs: NDArray[np.void]
    """``PAIR`` records, sorted and distinct."""
    capped: int
    """Buckets over the cap, in which not every two were paired."""


def distinct_pairs(pairs: NDArray[np.void]) -> NDArray[np.void]:
    """``PAIR`` records sorted by left, then right, without repetitions."""
    pairs = pairs[np.lexsort((pairs["right"], pairs["left"]))]
    return pairs[begins(pairs["left"]) | begins(pairs["right"])]


def sides(pairs: NDArray[np.void]) -> tuple[I64, I64, I64]:
    """The keys of ``PAIR`` records, ascending and each once; where the left and right ones are."""
    keys, places = np.unique(np.concatenate((pairs["left"], pairs["right"])), return_inverse=True)
    left, right = np.split(places, 2)
    return keys, left, right


def in_parts(
    pairs: NDArray[np.void],
    most: int,
    compare: Callable[[NDArray[np.void]], NDArray[np.void]],
    found: np.dtype[np.void],
) -> NDArray[np.void]:
    """What comparing ``PAIR`` records gives, so many of them at a time: it bounds the memory.

    Args:
        found: the records that ``compare`` gives.
    """
    parts = [compare(pairs[begin : begin + most]) for begin in range(0, len(pairs), most)]
    return np.concatenate([np.zeros(0, found), *parts])


def exact_classes(sightings: NDArray[np.void]) -> NDArray[np.void]:
    """The members of every bucket of equal texts that has more than one.

    Args:
        sightings: ``SIGHTING`` records whose bucket and variant are the halves
            of one digest, in any order.

    Returns:
        ``PAIR`` records of the smallest key of the class and each other key.
    """
    sightings = sightings[_crowded(sightings["bucket"])]
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
        sightings: ``SIGHTING`` records of whole buckets, in any order, whose
            variants are :func:`transforms.fingerprints.ranked`.
        cap: where a variant would be paired with more than this many, see
            :data:`HOT_FIRST`.
    """
    sightings = sightings[_crowded(sightings["bucket"])]
    order = np.lexsort((sightings["key"], sightings["variant"] >> _RANK_BITS, sightings["bucket"]))
    ordered = sightings[order]
    rank = ordered["variant"] & _RANK
    ordered["variant"] >>= _RANK_BITS
    first = np.flatnonzero(_first_of_variant(ordered))
    best = np.minimum.reduceat(rank, first) if len(first) else rank
    return bucket_pairs(ordered["bucket"][first], ordered["key"][first], cap, best)


def bucket_pairs(buckets: U64, keys: I64, cap: int, rank: U64 | None = None) -> Proposals:
    """Every distinct pair of keys that share a bucket; see :func:`propose`.

    Args:
        buckets: the bucket of each entry.
        keys: the key of each entry; a key may stand in many buckets, in each once.
        rank: the order in a bucket, before that of the keys.
    """
    crowded = _crowded(buckets)
    buckets, keys = buckets[crowded], keys[crowded]
    rank = None if rank is None else rank[crowded]
    order = np.lexsort((keys, buckets) if rank is None else (keys, rank, buckets))
    buckets, keys = buckets[order], keys[order]
    bounds = np.flatnonzero(np.concatenate(([True], buckets[1:] != buckets[:-1], [True])))
    sizes = np.diff(bounds)
    over = sizes > cap + 1
    hot = np.repeat(over, sizes)
    first, last = np.repeat(bounds[:-1], sizes), np.repeat(bounds[1:], sizes) - 1
    at = np.arange(len(keys))
    reach = np.where(hot, np.minimum(last, at + min(HOT_NEXT, cap)), last)
    pairs = [np.zeros(0, PAIR)]
    for step in range(1, cap + 1):
        at = at[at + step <= reach[at]]
        if not len(at):
            break
        pairs.append(_pairs(keys[at], keys[at + step]))
    members = np.flatnonzero(hot)
    for head in range(min(HOT_FIRST, cap)):
        # The next of a head are paired with it already.
        members = members[members > reach[first[members] + head]]
        pairs.append(_pairs(keys[first[members] + head], keys[members]))
    return Proposals(distinct_pairs(np.concatenate(pairs)), int(np.count_nonzero(over)))


def _crowded(buckets: U64) -> I64:
    """Where the entries are whose bucket has another one: most buckets have one entry.

    Nearly all that are alone have a slot of their own in a table, which is cheaper than sorting.
    """
    bits = len(buckets).bit_length() + _SPARE_BITS
    slots = (buckets >> np.uint64(HASH_BITS - bits)).astype(np.int64)
    numbers = np.arange(len(buckets), dtype=np.int32)
    last = np.zeros(1 << bits, np.int32)
    last[slots] = numbers
    shared = np.zeros(1 << bits, np.bool_)
    shared[slots[last[slots] != numbers]] = True
    rest = np.flatnonzero(shared[slots])
    rest = rest[np.argsort(buckets[rest])]
    ordered = buckets[rest]
    same = ordered[1:] == ordered[:-1]
    crowded = np.zeros(len(rest), dtype=bool)
    crowded[1:] = same
    crowded[:-1] |= same
    return rest[crowded]


def _first_of_variant(ordered: NDArray[np.void]) -> NDArray[np.bool_]:
    return begins(ordered["bucket"]) | begins(ordered["variant"])


def _pairs(one: I64, other: I64) -> NDArray[np.void]:
    pairs = np.empty(len(one), dtype=PAIR)
    pairs["left"] = np.minimum(one, other)
    pairs["right"] = np.maximum(one, other)
    return pairs
