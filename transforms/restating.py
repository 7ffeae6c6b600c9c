"""Find restatements inside the documents of a block: propose by LSH, compare exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from transforms.block_terms import BlockTerms
from transforms.candidates import PAIR, bucket_pairs
from transforms.fingerprints import Fingerprints
from transforms.matching import EDGE
from transforms.minhash import band_hashes, signatures
from transforms.restatements import compare_pairs
from transforms.settings import MinHashSettings, RestatementSettings
from transforms.shingles import GOLDEN, word_sets
from transforms.staging import Restated
from transforms.terms import Terms


def restated_paragraphs(
    found: BlockTerms, settings: RestatementSettings, minhash: MinHashSettings
) -> list[Restated]:
    """Every two paragraphs of one document that pass the bar of a restatement.

    The sets are the content of paragraphs that the judge keeps; MinHash and
    LSH propose the pairs, :func:`transforms.restatements.compare_pairs` decides.
    """
    owners, indices, terms = found
    pairs = propose_restatements(owners, terms, settings, minhash)
    return [
        Restated(owners[earlier], indices[earlier], indices[later], comparison)
        for (earlier, later), comparison in zip(
            pairs, compare_pairs(terms, pairs, settings), strict=True
        )
        if comparison.verified
    ]


def propose_restatements(
    owners: Sequence[int],
    terms: Sequence[Terms],
    settings: RestatementSettings,
    minhash: MinHashSettings,
) -> list[tuple[int, int]]:
    """Pairs of positions in ``terms`` that share a band and an owner, ascending.

    The cost is linear in a document's paragraphs: of more than ``bucket_cap`` that have the same
    content each is paired with the first alone, and any paragraph with as many earlier ones only
    as the cap allows.

    Args:
        owners: the document of each paragraph.
    """
    signature = signatures(
        word_sets([each.content for each in terms]), settings.bands * settings.rows, minhash.seed
    )
    alone, pairs = _classes(owners, terms, settings)
    hashes = band_hashes(signature[alone], settings.bands, settings.rows)
    # A document of its own buckets: its number goes into every band's hash.
    owner = np.array(owners, dtype=np.uint64)[alone]
    buckets = hashes ^ (owner * np.uint64(GOLDEN))[:, None]
    # Band by band: a long document of like paragraphs proposes the same pairs in most.
    shared = np.zeros(0, PAIR)
    bands = np.zeros(0, np.int64)
    for band in range(settings.bands):
        found = bucket_pairs(buckets[:, band], alone, settings.bucket_cap).pairs
        shared, bands = _most_shared(shared, bands, found, settings.bucket_cap)
    pairs += [(left, right) for left, right in shared.tolist() if owners[left] == owners[right]]
    return sorted(pairs)


def _classes(
    owners: Sequence[int], terms: Sequence[Terms], settings: RestatementSettings
) -> tuple[NDArray[np.int64], list[tuple[int, int]]]:
    """The positions that go into buckets, and the pairs of classes too large for a bucket."""
    members: dict[tuple[int, frozenset[str]], list[int]] = {}
    for position, each in enumerate(terms):
        if len(each.content) >= settings.min_stems:
            members.setdefault((owners[position], each.content), []).append(position)
    alone: list[int] = []
    pairs: list[tuple[int, int]] = []
    for positions in members.values():
        if len(positions) <= settings.bucket_cap + 1:
            alone += positions
        else:
            first, *others = positions
            alone.append(first)
            pairs += [(first, other) for other in others]
    return np.array(sorted(alone), np.int64), pairs


def _most_shared(
    pairs: NDArray[np.void], bands: NDArray[np.int64], found: NDArray[np.void], cap: int
) -> tuple[NDArray[np.void], NDArray[np.int64]]:
    """The pairs of one more band added; a later paragraph keeps those of the most bands.

    Args:
        pairs: ``PAIR`` records, distinct.
        bands: how many bands each was found in.
        found: those of another band.
        cap: how many a later paragraph keeps; among equals, those with the earliest.
    """
    every = np.concatenate((pairs, found))
    counts = np.concatenate((bands, np.ones(len(found), np.int64)))
    order = np.lexsort((every["left"], every["right"]))
    every, counts = every[order], counts[order]
    fresh = np.ones(len(every), dtype=bool)
    fresh[1:] = every[1:] != every[:-1]
    starts = np.flatnonzero(fresh)
    every, counts = every[starts], np.add.reduceat(counts, starts) if len(starts) else counts
    order = np.lexsort((-counts, every["right"]))  # stable: the earliest first among equals
    right = every["right"][order]
    place = np.arange(len(right)) - np.searchsorted(right, right)
    kept = order[place < cap]
    return every[kept], counts[kept]


def restated_edges(prints: Fingerprints, restated: list[Restated]) -> NDArray[np.void]:
    """Restatements as ``EDGE`` records, the earlier paragraph on the left."""
    row_at = {
        (document, index): row
        for row, (document, index) in enumerate(
            zip(prints.document.tolist(), prints.index.tolist(), strict=True)
        )
    }
    edges = np.zeros(len(restated), dtype=EDGE)
    for edge, pair in zip(edges, restated, strict=True):
        rows = np.array(
            [row_at[pair.document, pair.earlier], row_at[pair.document, pair.later]], np.int64
        )
        edge["left"], edge["right"] = prints.keys(rows)
        edge["jaccard"] = pair.comparison.jaccard
        edge["right_containment"] = pair.comparison.containment
        edge["right_may_go"] = pair.comparison.permitted
    return edges
