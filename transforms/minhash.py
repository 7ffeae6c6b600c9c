"""MinHash signatures and LSH bands over a whole batch of sets.

The permutations are datasketch's; a signature computed here equals that of
``datasketch.MinHash(num_perm, seed, scheme="affine32", hashfunc=shingle_hash32)``
after an update with every shingle of the set.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from transforms.shingles import U64, Sets, upper_half

U32 = NDArray[np.uint32]

# MurmurHash3's 32-bit finalizer, with which datasketch 2 mixes a hash before
# its permutations (Appleby, 2011).
_FMIX: Final = (0x85EBCA6B, 0xC2B2AE35)

# Shingles permuted at a time: what stays in a core's cache.
_CHUNK: Final = 16_384

# FNV-1a's prime: a band's hash is a polynomial in its rows.
_BAND_FACTOR: Final = np.uint64(0x100000001B3)


@lru_cache(maxsize=8)
def permutations(num_perm: int, seed: int) -> tuple[U32, U32]:
    """The factors and summands of datasketch, ``uint32`` each."""
    factors, summands = MinHash(num_perm=num_perm, seed=seed, scheme="affine32").permutations
    return factors.astype(np.uint32), summands.astype(np.uint32)


def _fmix32(hashes: U32) -> U32:
    hashes = (hashes ^ (hashes >> np.uint32(16))) * np.uint32(_FMIX[0])
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(_FMIX[1])
    mixed: U32 = hashes ^ (hashes >> np.uint32(16))
    return mixed


def signatures(sets: Sets, num_perm: int, seed: int) -> U32:
    """The MinHash signature of every set.

    Returns:
        ``uint32`` of shape (sets, num_perm); the row of an empty set is all
        ones in every bit, as in datasketch.
    """
    factors, summands = permutations(num_perm, seed)
    result = np.full((len(sets), num_perm), np.uint32(0xFFFFFFFF))
    filled = np.flatnonzero(sets.sizes())
    hashes = _fmix32(upper_half(sets.hashes))
    begin = 0
    while begin < len(filled):
        # As many whole sets as fit the chunk, one at the least.
        limit = sets.offsets[filled[begin]] + _CHUNK
        end = max(begin + 1, int(np.searchsorted(sets.offsets[filled + 1], limit, "right")))
        first, last = sets.offsets[filled[begin]], sets.offsets[filled[end - 1] + 1]
        chunk = hashes[first:last]
        starts = sets.offsets[filled[begin:end]] - first
        for index in range(num_perm):
            permuted = chunk * factors[index] + summands[index]
            result[filled[begin:end], index] = np.minimum.reduceat(permuted, starts)
        begin = end
    return result


def band_hashes(signature: U32, bands: int, rows: int) -> U64:
    """One hash for each band of each signature.

    Args:
        signature: shape (sets, at least ``bands * rows``).

    Returns:
        ``uint64`` of shape (sets, bands): equal rows give equal hashes, and
        the number of the band enters the hash.
    """
    used = signature[:, : bands * rows].reshape(len(signature), bands, rows).astype(np.uint64)
    hashes = np.broadcast_to(np.arange(bands, dtype=np.uint64), used.shape[:2]).copy()
    for row in range(rows):
        hashes = (hashes ^ used[:, :, row]) * _BAND_FACTOR
        hashes ^= hashes >> np.uint64(29)
    return hashes
