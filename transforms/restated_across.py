"""Restatements across documents: what another document tells in other words is marked.

LSH over the content sets of all paragraphs that stay proposes pairs, the sets
are compared exactly, and the few that are left are judged as inside a document
(:mod:`transforms.restatements`).  Two documents share less than two paragraphs of
one, and news of one kind is written in the same words every week; so a mark
asks for more here: every bar of a removal, and no number that the other lacks.
Nothing goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.arrays import distinct
from transforms.candidates import PAIR, in_parts, sides
from transforms.content_sets import NEVER
from transforms.fingerprints import (
    ReadFingerprints,
    pack,
    rank_of,
    rows_by_block,
)
from transforms.folding import words
from transforms.matching import passes_bar
from transforms.minhash import band_hashes, signatures
from transforms.restatements import Comparison, compare_pairs
from transforms.settings import DecideSettings, NearDuplicateSettings, Scope, Settings
from transforms.shingles import I64, SCORE_DECIMALS, U64, Sets, intersections
from transforms.sketches import Sketches, most_shared
from transforms.terms import Terms
from transforms.vetoes import lacks_number

SPOT: Final = np.dtype([("bucket", "<u8"), ("key", "<i8")])
"""A paragraph that stays, seen in a bucket: what crosses the shuffle, packed."""

_SCOPES: Final[tuple[Scope, ...]] = ("document", "site", "corpus")
_NO_SITE: Final = 0
_LEEWAY: Final = 0.9
"""The part of a bar on the content of paragraphs that their content sets must pass here.

Of 1,921 marks in 27,549 news items 33 are lost that :data:`transforms.content_sets.LEEWAY` keeps,
and 4 in 10 fewer pairs are read.
"""
_CHUNK: Final = 1 << 16
"""Pairs that are compared at a time."""


def scope_of(settings: Settings) -> Scope:
    """Where restatements are looked for: the narrower of their own scope and the run's."""
    return min(settings.decide.scope, settings.restatements.scope, key=_SCOPES.index)


def looks_across(settings: Settings) -> bool:
    """Whether restatements are looked for across documents at all."""
    return settings.restatements.action != "off" and scope_of(settings) != "document"


def retold(better: Terms, worse: Terms, settings: Settings) -> Comparison | None:
    """The comparison of two paragraphs of two documents, or ``None`` for no mark.

    Args:
        better: the one of better rank; both stay.
        worse: the one that is marked for telling the same.
    """
    (found,) = retold_pairs([(better, worse)], settings)
    return found


def retold_pairs(
    pairs: Sequence[tuple[Terms, Terms]], settings: Settings
) -> list[Comparison | None]:
    """:func:`retold` for many pairs, with the same results."""
    asked = [
        at
        for at, (better, worse) in enumerate(pairs)
        if better.language == worse.language and not lacks_number(worse, better)
    ]
    compared = compare_pairs(
        [terms for at in asked for terms in pairs[at]],
        [(2 * at, 2 * at + 1) for at in range(len(asked))],
        settings.restatements,
    )
    found: list[Comparison | None] = [None] * len(pairs)
    for at, comparison in zip(asked, compared, strict=True):
        better, worse = pairs[at]
        told = comparison.verified and not comparison.below
        if told and not same_words(better.text, worse.text, settings.near_duplicates):
            found[at] = comparison
    return found


def same_words(one: str, other: str, near: NearDuplicateSettings) -> bool:
    """Whether two paragraphs are near-duplicates: then they do not tell it in other words."""
    first, second = words(one), words(other)
    runs, others = _runs(first, near.shingle), _runs(second, near.shingle)
    shared = len(runs & others)
    jaccard = round(shared / max(len(runs) + len(others) - shared, 1), SCORE_DECIMALS)
    lengths = np.array([len(first)]), np.array([len(second)])
    return bool(passes_bar(np.array([jaccard]), *lengths, near)[0])


def _runs(folded: list[str], size: int) -> set[tuple[str, ...]]:
    """The shingles of one paragraph, not hashed: a few pairs need no array."""
    return {tuple(folded[at : at + size]) for at in range(max(len(folded) - size + 1, 1))}


def spots(
    sketches: Sketches, keys: I64, stays: NDArray[np.bool_], settings: Settings
) -> Iterator[NDArray[np.void]]:
    """The paragraphs that stay in their buckets, band by band: ``SPOT`` records.

    Args:
        keys: of the sketches.
        stays: which rows of the block stay.
    """
    own = settings.restatements
    chosen = np.flatnonzero(stays[sketches.rows])
    if scope_of(settings) == "site":
        chosen = chosen[sketches.site[chosen] != _NO_SITE]
    signature = signatures(
        sketches.content.take(chosen), own.across_bands * own.across_rows, settings.minhash.seed
    )
    hashes = band_hashes(signature, own.across_bands, own.across_rows)
    hashes ^= sketches.language[chosen, None]
    if scope_of(settings) == "site":
        hashes ^= sketches.site[chosen, None]
    for band in range(own.across_bands):
        seen = np.empty(len(chosen), dtype=SPOT)
        seen["bucket"] = hashes[:, band]
        seen["key"] = keys[chosen]
        yield seen


ReadSketches = Callable[[int], Sketches]
"""Gives the sketches of a block by its index."""


class _Sketched(NamedTuple):
    """The sketches of some pairs, out of any blocks, without their sets."""

    left: I64
    """Which is the left one of each pair."""
    right: I64
    document: I64
    """The key of the document of each."""
    language: U64
    site: U64
    bits: U64
    sizes: I64
    """Of the content sets."""


class _Said(NamedTuple):
    """The sets of some pairs' sketches."""

    left: I64
    right: I64
    document: I64
    kind: I64
    content: Sets
    figures: Sets
    numbers: Sets


def _placed(keys: I64, read: ReadSketches) -> list[tuple[int, Sketches, I64]]:
    """Blocks, their sketches, and the places of the keys in these; keys ascend."""
    return [
        (block, sketches, np.searchsorted(sketches.rows, rows))
        for block, rows in rows_by_block(keys)
        for sketches in (read(block),)
    ]


def _gather(pairs: NDArray[np.void], read: ReadSketches) -> _Sketched:
    """The sketches of ``PAIR`` records, each once; of each block only their bytes are read."""
    keys, left, right = sides(pairs)
    placed = _placed(keys, read)
    return _Sketched(
        left,
        right,
        np.concatenate([pack(block, each.document[at]) for block, each, at in placed]),
        np.concatenate([each.language[at] for _, each, at in placed]),
        np.concatenate([each.site[at] for _, each, at in placed]),
        np.concatenate([each.bits.reshape(len(each.rows), -1)[at] for _, each, at in placed]),
        np.concatenate(
            [each.content.offsets[at + 1] - each.content.offsets[at] for _, each, at in placed]
        ),
    )


def _gather_sets(pairs: NDArray[np.void], read: ReadSketches) -> _Said:
    """The sets of the sketches of ``PAIR`` records."""
    keys, left, right = sides(pairs)
    placed = _placed(keys, read)
    return _Said(
        left,
        right,
        np.concatenate([pack(block, each.document[at]) for block, each, at in placed]),
        np.concatenate([each.kind[at] for _, each, at in placed]),
        Sets.joined([each.content.take(at) for _, each, at in placed]),
        Sets.joined([each.figures.take(at) for _, each, at in placed]),
        Sets.joined([each.numbers.take(at) for _, each, at in placed]),
    )


def possible_pairs(
    pairs: NDArray[np.void], sketches: ReadSketches, settings: Settings
) -> NDArray[np.void]:
    """The pairs whose sets may agree enough, by the filters of their sketches alone.

    Args:
        pairs: ``PAIR`` records of paragraphs that have sketches.
        sketches: those of their blocks.
    """
    return in_parts(pairs, _CHUNK, lambda some: _possible(some, sketches, settings), PAIR)


def _possible(pairs: NDArray[np.void], read: ReadSketches, settings: Settings) -> NDArray[np.void]:
    known = _gather(pairs, read)
    left, right = known.left, known.right
    apart = known.document[left] != known.document[right]
    apart &= known.language[left] == known.language[right]
    if scope_of(settings) == "site":
        apart &= known.site[left] == known.site[right]
    sizes = known.sizes
    bound = most_shared(known.bits[left], known.bits[right], sizes[left], sizes[right])
    enough = bound >= _least_shared(sizes[left], sizes[right], settings)
    possible: NDArray[np.void] = pairs[apart & enough]
    return possible


def _least_shared(left: I64, right: I64, settings: Settings) -> NDArray[np.float64]:
    """How much the content sets of pairs must share, by their sizes."""
    own = settings.restatements
    least = _LEEWAY * min(own.min_jaccard, own.other_min_jaccard)
    needed: NDArray[np.float64] = np.maximum(
        _LEEWAY * own.min_shared_content,
        np.maximum(
            _LEEWAY * own.min_containment * np.minimum(left, right),
            least / (1 + least) * (left + right),
        ),
    )
    return needed


def likely_pairs(
    pairs: NDArray[np.void], sketches: ReadSketches, prints: ReadFingerprints, settings: Settings
) -> NDArray[np.void]:
    """The pairs whose sketches agree enough for their documents to be read.

    Args:
        pairs: what :func:`possible_pairs` gives; each is compared, so they should be distinct.
        sketches: those of their blocks.
        prints: the fingerprints of their blocks.

    Returns:
        ``PAIR`` records with the paragraph of better rank on the left.
    """
    return in_parts(pairs, _CHUNK, lambda some: _likely(some, sketches, prints, settings), PAIR)


def _likely(
    pairs: NDArray[np.void], read: ReadSketches, prints: ReadFingerprints, settings: Settings
) -> NDArray[np.void]:
    own = settings.restatements
    said = _gather_sets(pairs, read)
    sizes = said.content.sizes()
    shared = intersections(said.content, said.content, said.left, said.right)
    enough = shared >= _least_shared(sizes[said.left], sizes[said.right], settings)
    pairs, shared = pairs[enough], shared[enough]
    left, right = said.left[enough], said.right[enough]
    ranks = _ranks(said.document, np.concatenate((left, right)), prints, settings.decide)
    left_is_better = ranks[left] < ranks[right]
    worse = np.where(left_is_better, right, left)
    better = np.where(left_is_better, left, right)
    passed = np.flatnonzero(
        (shared >= _LEEWAY * own.min_containment * sizes[worse])
        & ~NEVER[said.kind[worse]]
        & (intersections(said.figures, said.numbers, worse, better) == said.figures.sizes()[worse])
    )
    keys = np.where(left_is_better, pairs["left"], pairs["right"])
    others = np.where(left_is_better, pairs["right"], pairs["left"])
    oriented = np.empty(len(passed), dtype=PAIR)
    oriented["left"], oriented["right"] = keys[passed], others[passed]
    return oriented


def _ranks(documents: I64, used: I64, read: ReadFingerprints, settings: DecideSettings) -> I64:
    """Numbers that order the documents of some sketches by rank.

    Args:
        documents: the key of the document of each sketch.
        used: which sketches' are asked for.
    """
    keys = distinct(documents[used])
    ranks = [
        rank_of(entries[position], settings)
        for block, positions in rows_by_block(keys)
        for entries in (read(block).documents,)
        for position in positions.tolist()
    ]
    place = np.empty(len(keys), np.int64)
    place[sorted(range(len(ranks)), key=ranks.__getitem__)] = np.arange(len(keys))
    order = np.zeros(len(documents), np.int64)
    order[used] = place[np.searchsorted(keys, documents[used])]
    return order
