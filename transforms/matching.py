"""Compare proposed pairs of paragraphs exactly, on their shingle sets.

Only a verified pair becomes an edge, and an edge says for each direction
whether a removal is permitted.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import places_in_groups
from transforms.candidates import in_parts, sides
from transforms.facts import Facts, facts_of
from transforms.fingerprints import ReadFingerprints, pack, rows_by_block
from transforms.settings import NearDuplicateSettings, VetoSettings
from transforms.shingles import I64, SCORE_DECIMALS, Runs, Sets, intersections, stream_sets
from transforms.vetoes import may_go

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


_PAIRS_AT_ONCE: Final = 1 << 16
"""Bounds the memory of a comparison."""

_FIRST_OWN: Final = 2
_CLOSEST_OWN: Final = 2
"""Of the paragraphs of its own document that are like it, with how many of the earliest and of the
most alike the claims of one are compared: that is dear, and one that may stand for it is enough."""


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
    read: ReadFingerprints,
    settings: NearDuplicateSettings,
    vetoes: VetoSettings,
) -> NDArray[np.void]:
    """Compare pairs exactly and keep those that pass the bar.

    Args:
        pairs: ``PAIR`` records, whose keys are rows that have shingles.
        read: the fingerprints of their blocks.

    Returns:
        ``EDGE`` records of the pairs in which at least one side may go.
    """
    alike = in_parts(pairs, _PAIRS_AT_ONCE, lambda some: _alike(some, read, settings), EDGE)
    alike = _few_of_one_document(alike, read)
    return in_parts(alike, _PAIRS_AT_ONCE, lambda some: _permitted(some, read, vetoes), EDGE)


def _alike(
    pairs: NDArray[np.void], read: ReadFingerprints, settings: NearDuplicateSettings
) -> NDArray[np.void]:
    """``EDGE`` records, without permissions, of the pairs that pass the bar."""
    rows = gather(pairs, read)
    # Exact copies prove each other; as near-duplicates they would add nothing.
    new = rows.folded[rows.left] != rows.folded[rows.right]
    pairs, left, right = pairs[new], rows.left[new], rows.right[new]
    sets = stream_sets(rows.words.hashes, rows.words.sizes(), settings.shingle)
    jaccard, left_share, right_share = compare_sets(sets, sets, left, right)
    sizes = rows.words.sizes()
    passed = np.flatnonzero(passes_bar(jaccard, sizes[left], sizes[right], settings))
    edges = np.zeros(len(passed), dtype=EDGE)
    edges["left"] = pairs["left"][passed]
    edges["right"] = pairs["right"][passed]
    edges["jaccard"] = jaccard[passed]
    edges["left_containment"] = left_share[passed]
    edges["right_containment"] = right_share[passed]
    return edges


def _few_of_one_document(edges: NDArray[np.void], read: ReadFingerprints) -> NDArray[np.void]:
    """The edges without those that a document of nothing but like paragraphs has too many of.

    Of the earlier paragraphs of its own document that are like it one keeps the first and the
    most alike.  All of these edges are here: one block has both their sides.
    """
    own = np.flatnonzero(_document(edges["left"], read) == _document(edges["right"], read))
    later, left, jaccard = (edges[name][own] for name in ("right", "left", "jaccard"))
    kept = np.ones(len(edges), dtype=bool)
    kept[own] = places(later, left) < _FIRST_OWN
    kept[own] |= places(later, left, -jaccard) < _CLOSEST_OWN
    return edges[kept]


def places(groups: I64, *keys: NDArray[np.generic]) -> I64:
    """The place of each entry in its group, in the order of keys, the last first."""
    order = np.lexsort((*keys, groups))
    places = np.empty(len(groups), np.int64)
    places[order] = places_in_groups(groups[order])
    return places


def _document(keys: I64, read: ReadFingerprints) -> I64:
    """The key of the document of each row."""
    distinct, where = np.unique(keys, return_inverse=True)
    found = [pack(block, read(block).document[rows]) for block, rows in rows_by_block(distinct)]
    return np.concatenate([np.zeros(0, np.int64), *found])[where]


def _permitted(
    edges: NDArray[np.void], read: ReadFingerprints, vetoes: VetoSettings
) -> NDArray[np.void]:
    """The edges in which at least one side may go, with the permissions."""
    facts = _facts(edges, read)
    for edge in edges:
        one, other = facts[int(edge["left"])], facts[int(edge["right"])]
        edge["left_may_go"] = may_go(one, other, edge["jaccard"], vetoes)
        edge["right_may_go"] = may_go(other, one, edge["jaccard"], vetoes)
    permitted: NDArray[np.void] = edges[edges["left_may_go"] | edges["right_may_go"]]
    return permitted


class Rows(NamedTuple):
    """The rows of some pairs, out of any blocks."""

    left: I64
    """Which row is the left one of each pair."""
    right: I64
    folded: NDArray[np.void]
    words: Runs


def gather(pairs: NDArray[np.void], read: ReadFingerprints) -> Rows:
    """The rows of ``PAIR`` records, each once; of each block only their bytes are read."""
    keys, left, right = sides(pairs)
    folded = [np.zeros(0, "V16")]
    hashes = [np.zeros(0, np.uint64)]
    sizes = [np.zeros(1, np.int64)]
    for block, rows in rows_by_block(keys):
        prints = read(block)
        words = prints.word_runs(rows)
        folded.append(prints.folded[rows])
        hashes.append(words.hashes)
        sizes.append(words.sizes())
    runs = Runs(np.concatenate(hashes), np.cumsum(np.concatenate(sizes)))
    return Rows(left, right, np.concatenate(folded), runs)


def _facts(edges: NDArray[np.void], read: ReadFingerprints) -> dict[int, Facts]:
    """The facts of both sides of edges, by key."""
    known: dict[int, Facts] = {}
    for block, rows in rows_by_block(sides(edges)[0]):
        prints = read(block)
        places = np.searchsorted(prints.shingled, rows).tolist()
        for key, place in zip(prints.keys(rows).tolist(), places, strict=True):
            known[key] = facts_of(prints.texts[place])
    return known
