"""Sums, distances and runs along the lines of documents, for many columns at a time.

Everything is in whole numbers and stops at the bounds of a line's document, so a value is the same
on every machine and in every batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import Bools, Ints
from transforms.segments import Segments


def sums_within(columns: Ints, segments: Segments, before: int, after: int) -> tuple[Ints, Ints]:
    """The sum of each column over the lines around each line and itself, and their number.

    Args:
        columns: a row for each line.
        segments: the documents of the lines.
        before: how many lines before the line count.
        after: how many lines after it.
    """
    return _between(_running(columns), segments, before, after)


def _running(columns: Ints) -> Ints:
    """The sum of each column over the lines before each line, and of all."""
    sums = np.zeros((len(columns) + 1, *columns.shape[1:]), np.int64)
    np.cumsum(columns, axis=0, out=sums[1:])
    return sums


def _between(sums: Ints, segments: Segments, before: int, after: int) -> tuple[Ints, Ints]:
    low = np.maximum(segments.lines - before, segments.first)
    high = np.minimum(segments.lines + after + 1, segments.stop)
    return sums[high] - sums[low], high - low


def means(columns: Ints, segments: Segments, windows: Iterable[tuple[int, int]]) -> Iterator[Ints]:
    """The floored mean of each column over the lines around each line, without the line itself.

    Args:
        columns: a row for each line.
        segments: the documents of the lines.
        windows: how many lines before the line count, and how many after it.

    Yields:
        The means of each window, a row for each line.
    """
    sums = _running(columns)
    for before, after in windows:
        total, count = _between(sums, segments, before, after)
        yield (total - columns) // np.maximum(count - 1, 1)[:, None]


def within(mask: Bools, segments: Segments, before: int, after: int) -> Bools:
    """The lines up to ``before`` in front of one in the mask and up to ``after`` behind it."""
    total, _ = sums_within(mask.astype(np.int64), segments, after, before)
    near: Bools = total > 0
    return near


def shifted(columns: Ints, segments: Segments, by: int, filler: int) -> Ints:
    """The values of the line ``by`` lines further on; ``filler`` beyond the document's ends."""
    line = segments.lines + by
    inside = (line >= segments.first) & (line < segments.stop)
    moved = columns[np.where(inside, line, 0)]
    moved[~inside] = filler
    return moved


def since(masks: Bools, segments: Segments, most: int) -> Ints:
    """How many lines ago a mask last held, 0 on the line itself, at most ``most``.

    Args:
        masks: one mask, or a row for each.
        segments: the documents of the lines.
        most: the largest distance.
    """
    line = segments.lines
    last = np.maximum.accumulate(np.where(masks, line, -1), axis=-1)
    return np.where(last < segments.first, most, np.minimum(line - last, most))


def until(masks: Bools, segments: Segments, most: int) -> Ints:
    """How many lines on a mask next holds, 0 on the line itself, at most ``most``."""
    line = segments.lines
    held = np.where(masks, line, len(line))
    coming = np.minimum.accumulate(held[..., ::-1], axis=-1)[..., ::-1]
    return np.where(coming >= segments.stop, most, np.minimum(coming - line, most))


def run_lengths(values: NDArray[np.generic], segments: Segments) -> Ints:
    """The length of the run of equal values that each line is part of."""
    edge = np.append(values[1:] != values[:-1], True)
    edge[segments.ends - 1] = True
    lengths = np.diff(np.flatnonzero(edge), prepend=-1)
    return np.repeat(lengths, lengths)


def from_blocks(starts: Ints, ends: Ints, segments: Segments) -> Ints:
    """Signed distance of each line from a half-open run: negative before it, 0 inside.

    Args:
        starts: where the run of each document begins.
        ends: where it ends.
        segments: the documents of the lines.
    """
    line, start, end = segments.lines, segments.spread(starts), segments.spread(ends)
    return np.where(line < start, line - start, np.maximum(line - end + 1, 0))


def best_blocks(values: Ints, segments: Segments) -> tuple[Ints, Ints]:
    """Start and end of each document's run with the greatest sum.

    The first of equals; empty, at the document's first line, if none is positive.
    """
    # A running sum for each document, from the zero before its first line to its last line.
    document = np.arange(len(segments))
    running = np.zeros(len(values) + len(segments), np.int64)
    running[segments.lines + segments.of + 1] = values
    lengths = segments.sizes + 1
    starts = segments.starts + document
    running = np.cumsum(running)
    sums = running - np.repeat(running[starts], lengths)
    # No sum goes that far, so the lowest of one document is forgotten in the next.
    apart = (2 * int(np.abs(values).sum()) + 1) * np.repeat(document, lengths)
    lowest = np.minimum.accumulate(sums - apart) + apart
    gains = sums - lowest
    best = np.maximum.reduceat(gains, starts)
    hits = np.flatnonzero(gains == np.repeat(best, lengths))
    end = hits[np.searchsorted(hits, starts)]
    # The last place up to the end at which the sum was as low as ever.
    start = np.maximum.accumulate(np.where(sums == lowest, np.arange(len(sums)), 0))[end]
    empty = best <= 0
    return (
        np.where(empty, segments.starts, start - document),
        np.where(empty, segments.starts, end - document),
    )
