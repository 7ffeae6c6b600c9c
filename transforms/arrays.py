"""The array types that the judge computes with, and what numpy is slow at."""

from __future__ import annotations

from typing import Final, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Ints: TypeAlias = NDArray[np.int64]
Bools: TypeAlias = NDArray[np.bool_]

HASH_BITS: Final = 64
_PLACE_BITS: Final = 32
"""Bits in which a place among the hashes is told, below those of its group: 2^31 hashes, which fill
17 GB, are too many."""

Scalar = TypeVar("Scalar", bound=np.generic)


def distinct(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """The distinct values, ascending.

    ``numpy.unique`` puts whole numbers into a table first (2.3 and later): of 300,000 distinct ones
    it takes a hundred times as long.
    """
    ordered = np.sort(values)
    return ordered[begins(ordered)]


def begins(ordered: NDArray[Scalar]) -> Bools:
    """Where another value begins than stands before."""
    fresh = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return fresh


def places_in_groups(ordered: NDArray[Scalar]) -> Ints:
    """The place of each entry among those of its group, which stand side by side."""
    at = np.arange(len(ordered))
    place: Ints = at - np.maximum.accumulate(np.where(begins(ordered), at, 0))
    return place


def order_within(owner: Ints, hashes: NDArray[np.uint64]) -> Ints:
    """The order of each owner's hashes, equal ones as they stand: ``lexsort((hashes, owner))``.

    Whole numbers sort eight times as fast as two keys, so owner and hash are made one, without
    the last bits of the hash.

    Args:
        owner: whose each hash is, ascending from 0 or more.
        hashes: spread evenly over 64 bits.
    """
    bits = max(int(owner.max(initial=0)).bit_length(), 1)
    keys = owner.astype(np.uint64) << np.uint64(HASH_BITS - bits)
    keys |= hashes >> np.uint64(bits)
    order = np.argsort(keys)
    group = np.cumsum(begins(keys[order]))
    order = np.sort(group << _PLACE_BITS | order) & ((1 << _PLACE_BITS) - 1)
    ordered = hashes[order]
    if np.any((ordered[1:] < ordered[:-1]) & (owner[1:] == owner[:-1])):
        return np.lexsort((hashes, owner))  # two differ in the last bits only
    return order
