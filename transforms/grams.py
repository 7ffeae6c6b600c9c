"""What the words of a line say: a table of hashed words and word pairs, learned."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints, begins
from transforms.characters import Characters, mix

_PAIR_FACTOR: Final = np.uint64(0x9FB21C651E98DF25)
_EDGE: Final = np.uint64(0x5851F42D4C957F2D)
"""Stands for the start and the end of a line in the pairs."""
_WORD_BITS: Final = 64


class _Grams(NamedTuple):
    """The buckets of the words and word pairs of lines."""

    words: Ints
    pairs: Ints
    """Each word with the one before it, or with the start of the line."""
    closing: Ints
    """The last word of each line that has words, with the end of the line."""
    starts: Ints
    """Where the words of each such line begin."""


def _grams(characters: Characters, bits: int) -> _Grams:
    own, line = characters.words, characters.line_of
    opens = begins(line)
    closes = np.append(opens[1:], True)[: len(own)]
    before = np.empty_like(own)
    before[1:] = own[:-1]
    before[opens] = _EDGE
    hashes = (own, mix(before * _PAIR_FACTOR + own), mix(own[closes] * _PAIR_FACTOR + _EDGE))
    shift = np.uint64(_WORD_BITS - bits)
    words, pairs, closing = ((some >> shift).astype(np.int64) for some in hashes)
    return _Grams(words, pairs, closing, np.flatnonzero(opens))


def buckets(characters: Characters, bits: int) -> tuple[Ints, Ints]:
    """The buckets of all words and word pairs, and the line of each.

    A line's first and last word also pair with its edges.

    Args:
        characters: a document's lines.
        bits: a table has ``2 ** bits`` buckets.
    """
    found, line = _grams(characters, bits), characters.line_of
    lines = np.concatenate((line, line, line[found.starts]))
    return np.concatenate((found.words, found.pairs, found.closing)), lines


def score_grams(characters: Characters, count: int, table: NDArray[np.int8], base: int) -> Ints:
    """The words' score of each of ``count`` lines, in the units of the table."""
    found = _grams(characters, len(table).bit_length() - 1)
    starts = found.starts
    sums, sizes = np.zeros((2, count), np.int64)
    if len(starts):
        line = characters.line_of[starts]
        words = table[found.words] + table[found.pairs].astype(np.int64)
        sums[line] = np.add.reduceat(words, starts) + table[found.closing]
        sizes[line] = 2 * np.diff(starts, append=len(words)) + 1
    return _over_root(sums, sizes) + base


def sum_weights(bucket: Ints, line: Ints, count: int, table: NDArray[np.int8]) -> Ints:
    """The score of each line's buckets, in the units of the table."""
    sums = np.bincount(line, weights=table[bucket], minlength=count)
    return _over_root(sums, np.bincount(line, minlength=count))


def _over_root(sums: NDArray[np.number[Any]], sizes: Ints) -> Ints:
    """Sums of weights over the root of their number, floored.

    The sums are of whole numbers, root and division are correctly rounded by
    IEEE 754, so the score is the same on every machine.
    """
    return np.floor(sums / np.sqrt(np.maximum(sizes, 1))).astype(np.int64)
