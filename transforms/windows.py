"""Sums, distances and runs along the lines of a document, for many columns at a time.

Everything is in whole numbers, so a value is the same on every machine and in
every batch.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints
from transforms.lines import Lines

_CORE_PROSE_COST: Final = 3
"""Words of a prose line that only pay for the line."""
_CORE_OTHER: Final = -4
"""The value of a line that is no prose."""


def means(columns: Ints, before: int, after: int) -> Ints:
    """The floored mean of each column over the lines around each line, without the line itself.

    Args:
        columns: a row for each line.
        before: how many lines before the line count.
        after: how many lines after it.
    """
    count = len(columns)
    sums = np.zeros((count + 1, columns.shape[1]), np.int64)
    np.cumsum(columns, axis=0, out=sums[1:])
    position = np.arange(count)
    low = np.maximum(position - before, 0)
    high = np.minimum(position + after + 1, count)
    total = sums[high] - sums[low] - columns
    others = np.maximum(high - low - 1, 1)
    mean: Ints = total // others[:, None]
    return mean


def shifted(columns: Ints, by: int, filler: int) -> Ints:
    """The values of the line ``by`` lines further on; ``filler`` beyond the ends."""
    moved = np.full_like(columns, filler)
    if by >= len(columns) or -by >= len(columns):
        return moved
    if by > 0:
        moved[:-by] = columns[by:]
    else:
        moved[-by:] = columns[:by]
    return moved


def since(masks: Bools, most: int) -> Ints:
    """How many lines ago a mask last held, 0 on the line itself, at most ``most``.

    Args:
        masks: one mask, or a row for each.
        most: the largest distance.
    """
    position = np.arange(masks.shape[-1])
    last = np.maximum.accumulate(np.where(masks, position, -most), axis=-1)
    return np.minimum(position - last, most)


def until(masks: Bools, most: int) -> Ints:
    """How many lines on a mask next holds, 0 on the line itself, at most ``most``."""
    return since(masks[..., ::-1], most)[..., ::-1]


def run_lengths(values: NDArray[np.generic]) -> Ints:
    """The length of the run of equal values that each line is part of."""
    if not len(values):
        return np.zeros(0, np.int64)
    edges = np.flatnonzero(values[1:] != values[:-1]) + 1
    bounds = np.concatenate(([0], edges, [len(values)]))
    lengths = np.diff(bounds)
    return np.repeat(lengths, lengths)


def from_block(start: int, end: int, count: int) -> Ints:
    """Signed distance of each line from a half-open run: negative before it, 0 inside."""
    position = np.arange(count)
    return np.where(position < start, position - start, np.maximum(position - end + 1, 0))


def best_block(values: Ints) -> tuple[int, int]:
    """The half-open run with the greatest sum, the first of equals; empty if none is positive."""
    sums = np.concatenate(([0], np.cumsum(values)))
    lowest = np.minimum.accumulate(sums)
    gains = sums - lowest
    end = int(gains.argmax())
    if gains[end] <= 0:
        return 0, 0
    start = int(np.flatnonzero(sums[:end] == lowest[end])[-1])
    return start, end


def core(lines: Lines) -> tuple[int, int]:
    """The half-open run of lines with most prose and least else: the core of the article."""
    return best_block(np.where(lines.prose, lines.words - _CORE_PROSE_COST, _CORE_OTHER))
