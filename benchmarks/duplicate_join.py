"""All pairs of paragraphs from a Jaccard on: an exact join, the truth that LSH is measured by.

A prefix filter (Chaudhuri, Ganti and Kaushik 2006): number the shingles from rare to common; two
sets of Jaccard t or more share one of the first ``n - ceil(t n) + 1`` of either.  Nothing is
hashed, so no two shingles are taken for one.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]

_BATCH: Final = 10_000_000
"""Proposed pairs that are held before they are made distinct."""

_SLACK: Final = 1e-9
"""What a product of a threshold and a size may be off by."""


class Joined(NamedTuple):
    """Pairs of positions, the smaller first, with their exact Jaccard."""

    left: I64
    right: I64
    jaccard: NDArray[np.float64]


def word_grams(words: Sequence[str], size: int) -> frozenset[Hashable]:
    """The runs of ``size`` words; a shorter text is one run."""
    if len(words) < size:
        return frozenset([tuple(words)] if words else [])
    return frozenset(zip(*(words[at:] for at in range(size)), strict=False))


def join(sets: Sequence[frozenset[Hashable]], least: float) -> Joined:
    """Every pair of sets whose Jaccard is ``least`` or more."""
    numbered = _from_rare_to_common(sets)
    pairs = _candidates(numbered, least)
    members = [frozenset(each.tolist()) for each in numbered]
    left, right = np.divmod(pairs, max(len(sets), 1))
    shared = np.fromiter(
        (len(members[i] & members[j]) for i, j in zip(left.tolist(), right.tolist(), strict=True)),
        dtype=np.int64,
        count=len(pairs),
    )
    sizes = np.array([len(each) for each in numbered], dtype=np.int64)
    jaccard = shared / np.maximum(sizes[left] + sizes[right] - shared, 1)
    found = jaccard >= least - _SLACK
    return Joined(left[found], right[found], jaccard[found])


def _from_rare_to_common(sets: Sequence[frozenset[Hashable]]) -> list[I64]:
    numbers: dict[Hashable, int] = {}
    raw = [np.array([numbers.setdefault(g, len(numbers)) for g in each], np.int64) for each in sets]
    counts = np.bincount(np.concatenate([np.zeros(0, np.int64), *raw]), minlength=len(numbers))
    place = np.empty(len(numbers), dtype=np.int64)
    place[np.argsort(counts, kind="stable")] = np.arange(len(numbers))
    return [np.sort(place[each]) for each in raw]


def _candidates(sets: Sequence[I64], least: float) -> I64:
    """Distinct ``left * count + right`` of sets that share a gram of both prefixes."""
    prefixes = [each[: len(each) - math.ceil(least * len(each) - _SLACK) + 1] for each in sets]
    owner = np.repeat(np.arange(len(sets)), [len(each) for each in prefixes])
    grams = np.concatenate([np.zeros(0, np.int64), *prefixes])
    sizes = np.array([len(each) for each in sets], dtype=np.int64)
    order = np.lexsort((owner, sizes[owner], grams))
    grams, owner = grams[order], owner[order]
    bounds = np.flatnonzero(np.concatenate(([True], grams[1:] != grams[:-1], [True])))
    end = np.repeat(bounds[1:], np.diff(bounds))
    found = [np.zeros(0, np.int64)]
    for batch in _steps(owner, end, sizes, least, len(sets)):
        found.append(batch)
        if sum(map(len, found)) > _BATCH:
            found = [np.unique(np.concatenate(found))]
    return np.unique(np.concatenate(found))


def _steps(owner: I64, end: I64, sizes: I64, least: float, count: int) -> Iterator[I64]:
    """Each entry with those after it in its list, while their sizes allow the Jaccard."""
    at = np.arange(len(owner))
    step = 1
    while len(at):
        at = at[at + step < end[at]]
        one, other = owner[at], owner[at + step]
        near = sizes[one] >= least * sizes[other] - _SLACK
        at, one, other = at[near], one[near], other[near]
        yield np.minimum(one, other) * count + np.maximum(one, other)
        step += 1
