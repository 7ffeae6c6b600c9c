"""Shingles of many paragraphs at once, as sets of 64-bit hashes.

Each distinct word of a batch is hashed once; the hash of a shingle is combined
from the hashes of its words with array operations.  A set is a sorted run of
distinct ``uint64`` inside one flat array, with offsets (the CSR layout).
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

SCORE_DECIMALS: Final = 4
"""Similarities are rounded before they are compared, so that the last bit decides nothing."""

# Hashes compared at a time.
_CHUNK: Final = 1 << 18

# The finalizer of splitmix64 and its increment (Steele, Lea and Flood, "Fast
# splittable pseudorandom number generators", 2014).
GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_MASK: Final = (1 << 64) - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Sets:
    """Many sets: set ``i`` is ``hashes[offsets[i]:offsets[i + 1]]``, sorted and distinct."""

    hashes: U64
    offsets: I64

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sizes(self) -> I64:
        """How many hashes each set has."""
        return np.diff(self.offsets)

    def take(self, rows: I64) -> Sets:
        """The sets of these rows, in the order of ``rows``."""
        sizes = self.sizes()[rows]
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        return Sets(self.hashes[np.repeat(self.offsets[rows], sizes) + within], offsets)

    @classmethod
    def joined(cls, several: Sequence[Sets]) -> Sets:
        """The sets of all of these, one after the other."""
        sizes = np.concatenate([np.zeros(1, np.int64), *(sets.sizes() for sets in several)])
        hashes = np.concatenate([np.zeros(0, np.uint64), *(sets.hashes for sets in several)])
        return cls(hashes, np.cumsum(sizes))


def _mix(hashes: U64) -> U64:
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(_MIX_1)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(_MIX_2)
    mixed: U64 = hashes ^ (hashes >> np.uint64(31))
    return mixed


def word_hash(word: str) -> int:
    """64 bits of BLAKE2b: cryptographic, because scraped text is hostile."""
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")


def shingle_hash32(shingle: bytes) -> int:
    """The 32 bits that MinHash sees of a shingle given as its words joined by spaces.

    This is the ``hashfunc`` with which ``datasketch.MinHash`` gives the
    signatures of :func:`transforms.minhash.signatures`.
    """
    combined = 0
    for word in shingle.decode("utf-8", "surrogatepass").split(" "):
        combined = (combined * GOLDEN + word_hash(word)) & _MASK
    return int(_mix(np.array([combined], np.uint64))[0] >> np.uint64(32))


def upper_half(hashes: U64) -> NDArray[np.uint32]:
    """The upper 32 bits of each hash: what MinHash sees of it."""
    return (hashes >> np.uint64(32)).astype(np.uint32)


def word_sets(collections: Sequence[Collection[str]]) -> Sets:
    """One set of hashes for each collection of strings (a string is a shingle of one word)."""
    return shingle_sets([list(collection) for collection in collections], 1)


def shingle_sets(paragraphs: Sequence[Sequence[str]], size: int) -> Sets:
    """The sets of shingles of paragraphs given as their words.

    Args:
        paragraphs: the words of each paragraph.
        size: words in a shingle; a paragraph with fewer words is one shingle.

    Returns:
        One set a paragraph, empty where it has no words.
    """
    return stream_sets(*hashed_words(paragraphs), size)


def hashed_words(paragraphs: Sequence[Sequence[str]]) -> tuple[U64, I64]:
    """The hash of every word, paragraph after paragraph, and how many words each has."""
    vocabulary: dict[str, int] = {}
    number = vocabulary.setdefault
    ids = np.fromiter(
        (number(word, len(vocabulary)) for paragraph in paragraphs for word in paragraph),
        dtype=np.int64,
    )
    by_word = np.fromiter(map(word_hash, vocabulary), dtype=np.uint64, count=len(vocabulary))
    lengths = np.fromiter(map(len, paragraphs), dtype=np.int64, count=len(paragraphs))
    return by_word[ids], lengths


def stream_sets(stream: U64, lengths: I64, size: int) -> Sets:
    """What :func:`shingle_sets` gives, from hashed words.

    Args:
        stream: the hash of every word, paragraph after paragraph.
        lengths: how many words each paragraph has.
        size: words in a shingle.
    """
    hashes = stream.copy()
    # A shingle starts at every word that has size - 1 more words behind it in
    # its paragraph, and at the first word of a paragraph that is shorter.
    behind = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(stream)) - 1
    first = np.concatenate(([0], np.cumsum(lengths)))[:-1]
    starts = behind >= size - 1
    starts[first[(lengths > 0) & (lengths < size)]] = True
    for step in range(1, size):
        reach = behind >= step
        at = np.flatnonzero(reach)
        hashes[at] = hashes[at] * np.uint64(GOLDEN) + stream[at + step]
    owner = np.repeat(np.arange(len(lengths)), lengths)[starts]
    return _distinct(owner, _mix(hashes[starts]), len(lengths))


def _distinct(owner: I64, hashes: U64, count: int) -> Sets:
    """Sort each owner's hashes and drop repetitions; ``owner`` ascends."""
    order = np.lexsort((hashes, owner))
    hashes = hashes[order]
    new = np.ones(len(hashes), dtype=bool)
    new[1:] = (hashes[1:] != hashes[:-1]) | (owner[1:] != owner[:-1])
    sizes = np.bincount(owner[new], minlength=count)
    return Sets(hashes[new], np.concatenate(([0], np.cumsum(sizes))))


def intersections(left: Sets, right: Sets, left_at: I64, right_at: I64) -> I64:
    """How many hashes the sets of each pair share: ``left_at[i]`` with ``right_at[i]``.

    The pairs are compared a chunk at a time, so memory does not grow with them.
    """
    ones, left_at = np.unique(left_at, return_inverse=True)
    others, right_at = np.unique(right_at, return_inverse=True)
    left, right = left.take(ones), right.take(others)
    # Numbered in order, a hash and its pair fit one integer, and one sort finds what is twice.
    known, numbers = np.unique(np.concatenate((left.hashes, right.hashes)), return_inverse=True)
    left = Sets(numbers[: len(left.hashes)].astype(np.uint64), left.offsets)
    right = Sets(numbers[len(left.hashes) :].astype(np.uint64), right.offsets)
    ends = np.cumsum(left.sizes()[left_at] + right.sizes()[right_at])
    shared = np.zeros(len(ends), dtype=np.int64)
    begin = 0
    while begin < len(ends):
        # As many pairs as fit the chunk, one at the least.
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + _CHUNK, "right")))
        chunk = np.concatenate(
            [
                sets.hashes
                + np.repeat(np.arange(len(sets), dtype=np.uint64), sets.sizes())
                * np.uint64(len(known))
                for sets in (left.take(left_at[begin:end]), right.take(right_at[begin:end]))
            ]
        )
        chunk.sort()
        twice = chunk[1:][chunk[1:] == chunk[:-1]] // np.uint64(max(len(known), 1))
        shared[begin:end] = np.bincount(twice.astype(np.int64), minlength=end - begin)
        begin = end
    return shared
