"""Ids that more than one record gives: found by digest, without holding the ids.

Digests have 64 bits.  Two ids of one digest count as repeated, which costs each
of them a longer id and nothing else; one that is repeated is never missed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_BYTES = 8


class RepeatedIds:
    """A set of ids, by their digests.

    Args:
        digests: sorted, each there once.
    """

    def __init__(self, digests: NDArray[np.uint64]) -> None:
        self._digests = digests

    @classmethod
    def among(cls, ids: Iterable[str]) -> RepeatedIds:
        """Those of some ids that are there more than once."""
        return cls(repeated_digests(digests_of(ids)))

    def __contains__(self, id: str) -> bool:
        (digest,) = digests_of([id])
        at = int(np.searchsorted(self._digests, digest))
        return at < len(self._digests) and bool(self._digests[at] == digest)


NO_IDS = RepeatedIds(np.zeros(0, np.uint64))
"""What is repeated where every record has an id from its place."""


def digests_of(ids: Iterable[str]) -> NDArray[np.uint64]:
    """The digest of each id."""
    packed = b"".join(hashlib.blake2b(id.encode(), digest_size=_BYTES).digest() for id in ids)
    return np.frombuffer(packed, dtype=np.uint64)


def repeated_digests(digests: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each digest that is there more than once, sorted."""
    found, counts = np.unique(digests, return_counts=True)
    repeated: NDArray[np.uint64] = found[counts > 1]
    return repeated
