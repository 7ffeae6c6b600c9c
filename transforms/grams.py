"""What the words of a line say: a table of hashed words and word pairs, learned."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Ints
from transforms.characters import Characters, Hashes, mix

_PAIR_FACTOR: Final = np.uint64(0x9FB21C651E98DF25)
_EDGE: Final = np.uint64(0x5851F42D4C957F2D)
"""Stands for the start and the end of a line in the pairs."""
_WORD_BITS: Final = 64


def buckets(characters: Characters, bits: int) -> tuple[Ints, Ints]:
    """The buckets of all words and word pairs, and the line of each.

    A line's first and last word also pair with its edges.

    Args:
        characters: a document's lines.
        bits: a table has ``2 ** bits`` buckets.
    """
    words, line = characters.words, characters.line_of
    if not len(words):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    opens = np.concatenate(([True], line[1:] != line[:-1]))
    closes = np.concatenate((opens[1:], [True]))
    before = np.where(opens, _EDGE, np.concatenate(([_EDGE], words[:-1])))
    pairs = mix(before * _PAIR_FACTOR + words)
    closing = mix(words[closes] * _PAIR_FACTOR + _EDGE)
    hashes: Hashes = np.concatenate((words, pairs, closing))
    lines = np.concatenate((line, line, line[closes]))
    return (hashes >> np.uint64(_WORD_BITS - bits)).astype(np.int64), lines


def score_grams(characters: Characters, count: int, table: NDArray[np.int8], base: int) -> Ints:
    """The words' score of each of ``count`` lines, in the units of the table."""
    bucket, line = buckets(characters, len(table).bit_length() - 1)
    return sum_weights(bucket, line, count, table) + base


def sum_weights(bucket: Ints, line: Ints, count: int, table: NDArray[np.int8]) -> Ints:
    """The sum of the weights of each line's buckets over the root of their number, floored.

    The sum is of whole numbers, root and division are correctly rounded by
    IEEE 754, so the score is the same on every machine.
    """
    sums = np.bincount(line, weights=table[bucket], minlength=count)
    sizes = np.bincount(line, minlength=count)
    return np.floor(sums / np.sqrt(np.maximum(sizes, 1))).astype(np.int64)
