"""Shingles of many paragraphs at once, as sets of 64-bit hashes.

Each distinct word of a batch is hashed once; the hash of a shingle is combined
from the hashes of its words with array operations.  A set is a sorted run of
distinct ``uint64`` inside one flat array, with offsets (the CSR layout).
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, count
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import begins, order_within

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]

SCORE_DECIMALS: Final = 4
"""Similarities are rounded before they are compared, so that the last bit decides nothing."""

# Hashes compared at a time.
_CHUNK: Final = 1 << 18
# Hashes mixed at a time.
_MIXED: Final = 1 << 12

# The finalizer of splitmix64 and its increment (Steele, Lea and Flood, "Fast
# splittable pseudorandom number generators", 2014).
GOLDEN: Final = 0x9E3779B97F4A7C15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_MASK: Final = (1 << 64) - 1


@dataclasses.dataclass(frozen=True, slots=True)
class Runs:
    """Many runs of hashes: run ``i`` is ``hashes[offsets[i]:offsets[i + 1]]``."""

    hashes: U64
    offsets: I64

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def sizes(self) -> I64:
        """How many hashes each run has."""
        return np.diff(self.offsets)

    def take(self, rows: I64) -> Self:
        """The runs of these rows, in the order of ``rows``."""
        sizes = self.sizes()[rows]
        offsets = np.concatenate(([0], np.cumsum(sizes)))
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], sizes)
        return type(self)(self.hashes[np.repeat(self.offsets[rows], sizes) + within], offsets)


@dataclasses.dataclass(frozen=True, slots=True)
class Sets(Runs):
    """Many sets: runs of hashes, each sorted and distinct."""

    @classmethod
    def joined(cls, several: Sequence[Sets]) -> Sets:
        """The sets of all of these, one after the other."""
        sizes = np.concatenate([np.zeros(1, np.int64), *(sets.sizes() for sets in several)])
        hashes = np.concatenate([np.zeros(0, np.uint64), *(sets.hashes for sets in several)])
        return cls(hashes, np.cumsum(sizes))


def _mix(hashes: U64) -> U64:
    """Mix in place, a few at a time: what is between stays in a core's first cache."""
    for begin in range(0, len(hashes), _MIXED):
        some = hashes[begin : begin + _MIXED]
        some ^= some >> np.uint64(30)
        some *= np.uint64(_MIX_1)
        some ^= some >> np.uint64(27)
        some *= np.uint64(_MIX_2)
        some ^= some >> np.uint64(31)
    return hashes


def word_hash(word: str) -> int:
    """64 bits of BLAKE2b: cryptographic, because scraped text is hostile."""
    encoded = word.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(encoded, digest_size=8).digest(), "little")


def word_hashes(encoded: Iterable[bytes]) -> U64:
    """The hash of each word, given as UTF-8."""
    blake2b = hashlib.blake2b
    digests = b"".join([blake2b(word, digest_size=8).digest() for word in encoded])
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64, copy=False)


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
    halves = np.empty(hashes.shape, np.uint32)
    return np.right_shift(hashes, np.uint64(32), out=halves, casting="unsafe")


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
    vocabulary: defaultdict[str, int] = defaultdict(count().__next__)
    words = list(chain.from_iterable(paragraphs))
    ids = np.fromiter(map(vocabulary.__getitem__, words), dtype=np.int64, count=len(words))
    by_word = word_hashes(word.encode("utf-8", "surrogatepass") for word in vocabulary)
    lengths = np.fromiter(map(len, paragraphs), dtype=np.int64, count=len(paragraphs))
    return by_word[ids], lengths


def stream_sets(stream: U64, lengths: I64, size: int) -> Sets:
    """What :func:`shingle_sets` gives, from hashed words; see :func:`stream_runs`."""
    runs = stream_runs(stream, lengths, size)
    return sets_of(np.repeat(np.arange(len(runs)), runs.sizes()), runs.hashes, len(runs))


def stream_runs(stream: U64, lengths: I64, size: int) -> Runs:
    """The shingles of paragraphs in reading order, each as often as it stands.

    Args:
        stream: the hash of every word, paragraph after paragraph.
        lengths: how many words each paragraph has.
        size: words in a shingle.
    """
    ends = np.cumsum(lengths)
    # At every word the shingle that starts there, as if the stream were one paragraph ...
    hashes = stream.copy()
    for step in range(1, min(size, len(stream))):
        reach = hashes[: len(stream) - step]
        reach *= np.uint64(GOLDEN)
        reach += stream[step:]
    # ... of which those are none that cross the end of theirs; a paragraph that is shorter
    # than a shingle is one.
    starts = np.ones(len(stream), dtype=bool)
    for step in range(1, size):
        starts[(ends - step)[lengths >= step]] = False
    short = np.flatnonzero((lengths > 0) & (lengths < size))
    first = (ends - lengths)[short]
    starts[first] = True
    hashes[first] = _whole(stream, first, lengths[short])
    sizes = np.where(lengths > 0, np.maximum(lengths - size + 1, 1), 0)
    return Runs(_mix(hashes[starts]), np.concatenate(([0], np.cumsum(sizes))))


def _whole(stream: U64, first: I64, lengths: I64) -> U64:
    """The hash of each stretch of the stream as one shingle, not mixed yet."""
    hashes = stream[first]
    for step in range(1, int(lengths.max(initial=0))):
        longer = lengths > step
        hashes[longer] = hashes[longer] * np.uint64(GOLDEN) + stream[first[longer] + step]
    return hashes


def end_marks(stream: U64, lengths: I64, most: int) -> tuple[U64, U64]:
    """A hash of the words that each paragraph begins with, and of those that it ends with.

    Args:
        most: of how many words, at the most; no paragraph may be empty.
    """
    ends = np.cumsum(lengths)
    some = np.minimum(lengths, most)
    opening = _whole(stream, ends - lengths, some)
    ending = _whole(stream, ends - some, some)
    return _mix(opening + np.uint64(GOLDEN)), _mix(ending - np.uint64(GOLDEN))


def sets_of(owner: I64, hashes: U64, count: int) -> Sets:
    """The set of each owner's hashes, some of which may be repeated; ``owner`` ascends."""
    hashes = hashes[order_within(owner, hashes)]
    new = begins(hashes) | begins(owner)
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
