"""Compare proposed pairs of paragraphs exactly, on their shingle sets.

Only a verified pair becomes an edge, and an edge says for each direction
whether a removal is permitted.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from transforms.facts import Facts, facts_of
from transforms.fingerprints import Fingerprints, row_of
from transforms.settings import NearDuplicateSettings, VetoSettings
from transforms.shingles import I64, SCORE_DECIMALS, Sets, intersections, stream_sets
from transforms.vetoes import near_duplicate_vetoes

EDGE: Final = np.dtype(
    [
        ("left", "<i8"),
        ("right", "<i8"),
        ("jaccard", "<f8"),
        ("left_containment", "<f8"),
        ("right_containment", "<f8"),
        ("left_may_go", "?"),
        ("right_may_go", "?"),
    ]
)
"""A verified pair: keys, Jaccard, the share of each side that the other has, permissions."""


def jaccard_bar(words: int, settings: NearDuplicateSettings) -> float:
    """The least Jaccard for a pair whose shorter paragraph has this many words.

    It rises evenly from the short bar to the long bar.
    """
    span = settings.long_words - settings.short_words
    share = min(max((words - settings.short_words) / span, 0.0), 1.0) if span > 0 else 1.0
    rise = settings.long_jaccard - settings.short_jaccard
    return round(settings.short_jaccard + share * rise, SCORE_DECIMALS)


def passes_bar(
    jaccard: NDArray[np.float64], left_words: I64, right_words: I64, settings: NearDuplicateSettings
) -> NDArray[np.bool_]:
    """Whether each pair passes: its Jaccard, and its lengths too.

    A set does not know how often a shingle stands, so a sentence equals the
    same sentence a thousand times over; lengths further apart than the bar
    allows are no near-duplicates.
    """
    shorter = np.minimum(left_words, right_words)
    longer = np.maximum(left_words, right_words)
    lengths, which = np.unique(shorter, return_inverse=True)
    bars = np.array([jaccard_bar(int(length), settings) for length in lengths])
    bar = bars[which] if len(shorter) else np.zeros(0)
    return (jaccard >= bar) & (shorter >= bar * longer)


def compare_sets(
    left: Sets, right: Sets, left_at: I64 | None = None, right_at: I64 | None = None
) -> tuple[NDArray[np.float64], ...]:
    """Jaccard, and the share of left in right and of right in left, pair by pair.

    Args:
        left_at: which sets of ``left`` are compared; all, if not given.
        right_at: with which sets of ``right``, one by one.

    Returns:
        Three float arrays, rounded to :data:`SCORE_DECIMALS`.
    """
    left_at = np.arange(len(left)) if left_at is None else left_at
    right_at = np.arange(len(right)) if right_at is None else right_at
    shared = intersections(left, right, left_at, right_at)
    left_sizes, right_sizes = left.sizes()[left_at], right.sizes()[right_at]
    union = left_sizes + right_sizes - shared
    return (
        np.round(shared / np.maximum(union, 1), SCORE_DECIMALS),
        np.round(shared / np.maximum(left_sizes, 1), SCORE_DECIMALS),
        np.round(shared / np.maximum(right_sizes, 1), SCORE_DECIMALS),
    )


def verify(
    pairs: NDArray[np.void],
    left: Fingerprints,
    right: Fingerprints,
    settings: NearDuplicateSettings,
    vetoes: VetoSettings,
) -> NDArray[np.void]:
    """Compare pairs exactly and keep those that pass the bar.

    Args:
        pairs: ``PAIR`` records whose left keys are rows of ``left`` and whose
            right keys are rows of ``right`` (the same object for one block).

    Returns:
        ``EDGE`` records of the pairs in which at least one side may go.
    """
    left_rows, right_rows = row_of(pairs["left"]), row_of(pairs["right"])
    # Exact copies prove each other; as near-duplicates they would add nothing.
    new = left.folded[left_rows] != right.folded[right_rows]
    pairs, left_rows, right_rows = pairs[new], left_rows[new], right_rows[new]
    jaccard, left_share, right_share = compare_rows(
        left, right, left_rows, right_rows, settings.shingle
    )
    passed = np.flatnonzero(
        passes_bar(
            jaccard,
            left.words[left_rows],
            right.words[right_rows],
            settings,
        )
    )
    edges = np.empty(len(passed), dtype=EDGE)
    edges["left"] = pairs["left"][passed]
    edges["right"] = pairs["right"][passed]
    edges["jaccard"] = jaccard[passed]
    edges["left_containment"] = left_share[passed]
    edges["right_containment"] = right_share[passed]
    left_facts = _facts(left, left_rows[passed])
    right_facts = _facts(right, right_rows[passed])
    for edge, one, other in zip(edges, left_facts, right_facts, strict=True):
        edge["left_may_go"] = not near_duplicate_vetoes(one, other, edge["jaccard"], vetoes)
        edge["right_may_go"] = not near_duplicate_vetoes(other, one, edge["jaccard"], vetoes)
    permitted: NDArray[np.void] = edges[edges["left_may_go"] | edges["right_may_go"]]
    return permitted


def compare_rows(
    left: Fingerprints, right: Fingerprints, left_rows: I64, right_rows: I64, shingle: int
) -> tuple[NDArray[np.float64], ...]:
    """What :func:`compare_sets` gives for pairs of rows."""
    ones, left_at = np.unique(left_rows, return_inverse=True)
    others, right_at = np.unique(right_rows, return_inverse=True)
    return compare_sets(
        _sets(left, ones, shingle), _sets(right, others, shingle), left_at, right_at
    )


def _sets(prints: Fingerprints, rows: I64, shingle: int) -> Sets:
    words = prints.word_runs(rows)
    return stream_sets(words.hashes, words.sizes(), shingle)


def _facts(prints: Fingerprints, rows: I64) -> list[Facts]:
    distinct, which = np.unique(rows, return_inverse=True)
    at = np.searchsorted(prints.shingled, distinct)
    known = [facts_of(prints.texts[position]) for position in at.tolist()]
    return [known[position] for position in which.tolist()]
