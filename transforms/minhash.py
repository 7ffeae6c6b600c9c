"""MinHash signatures and LSH bands over a whole batch of sets.

The permutations are datasketch's; a signature computed here equals that of
``datasketch.MinHash(num_perm, seed, scheme="affine32", hashfunc=shingle_hash32)``
after an update with every shingle of the set.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.shingles import I64, U64, Runs, upper_half

U32 = NDArray[np.uint32]

# MurmurHash3's 32-bit finalizer, with which datasketch 2 mixes a hash before
# its permutations (Appleby, 2011).
_FMIX: Final = (0x85EBCA6B, 0xC2B2AE35)

# Shingles permuted at a time: what stays in a core's second cache.
_BATCH: Final = 131_072
# Sizes between a power of two and the next: sets of one of them share a batch.
_SIZES: Final = 4

# Sets whose minima are taken by halves.
_FEW: Final = 32

# Signatures whose bands are hashed at a time: what stays in a core's second cache.
_BANDED: Final = 512

# FNV-1a's prime: a band's hash is a polynomial in its rows.
_BAND_FACTOR: Final = np.uint64(0x100000001B3)


@lru_cache(maxsize=8)
def permutations(num_perm: int, seed: int) -> tuple[U32, U32]:
    """The factors and summands of datasketch, ``uint32`` each.

    Drawn as ``MinHash._init_permutations`` of datasketch 2.0 draws them for its scheme
    ``affine32``: importing it to ask would cost each process half a second, for scipy.
    """
    draw = np.random.RandomState(seed)
    factors = draw.randint(0, 1 << 31, num_perm, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    summands = draw.randint(0, 1 << 32, num_perm, dtype=np.uint32)
    return factors, summands


def _fmix32(hashes: U32) -> U32:
    """Mix in place."""
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(_FMIX[0])
    hashes ^= hashes >> np.uint32(13)
    hashes *= np.uint32(_FMIX[1])
    hashes ^= hashes >> np.uint32(16)
    return hashes


def signatures(sets: Runs, num_perm: int, seed: int) -> U32:
    """The MinHash signature of every set, or of runs whose repetitions change nothing.

    Returns:
        ``uint32`` of shape (sets, num_perm); the row of an empty set is all
        ones in every bit, as in datasketch.
    """
    factors, summands = permutations(num_perm, seed)
    result = np.full((len(sets), num_perm), np.uint32(0xFFFFFFFF))
    hashes = _fmix32(upper_half(sets.hashes))
    for rows, size in _even_batches(sets.sizes()):
        # A set that is shorter than its batch repeats its last hash: that changes no minimum.
        within = np.minimum(np.arange(size)[:, None], sets.sizes()[rows] - 1)
        batch = hashes[sets.offsets[rows] + within]
        at_once = min(num_perm, max(1, _BATCH // batch.size))
        permuted = np.empty((at_once, *batch.shape), np.uint32)
        lowest = np.empty((num_perm, len(rows)), np.uint32)
        for begin in range(0, num_perm, at_once):
            some = slice(begin, begin + at_once)
            part = permuted[: len(factors[some])]
            np.multiply(batch, factors[some, None, None], out=part)
            np.add(part, summands[some, None, None], out=part)
            _minima(part, lowest[some])
        result[rows] = lowest.T
    return result


def _minima(permuted: U32, lowest: U32) -> None:
    """The minima of every set, one for each permutation; ``permuted`` is used up.

    Args:
        permuted: shape (permutations, hashes, sets).
        lowest: shape (permutations, sets).
    """
    sets, left = permuted.shape[2], permuted.shape[1]
    if sets > _FEW:
        np.minimum.reduce(permuted, axis=1, out=lowest)
        return
    # Halves lie in one piece however few the sets: up to six times as fast.
    while left > 1:
        half = left // 2
        first = permuted[:, :half]
        np.minimum(first, permuted[:, left - half : left], out=first)
        left -= half
    lowest[:] = permuted[:, 0]


def _even_batches(sizes: I64) -> Iterator[tuple[I64, int]]:
    """Sets of nearly the same size together, in batches that fit a core's cache.

    Yields:
        The rows of a batch, and how many hashes its largest set may have.
    """
    octave = np.exp2(np.floor(np.log2(np.maximum(sizes, _SIZES)))).astype(np.int64)
    step = octave // _SIZES
    rounded = -(-sizes // step) * step
    order = np.argsort(rounded, kind="stable")
    order = order[np.searchsorted(rounded[order], 1) :]
    ordered = rounded[order]
    begin = 0
    while begin < len(order):
        size = int(ordered[begin])
        same = int(np.searchsorted(ordered, size, "right"))
        end = min(same, begin + max(1, _BATCH // size))
        yield order[begin:end], size
        begin = end


def band_hashes(signature: U32, bands: int, rows: int) -> U64:
    """One hash for each band of each signature.

    Args:
        signature: shape (sets, at least ``bands * rows``).

    Returns:
        ``uint64`` of shape (sets, bands): equal rows give equal hashes, and
        the number of the band enters the hash.
    """
    hashes = np.empty((len(signature), bands), np.uint64)
    number = np.arange(bands, dtype=np.uint64)[:, None]
    for begin in range(0, len(signature), _BANDED):
        some = signature[begin : begin + _BANDED, : bands * rows]
        # Side by side lie the values that are mixed at a time: that takes a tenth of the time.
        by_band = np.ascontiguousarray(some.T).reshape(bands, rows, len(some))
        mixed = np.repeat(number, len(some), axis=1)
        for row in range(rows):
            mixed ^= by_band[:, row]
            mixed *= _BAND_FACTOR
            mixed ^= mixed >> np.uint64(29)
        hashes[begin : begin + _BANDED] = mixed.T
    return hashes
