"""Find restatements inside the documents of a block: propose by LSH, compare exactly."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from transforms.block import Block
from transforms.candidates import PAIR, bucket_pairs, distinct_pairs
from transforms.fingerprints import Fingerprints, kept_paragraphs
from transforms.matching import EDGE
from transforms.minhash import band_hashes, signatures
from transforms.restatements import compare_pairs
from transforms.settings import MinHashSettings, RestatementSettings
from transforms.shingles import GOLDEN, word_sets
from transforms.staging import Restated
from transforms.terms import Terms, document_terms


def restated_paragraphs(
    block: Block, settings: RestatementSettings, minhash: MinHashSettings
) -> list[Restated]:
    """Every two paragraphs of one document that pass the bar of a restatement.

    The sets are the content of paragraphs that the judge keeps; MinHash and
    LSH propose the pairs, :func:`transforms.restatements.compare_pairs` decides.
    """
    owners: list[int] = []
    indices: list[int] = []
    terms: list[Terms] = []
    for position, document in enumerate(block.documents):
        kept = kept_paragraphs(document)
        if len(kept) < 2:
            continue
        found = document_terms(
            [document.text_of(paragraph) for paragraph, _ in kept], document.language, settings
        )
        if found is not None:
            owners.extend([position] * len(kept))
            indices.extend(paragraph.index for paragraph, _ in kept)
            terms.extend(found)
    pairs = propose_restatements(owners, terms, settings, minhash)
    return [
        Restated(owners[earlier], indices[earlier], indices[later], comparison)
        for (earlier, later), comparison in zip(
            pairs, compare_pairs(terms, pairs, settings), strict=True
        )
        if comparison.verified
    ]


def propose_restatements(
    owners: list[int],
    terms: list[Terms],
    settings: RestatementSettings,
    minhash: MinHashSettings,
) -> list[tuple[int, int]]:
    """Pairs of positions in ``terms`` that share a band and an owner, ascending.

    Args:
        owners: the document of each paragraph.
    """
    signature = signatures(
        word_sets([each.content for each in terms]), settings.bands * settings.rows, minhash.seed
    )
    enough = np.flatnonzero([len(each.content) >= settings.min_stems for each in terms])
    hashes = band_hashes(signature[enough], settings.bands, settings.rows)
    # A document of its own buckets: its number goes into every band's hash.
    owner = np.array(owners, dtype=np.uint64)[enough]
    buckets = hashes ^ (owner * np.uint64(GOLDEN))[:, None]
    positions = enough.astype(np.int64)
    # Band by band: a long document of like paragraphs proposes the same pairs in most.
    pairs = np.zeros(0, PAIR)
    for band in range(settings.bands):
        found = bucket_pairs(buckets[:, band], positions, settings.bucket_cap).pairs
        pairs = distinct_pairs(np.concatenate((pairs, found)))
    return [(left, right) for left, right in pairs.tolist() if owners[left] == owners[right]]


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
